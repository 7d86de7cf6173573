"""Style: type hints and a frozen dataclass that holds all settings."""
from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Settings:
    optimizer: str = "adamw"
    loss: str = "sparse_categorical_crossentropy"
    metric: str = "accuracy"
    batch_size: int = 12


SETTINGS = Settings()


def compile_model(model: keras.Model) -> keras.Model:
    model.compile(optimizer=SETTINGS.optimizer, loss=SETTINGS.loss, metrics=[SETTINGS.metric])
    return model


def train_model(
    model: keras.Model, x: NDArray[np.float32], y: NDArray[np.int64], epochs: int = 5
) -> keras.callbacks.History:
    return model.fit(x, y, batch_size=SETTINGS.batch_size, epochs=epochs, verbose=0)


def first_layer_weights(model: keras.Model) -> NDArray[np.float32]:
    kernels = (layer.get_weights()[0] for layer in model.layers if layer.get_weights())
    return next(kernels).copy()


def _largest(change: NDArray[np.float32]) -> float:
    return float(np.abs(change).max())


def weight_change(
    before: list[NDArray[np.float32]], after: list[NDArray[np.float32]]
) -> list[float]:
    return [_largest(new - old) for old, new in zip(before, after, strict=True)]
