"""The checks of 01-first-training.

Each test is one check of `course.yml`. `run` is the submission's training run; `found` takes what
the check wants to say. Loss, accuracy and weight changes are computed here, from the weights.
"""

from __future__ import annotations

import numpy as np

from autograder.arithmetic import FloatArray
from autograder.checks.expect import (
    CheckFailedError,
    Finding,
    a,
    accuracy_is_reported,
    every_epoch_runs,
    every_weight_changes,
    held_out_accuracy,
    history_is_honest,
    largest_changes,
    loss_fits,
    loss_goes_down,
    optimizer_descends,
    reached,
    same_numbers,
    shown,
)
from autograder.training import TrainingRun


def test_compile_sets_optimizer(run: TrainingRun, found: Finding) -> None:
    """The model has an optimizer; its steps go against the gradient, and are no leaps."""
    optimizer_descends(run, found)


def test_compile_loss_fits_labels(run: TrainingRun, found: Finding) -> None:
    """The loss is cross-entropy between integer labels and the softmax's probabilities."""
    loss_fits(run, found)


def test_compile_reports_accuracy(run: TrainingRun, found: Finding) -> None:
    """One of the metrics is the share of samples whose class is right."""
    accuracy_is_reported(run, found)


def test_fit_returns_history(run: TrainingRun, found: Finding) -> None:
    """`train_model` returns the history of the training that it ran."""
    history_is_honest(run, found)


def test_fit_runs_every_epoch(run: TrainingRun, found: Finding) -> None:
    """`train_model` trains for as many epochs as it is asked to."""
    every_epoch_runs(run, found)


def test_loss_goes_down(run: TrainingRun, found: Finding) -> None:
    """Training lowers the loss on the training data."""
    loss_goes_down(run, found)


def test_every_weight_changes(run: TrainingRun, found: Finding) -> None:
    """Training moves each of the model's four arrays of weights."""
    every_weight_changes(run, found)


def test_first_layer_weights_are_read(run: TrainingRun, found: Finding) -> None:
    """`first_layer_weights` gives the kernel as it is now, and keeps it so."""
    reached(run, "first_layer_weights")
    seen, now = run.observed, run.given.moved_weights
    if seen.read_type != "ndarray" or seen.read is None:
        raise CheckFailedError(
            f"first_layer_weights returned {a(seen.read_type)}, not a NumPy array that holds "
            "still.",
            "Take the first array of layer.get_weights(); that is a copy in NumPy.",
        )
    found.show(shape=list(seen.read.shape), expected_shape=list(now[0].shape))
    if seen.read.shape != now[0].shape:
        raise CheckFailedError(
            f"first_layer_weights returned an array of shape {seen.read.shape}; the first layer's "
            f"kernel has shape {now[0].shape}.",
            shape_hint(seen.read, now, run.arrays),
        )
    if not np.allclose(seen.read, now[0], rtol=1e-6, atol=0):
        start = np.array_equal(seen.read, run.initial_weights[0])
        raise CheckFailedError(
            "first_layer_weights returned "
            + (
                "the weights from before training." if start else "other numbers than the kernel's."
            ),
            "Read the weights from the model that you are given, at the moment of the call.",
        )
    if seen.read_later is None or not np.array_equal(seen.read, seen.read_later):
        raise CheckFailedError(
            "The array that first_layer_weights returned changed when the model had moved on.",
            "Return a copy, not a view: layer.get_weights()[0], or np.array(kernel).",
        )
    found.say(f"The kernel of shape {now[0].shape}, as a copy that later training leaves alone.")


def test_weight_change_is_measured(run: TrainingRun, found: Finding) -> None:
    """`weight_change` gives the largest absolute change of each array."""
    reached(run, "weight_change")
    pairs = list(zip(run.initial_weights, run.given.moved_weights, strict=True))
    right = largest_changes(run.initial_weights, run.given.moved_weights)
    changes = run.observed.changes
    found.show(expected=list(right), returned=changes)
    if changes is None:
        raise CheckFailedError(
            f"weight_change returned {a(run.observed.changes_type)}, not a list of numbers.",
            "Return a list with one float for each array.",
        )
    if len(changes) == len(right) and same_numbers(changes, right):
        found.say(f"Largest absolute changes {shown(right)}, as they should be.")
        return
    raise CheckFailedError(
        f"For made-up weights weight_change returned {shown(changes)}; "
        f"the largest absolute changes are {shown(right)}.",
        change_hint(pairs, changes),
    )


def test_accuracy_passes(run: TrainingRun, found: Finding) -> None:
    """The trained weights classify samples that they have never seen."""
    held_out_accuracy(run, found)


def shape_hint(read: FloatArray, now: list[FloatArray], names: list[str]) -> str:
    """Which array it is that was returned instead of the first kernel."""
    for name, array in list(zip(names, now, strict=True))[1:]:
        if read.shape == array.shape and np.allclose(read, array):
            return f"That is the {name}: the first layer's kernel is get_weights()[0] of layer 0."
    return "Take the kernel alone: layer.get_weights()[0] of the first layer that has weights."


def change_hint(pairs: list[tuple[FloatArray, FloatArray]], changes: list[float | None]) -> str:
    """Which other measure it is that was returned."""
    moves = [after - before for before, after in pairs]
    others = {
        "Take the absolute value before the largest: np.abs(after - before).max().": [
            [float(m.max()) for m in moves],
            [float((-m).max()) for m in moves],
            [abs(float(m.max())) for m in moves],
            [float(m.min()) for m in moves],
        ],
        "The largest change is asked for, not the mean: np.abs(after - before).max().": [
            [float(np.abs(m).mean()) for m in moves],
            [float(m.mean()) for m in moves],
            [abs(float(m.mean())) for m in moves],
        ],
        "The largest change is asked for, not the sum or the norm.": [
            [float(np.abs(m).sum()) for m in moves],
            [float(np.linalg.norm(m)) for m in moves],
        ],
    }
    for hint, measures in others.items():
        if any(len(changes) == len(m) and same_numbers(changes, m) for m in measures):
            return hint
    if len(changes) != len(pairs):
        return f"Give one number for each of the {len(pairs)} arrays, not {len(changes)}."
    return "For each pair of arrays: float(np.abs(after - before).max())."
