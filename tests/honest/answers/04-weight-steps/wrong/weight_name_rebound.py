"""Mistake: computes the new weight into a name, so the model keeps its old weights (no assign)."""
# fails: step_follows_the_gradient
# may: step_uses_the_given_loss, step_leaves_frozen_weights
# says: The weights of the model did not change. `w = w - ...` only makes a new name; use w.assign_sub(...).
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


# %%
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight = weight - learning_rate * gradient
    return float(loss)


# %%
def weight_trajectory(model, x, y, epochs):
    snapshots = [model.get_weights()]

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            snapshots.append(self.model.get_weights())

    model.fit(x, y, epochs=epochs, callbacks=[Watch()], verbose=0)
    return snapshots


# %%
def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(0.1)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
    elif optimizer_name == "adam":
        optimizer = keras.optimizers.Adam(0.02)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %%
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
