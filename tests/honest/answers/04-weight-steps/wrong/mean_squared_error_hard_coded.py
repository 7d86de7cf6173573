"""Mistake: always uses the mean squared error and never calls loss_fn."""
# fails: step_uses_the_given_loss
# may: step_returns_the_loss, step_follows_the_gradient
# says: With another loss, the step is still the one of the mean squared error. Call loss_fn(y, model(x)).
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        y_pred = model(x)
        loss = tf.reduce_mean(tf.square(y - y_pred))
    grads = tape.gradient(loss, model.trainable_weights)
    for w, g in zip(model.trainable_weights, grads):
        w.assign_sub(learning_rate * g)
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
