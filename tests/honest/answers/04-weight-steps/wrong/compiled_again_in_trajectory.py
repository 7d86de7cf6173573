"""Mistake: compiles the given model again with another optimizer, so the path is not that of the given one."""
# fails: trajectory_follows_the_training
# says: The weights do not move as the optimizer of the given model moves them: the model is already compiled, do not compile it again.
import numpy as np
import tensorflow as tf
from tensorflow import keras


def gradient_step(model, loss_fn, x, y, learning_rate):
    """Move every trainable weight one step downhill."""
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss_value = loss_fn(y, predictions)
    gradients = tape.gradient(loss_value, model.trainable_variables)
    for gradient, variable in zip(gradients, model.trainable_variables):
        variable.assign_sub(gradient * learning_rate)
    return float(loss_value)


def weight_trajectory(model, x, y, epochs):
    snapshots = [model.get_weights()]

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            snapshots.append(self.model.get_weights())

    model.compile(optimizer="adam", loss="mean_squared_error")
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
    first = model.layers[0]
    first.trainable = False
    return model
