"""Naming the mistake behind weights that did not learn, from the evidence of the run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.training import FloatArray, TrainingRun

NO_LEARNING_RATE = "The learning rate is 0, so no step moves a weight: try 0.01 or 0.001."
_LARGE_LEARNING_RATE = 0.5


def why_it_did_not_learn(run: TrainingRun) -> str:
    """One thing to do about a training that did not lower the loss or move the weights.

    Args:
        run: A run whose `train_model` returned.

    Returns:
        A hint that names the most likely mistake.
    """
    seen = run.observed
    settings = seen.compiled_after_training or seen.compiled
    rate = settings.learning_rate if settings else None
    if not seen.epoch_weights:
        return _why_nothing_was_fitted(run)
    if seen.trained_weights is None or (rate is not None and rate >= _LARGE_LEARNING_RATE):
        return f"The learning rate is too large{_in_brackets(rate)}: try 0.01 or 0.001."
    if rate == 0:
        return NO_LEARNING_RATE
    if same_weights(seen.trained_weights, run.given.initial_weights) and not all(
        same_weights(weights, run.given.initial_weights) for weights in seen.epoch_weights
    ):
        return (
            "fit changed the weights, and something put the random ones back afterwards: "
            "do not reset the weights in train_model."
        )
    return _why_it_learned_too_little(run)


def _why_it_learned_too_little(run: TrainingRun) -> str:
    ran = len(run.observed.epoch_weights)
    if ran < run.given.epochs:
        return f"fit ran {epochs(ran)} of {run.given.epochs}: pass epochs=epochs to model.fit."
    if recompiled(run):
        return "Do not compile again inside train_model: fit uses what compile_model set."
    return (
        "The weights moved, but not towards the labels: give model.fit x and y as they come, "
        "each label still beside its sample, and a loss that fits integer labels."
    )


def _why_nothing_was_fitted(run: TrainingRun) -> str:
    losses = run.observed.reported_loss
    if losses:
        return (
            "The history tells of a training that the model you were given never had: "
            "call fit on that model itself, not on a copy or a new one."
        )
    return "Call model.fit(x, y, epochs=epochs) and return what it returns."


def recompiled(run: TrainingRun) -> bool:
    """Whether `train_model` left the model with another optimizer or loss than it found."""
    before, after = run.observed.compiled, run.observed.compiled_after_training
    return (
        before is not None
        and after is not None
        and (before.optimizer, before.loss) != (after.optimizer, after.loss)
    )


def same_weights(one: Sequence[FloatArray] | None, other: Sequence[FloatArray] | None) -> bool:
    """Whether two lists of weights are equal bit for bit; False if one is missing."""
    if one is None or other is None:
        return False
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def epochs(count: int) -> str:
    """Count epochs in words, such as "1 epoch" or "5 epochs"."""
    return f"{count} epoch" if count == 1 else f"{count} epochs"


def _in_brackets(rate: float | None) -> str:
    return "" if rate is None else f" ({rate:g})"
