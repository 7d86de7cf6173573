"""What the validation images showed: the loss on them after each epoch, and why it did not rise.

Recomputed from the weights; the history is held against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autograder.arithmetic import FloatArray, IntArray, accuracy, cross_entropy
from autograder.checks.expect import (
    CheckFailedError,
    finite_weights,
    same_numbers,
    shown,
    trained,
)
from autograder.checks.expect.diagnosis import epochs, why_it_did_not_learn
from autograder.exercises.observe import Training
from autograder.training import TrainingRun

PAST_THE_BEST = 3
"""Epochs that training goes on after the lowest validation loss, so that it is seen to rise."""
_TOO_FEW = 4
"""Epochs after which hardly any training has learned enough."""
_ROUNDING = 1e-4
_WATCH = "Give fit the validation images: validation_data=(x_val, y_val)."


def validation_loss(run: TrainingRun, weights: Sequence[FloatArray]) -> float:
    """The loss of these weights on the validation images."""
    return run.loss(weights, run.given.validation.x, run.given.validation.y)


def validation_curve(run: TrainingRun) -> list[float]:
    """The loss on the validation images after each epoch, once the history is seen to tell it.

    Recomputed from the weights; of very long trainings of large models not every epoch's weights
    are kept, and the history, right so far, is believed for the rest.

    Raises:
        CheckFailedError: If the history has no such loss, or another.
    """
    training = trained(run)
    reported = (training.reported or {}).get("val_loss")
    if not reported:
        raise CheckFailedError(
            "The history has no val_loss: nobody looked at the validation images.", _WATCH
        )
    finite_weights(run, training)
    kept = training.epoch_weights[-len(reported) :]
    told = [value for value in reported if value is not None]
    if len(told) < len(reported) or not kept or None in kept or len(kept) > len(told):
        raise CheckFailedError(
            f"The history reports the validation losses {shown(reported)}; not all are numbers "
            "of an epoch that ran.",
            why_it_did_not_learn(run, training),
        )
    images = run.given.validation
    recomputed = [validation_loss(run, weights) for weights in kept]
    if _tells(run, told, kept, images.x, images.y) or _penalised(run, training.reported, kept):
        return recomputed + told[len(recomputed) :]
    raise CheckFailedError(
        f"The history reports the validation losses {shown(told)}; on the validation images the "
        f"weights after each epoch have {shown(recomputed)}.",
        f"That is the loss on the training images. {_WATCH}"
        if _tells(run, told, kept, run.given.x, run.given.y)
        else f"{_WATCH} A part that fit splits off x is something else.",
    )


def _tells(
    run: TrainingRun,
    told: Sequence[float],
    kept: Sequence[Sequence[FloatArray]],
    x: FloatArray,
    y: IntArray,
) -> bool:
    """Whether a history tells the loss on these images after each epoch.

    Keras takes the logarithm of probabilities below 1e-7 as they are, or cut off there.
    """
    for value, weights in zip(told, kept, strict=False):
        probabilities = run.outputs(weights, x)
        of_truth = probabilities[np.arange(len(y)), y].astype(np.float64)
        least = cross_entropy(probabilities, y)
        most = float(-np.log(np.maximum(of_truth, np.finfo(np.float32).tiny)).mean())
        if not least - _ROUNDING * (1 + least) <= value <= most + _ROUNDING * (1 + most):
            return False
    return True


def _penalised(
    run: TrainingRun,
    reported: Mapping[str, list[float | None]],
    kept: Sequence[Sequence[FloatArray]],
) -> bool:
    """Whether the losses hold a penalty for large weights, and the accuracies agree instead."""
    images = run.given.validation
    shares = [accuracy(run.outputs(weights, images.x), images.y) for weights in kept]
    return any(
        name.startswith("val_") and same_numbers(values[: len(kept)], shares)
        for name, values in reported.items()
        if len(values) >= len(kept)
    ) and all(
        told is not None and told > validation_loss(run, weights)
        for told, weights in zip(reported["val_loss"], kept, strict=False)
    )


def why_it_did_not_rise(run: TrainingRun, after: int) -> str:
    """One thing to do about a validation loss that did not rise.

    Args:
        run: The run.
        after: Epochs that training went on after the lowest.
    """
    training = run.observed.training
    if training.epochs_run < _TOO_FEW:
        return _train_longer(training)
    if 0 < after < PAST_THE_BEST:
        return "Be more patient: keras.callbacks.EarlyStopping(patience=5, ...)."
    if training.compiled is not None and not training.compiled.learning_rate:
        return why_it_did_not_learn(run, training)
    return (
        "It was still falling when training ended: allow more epochs, up to 100, or take larger "
        "steps, such as keras.optimizers.Adam(0.01)."
    )


def why_it_is_not_accurate(run: TrainingRun, training: Training) -> str:
    """One thing to do about a training that led to too many mistakes."""
    if 0 < training.epochs_run < _TOO_FEW:
        return _train_longer(training)
    return why_it_did_not_learn(run, training)


def _train_longer(training: Training) -> str:
    return (
        f"fit ran {epochs(training.epochs_run)}: give it more, such as epochs=100, and let "
        "EarlyStopping end it."
    )
