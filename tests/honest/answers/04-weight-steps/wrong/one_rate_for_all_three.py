"""Mistake: the same learning rate of 1.0 for all optimizers; momentum and adam leap over the valley."""
# fails: loss_goes_down
# may: history_is_honest, sgd_is_plain, momentum_remembers, adam_scales_each_weight
# says: The loss does not fall (it explodes or jumps): the learning rate is too large. Good rates are 0.01 to 0.5 for sgd, 0.01 to 0.1 for momentum, 0.001 to 0.05 for adam.
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

    model.fit(x, y, epochs=epochs, callbacks=[Watch()], verbose=0)
    return snapshots


LEARNING_RATE = 1.0


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(LEARNING_RATE)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(LEARNING_RATE, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(LEARNING_RATE)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
