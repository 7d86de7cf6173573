"""Mistake: model(x) is called before the tape starts to record, so the gradients are None."""
# fails: step_follows_the_gradient, step_uses_the_given_loss, step_returns_the_loss, step_leaves_frozen_weights
# says: The gradients are None: the tape did not see the model. Call model(x) inside the `with tf.GradientTape()` block.
import numpy as np
import tensorflow as tf
from tensorflow import keras


def gradient_step(model, loss_fn, x, y, learning_rate):
    y_pred = model(x)
    with tf.GradientTape() as tape:
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
    model.layers[0].trainable = False
    return model
