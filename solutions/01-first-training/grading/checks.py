"""The checks of 01-first-training.

Each test is one check of `course.yml`. `run` is the submission's training run; `finding` takes what
the check reports. Loss, accuracy and weight changes are computed here, from the weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checks import (
    CheckFailedError,
    Finding,
    TrainingRun,
    accuracy_is_reported,
    every_epoch_runs,
    every_weight_changes,
    format_numbers,
    held_out_accuracy,
    history_is_honest,
    largest_changes,
    loss_fits,
    loss_goes_down,
    optimizer_descends,
    reached,
    same_numbers,
    with_article,
)
from autograder.exercises import FloatArray

from .exercise import Given, Observed

Run = TrainingRun[Given, Observed]
ROUNDED = 0.06
"""A difference that rounding to one digit makes."""


def test_compile_sets_optimizer(run: Run, finding: Finding) -> None:
    """The optimizer steps downhill.

    The optimizer's steps go against the gradient, and are not too large.
    """
    optimizer_descends(run, finding)


def test_compile_loss_fits_labels(run: Run, finding: Finding) -> None:
    """The loss fits the labels.

    The loss is the cross-entropy of integer labels and the softmax's probabilities.
    """
    loss_fits(run, finding)


def test_compile_reports_accuracy(run: Run, finding: Finding) -> None:
    """The metrics report the accuracy.

    One of the metrics is the share of samples whose class is right.
    """
    accuracy_is_reported(run, finding)


def test_fit_returns_history(run: Run, finding: Finding) -> None:
    """The training history is returned.

    `train_model` returns the history of the training that it ran.
    """
    history_is_honest(run, finding)


def test_fit_runs_every_epoch(run: Run, finding: Finding) -> None:
    """Training runs for every epoch.

    `train_model` trains for as many epochs as it is asked to.
    """
    every_epoch_runs(run, finding)


def test_loss_goes_down(run: Run, finding: Finding) -> None:
    """Training lowers the loss.

    Training lowers the loss on the training data.
    """
    loss_goes_down(run, finding)


def test_every_weight_changes(run: Run, finding: Finding) -> None:
    """Every array of weights changes.

    Training changes each of the model's four arrays of weights.
    """
    every_weight_changes(run, finding)


def test_first_layer_weights_are_read(run: Run, finding: Finding) -> None:
    """The first layer's kernel is read.

    `first_layer_weights` returns the kernel, as an array that does not change later.
    """
    reached(run, "first_layer_weights")
    read, read_later, weights = run.observed.read, run.observed.read_later, run.given.moved_weights
    if run.observed.read_type != "ndarray" or read is None:
        raise CheckFailedError(
            f"`first_layer_weights` returned {with_article(run.observed.read_type)}, not a NumPy "
            "array of numbers.",
            "Take the first array of `layer.get_weights()`; that is a copy in NumPy.",
        )
    kernel = weights[0]
    finding.show(shape=list(read.shape), expected_shape=list(kernel.shape))
    if read.shape != kernel.shape:
        raise CheckFailedError(
            f"`first_layer_weights` returned an array of shape {read.shape}; the first layer's "
            f"kernel has shape {kernel.shape}.",
            shape_hint(read, weights, run.arrays),
        )
    if not np.allclose(read, kernel, rtol=1e-6, atol=0):
        is_initial = np.array_equal(read, run.initial_weights[0])
        which = (
            "the weights from before training" if is_initial else "other numbers than the kernel's"
        )
        raise CheckFailedError(
            f"`first_layer_weights` returned {which}.",
            "Read the weights from the model that you are given, at the moment of the call.",
        )
    if read_later is None or not np.array_equal(read, read_later):
        raise CheckFailedError(
            "The array that `first_layer_weights` returned changed when the model's weights "
            "changed.",
            "Return a copy, not a view: `layer.get_weights()[0]`, or `np.array(kernel)`.",
        )
    finding.say(f"The kernel of shape {kernel.shape}, as a copy that does not change later.")


def test_weight_change_is_measured(run: Run, finding: Finding) -> None:
    """The weight changes are measured.

    `weight_change` returns the largest absolute change of each array.
    """
    reached(run, "weight_change")
    pairs = list(zip(run.initial_weights, run.given.moved_weights, strict=True))
    expected = largest_changes(run.initial_weights, run.given.moved_weights)
    changes = run.observed.changes
    finding.show(expected=list(expected), returned=None if changes is None else list(changes))
    if changes is None:
        raise CheckFailedError(
            f"`weight_change` returned {with_article(run.observed.changes_type)}, not a list of "
            "numbers.",
            "A generator is empty after one use: put its numbers into a list."
            if run.observed.changes_type == "generator"
            else "Return a list with one float for each array.",
        )
    if len(changes) == len(expected) and same_numbers(changes, expected):
        finding.say(f"Largest absolute changes {format_numbers(expected)}, as expected.")
        return
    digits = 6 if nearly(changes, expected) else 3
    raise CheckFailedError(
        f"For made-up weights `weight_change` returned {format_numbers(changes, digits)}; "
        f"the largest absolute changes are {format_numbers(expected, digits)}.",
        change_hint(pairs, changes),
    )


def test_accuracy_passes(run: Run, finding: Finding) -> None:
    """The model classifies new samples.

    The trained weights classify samples that they have never seen.
    """
    held_out_accuracy(run, finding)


def shape_hint(read: FloatArray, weights: list[FloatArray], names: list[str]) -> str:
    """One thing to do about an array of another shape: which array it is."""
    for name, array in list(zip(names, weights, strict=True))[1:]:
        if read.shape == array.shape and np.allclose(read, array):
            return f"That is the {name}: the first layer's kernel is `get_weights()[0]` of layer 0."
    return "Take the kernel alone: `layer.get_weights()[0]` of the first layer that has weights."


def nearly(values: Sequence[float | None], expected: Sequence[float]) -> bool:
    """Whether numbers are right but for rounding."""
    return len(values) == len(expected) and all(
        value is not None and abs(value - number) < ROUNDED
        for value, number in zip(values, expected, strict=True)
    )


def change_hint(pairs: list[tuple[FloatArray, FloatArray]], changes: list[float | None]) -> str:
    """One thing to do about wrong changes: which other measure they are."""
    moves = [after - before for before, after in pairs]
    mistakes = {
        "Take the absolute value before the largest: `np.abs(after - before).max()`.": [
            [float(m.max()) for m in moves],
            [float((-m).max()) for m in moves],
            [abs(float(m.max())) for m in moves],
            [float(m.min()) for m in moves],
        ],
        "Return the largest change, not the mean: `np.abs(after - before).max()`.": [
            [float(np.abs(m).mean()) for m in moves],
            [float(m.mean()) for m in moves],
            [abs(float(m.mean())) for m in moves],
        ],
        "Return the largest change, not the sum or the norm.": [
            [float(np.abs(m).sum()) for m in moves],
            [float(np.linalg.norm(m)) for m in moves],
        ],
    }
    for hint, measures in mistakes.items():
        if any(len(changes) == len(m) and same_numbers(changes, m) for m in measures):
            return hint
    if nearly(changes, [float(np.abs(move).max()) for move in moves]):
        return "Do not round: return the number as it is, and round only where you print it."
    if len(changes) != len(pairs):
        return f"Return one number for each of the {len(pairs)} arrays, not {len(changes)}."
    return "For each pair of arrays: `float(np.abs(after - before).max())`."
