"""Style: the plain way, with zip and assign_sub, and a LambdaCallback for the snapshots."""
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


# %%
def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    for weight, gradient in zip(weights, tape.gradient(loss, weights)):
        weight.assign_sub(learning_rate * gradient)
    return float(loss)


# %%
def weight_trajectory(model, x, y, epochs):
    snapshots = [model.get_weights()]
    keep = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: snapshots.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[keep], verbose=0)
    return snapshots


# %%
def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(0.1)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(0.02)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %%
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
