"""Measures that checks share, computed from the weights, and how messages show them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from autograder.checks.training_run import Run
from autograder.exercises import FloatArray, Training


def loss_curve(run: Run, training: Training) -> list[float]:
    """Loss on the training data before training and after each epoch, while weights are finite."""
    curve = [run.training_loss(run.initial_weights)]
    for weights in training.epoch_weights:
        if weights is None:
            break
        curve.append(run.training_loss(weights))
    return curve


def history_gap(curve: Sequence[float], training: Training) -> float | None:
    """How far the reported losses lie outside what the weights allow, relative to the first loss.

    During an epoch the loss moves from its value before the epoch to its value after it; the
    history reports the average over the batches. Where training diverged, the weights of the last
    epochs are not finite, and nothing can be compared.

    Args:
        curve: From `loss_curve`.
        training: A training whose history has a loss.

    Returns:
        The mean distance, relative to the first loss; None if the history reports more epochs than
        ran, or a loss that is not finite for weights that are.
    """
    reported, kept = training.reported_loss or [], len(training.epoch_weights)
    if kept < training.epochs_run == len(reported):
        reported = reported[:kept]  # very long trainings do not keep the weights of every epoch
    if len(reported) > len(curve) - 1:
        return 0.0 if training.diverged else None
    ends = list(itertools.pairwise(curve))[-len(reported) :]
    gaps = [
        max(min(end) - value, value - max(end), 0.0)
        for value, end in zip(reported, ends, strict=True)
        if value is not None
    ]
    if len(gaps) < len(reported):
        return None
    return float(np.mean(gaps)) / curve[0] if gaps else None


def largest_changes(before: Sequence[FloatArray], after: Sequence[FloatArray]) -> list[float]:
    """The largest absolute change of each array."""
    return [float(np.abs(b - a).max()) for a, b in zip(before, after, strict=True)]


def same_numbers(values: Sequence[float | None], expected: Sequence[float]) -> bool:
    """Whether two lists of the same length agree to four digits; None agrees with nothing."""
    return all(
        value is not None and np.isclose(value, number, rtol=1e-4, atol=1e-6)
        for value, number in zip(values, expected, strict=True)
    )


def format_numbers(values: Sequence[float | None]) -> str:
    """Numbers in a message: "0.412, NaN, 0.100"."""
    return ", ".join("NaN" if value is None else f"{value:.3f}" for value in values) or "nothing"


def join_names(names: Iterable[str]) -> str:
    """Names in a message: "hidden kernel, hidden bias"."""
    return ", ".join(names)
