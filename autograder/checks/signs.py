"""Signs that weights did not come from training steps, for a person to look at.

No sign decides a mark: what looks odd may be right.
"""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np

from autograder.checks.finding import CheckFailedError
from autograder.checks.training_run import Run
from autograder.exercises import FloatArray, Training

_FEW_EPOCHS: Final = 4
_STRAIGHT: Final = 0.9999
"""Cosine between one epoch's change of the weights and the next one's."""
_LEAP: Final = 0.02
"""Share of the whole way that is left after the first epoch."""
_LOWERED: Final = 0.7
"""Below this share of the loss before training, a gradient has changed too."""


def signs_in_weights(run: Run) -> tuple[str, ...]:
    """What is odd about the way of the weights from epoch to epoch, as sentences."""
    signs: list[str] = []
    training = run.observed.training
    if training is None or training.weights is None:
        return ()
    if training.start_weights is not None:
        signs.append("The weights were not the initial ones when fit began.")
    changes = _changes(run, training)
    if len(changes) >= _FEW_EPOCHS and _learned(run, training):
        if _is_straight(changes):
            signs.append("From epoch to epoch the weights move along a straight line.")
        if _leaps(changes):
            signs.append("The weights move in the first epoch alone, and hardly after it.")
    return tuple(signs)


def _changes(run: Run, training: Training) -> list[FloatArray]:
    """How all weights change from one kept epoch to the next, each shape (weights,)."""
    kept = [run.initial_weights, *training.epoch_weights]
    points = [np.concatenate([array.ravel() for array in weights]) for weights in kept if weights]
    return [after - before for before, after in itertools.pairwise(points)]


def _learned(run: Run, training: Training) -> bool:
    """Whether the loss went down far enough that its gradient cannot have stayed the same."""
    try:
        before = run.training_loss(run.initial_weights)
        after = run.training_loss(training.weights or [])
    except CheckFailedError:
        return False
    return after < _LOWERED * before


def _is_straight(changes: list[FloatArray]) -> bool:
    lengths = [float(np.linalg.norm(change)) for change in changes]
    if min(lengths) == 0:
        return False
    return all(
        float(first @ second) > _STRAIGHT * length * next_length
        for first, second, length, next_length in zip(
            changes, changes[1:], lengths, lengths[1:], strict=False
        )
    )


def _leaps(changes: list[FloatArray]) -> bool:
    rest = np.sum(changes[1:], axis=0)
    return float(np.linalg.norm(rest)) < _LEAP * float(np.linalg.norm(changes[0]))
