"""Mistake: compares with "Adam" (capital A), so "adam" falls through to plain SGD."""
# fails: adam_scales_each_weight
# says: For "adam", the model was trained with SGD. Names are compared letter by letter: "adam" is not "Adam".
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


# %%
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        y_pred = model(x)
        loss = loss_fn(y, y_pred)
    grads = tape.gradient(loss, model.trainable_weights)
    for w, g in zip(model.trainable_weights, grads):
        w.assign_sub(learning_rate * g)
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
    if optimizer_name == "Adam":
        optimizer = keras.optimizers.Adam(learning_rate=0.02)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    else:
        optimizer = keras.optimizers.SGD(learning_rate=0.1)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %%
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
