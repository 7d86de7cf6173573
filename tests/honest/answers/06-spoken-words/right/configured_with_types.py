"""Style: type hints and a table of settings from which the layers are made; list returned as the pair."""
# borderline: the pair is a list of two numbers, not a tuple.
from __future__ import annotations

from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

CONVOLUTIONS: list[tuple[int, int]] = [(32, 5), (48, 5)]
SETTINGS: dict[str, float] = {"rate": 0.002, "dropout": 0.25}


def build_model(frames: int, mel_bins: int, n_words: int) -> keras.Model:
    """Blocks of convolution and pooling, then softmax."""
    h = inputs = keras.Input((frames, mel_bins))
    for filters, size in CONVOLUTIONS:
        h = keras.layers.Conv1D(filters, size, padding="same", activation="elu")(h)
        h = keras.layers.MaxPooling1D(2, padding="same")(h)
    h = keras.layers.Flatten()(h)
    h = keras.layers.Dropout(SETTINGS["dropout"])(h)
    return keras.Model(inputs, keras.layers.Dense(n_words, activation="softmax")(h))


def compile_model(model: keras.Model) -> keras.Model:
    """Adam, cross-entropy and accuracy."""
    model.compile(
        optimizer=keras.optimizers.Adam(SETTINGS["rate"]),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(
    model: keras.Model, x: NDArray[np.float32], y: NDArray[np.int64], epochs: int = 5
) -> keras.callbacks.History:
    """One call of fit."""
    return model.fit(x, y, epochs=epochs, verbose=0)


def confusion_matrix(true: NDArray, predicted: NDArray, n: int) -> NDArray[np.int64]:
    """Rows are true words, columns predicted ones."""
    return np.bincount(n * true + predicted, minlength=n * n).reshape(n, n)


def most_confused(model: keras.Model, x: NDArray, y: NDArray) -> list[int] | None:
    """Largest count off the diagonal."""
    scores = model.predict(x, verbose=0)
    counts = confusion_matrix(y, scores.argmax(axis=1), scores.shape[1])
    off_diagonal = np.where(np.eye(len(counts), dtype=bool), -1, counts)
    if off_diagonal.max() <= 0:
        return None
    return [int(i) for i in np.unravel_index(np.argmax(off_diagonal), off_diagonal.shape)]
