"""Mistake: takes a new gradient for each array after the arrays before it have already moved."""
# fails: step_follows_the_gradient
# may: step_uses_the_given_loss
# says: The first array moved right, but later ones not: all gradients belong to the weights before the step. Call tape.gradient once for all, then move.
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    start_loss = float(loss_fn(y, model(x)))
    for weight in model.trainable_weights:
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x))
        weight.assign_sub(learning_rate * tape.gradient(loss, weight))
    return start_loss


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
    model.layers[0].trainable = False
    return model
