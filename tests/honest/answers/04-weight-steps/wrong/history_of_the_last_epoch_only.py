"""Mistake: calls fit once for each epoch and returns only the last History, which has one entry."""
# fails: history_is_honest
# may: loss_goes_down
# says: The History has 1 epoch, not as many as asked for: each call of fit makes a new one. Call fit once with epochs=epochs.
import keras
import numpy as np
import tensorflow as tf


# %%
def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, weights)
    for i in range(len(weights)):
        weights[i].assign(weights[i] - learning_rate * gradients[i])
    return loss.numpy().item()


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
    opts = {
        "sgd": keras.optimizers.SGD(0.1),
        "momentum": keras.optimizers.SGD(0.05, momentum=0.9),
        "adam": keras.optimizers.Adam(0.02),
    }
    model.compile(optimizer=opts[optimizer_name], loss="mean_squared_error")
    for epoch in range(epochs):
        history = model.fit(x, y, epochs=1, verbose=0)
    return history


# %%
def freeze_first_layer(model):
    first = model.layers[0]
    first.trainable = False
    return model
