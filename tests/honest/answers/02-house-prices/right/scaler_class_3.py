"""Style: a little StandardScaler class with fit and transform, type hints throughout."""
from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

UNIT = 10_000
Array = NDArray[np.float32]


@dataclass
class Scaler:
    mean: Array
    deviation: Array

    @classmethod
    def fit(cls, x: Array) -> "Scaler":
        return cls(mean=x.mean(axis=0, keepdims=True), deviation=x.std(axis=0, keepdims=True))

    def transform(self, x: Array) -> Array:
        return (x - self.mean) / self.deviation


def normalize(x_train: Array, x_other: Array) -> tuple[Array, Array]:
    scaler = Scaler.fit(x_train)
    return scaler.transform(x_train), scaler.transform(x_other)


def build_model(n_features: int) -> keras.Model:
    hidden = keras.layers.Dense(units=64, activation=keras.activations.relu)
    output = keras.layers.Dense(units=1)
    return keras.models.Sequential([keras.layers.Input(shape=(n_features,)), hidden, output])


def compile_model(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=1e-2),
        loss=keras.losses.mean_squared_error,
    )
    return model


def train_model(model: keras.Model, x: Array, y: Array, epochs: int = 10) -> keras.callbacks.History:
    return model.fit(x=x, y=y, epochs=epochs, batch_size=64, verbose=0)


def predict_prices(model: keras.Model, x: Array) -> Array:
    units: Array = model.predict(x, verbose=0)
    return np.multiply(units.ravel(), UNIT)
