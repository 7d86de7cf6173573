"""Naming the mistake behind weights that did not learn, from the evidence of the run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.arithmetic import FloatArray
from autograder.exercises.observe import Training
from autograder.exercises.settings import CompileSettings
from autograder.training import TrainingRun

NO_LEARNING_RATE = "The learning rate is 0, so no step moves a weight: try 0.01 or 0.001."
RECOMPILED = "Do not compile again inside train_model: fit uses what compile_model set."
_LARGE_LEARNING_RATE = 0.5
_USUAL_LEARNING_RATE = 0.01
_SMALL_LEARNING_RATE = 1e-4


def why_it_did_not_learn(run: TrainingRun, training: Training) -> str:
    """One thing to do about a training that did not lower the loss or move the weights.

    Args:
        run: The run.
        training: A training whose function returned.

    Returns:
        A hint that names the most likely mistake.
    """
    settings = training.compiled or run.observed.compiled
    rate = settings.learning_rate if settings else None
    if not training.epochs_run:
        return _why_nothing_was_fitted(training)
    if training.weights is None and rate is not None and rate <= _USUAL_LEARNING_RATE:
        return (
            "Give model.fit the data as they come, not on a larger scale; if you do, try a tenth "
            f"of the learning rate ({rate:g})."
        )
    if training.weights is None or (rate is not None and rate >= _LARGE_LEARNING_RATE):
        return f"The learning rate is too large{_in_brackets(rate)}: try 0.01 or 0.001."
    if rate == 0:
        return NO_LEARNING_RATE
    if same_weights(training.weights, run.initial_weights) and not all(
        same_weights(weights, run.initial_weights) for weights in training.epoch_weights
    ):
        return (
            "fit changed the weights, and something put the random ones back afterwards: "
            "do not reset the weights in train_model."
        )
    return _why_it_learned_too_little(run, training)


def _why_it_learned_too_little(run: TrainingRun, training: Training) -> str:
    if training.epochs_run < run.given.epochs:
        return (
            f"fit ran {epochs(training.epochs_run)} of {run.given.epochs}: pass epochs=epochs to "
            "model.fit."
        )
    if recompiled(run.observed.compiled, training):
        return RECOMPILED
    settings = training.compiled
    if settings is not None and (settings.learning_rate or 1) <= _SMALL_LEARNING_RATE:
        return f"The learning rate is too small ({settings.learning_rate:g}): try 0.01 or 0.001."
    return (
        "The weights moved, but not towards the answers: give model.fit x and y as they come, "
        f"each answer still beside its sample, and a loss that fits: {run.exercise.TASK.loss_name}."
    )


def _why_nothing_was_fitted(training: Training) -> str:
    if training.reported_loss:
        return (
            "The history tells of a training that the model you were given never had: "
            "call fit on that model itself, not on a copy or a new one."
        )
    return "Call model.fit(...) with the data that you are given, and return what it returns."


def recompiled(before: CompileSettings | None, training: Training) -> bool:
    """Whether a training left the model with another optimizer or loss than it found."""
    after = training.compiled
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
