"""The path of a training through its weights, from epoch to epoch."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from autograder.checks.diagnosis import same_weights
from autograder.checks.training_run import Run
from autograder.checks.training_summary.plane import Points
from autograder.exercises import FloatArray, Training

MOST_EPOCHS = 60
"""Epochs of a path; of a longer training some are left out, evenly."""


@dataclasses.dataclass(frozen=True)
class Path:
    """The weights of one training.

    Attributes:
        epochs: The epochs that are shown; first 0, before training.
        lists: The weights of each; None where they are not finite.
        left: If the training left other weights than those of its last epoch: these weights, and
            the epoch that they are of, or else the last one.
    """

    epochs: Sequence[int]
    lists: Sequence[Sequence[FloatArray] | None]
    left: tuple[int, Sequence[FloatArray]] | None

    @property
    def finite(self) -> list[tuple[int, Sequence[FloatArray]]]:
        """Epochs and weights in order, without those that are not finite; last what was left."""
        pairs = zip(self.epochs, self.lists, strict=True)
        kept = [(epoch, weights) for epoch, weights in pairs if weights is not None]
        return kept if self.left is None else [*kept, self.left]


def path_of(run: Run, training: Training) -> Path:
    """The path of a training.

    Args:
        run: The training run.
        training: One of its trainings.
    """
    epochs = [0, *training.epochs_kept]
    lists = [run.initial_weights, *training.epoch_weights]
    shown = np.unique(np.linspace(0, len(epochs) - 1, MOST_EPOCHS + 1).round().astype(int))
    path = Path([epochs[n] for n in shown], [lists[n] for n in shown], None)
    after = training.weights
    if after is None or same_weights(after, lists[-1]):
        return path
    same = (n for n, weights in zip(epochs, lists, strict=True) if same_weights(after, weights))
    return dataclasses.replace(path, left=(next(same, epochs[-1]), after))


def as_points(lists: Sequence[Sequence[FloatArray]]) -> Points:
    """Lists of weights as rows, shape (lists, parameters), float64."""
    return np.stack([np.concatenate([a.ravel() for a in arrays]) for arrays in lists]).astype(
        np.float64
    )
