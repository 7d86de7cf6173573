"""Style: takes the gradient with tape.jacobian (the loss is one number, so it is the same); class with __call__."""
# borderline: the text names tape.gradient; for a scalar loss, the Jacobian has the same numbers
import keras
import numpy as np
import tensorflow as tf


class Descent:
    def __init__(self, model, loss_fn):
        self.model, self.loss_fn = model, loss_fn

    def __call__(self, x, y, rate):
        weights = self.model.trainable_weights
        with tf.GradientTape() as tape:
            loss = tf.reshape(self.loss_fn(y, self.model(x)), [])
        for weight, slope in zip(weights, tape.jacobian(loss, [w.value for w in weights])):
            weight.assign_sub(rate * slope)
        return float(loss)


def gradient_step(model, loss_fn, x, y, learning_rate):
    return Descent(model, loss_fn)(x, y, learning_rate)


def weight_trajectory(model, x, y, epochs):
    first = model.get_weights()

    class Following(keras.callbacks.Callback):
        rest = None

        def on_train_begin(self, logs=None):
            self.rest = []

        def on_epoch_end(self, epoch, logs=None):
            self.rest.append(self.model.get_weights())

    following = Following()
    model.fit(x, y, epochs=epochs, callbacks=[following], verbose=0)
    return [first] + following.rest


def train_with(optimizer_name, model, x, y, epochs):
    optimizer = {
        "sgd": keras.optimizers.SGD(0.18, weight_decay=None),
        "momentum": keras.optimizers.SGD(0.045, momentum=0.92),
        "adam": keras.optimizers.Adam(0.0175),
    }[optimizer_name]
    model.compile(optimizer=optimizer, loss="mean_squared_error", metrics=["mean_absolute_error"])
    return model.fit(x, y, epochs=epochs, verbose=0, validation_data=(x, y))


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
