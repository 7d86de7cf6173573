"""Mistake: returns the loss after the weights have moved instead of before."""
# fails: step_returns_the_loss
# says: You return the loss after the step; return the one before the step, from inside the tape.
import numpy as np
import tensorflow as tf
from tensorflow import keras


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
    loss = loss_fn(y, model(x))
    return float(loss)


class WeightHistory(keras.callbacks.Callback):
    def on_train_begin(self, logs={}):
        self.weights = [self.model.get_weights()]

    def on_epoch_end(self, epoch, logs={}):
        self.weights.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    weight_history = WeightHistory()
    model.fit(x, y, epochs=epochs, callbacks=[weight_history], verbose=0)
    return weight_history.weights


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
