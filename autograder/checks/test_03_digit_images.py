"""The checks of 03-digit-images.

Each test is one check of `course.yml`. `run` is the submission's training run; `found` takes what
the check wants to say. Losses, accuracy and the best epoch are computed here, from the weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from autograder.arithmetic import accuracy
from autograder.checks.expect import (
    CheckFailedError,
    Finding,
    a,
    accuracy_is_reported,
    an_array,
    built_for_other_sizes,
    every_weight_changes,
    finite_weights,
    history_is_honest,
    loss_fits,
    loss_goes_down,
    model_fits,
    optimizer_is_adam,
    reached,
    shown,
    trained,
)
from autograder.checks.expect.diagnosis import epochs, why_it_did_not_learn
from autograder.checks.validation import (
    PAST_THE_BEST,
    validation_curve,
    validation_loss,
    why_it_did_not_rise,
    why_it_is_not_accurate,
)
from autograder.exercises.exercise_03_digit_images import (
    OTHER_SIZES,
    READER_CLASSES,
)
from autograder.training import TrainingRun

Counts = NDArray[np.int64]
NEARLY = 1.01
"""Times the lowest validation loss is as good as the lowest: what a student watches may hold a
penalty for large weights, and so has its lowest elsewhere among losses that hardly differ."""


def test_build_model_fits(run: TrainingRun, found: Finding) -> None:
    """`build_model` takes an image and gives one probability for each class, of any size."""
    model_fits(run, found, outputs=run.given.probe.outputs.shape[1])
    _insist_it_follows_sizes(run)


def test_compile_sets_adam(run: TrainingRun, found: Finding) -> None:
    """The optimizer is Adam or one of its kind."""
    optimizer_is_adam(run, found)


def test_compile_loss_fits_labels(run: TrainingRun, found: Finding) -> None:
    """The loss is cross-entropy between class numbers and the softmax's probabilities."""
    loss_fits(run, found)


def test_compile_reports_accuracy(run: TrainingRun, found: Finding) -> None:
    """One of the metrics is the share of images whose class is right."""
    accuracy_is_reported(run, found)


def test_history_shows_validation(run: TrainingRun, found: Finding) -> None:
    """`train_model` returns its history, and that has the loss on the validation images."""
    history_is_honest(run, found)
    curve = validation_curve(run)
    found.show(validation_curve=list(curve))
    found.say(
        f"{found.message} So do those on the validation images, from {curve[0]:.3f} after the "
        f"first epoch to {curve[-1]:.3f} after the last."
    )


def test_validation_is_not_learned(run: TrainingRun, found: Finding) -> None:
    """No weight learns from the validation images: beside wrong labels the model ignores them.

    In a training of its own each class of the validation images has the name of another. A model
    that never trains on them cannot know; one that does believes it.
    """
    trained(run)
    misled = run.observed.misled
    if misled is None:
        raise CheckFailedError("train_model did not return.", "Run train_model in your notebook.")
    weights = finite_weights(run, trained(run, training=misled))
    if not misled.epochs_run:
        raise CheckFailedError("fit ran no epoch.", why_it_did_not_learn(run, misled))
    believed = accuracy(run.outputs(weights, run.given.validation.x), run.given.misleading)
    found.show(believed=believed)
    if not found.at_most("believed", believed):
        raise CheckFailedError(
            "In one training the validation labels were wrong on purpose, each class named for "
            f"another. Afterwards the model gave {believed:.0%} of those images the wrong name: "
            "it has learned them.",
            "Train on x and y alone: the validation images belong in validation_data=(x_val, "
            "y_val), which changes no weight.",
        )
    found.say(
        "In one training the validation labels were wrong on purpose; the model believed "
        f"{believed:.0%} of them, so it did not learn from them."
    )


def test_loss_goes_down(run: TrainingRun, found: Finding) -> None:
    """Training lowers the loss on the training images."""
    loss_goes_down(run, found)


def test_every_weight_changes(run: TrainingRun, found: Finding) -> None:
    """Training moves every array of the model's weights."""
    every_weight_changes(run, found)


