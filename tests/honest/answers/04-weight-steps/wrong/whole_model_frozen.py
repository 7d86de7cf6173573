"""Mistake: sets trainable on the model, so every layer is frozen."""
# fails: other_layer_still_learns
# says: The output layer does not learn anymore: you froze the whole model. Freeze only model.layers[0].
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        y_pred = model(x)
        loss = loss_fn(y, y_pred)
    grads = tape.gradient(loss, model.trainable_weights)
    for w, g in zip(model.trainable_weights, grads):
        w.assign_sub(learning_rate * g)
    return float(loss)


def weight_trajectory(model, x, y, epochs):
    snapshots = [model.get_weights()]

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            snapshots.append(self.model.get_weights())

    model.fit(x, y, epochs=epochs, callbacks=[Watch()], verbose=0)
    return snapshots


def train_with(optimizer_name, model, x, y, epochs):
    optimizers = {
        "sgd": keras.optimizers.SGD(learning_rate=0.2),
        "momentum": keras.optimizers.SGD(learning_rate=0.03, momentum=0.9),
        "adam": keras.optimizers.Adam(learning_rate=0.03),
    }
    model.compile(optimizer=optimizers[optimizer_name], loss="mean_squared_error")
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history


def freeze_first_layer(model):
    model.trainable = False
    return model
