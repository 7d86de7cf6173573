"""Mistake: calls loss_fn(y_pred, y_true); only a loss that is not symmetric shows it."""
# fails: step_uses_the_given_loss
# may: step_returns_the_loss, step_follows_the_gradient
# says: The loss gets the prediction where the truth belongs: it is loss_fn(y_true, y_pred), in this order.
import keras
import numpy as np
import tensorflow as tf


# %%
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(model(x), y)
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
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
    first = model.layers[0]
    first.trainable = False
    return model
