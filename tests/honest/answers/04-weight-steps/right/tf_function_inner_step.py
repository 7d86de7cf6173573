"""Style: the step is compiled with an inner tf.function; typed; deepcopy of the weights."""
from __future__ import annotations

import copy
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf


def gradient_step(
    model: keras.Model, loss_fn: Callable, x: np.ndarray, y: np.ndarray, learning_rate: float
) -> float:
    variables = [v.value for v in model.trainable_variables]

    @tf.function
    def step(features, targets):
        with tf.GradientTape() as tape:
            loss = loss_fn(targets, model(features))
        gradients = tape.gradient(loss, variables)
        for variable, gradient in zip(variables, gradients):
            variable.assign_sub(learning_rate * gradient)
        return loss

    return float(step(tf.constant(x), tf.constant(y)))


def weight_trajectory(
    model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int
) -> list[list[np.ndarray]]:
    path: list[list[np.ndarray]] = [copy.deepcopy(model.get_weights())]

    class Recorder(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            path.append(copy.deepcopy(self.model.get_weights()))

    model.fit(x, y, epochs=epochs, callbacks=[Recorder()], verbose=0)
    return path


def train_with(
    optimizer_name: str, model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int
) -> keras.callbacks.History:
    match optimizer_name:
        case "sgd":
            optimizer = keras.optimizers.SGD(learning_rate=0.5)
        case "momentum":
            optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.8)
        case "adam":
            optimizer = keras.optimizers.Adam(learning_rate=0.05)
        case _:
            raise ValueError(f"unknown optimizer {optimizer_name!r}")
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


def freeze_first_layer(model: keras.Model) -> keras.Model:
    setattr(model.layers[0], "trainable", False)
    return model
