"""Mistake: uses on_train_batch_end, so there are as many snapshots as steps, not epochs."""
# fails: trajectory_follows_the_training
# says: The list has one snapshot for each batch; wanted is one after each epoch (epochs + 1 in all). Use on_epoch_end.
import numpy as np
import tensorflow as tf
from tensorflow import keras


# %%
def gradient_step(model, loss_fn, x, y, learning_rate):
    """Move every trainable weight one step downhill."""
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss_value = loss_fn(y, predictions)
    gradients = tape.gradient(loss_value, model.trainable_variables)
    for gradient, variable in zip(gradients, model.trainable_variables):
        variable.assign_sub(gradient * learning_rate)
    return float(loss_value)


# %%
class WeightCallback(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.weights = []

    def on_train_begin(self, logs=None):
        self.weights.append(self.model.get_weights())

    def on_train_batch_end(self, batch, logs=None):
        self.weights.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    callback = WeightCallback()
    model.fit(x, y, epochs=epochs, callbacks=[callback], verbose=0)
    return callback.weights


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
