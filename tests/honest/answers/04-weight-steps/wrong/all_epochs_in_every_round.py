"""Mistake: loops over the epochs but calls fit with epochs=epochs each time, so it trains epochs * epochs."""
# fails: trajectory_follows_the_training
# says: Between two snapshots lie many epochs: fit runs `epochs` epochs in each round of your loop. One epoch for each snapshot.
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, weights)
    for i in range(len(weights)):
        weights[i].assign(weights[i] - learning_rate * gradients[i])
    return loss.numpy().item()


def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    for epoch in range(epochs):
        model.fit(x, y, epochs=epochs, verbose=0)
        trajectory.append(model.get_weights())
    return trajectory


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
