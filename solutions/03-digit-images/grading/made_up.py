"""Made-up questions of 03-digit-images: a small model, histories, misleading labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import Observation

from ..digits import N_DIGITS

SMALL_SHAPE, SMALL_CLASSES = (3, 2, 1), 5
"""A small made-up model for `confusion_matrix`: each class has one of the six pixels."""
NEVER_PREDICTED, NEVER_TRUE = 3, 4
"""A class that the small model never predicts, and one that does not occur at all."""
_CONFIDENCE = 8.0
CURVE_EPOCHS = 12


class Images(Observation):
    """Images and their labels, for one of the student's functions.

    Attributes:
        x: Shape (samples, rows, columns, 1), float32.
        y: Shape (samples,), int64.
    """

    x: np.ndarray
    y: np.ndarray


def rename_classes(rng: np.random.Generator) -> NDArray[np.int64]:
    """Another class for each class, shape (10,): its neighbor in a random ring."""
    ring = rng.permutation(N_DIGITS)
    others = np.empty(N_DIGITS, np.int64)
    others[ring] = np.roll(ring, 1)
    return others


def make_up_small_model(
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], Images]:
    """A kernel, and images of which the model with this kernel takes some for another class."""
    counts = rng.integers(1, 9, (SMALL_CLASSES, SMALL_CLASSES))
    counts[:, [NEVER_PREDICTED, NEVER_TRUE]] = 0
    counts[NEVER_TRUE] = 0
    pairs = np.repeat(np.argwhere(counts >= 0), counts.ravel(), axis=0)
    true, predicted = rng.permutation(pairs).T
    class_of_pixel = rng.permutation(int(np.prod(SMALL_SHAPE)))
    one_hot = np.eye(len(class_of_pixel), SMALL_CLASSES, dtype=np.float32)
    kernel = _CONFIDENCE * one_hot[class_of_pixel]
    x = rng.uniform(0, 0.5, (len(true), len(class_of_pixel))).astype(np.float32)
    x[np.arange(len(x)), np.argsort(class_of_pixel)[predicted]] += 1
    return kernel, Images(x=x.reshape(-1, *SMALL_SHAPE), y=true.copy())


def make_up_curves(rng: np.random.Generator) -> list[dict[str, list[float]]]:
    """Histories whose validation loss is lowest in the middle, in the first and the last epoch.

    In the first history, every likely mistake in `best_epoch` gives another epoch.
    """
    epochs = np.arange(CURVE_EPOCHS)
    curves = []
    for best in (int(rng.integers(4, CURVE_EPOCHS - 5)), 0, CURVE_EPOCHS - 1):
        distance = epochs - best
        losses = 0.6 + np.where(distance < 0, -0.2, 0.07) * distance
        losses += rng.uniform(0, 0.05, CURVE_EPOCHS) * (distance != 0)
        losses[[1, 2]] = losses[[2, 1]]  # a rise before the best epoch
        curve = {
            "accuracy": 0.3 + 0.05 * epochs,
            "loss": 2.2 * 0.8**epochs,
            "val_accuracy": 0.8 - 0.03 * np.abs(epochs - (best + 2) % CURVE_EPOCHS),
            "val_loss": losses,
        }
        for name in ("accuracy", "loss"):
            curve[name][-2:] = curve[name][:-3:-1]  # by these, the last epoch but one is the best
        curves.append({name: values.tolist() for name, values in curve.items()})
    return curves
