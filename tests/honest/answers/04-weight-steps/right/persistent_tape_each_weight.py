"""Style: a persistent tape asked once for each weight; on_epoch_begin snapshots plus the last one."""
import keras
import numpy as np
import tensorflow as tf


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape(persistent=True) as tape:
        predictions = model(x)
        loss = loss_fn(y, predictions)
    # all gradients first, at the old weights, and only then the steps
    steps = []
    for w in model.trainable_weights:
        steps.append(-learning_rate * tape.gradient(loss, w))
    del tape
    for w, step in zip(model.trainable_weights, steps):
        w.assign_add(step)
    return float(loss.numpy())


class BeforeEachEpoch(keras.callbacks.Callback):
    """Weights at the beginning of epoch e are those after epoch e - 1."""

    def __init__(self, target):
        super().__init__()
        self.target = target

    def on_epoch_begin(self, epoch, logs=None):
        self.target += [self.model.get_weights()]

    def on_train_end(self, logs=None):
        self.target += [self.model.get_weights()]


def weight_trajectory(model, x, y, epochs):
    trajectory = []
    model.fit(x, y, epochs=epochs, verbose=0, callbacks=[BeforeEachEpoch(trajectory)])
    return trajectory


RATES = {"sgd": 0.3, "momentum": 0.03, "adam": 0.03}


def train_with(optimizer_name, model, x, y, epochs):
    rate = RATES[optimizer_name]
    if optimizer_name == "adam":
        opt = keras.optimizers.Adam(rate)
    else:
        opt = keras.optimizers.SGD(rate, momentum=0.9 if optimizer_name == "momentum" else 0.0)
    model.compile(opt, "mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    for number, layer in enumerate(model.layers):
        layer.trainable = number != 0
    return model
