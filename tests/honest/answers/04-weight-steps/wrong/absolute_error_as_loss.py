"""Mistake: compiles with the mean absolute error, so the recorded loss is another one."""
# fails: history_is_honest
# may: loss_goes_down, sgd_is_plain, momentum_remembers
# says: The losses in the History are not mean squared errors: compile with loss="mean_squared_error".
import numpy as np
import tensorflow as tf
from tensorflow import keras


def gradient_step(model, loss_fn, x, y, learning_rate):
    """Move every trainable weight one step downhill."""
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss_value = loss_fn(y, predictions)
    gradients = tape.gradient(loss_value, model.trainable_variables)
    for gradient, variable in zip(gradients, model.trainable_variables):
        variable.assign_sub(gradient * learning_rate)
    return float(loss_value)


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
    optimizer = {
        "sgd": keras.optimizers.SGD(0.1),
        "momentum": keras.optimizers.SGD(0.02, momentum=0.9),
        "adam": keras.optimizers.Adam(0.02),
    }[optimizer_name]
    model.compile(optimizer=optimizer, loss="mean_absolute_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    first = model.layers[0]
    first.trainable = False
    return model
