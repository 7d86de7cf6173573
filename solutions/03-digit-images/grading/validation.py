"""What the validation images show: the loss after each epoch, and why it did not rise.

The losses are recomputed from the weights, and the history is compared with them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checks import (
    CheckFailedError,
    TrainingRun,
    epochs,
    finite_weights,
    format_numbers,
    same_numbers,
    trained,
    why_it_did_not_learn,
)
from autograder.exercises import FloatArray, IntArray, Training, accuracy, cross_entropy

from .exercise import Given, Observed

Run = TrainingRun[Given, Observed]
Weights = Sequence[FloatArray]
PAST_THE_BEST = 3
"""Epochs that training must continue after the lowest validation loss, to show that it rises."""
_TOO_FEW = 4
"""Epochs in which hardly any training learns enough."""
_ROUNDING = 1e-4
_VALIDATION_DATA = "Give `fit` the validation images: `validation_data=(x_val, y_val)`."


def validation_loss(run: Run, weights: Weights) -> float:
    """The loss of these weights on the validation images."""
    return run.loss(weights, run.given.validation.x, run.given.validation.y)


def validation_curve(run: Run) -> dict[int, float]:
    """The loss on the validation images by epoch, from 1, if the history agrees with it.

    The losses are recomputed from the weights. Long trainings of large models keep the weights of
    some epochs only.

    Raises:
        CheckFailedError: If the history has no such loss, or another one.
    """
    training = trained(run)
    history = training.reported or {}
    reported = history.get("val_loss")
    if not reported:
        raise CheckFailedError(
            "The history has no `val_loss`: `fit` did not get the validation images.",
            _VALIDATION_DATA,
        )
    finite_weights(run, training)
    epoch_weights = [weights for weights in training.epoch_weights if weights is not None]
    if (
        None in reported
        or len(reported) != training.epochs_run
        or not epoch_weights
        or len(epoch_weights) < len(training.epoch_weights)
    ):
        raise CheckFailedError(
            f"The history reports the validation losses {format_numbers(reported)}; not all of "
            "them are numbers that belong to an epoch of this training.",
            why_it_did_not_learn(run, training),
        )
    losses = [value for n in training.epochs_kept if (value := reported[n - 1]) is not None]
    images = run.given.validation
    recomputed = [validation_loss(run, weights) for weights in epoch_weights]
    if _agree(run, losses, epoch_weights, images.x, images.y) or _accuracies_agree(
        run, training, epoch_weights
    ):
        return dict(zip(training.epochs_kept, recomputed, strict=True))
    raise CheckFailedError(
        f"The history reports the validation losses {format_numbers(losses)}; recomputed from the "
        f"weights after each epoch, they are {format_numbers(recomputed)}.",
        f"That is the loss on the training images. {_VALIDATION_DATA}"
        if _agree(run, losses, epoch_weights, run.given.x, run.given.y)
        else f"{_VALIDATION_DATA} A part that `fit` splits off `x` is something else.",
    )


def _agree(
    run: Run, losses: Sequence[float], epoch_weights: Sequence[Weights], x: FloatArray, y: IntArray
) -> bool:
    """Whether reported losses are those on these images after each epoch.

    Keras either takes the logarithm of probabilities below 1e-7, or clips them there first.
    """
    for loss, weights in zip(losses, epoch_weights, strict=True):
        probabilities = run.outputs(weights, x)
        of_true_class = probabilities[np.arange(len(y)), y].astype(np.float64)
        least = cross_entropy(probabilities, y)
        most = float(-np.log(np.maximum(of_true_class, np.finfo(np.float32).tiny)).mean())
        if not least - _ROUNDING * (1 + least) <= loss <= most + _ROUNDING * (1 + most):
            return False
    return True


def _accuracies_agree(run: Run, training: Training, epoch_weights: Sequence[Weights]) -> bool:
    """Whether a reported metric is the accuracy on the validation images after each epoch.

    The loss may be another number than the cross-entropy: with a penalty for large weights, with
    smoothed labels, or summed up over a batch.
    """
    images = run.given.validation
    accuracies = [accuracy(run.outputs(weights, images.x), images.y) for weights in epoch_weights]
    return any(
        name.startswith("val_")
        and len(values) == training.epochs_run
        and same_numbers([values[n - 1] for n in training.epochs_kept], accuracies)
        for name, values in (training.reported or {}).items()
    )


def why_it_did_not_rise(run: Run, training: Training, after: int) -> str:
    """One thing to do about a validation loss that did not rise.

    Args:
        run: The training run.
        training: Its training.
        after: Epochs that training continued after the lowest loss.
    """
    if training.epochs_run < _TOO_FEW:
        return _train_longer(training)
    if 0 < after < PAST_THE_BEST:
        return "Be more patient: `keras.callbacks.EarlyStopping(patience=5, ...)`."
    if training.compiled is not None and not training.compiled.learning_rate:
        return why_it_did_not_learn(run, training)
    return (
        "The loss was still falling when training ended: allow more epochs, up to 100, or take "
        "larger steps, such as `keras.optimizers.Adam(0.01)`."
    )


def why_it_is_not_accurate(run: Run, training: Training) -> str:
    """One thing to do about a training that led to too many mistakes."""
    if 0 < training.epochs_run < _TOO_FEW:
        return _train_longer(training)
    return why_it_did_not_learn(run, training)


def _train_longer(training: Training) -> str:
    return (
        f"`fit` ran {epochs(training.epochs_run)}: give it more, such as `epochs=100`, and let "
        "`EarlyStopping` stop it."
    )
