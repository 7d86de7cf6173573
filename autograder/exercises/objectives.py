"""What a model is trained for: classification or regression.

An objective has the loss that fits it, and makes up outputs and answers on which any compiled loss
or metric has a known value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Final

import numpy as np

from autograder.exercises.metrics import (
    Answers,
    FloatArray,
    cross_entropy,
    mean_squared_error,
)

PROBES: Final = 32
_WRONG: Final = 10
"""10 of 32 made-up answers are wrong: an accuracy of 0.6875, a value that no other metric has."""


@dataclasses.dataclass(frozen=True)
class Objective:
    """What a model is trained for.

    Attributes:
        loss: The fitting loss of outputs, shape (samples, outputs), and answers, shape (samples,).
        loss_words: The loss in messages.
        loss_name: Its name in Keras.
        answers_are: The kind of answers, in messages.
        make_up: Makes up outputs and answers, from a random generator and a number of outputs.
    """

    loss: Callable[[FloatArray, Answers], float]
    loss_words: str
    loss_name: str
    answers_are: str
    make_up: Callable[[np.random.Generator, int], tuple[FloatArray, Answers]]


def _make_up_classes(rng: np.random.Generator, classes: int) -> tuple[FloatArray, Answers]:
    """Probabilities whose most probable class is the label in 22 of 32 samples."""
    predicted = rng.permutation(np.arange(PROBES) % classes)
    confidence = rng.uniform(0.55, 0.95, PROBES)
    probabilities = np.repeat((1 - confidence)[:, np.newaxis] / (classes - 1), classes, axis=1)
    probabilities[np.arange(PROBES), predicted] = confidence
    shift = np.where(rng.permutation(PROBES) < _WRONG, rng.integers(1, classes, PROBES), 0)
    labels = (predicted + shift) % classes
    return probabilities.astype(np.float32), labels.astype(np.int64)


def _make_up_numbers(rng: np.random.Generator, outputs: int) -> tuple[FloatArray, Answers]:
    """Predictions that miss their targets by up to 2, mostly on one side."""
    predictions = rng.uniform(-1, 1, (PROBES, outputs))
    targets = predictions[:, 0] + rng.uniform(-0.5, 2, PROBES)
    return predictions.astype(np.float32), targets.astype(np.float32)


CLASSIFICATION: Final = Objective(
    loss=cross_entropy,
    loss_words="the cross-entropy of the true classes",
    loss_name="sparse_categorical_crossentropy",
    answers_are="class numbers (0, 1, ...), not one-hot rows",
    make_up=_make_up_classes,
)
REGRESSION: Final = Objective(
    loss=mean_squared_error,
    loss_words="the mean squared error",
    loss_name="mean_squared_error",
    answers_are="numbers, one per sample",
    make_up=_make_up_numbers,
)
