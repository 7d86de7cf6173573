"""Why a training did not work: the most likely mistake, from the evidence of the run."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from autograder.checks.measures import format_number, largest_changes, loss_curve
from autograder.checks.training_run import Run
from autograder.exercises import CompileSettings, FloatArray, Training

NO_LEARNING_RATE = "The learning rate is 0, so no step moves a weight: try 0.01 or 0.001."
RECOMPILED = "Do not compile again inside `train_model`: `fit` uses what `compile_model` set."
_LARGE_LEARNING_RATE = 0.5
_USUAL_LEARNING_RATE = 0.01
_SMALL_LEARNING_RATE = 1e-4
_SOME = 0.02
"""Share of a loss below which a difference says nothing."""
_TINY = 0.01
"""Share of the learning rate below which a step for a gradient of 1 is tiny."""
_RATE_OF_TINY_STEPS = 1.0
"""The learning rate of Adadelta's authors."""
_BARELY = 0.05
"""Share of a loss that such steps do not remove."""
_HARDLY = 0.005
"""How far a weight moves at most in a training that changes hardly anything."""
_LITTLE = 0.001
"""Share of a loss by which the same loss may differ, computed in batches or at once."""
_NEARLY_ALL = 0.8
"""Share of the epochs in which the loss must fall."""
_GOES_ON = 0.25
"""Share of the mean drop per epoch that the last epoch must have."""


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
            "Pass the data to `model.fit` as you get them, not on a larger scale; if you already "
            "do, "
            f"try a tenth of the learning rate ({rate:g})."
        )
    is_large = rate is not None and rate >= _LARGE_LEARNING_RATE
    if training.weights is None or (is_large and not _still_falling(run, training)):
        return f"The learning rate is too large{_in_parentheses(rate)}: try 0.01 or 0.001."
    if rate == 0:
        return NO_LEARNING_RATE
    if same_weights(training.weights, run.initial_weights) and not all(
        same_weights(weights, run.initial_weights) for weights in training.epoch_weights
    ):
        return (
            "`fit` changed the weights, but afterwards something put the random ones back: "
            "do not reset the weights in `train_model`."
        )
    return _why_it_learned_too_little(run, training)


def why_some_did_not_change(run: Run, training: Training) -> str:
    """The hint for a training of all epochs that changed some arrays of weights, but not all."""
    if training.weights is None or recompiled(run.observed.compiled, training):
        return why_it_did_not_learn(run, training)
    return (
        "Let `fit` train every layer: leave out `trainable = False`, and use the output of each "
        "layer."
    )


def why_epochs_are_missing(training: Training) -> str:
    """The hint for a training that ran some epochs, but not as many as asked."""
    if training.stopped:
        return (
            "A callback ended the training, as `EarlyStopping` does. Leave it out: every epoch "
            "is asked for here."
        )
    if training.epochs_run == 1:
        return (
            "Without `epochs=...` `fit` stops after one epoch: pass `epochs=epochs` to `model.fit`."
        )
    return "Pass the argument on: `model.fit(..., epochs=epochs)`."


def _why_it_learned_too_little(run: Run, training: Training) -> str:
    if training.epochs_run < run.given.epochs:
        ran = f"`fit` ran {training.epochs_run} of {epochs(run.given.epochs)}"
        if training.stopped:
            return f"{ran}. {why_epochs_are_missing(training)}"
        return f"{ran}: pass `epochs=epochs` to `model.fit`."
    if recompiled(run.observed.compiled, training):
        return RECOMPILED
    settings = training.compiled
    if settings is not None and (settings.learning_rate or 1) <= _SMALL_LEARNING_RATE:
        return f"The learning rate is too small ({settings.learning_rate:g}): try 0.01 or 0.001."
    if slow := _why_it_was_slow(run, training):
        return slow
    return (
        "The weights moved, but not toward the answers: pass `x` and `y` to `model.fit` as you "
        "get them, "
        "so that each answer stays with its sample, and use a loss that fits: "
        f"`{run.objective.loss_name}`."
    )


def _why_it_was_slow(run: Run, training: Training) -> str:
    """The hint for a training whose steps, or averages of batches, were too slow; or ""."""
    if _still_falling(run, training):
        return (
            f"The loss was still falling when training ended: {_take_longer_steps(run, training)}"
        )
    changes = largest_changes(run.initial_weights, training.weights or run.initial_weights)
    moved = max(changes, default=0.0)
    if 0 < moved < _HARDLY:
        hardly = f"The weights hardly moved, by at most {format_number(moved)}"
        return f"{hardly}: {_take_longer_steps(run, training)}"
    if any("moving" in name for name in getattr(run, "arrays", ())):
        return (
            "`BatchNormalization` averages over about 100 batches, more than a short training "
            "has: use `BatchNormalization(momentum=0.9)`, or be more patient."
        )
    return ""


def _still_falling(run: Run, training: Training) -> bool:
    """Whether the loss fell in nearly every epoch until the end, and is the one that `fit` saw.

    A training on other data or labels hardly moves this loss, or not in step with its own.
    """
    curve = loss_curve(run, training)
    drops = [before - after for before, after in itertools.pairwise(curve)]
    if not drops or sum(drop > 0 for drop in drops) < _NEARLY_ALL * len(drops):
        return False
    reported = training.logged.get("loss") or [None]
    if _follows(reported, curve):
        return True  # however little it fell: tiny steps on the right data
    total = curve[0] - curve[-1]
    if total < _SOME * abs(curve[0]):
        return False
    goes_on = drops[-1] > _GOES_ON * total / len(drops)
    saw = reported[-1]
    agrees = saw is None or abs(saw - curve[-1]) <= drops[-1] + _SOME * abs(curve[-1])
    return goes_on and agrees


def _follows(reported: Sequence[float | None], curve: Sequence[float]) -> bool:
    """Whether `fit` reported, for each epoch, a loss between those before and after that epoch.

    With other labels the losses of 20 epochs do not agree by chance to a thousandth.
    """
    if len(reported) != len(curve) - 1:
        return False
    return all(
        saw is not None
        and abs(saw - (before + after) / 2) <= abs(before - after) + _LITTLE * abs(after)
        for saw, (before, after) in zip(reported, itertools.pairwise(curve), strict=True)
    )


def _take_longer_steps(run: Run, training: Training) -> str:
    """The end of a hint for a training whose steps were too short or too few."""
    settings = training.compiled
    rate = settings.learning_rate if settings else None
    which = "the steps are too short or too few"
    if settings is None or rate is None:
        return f"{which}. Use a larger learning rate."
    larger = rate * (10 if rate <= _USUAL_LEARNING_RATE else 3)
    curve = loss_curve(run, training)
    if curve[0] - curve[-1] < _BARELY * abs(curve[0]) and _begins_with_tiny_steps(settings):
        larger = max(larger, _RATE_OF_TINY_STEPS)
    return (
        f"{which}. Use a learning rate larger than {rate:g} for {settings.optimizer}, such as "
        f"{larger:g}, or smaller batches."
    )


def _begins_with_tiny_steps(settings: CompileSettings) -> bool:
    """Whether the first steps are far shorter than the learning rate, as Adadelta's are."""
    step, rate = settings.unit_step, settings.learning_rate
    return step is not None and rate is not None and 0 < float(np.abs(step).max()) < _TINY * rate


def _why_fit_never_ran(training: Training) -> str:
    if training.reported_loss:
        return (
            "The history reports a training, but the given model was never trained: "
            "call `fit` on that model itself, not on a copy or a new one."
        )
    return "Call `model.fit(...)` with the data that you get, and return what it returns."


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
