"""Why a training did not work: the most likely mistake, from the evidence of the run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checks.training_run import Run
from autograder.exercises import CompileSettings, FloatArray, Training

NO_LEARNING_RATE = "The learning rate is 0, so no step moves a weight: try 0.01 or 0.001."
RECOMPILED = "Do not compile again inside train_model: fit uses what compile_model set."
_LARGE_LEARNING_RATE = 0.5
_USUAL_LEARNING_RATE = 0.01
_SMALL_LEARNING_RATE = 1e-4


def why_it_did_not_learn(run: Run, training: Training) -> str:
    """The hint for a training that did not lower the loss or change the weights.

    Args:
        run: The training run.
        training: A training of that run.

    Returns:
        One thing to do about the most likely mistake.
    """
    settings = training.compiled or run.observed.compiled
    rate = settings.learning_rate if settings else None
    if not training.epochs_run:
        return _why_fit_never_ran(training)
    if training.weights is None and rate is not None and rate <= _USUAL_LEARNING_RATE:
        return (
            "Pass the data to model.fit as you get them, not on a larger scale; if you already do, "
            f"try a tenth of the learning rate ({rate:g})."
        )
    if training.weights is None or (rate is not None and rate >= _LARGE_LEARNING_RATE):
        return f"The learning rate is too large{_in_parentheses(rate)}: try 0.01 or 0.001."
    if rate == 0:
        return NO_LEARNING_RATE
    if same_weights(training.weights, run.initial_weights) and not all(
        same_weights(weights, run.initial_weights) for weights in training.epoch_weights
    ):
        return (
            "fit changed the weights, but afterwards something put the random ones back: "
            "do not reset the weights in train_model."
        )
    return _why_it_learned_too_little(run, training)


def _why_it_learned_too_little(run: Run, training: Training) -> str:
    if training.epochs_run < run.given.epochs:
        return (
            f"fit ran {training.epochs_run} of {epochs(run.given.epochs)}: pass epochs=epochs to "
            "model.fit."
        )
    if recompiled(run.observed.compiled, training):
        return RECOMPILED
    settings = training.compiled
    if settings is not None and (settings.learning_rate or 1) <= _SMALL_LEARNING_RATE:
        return f"The learning rate is too small ({settings.learning_rate:g}): try 0.01 or 0.001."
    return (
        "The weights moved, but not toward the answers: pass x and y to model.fit as you get them, "
        "so that each answer stays with its sample, and use a loss that fits: "
        f"{run.objective.loss_name}."
    )


def _why_fit_never_ran(training: Training) -> str:
    if training.reported_loss:
        return (
            "The history reports a training, but the given model was never trained: "
            "call fit on that model itself, not on a copy or a new one."
        )
    return "Call model.fit(...) with the data that you get, and return what it returns."


def recompiled(before: CompileSettings | None, training: Training) -> bool:
    """Whether a training compiled the model again with another optimizer or loss."""
    after = training.compiled
    return (
        before is not None
        and after is not None
        and (before.optimizer, before.loss) != (after.optimizer, after.loss)
    )


def same_weights(first: Sequence[FloatArray] | None, second: Sequence[FloatArray] | None) -> bool:
    """Whether two lists of weights are equal bit for bit; False if one is missing."""
    if first is None or second is None:
        return False
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def epochs(count: int) -> str:
    """A number of epochs in a message: "1 epoch", "5 epochs"."""
    return f"{count} epoch" if count == 1 else f"{count} epochs"


def _in_parentheses(rate: float | None) -> str:
    return "" if rate is None else f" ({rate:g})"
