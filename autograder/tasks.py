"""What a model is trained for: telling classes apart, or predicting a number.

A task knows the loss that fits it, and makes up outputs and answers on which any compiled loss or
metric can be asked for its value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograder.arithmetic import FloatArray, cross_entropy, mean_squared_error

PROBES: Final = 32
_WRONG: Final = 10
"""Of 32 made-up answers 10 are wrong: an accuracy, 0.6875, that no other metric has."""


@dataclasses.dataclass(frozen=True)
class Task:
    """A kind of training.

    Attributes:
        loss: The fitting loss of outputs, shape (samples, outputs), and answers, shape (samples,).
        loss_words: What the loss is called in messages.
        loss_name: How to ask Keras for it.
        answers_are: What the answers are, in messages.
        make_up: Outputs and answers for a probe, from a random generator and a number of outputs.
    """

    loss: Callable[[FloatArray, Any], float]
    loss_words: str
    loss_name: str
    answers_are: str
    make_up: Callable[[np.random.Generator, int], tuple[FloatArray, Any]]


def _make_up_classes(draw: np.random.Generator, classes: int) -> tuple[FloatArray, Any]:
    """Probabilities whose likeliest class is the label, but for 10 of 32."""
    likeliest = draw.permutation(np.arange(PROBES) % classes)
    sure = draw.uniform(0.55, 0.95, PROBES)
    probabilities = np.repeat((1 - sure)[:, np.newaxis] / (classes - 1), classes, axis=1)
    probabilities[np.arange(PROBES), likeliest] = sure
    shift = np.where(draw.permutation(PROBES) < _WRONG, draw.integers(1, classes, PROBES), 0)
    labels = (likeliest + shift) % classes
    return probabilities.astype(np.float32), labels.astype(np.int64)


def _make_up_numbers(draw: np.random.Generator, outputs: int) -> tuple[FloatArray, Any]:
    """Predictions that miss their targets by up to 2, mostly on one side."""
    predictions = draw.uniform(-1, 1, (PROBES, outputs))
    targets = predictions[:, 0] + draw.uniform(-0.5, 2, PROBES)
    return predictions.astype(np.float32), targets.astype(np.float32)


CLASSES: Final = Task(
    loss=cross_entropy,
    loss_words="cross-entropy of the true classes",
    loss_name="sparse_categorical_crossentropy",
    answers_are="class numbers (0, 1, ...), not one-hot rows",
    make_up=_make_up_classes,
)
NUMBERS: Final = Task(
    loss=mean_squared_error,
    loss_words="the mean squared error",
    loss_name="mean_squared_error",
    answers_are="numbers, one a sample",
    make_up=_make_up_numbers,
)