def test_overfitting_is_seen(run: TrainingRun, found: Finding) -> None:
    """Training goes on until the validation loss has been rising for a few epochs."""
    curve = validation_curve(run)
    lowest, last = min(curve), curve[-1]
    best = next(n for n, loss in enumerate(curve) if loss <= NEARLY * lowest)
    after = len(curve) - 1 - best
    found.show(validation_curve=list(curve), best_epoch=best + 1, epochs_after=after)
    if after < PAST_THE_BEST or last <= lowest:
        raise CheckFailedError(
            f"The validation loss was lowest, {lowest:.3f} or nearly, after epoch {best + 1} of "
            f"{len(curve)}, and ended at {last:.3f}. Over-fitting shows only when training goes "
            f"on for {PAST_THE_BEST} epochs or more after the lowest.",
            why_it_did_not_rise(run, after),
        )
    found.say(
        f"The validation loss was lowest, {lowest:.3f} or nearly, after epoch {best + 1}, and "
        f"ended at {last:.3f}, {epochs(after)} later."
    )


def test_best_epoch_is_found(run: TrainingRun, found: Finding) -> None:
    """`best_epoch` gives the epoch with the lowest validation loss, counted from 1."""
    reached(run, "best_epoch")
    curves, answers = run.given.curves, run.observed.best or []
    right = [int(np.argmin(curve["val_loss"])) + 1 for curve in curves]
    found.show(expected=list(right), returned=list(answers))
    for curve, wanted, answer, kind in zip(
        curves, right, answers, run.observed.best_types, strict=False
    ):
        if answer == wanted:
            continue
        said = a(kind) if answer is None else f"{answer:g}"
        raise CheckFailedError(
            f"For the validation losses {shown(curve['val_loss'])} best_epoch returned {said}; "
            f"the lowest is that of epoch {wanted}.",
            mistaken_epoch(curve, wanted, answer),
        )
    if len(answers) < len(right):
        raise CheckFailedError("best_epoch did not return.", "Run best_epoch in your notebook.")
    found.say(f"For made-up histories {', '.join(map(str, right))}, as it should be.")


def test_best_weights_are_kept(run: TrainingRun, found: Finding) -> None:
    """After over-fitting the model has the weights of its best epoch again, or nearly so."""
    training = trained(run)
    kept = validation_loss(run, finite_weights(run, training))
    losses = [validation_loss(run, weights) for weights in training.epoch_weights if weights]
    if not losses:
        raise CheckFailedError("fit ran no epoch.", why_it_did_not_learn(run, training))
    lowest, best = min(losses), int(np.argmin(losses)) + 1
    found.show(validation_loss_kept=kept, validation_loss_lowest=lowest, best_epoch=best)
    if not found.at_most("kept_loss", kept / lowest):
        raise CheckFailedError(
            f"The validation loss was {lowest:.3f} after epoch {best}; the weights that "
            f"train_model left have {kept:.3f}, {kept / lowest:.2f} times as much.",
            "Let EarlyStopping put the best weights back: restore_best_weights=True.",
        )
    found.say(f"The validation loss of the weights is {kept:.3f}; the lowest was {lowest:.3f}.")


def test_confusion_matrix_is_right(run: TrainingRun, found: Finding) -> None:
    """`confusion_matrix` counts images by true class (row) and predicted class (column)."""
    reached(run, "confusion_matrix")
    right = _counts(run)
    kind, answer = run.observed.matrix_type, run.observed.matrix
    found.show(expected=right.tolist(), returned=None if answer is None else answer.tolist())
    if kind != "ndarray":
        raise CheckFailedError(
            f"confusion_matrix returned {a(kind)}, not a NumPy array.",
            "Start from np.zeros((n_classes, n_classes), dtype=int), count, and return it.",
        )
    matrix = an_array(
        "confusion_matrix",
        kind,
        answer,
        right.shape,
        f"The small model has {READER_CLASSES} classes, though not all of them occur: take their "
        "number from model.output_shape[-1].",
    )
    if not np.array_equal(matrix, right):
        row, column = (int(place) for place in np.argwhere(matrix != right)[0])
        raise CheckFailedError(
            f"In row {row}, column {column} confusion_matrix has {matrix[row, column]:g}; the "
            f"small model took {right[row, column]} images of class {row} for class {column}.",
            mistaken_matrix(matrix, right),
        )
    found.say(f"All {right.sum()} images are counted in the right place.")


