"""Losses and accuracy of a model's outputs, recomputed by the trusted process in plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
Answers = NDArray[Any]
"""True answers, shape (samples,): int64 classes, or float32 numbers."""

_SMALLEST_PROBABILITY = 1e-7
"""Keras clips probabilities here before it takes their logarithm."""


def cross_entropy(probabilities: FloatArray, labels: IntArray) -> float:
    """Mean negative log-probability of the true classes.

    Args:
        probabilities: Class probabilities, shape (samples, classes), float32.
        labels: True classes, shape (samples,), int64.

    Returns:
        A number in [0, 16.2], in nats.

    Source:
        keras.losses.SparseCategoricalCrossentropy, which clips probabilities at 1e-7.
    """
    of_true_class = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(of_true_class, _SMALLEST_PROBABILITY, 1)).mean())


def accuracy(probabilities: FloatArray, labels: IntArray) -> float:
    """Share of samples whose most probable class is the label.

    Args:
        probabilities: Class probabilities, shape (samples, classes), float32.
        labels: True classes, shape (samples,), int64.

    Returns:
        A fraction in [0, 1].

    Source:
        keras.metrics.SparseCategoricalAccuracy.
    """
    return float((probabilities.argmax(axis=1) == labels).mean())


def mean_squared_error(predictions: FloatArray, targets: FloatArray) -> float:
    """Mean of the squared differences.

    Args:
        predictions: Shape (samples, 1) or (samples,), float32.
        targets: Shape (samples,), float32.

    Returns:
        A number of at least 0, in the targets' unit squared.

    Raises:
        ValueError: If the two disagree on the number of samples.

    Source:
        keras.losses.MeanSquaredError.
    """
    gaps = predictions.astype(np.float64).reshape(-1) - targets.reshape(-1)
    return float(np.square(gaps).mean())


def softmax(values: FloatArray) -> FloatArray:
    """Exponentials of each row, scaled to sum to 1; shape (samples, classes)."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
