"""Public samples that a trained model gets wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checks.training_run import Run
from autograder.exercises import FloatArray, IntArray, PracticeSamples
from autograder.results import Mistake

_MOST = 6
_MOST_PIXELS = 1280
"""Pixels of all mistakes together."""


def find_mistakes(
    run: Run, weights: Sequence[FloatArray], practice: PracticeSamples
) -> tuple[tuple[Mistake, ...], int, int]:
    """What a trained model gets wrong, of the practice samples that it was not trained on.

    Args:
        run: The training run of a rebuilt model.
        weights: The weights after training.
        practice: The practice samples.

    Returns:
        A few mistakes, at most one for each pair of classes while there are others, the surest
        first; how many there are; and of how many samples.
    """
    unseen = _unseen(practice.x, run.given.x)
    if not len(unseen):
        return (), 0, 0
    y = practice.y[unseen]
    outputs = run.outputs(weights, practice.x[unseen])[:, : len(practice.names)]
    scores = np.nan_to_num(outputs.astype(np.float64))
    predicted: IntArray = scores.argmax(axis=1)
    wrong = np.flatnonzero(predicted != y)
    sureness = scores[wrong, predicted[wrong]] - scores[wrong, y[wrong]]
    order = wrong[np.argsort(-sureness, kind="stable")]
    pairs = [(int(predicted[n]), int(y[n])) for n in order]
    firsts = [pairs.index(pair) == place for place, pair in enumerate(pairs)]
    chosen = sorted(range(len(order)), key=lambda place: not firsts[place])[: _limit(practice)]
    shown = [
        _mistake(practice, int(unseen[order[place]]), pairs[place][0]) for place in sorted(chosen)
    ]
    return tuple(shown), len(wrong), len(unseen)


def _unseen(x: np.ndarray, training: np.ndarray) -> IntArray:
    """Indices of the samples that are not among the training samples."""
    known = {sample.tobytes() for sample in training}
    return np.array([n for n, sample in enumerate(x) if sample.tobytes() not in known], np.int64)


def _limit(practice: PracticeSamples) -> int:
    if practice.pictures is None:
        return _MOST
    return min(_MOST, _MOST_PIXELS // max(1, int(practice.pictures[0].size)))


def _mistake(practice: PracticeSamples, sample: int, predicted: int) -> Mistake:
    pictures = practice.pictures
    return Mistake(
        predicted=practice.names[predicted],
        expected=practice.names[int(practice.y[sample])],
        text=practice.texts[sample] if practice.texts else "",
        pixels=() if pictures is None else tuple(map(tuple, pictures[sample].tolist())),
    )
