"""Style: a keras.utils.PyDataset makes shuffled batches; type hints; collections.Counter for the matrix."""
from __future__ import annotations

import math
from collections import Counter

import keras
import numpy as np
from numpy.typing import NDArray


class ImageBatches(keras.utils.PyDataset):
    def __init__(self, x: NDArray, y: NDArray, batch_size: int = 25) -> None:
        super().__init__()
        self.x, self.y, self.batch_size = x, y, batch_size
        self.rng = np.random.default_rng()
        self.order = np.arange(len(x))

    def __len__(self) -> int:
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index: int) -> tuple[NDArray, NDArray]:
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self) -> None:
        self.rng.shuffle(self.order)


def build_model(image_shape: tuple[int, ...], n_classes: int) -> keras.Sequential:
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="gelu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def compile_model(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(0.008),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_accuracy", "accuracy"],
    )
    return model


def train_model(
    model: keras.Model, x: NDArray, y: NDArray, x_val: NDArray, y_val: NDArray
) -> keras.callbacks.History:
    stopping = keras.callbacks.EarlyStopping("val_loss", patience=5, restore_best_weights=True)
    return model.fit(
        ImageBatches(x, y),
        epochs=100,
        validation_data=(x_val, y_val),
        callbacks=[stopping],
        verbose=0,
    )


def best_epoch(history: keras.callbacks.History) -> int:
    _, epoch = min((loss, e) for e, loss in enumerate(history.history["val_loss"], 1))
    return epoch


def confusion_matrix(model: keras.Model, x: NDArray, y: NDArray) -> NDArray[np.int64]:
    n_classes = model.output_shape[-1]
    answers = model.predict(x, verbose=0).argmax(axis=-1)
    counter = Counter(zip(np.asarray(y).tolist(), answers.tolist()))
    matrix = np.zeros((n_classes, n_classes), dtype=np.int64)
    for cell, count in counter.items():
        matrix[cell] = count
    return matrix
