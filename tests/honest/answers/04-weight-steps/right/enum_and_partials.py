"""Style: an Enum of optimizers, functools.partial, a registry; small private helpers everywhere."""
import enum
import functools

import keras
import numpy as np
import tensorflow as tf


class Optimizer(enum.Enum):
    SGD = "sgd"
    MOMENTUM = "momentum"
    ADAM = "adam"


_FACTORY = {
    Optimizer.SGD: functools.partial(keras.optimizers.SGD, 0.12),
    Optimizer.MOMENTUM: functools.partial(keras.optimizers.SGD, 0.025, momentum=0.9),
    Optimizer.ADAM: functools.partial(keras.optimizers.Adam, 0.02, beta_2=0.99),
}


def _descend(weight, gradient, rate):
    weight.assign_sub(rate * gradient)


def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    move = functools.partial(_descend, rate=learning_rate)
    list(map(move, model.trainable_weights, gradients))
    return float(loss)


def weight_trajectory(model, x, y, epochs):
    album = []

    def photograph(*_, **__):
        album.append(model.get_weights())

    model.fit(
        x,
        y,
        epochs=epochs,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(on_train_begin=photograph, on_epoch_end=photograph)
        ],
    )
    return album


def train_with(optimizer_name, model, x, y, epochs):
    optimizer = _FACTORY[Optimizer(optimizer_name)]()
    model.compile(optimizer=optimizer, loss="mean_squared_error", jit_compile=False)
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
