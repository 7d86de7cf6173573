"""Measures that checks share: what the weights say, and how it is written in a message."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from autograder.arithmetic import FloatArray
from autograder.exercises.observe import Training
from autograder.training import TrainingRun


def loss_curve(run: TrainingRun, training: Training) -> list[float]:
    """Loss on the training data before training and after each epoch, while it is finite."""
    curve = [run.training_loss(run.initial_weights)]
    for weights in training.epoch_weights:
        if weights is None:
            break
        curve.append(run.training_loss(weights))
    return curve


def history_gap(curve: Sequence[float], training: Training) -> float | None:
    """How far the reported losses lie outside what the weights allow, relative to the first loss.

    While an epoch runs, the loss moves from the value before it to the value after it; the
    reported one is their average over the batches. None if more epochs are reported than ran, or
    a loss is reported as no number while the weights are numbers. Where training diverged, the
    weights of the last epochs are no numbers, and nothing can be compared.

    Args:
        curve: From `loss_curve`.
        training: A training whose history has a loss.
    """
    reported, kept = training.reported_loss or [], len(training.epoch_weights)
    if kept < training.epochs_run == len(reported):
        reported = reported[:kept]  # of very long trainings not every epoch's weights are kept
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


def same_numbers(found: list[float | None], right: list[float]) -> bool:
    """Whether two lists of one length agree to four digits; None agrees with nothing."""
    return all(
        value is not None and np.isclose(value, wanted, rtol=1e-4, atol=1e-6)
        for value, wanted in zip(found, right, strict=True)
    )


def shown(values: list[float | None] | list[float]) -> str:
    """Numbers in a message: "0.412, NaN, 0.100"."""
    return ", ".join("NaN" if value is None else f"{value:.3f}" for value in values) or "nothing"


def listed(names: list[str]) -> str:
    """Names in a message."""
    return ", ".join(names)