def test_accuracy_passes(run: TrainingRun, found: Finding) -> None:
    """From each of several random starts training leads to weights that know new digits."""
    trainings = [trained(run), *run.observed.restarts.values()]
    before = run.held_out_accuracy(run.initial_weights)
    after = [
        run.held_out_accuracy(finite_weights(run, trained(run, training=training)))
        for training in trainings
    ]
    found.show(accuracy_before=before, accuracy=min(after), accuracies=list(after))
    shares = ", ".join(f"{share:.1%}" for share in after)
    if not found.at_least("accuracy", min(after)):
        raise CheckFailedError(
            f"From {len(after)} random starts the model is right in {shares} of digits that it "
            f"has never seen (untrained {before:.1%}); each must reach "
            f"{found.thresholds['accuracy']:.0%}.",
            why_it_is_not_accurate(run, trainings[int(np.argmin(after))]),
        )
    found.say(
        f"From {len(after)} random starts right in {shares} of digits that it has never seen "
        f"(untrained {before:.1%})."
    )


_USE_ARGUMENTS = "Use the arguments image_shape and n_classes; write no sizes of your own."


def _insist_it_follows_sizes(run: TrainingRun) -> None:
    shape, classes = OTHER_SIZES
    call = f"build_model({shape}, {classes})"
    model = built_for_other_sizes(run, call, _USE_ARGUMENTS)
    if model.input_shape != shape or model.output_shape != (classes,):
        raise CheckFailedError(
            f"{call} takes images of shape {model.input_shape} and gives numbers of shape "
            f"{model.output_shape}; it must take {shape} and give {(classes,)}.",
            _USE_ARGUMENTS,
        )


def mistaken_epoch(curve: Mapping[str, list[float]], right: int, answer: float | None) -> str:
    """One thing to do about a wrong epoch: which other question it answers."""
    if answer is None:
        return "Return a whole number: the epoch with the lowest validation loss."
    if answer == right - 1:
        return "np.argmin counts from 0, epochs count from 1: add 1."
    others: dict[str, tuple[float, ...]] = {
        "Look at val_loss, the loss on the validation images; the training loss falls and falls.": (
            int(np.argmin(curve["loss"])),
            int(np.argmax(curve["accuracy"])),
        ),
        "The lowest loss is asked for: use np.argmin.": (int(np.argmax(curve["val_loss"])),),
        "Go by the validation loss, val_loss, not by the accuracy.": (
            int(np.argmax(curve["val_accuracy"])),
        ),
        "Return the epoch, not its loss: np.argmin, not np.min.": (min(curve["val_loss"]),),
        "Return the best epoch, not the last one.": (len(curve["val_loss"]) - 1,),
    }
    for hint, places in others.items():
        if any(answer in {place, place + 1} for place in places):
            return hint
    return 'Return int(np.argmin(history.history["val_loss"])) + 1.'


def _counts(run: TrainingRun) -> Counts:
    """Images by true class and by what the small model says, shape (5, 5)."""
    counts = np.zeros((READER_CLASSES, READER_CLASSES), np.int64)
    np.add.at(counts, (run.given.read.y, run.given.said), 1)
    return counts


def mistaken_matrix(matrix: NDArray[np.float32], right: Counts) -> str:
    """One thing to do about a wrong matrix: what it is instead."""
    in_rows = right / np.maximum(right.sum(axis=1, keepdims=True), 1)
    hits = np.diag(np.diag(right))
    others = {
        "Rows are true classes, columns are predicted ones: swap the two.": (right.T,),
        "Count images, do not divide.": (in_rows, right / right.sum()),
        "The diagonal counts too: it holds the images that are right.": (right - hits,),
        "Count the mistakes too: off the diagonal, in the column of the predicted class.": (hits,),
        "Add 1 for each image: matrix[y, predicted] += 1 on whole arrays adds only once.": (
            right > 0,
        ),
    }
    for hint, matrices in others.items():
        if any(np.allclose(matrix, other, atol=1e-6) for other in matrices):
            return hint
    return "For each image add 1 in the row of its true class and the column of the predicted one."
