"""Style: strict type hints, a frozen dataclass of settings, replies kept in a dictionary."""
# borderline: the dictionary of replies is made when the file is loaded, not at each call of reply.
from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from numpy.typing import NDArray
from intents import (
    INTENTS,
    REPLIES,
    SENTENCE_LENGTH,
    VOCABULARY_SIZE,
    WORD_IDS,
    utterances,
    vectorize,
)

import keras
import matplotlib.pyplot as plt
import numpy as np



@dataclass(frozen=True)
class Settings:
    width: int = 16
    hidden: int = 32
    learning_rate: float = 0.01
    batch_size: int = 32


SETTINGS: Final = Settings()
ANSWER_OF: Final[dict[int, str]] = dict(enumerate(REPLIES))


def build_model(vocabulary_size: int, n_intents: int) -> keras.Sequential:
    """Embedding, average, one hidden layer, softmax."""
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, SETTINGS.width),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(SETTINGS.hidden, activation="gelu"),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


def compile_model(model: keras.Model) -> keras.Model:
    """Adam and sparse cross-entropy."""
    model.compile(
        optimizer=keras.optimizers.Adam(SETTINGS.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(
    model: keras.Model, x: NDArray[np.int64], y: NDArray[np.int64], epochs: int
) -> keras.callbacks.History:
    """Fit quietly."""
    history: keras.callbacks.History = model.fit(
        x, y, batch_size=SETTINGS.batch_size, epochs=epochs, verbose=0
    )
    return history


def reply(model: keras.Model, sentence: str) -> str:
    """Answer with the reply of the most probable intent."""
    probabilities: NDArray[np.float32] = model.predict(vectorize([sentence]), verbose=0)[0]
    return ANSWER_OF[int(np.argmax(probabilities))]
