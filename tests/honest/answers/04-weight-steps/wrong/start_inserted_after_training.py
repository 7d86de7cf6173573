"""Mistake: puts the "start" at the front only after fit, when the weights have already moved."""
# fails: trajectory_begins_at_random_start
# may: trajectory_follows_the_training
# says: The first snapshot is not the random start but the end of the training. Call model.get_weights() before fit.
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
    history = []
    cb = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: history.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[cb], verbose=0)
    history.insert(0, model.get_weights())
    return history


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(0.1)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
    elif optimizer_name == "adam":
        optimizer = keras.optimizers.Adam(0.02)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    first = model.layers[0]
    first.trainable = False
    return model
