"""The checks of 03-digit-images.

Each test is one check of `course.yml`. `run` is the submission's training run; `finding` takes what
the check reports. Losses, accuracy and the best epoch are computed here, from the weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from autograder.checks import (
    CheckFailedError,
    Finding,
    TrainingRun,
    accuracy_is_reported,
    built_for_other_sizes,
    epochs,
    every_weight_changes,
    finite_weights,
    format_numbers,
    format_share,
    history_is_honest,
    join_names,
    loss_fits,
    loss_goes_down,
    model_fits,
    optimizer_is_adam,
    reached,
    require_array,
    trained,
    why_it_did_not_learn,
    with_article,
)
from autograder.exercises import ENDED, accuracy

from .exercise import AGAIN, OTHER_SIZES, Given, Observed
from .made_up import SMALL_CLASSES
from .validation import (
    PAST_THE_BEST,
    validation_curve,
    validation_loss,
    why_it_did_not_rise,
    why_it_is_not_accurate,
)

Run = TrainingRun[Given, Observed]
Counts = NDArray[np.int64]
MOST_EPOCHS = 100
"""As the task says."""
NEARLY = 1.01
"""Up to this times the lowest validation loss is as good as the lowest. The loss that a student
watches may include a penalty for large weights, so it may be lowest in another epoch nearby."""
USE_ARGUMENTS = "Use the arguments `image_shape` and `n_classes`; do not write sizes of your own."


def test_build_model_fits(run: Run, finding: Finding) -> None:
    """The model fits images of any size.

    `build_model` builds a model for any image size and number of classes.
    """
    model_fits(run, finding, outputs=run.given.probe.outputs.shape[1])
    require_other_sizes(run)


def test_compile_sets_adam(run: Run, finding: Finding) -> None:
    """The optimizer is Adam.

    The optimizer is Adam or one of its variants.
    """
    optimizer_is_adam(run, finding)


def test_compile_loss_fits_labels(run: Run, finding: Finding) -> None:
    """The loss fits the labels.

    The loss is the cross-entropy of class numbers and the softmax's probabilities.
    """
    loss_fits(run, finding)


def test_compile_reports_accuracy(run: Run, finding: Finding) -> None:
    """The metrics report the accuracy.

    One of the metrics is the share of images whose class is right.
    """
    accuracy_is_reported(run, finding)


def test_history_shows_validation(run: Run, finding: Finding) -> None:
    """The history includes the validation loss.

    `train_model` returns its history, with the loss on the validation images.
    """
    history_is_honest(run, finding)
    curve = validation_curve(run)
    _show_curve(run, finding, curve)
    first, last = min(curve), max(curve)
    finding.say(
        f"{finding.message} Its losses on the validation images go from {curve[first]:.3f} after "
        f"epoch {first} to {curve[last]:.3f} after epoch {last}."
    )


def test_validation_is_not_learned(run: Run, finding: Finding) -> None:
    """The model does not train on validation images.

    No weight learns from the validation images.

    In an extra training, each class of the validation images has the label of another class. A
    model that does not train on these images cannot learn the wrong labels; one that does, will.
    """
    trained(run)
    misled = run.observed.misled
    if misled is None:
        raise again_failed(run)
    weights = finite_weights(run, trained(run, training=misled))
    if not misled.epochs_run:
        raise CheckFailedError("`fit` ran no epoch.", why_it_did_not_learn(run, misled))
    believed = accuracy(run.outputs(weights, run.given.validation.x), run.given.misleading)
    finding.show(believed=believed)
    if not finding.at_most("believed", believed):
        raise CheckFailedError(
            "In one training the validation labels were wrong on purpose, each class labeled as "
            f"another. Afterward the model gave {believed:.0%} of those images the wrong label: "
            "it learned from them.",
            "Train on `x` and `y` alone: the validation images belong in "
            "`validation_data=(x_val, y_val)`, which changes no weight.",
        )
    finding.say(
        "In one training the validation labels were wrong on purpose; the model gave only "
        f"{believed:.0%} of the images the wrong label, so it did not learn from them."
    )


def test_loss_goes_down(run: Run, finding: Finding) -> None:
    """Training lowers the loss.

    Training lowers the loss on the training images.
    """
    loss_goes_down(run, finding)


def test_every_weight_changes(run: Run, finding: Finding) -> None:
    """Every array of weights changes.

    Training changes every array of the model's weights.
    """
    every_weight_changes(run, finding)


def test_overfitting_is_seen(run: Run, finding: Finding) -> None:
    """Training continues until over-fitting shows.

    Training continues until the validation loss has been rising for a few epochs.

    The loss is recomputed, or the one that the student watched: with smoothed labels that one may
    rise earlier.
    """
    training, curve = trained(run), validation_curve(run)
    logged = enumerate(training.logged.get("val_loss", []), start=1)
    watched = {epoch: loss for epoch, loss in logged if loss is not None}
    best, lowest, last = _lowest_and_last(curve)
    if last <= lowest or max(curve) - best < PAST_THE_BEST:
        best, lowest, last = _lowest_and_last(watched or curve)
    after = max(curve) - best
    _show_curve(run, finding, curve)
    finding.show(best_epoch=best, epochs_after=after)
    if training.epochs_run > MOST_EPOCHS:
        raise CheckFailedError(
            f"`fit` ran {epochs(training.epochs_run)}; at most {MOST_EPOCHS} are allowed.",
            "Let `EarlyStopping` end the training soon after the lowest validation loss.",
        )
    if after < PAST_THE_BEST or last <= lowest:
        raise CheckFailedError(
            f"The validation loss was lowest (about {lowest:.3f}) after epoch {best} of "
            f"{training.epochs_run}, and ended at {last:.3f}. Over-fitting shows only if training "
            f"continues for at least {PAST_THE_BEST} epochs after the lowest loss.",
            why_it_did_not_rise(run, training, after),
        )
    finding.say(
        f"The validation loss was lowest (about {lowest:.3f}) after epoch {best}, and ended "
        f"at {last:.3f}, {epochs(after)} later."
    )


def _show_curve(run: Run, finding: Finding, curve: Mapping[int, float]) -> None:
    """Show the validation losses, from the one before training."""
    losses = {0: validation_loss(run, run.initial_weights), **curve}
    recomputed = [losses.get(epoch) for epoch in range(max(losses) + 1)]
    finding.show(loss_curve={"recomputed": [*recomputed], "data": "validation"})


def _lowest_and_last(curve: Mapping[int, float]) -> tuple[int, float, float]:
    """The epoch of the (nearly) lowest loss of a curve, that loss, and the last one."""
    lowest = min(curve.values())
    best = next(epoch for epoch, loss in curve.items() if loss <= NEARLY * lowest)
    return best, lowest, curve[max(curve)]


def test_best_epoch_is_found(run: Run, finding: Finding) -> None:
    """The best epoch is found.

    `best_epoch` returns the epoch with the lowest validation loss, counted from 1.
    """
    reached(run, "best_epoch")
    curves, answers, types = run.given.curves, run.observed.best or [], run.observed.best_types
    expected = [int(np.argmin(curve["val_loss"])) + 1 for curve in curves]
    finding.show(expected=list(expected), returned=list(answers))
    for curve, epoch, answer, kind in zip(curves, expected, answers, types, strict=False):
        if answer == epoch:
            continue
        returned = with_article(kind) if answer is None else f"{answer:g}"
        raise CheckFailedError(
            f"For the validation losses {format_numbers(curve['val_loss'])} `best_epoch` returned "
            f"{returned}; the lowest loss is that of epoch {epoch}.",
            epoch_hint(curve, epoch, answer),
        )
    if len(answers) < len(expected):
        raise CheckFailedError("`best_epoch` did not return.", "Run `best_epoch` in your notebook.")
    finding.say(
        f"For made-up histories `best_epoch` returned {join_names(map(str, expected))}, as "
        "expected."
    )


def test_best_weights_are_kept(run: Run, finding: Finding) -> None:
    """The best weights are restored.

    After training, the model has the weights of its best epoch again, or nearly as good ones.
    """
    training = trained(run)
    kept = validation_loss(run, finite_weights(run, training))
    losses = {
        epoch: validation_loss(run, weights)
        for epoch, weights in zip(training.epochs_kept, training.epoch_weights, strict=True)
        if weights
    }
    if not losses:
        raise CheckFailedError("`fit` ran no epoch.", why_it_did_not_learn(run, training))
    best = min(losses, key=losses.__getitem__)
    lowest = losses[best]
    finding.show(validation_loss_kept=kept, validation_loss_lowest=lowest, best_epoch=best)
    as_last = not training.epochs_kept or training.epochs_kept[-1] == training.epochs_run
    last = training.epoch_weights[-1] if as_last else None
    if not finding.at_most("kept_loss", kept / lowest) or (
        last and kept > NEARLY * lowest and all(map(np.array_equal, last, training.weights or []))
    ):
        raise CheckFailedError(
            f"The validation loss was {lowest:.3f} after epoch {best}; with the weights that "
            f"`train_model` left it is {kept:.3f}, {kept / lowest:.2f} times as much.",
            "Let `EarlyStopping` restore the best weights: `restore_best_weights=True`.",
        )
    finding.say(f"The validation loss is now {kept:.3f}; the lowest was {lowest:.3f}.")


def test_confusion_matrix_is_right(run: Run, finding: Finding) -> None:
    """The confusion matrix is right.

    `confusion_matrix` counts images by true class (row) and predicted class (column).
    """
    reached(run, "confusion_matrix")
    expected = count_predictions(run)
    kind, answer = run.observed.matrix_type, run.observed.matrix
    finding.show(expected=expected.tolist(), returned=None if answer is None else answer.tolist())
    if kind != "ndarray":
        raise CheckFailedError(
            f"`confusion_matrix` returned {with_article(kind)}, not a NumPy array.",
            "Start from `np.zeros((n_classes, n_classes), dtype=int)`, count, and return it.",
        )
    matrix = require_array(
        "confusion_matrix",
        kind,
        answer,
        expected.shape,
        f"The small model has {SMALL_CLASSES} classes, though not all of them occur: take their "
        "number from `model.output_shape[-1]`.",
    )
    if not np.array_equal(matrix, expected):
        row, column = (int(index) for index in np.argwhere(matrix != expected)[0])
        raise CheckFailedError(
            f"In row {row}, column {column} `confusion_matrix` has {matrix[row, column]:g}; the "
            f"small model takes {expected[row, column]} images of class {row} for class {column}.",
            matrix_hint(matrix, expected),
        )
    finding.say(f"All {expected.sum()} images are counted in the right place.")


def test_accuracy_passes(run: Run, finding: Finding) -> None:
    """The model recognizes new digits.

    From every random start, training leads to a model that recognizes new digits.
    """
    trainings = [trained(run), *run.observed.restarts.values()]
    error = run.errors.get(AGAIN)
    if error is not None and error.kind not in ENDED:
        raise again_failed(run)
    before = run.held_out_accuracy(run.initial_weights)
    after = [
        run.held_out_accuracy(finite_weights(run, trained(run, training=training)))
        for training in trainings
    ]
    finding.show(accuracy_before=before, accuracy=min(after), accuracies=list(after))
    least = finding.thresholds["accuracy"]
    message = (
        f"Trained from {len(after)} random starts, the model is right in "
        f"{join_names(format_share(share, least) for share in after)} of digits that it has never "
        f"seen (untrained: {before:.1%})"
    )
    if not finding.at_least("accuracy", min(after)):
        raise CheckFailedError(
            f"{message}; each must reach {100 * least:g}%.",
            why_it_is_not_accurate(run, trainings[int(np.argmin(after))]),
        )
    finding.say(f"{message}.")


def again_failed(run: Run) -> CheckFailedError:
    """The failure of a check that needs a further training, which did not finish."""
    error = run.errors.get(AGAIN)
    what = "did not return" if error is None else str(error)
    hint = "" if error is None else error.hint
    return CheckFailedError(
        f"In a further training, from other random weights, `train_model` {what}",
        hint or "Let `train_model` work for any model and any images of these shapes.",
    )


def require_other_sizes(run: Run) -> None:
    """`build_model` takes the sizes from its arguments."""
    shape, classes = OTHER_SIZES
    call = f"build_model({shape}, {classes})"
    model = built_for_other_sizes(run, call, USE_ARGUMENTS)
    if model.input_shape not in ((), shape) or model.output_shape != (classes,):
        raise CheckFailedError(
            f"The model of `{call}` takes images of shape {model.input_shape} and outputs shape "
            f"{model.output_shape}; it must take {shape} and output {(classes,)}.",
            USE_ARGUMENTS,
        )


def epoch_hint(curve: Mapping[str, list[float]], expected: int, answer: float | None) -> str:
    """One thing to do about a wrong epoch: which other question it answers."""
    if answer is None:
        return "Return a whole number: the epoch with the lowest validation loss."
    if answer == expected - 1:
        return "`np.argmin` counts from 0, epochs count from 1: add `1`."
    mistakes: dict[str, tuple[float, ...]] = {
        "Look at `val_loss`, the loss on the validation images; the training loss keeps falling.": (
            int(np.argmin(curve["loss"])),
            int(np.argmax(curve["accuracy"])),
        ),
        "Find the lowest loss: use `np.argmin`.": (int(np.argmax(curve["val_loss"])),),
        "Go by the validation loss, `val_loss`, not by the accuracy.": (
            int(np.argmax(curve["val_accuracy"])),
        ),
        "Return the epoch, not its loss: `np.argmin`, not `np.min`.": (min(curve["val_loss"]),),
        "Return the best epoch, not the last one.": (len(curve["val_loss"]) - 1,),
    }
    for hint, answers in mistakes.items():
        if any(answer in {wrong, wrong + 1} for wrong in answers):
            return hint
    return 'Return `int(np.argmin(history.history["val_loss"])) + 1`.'


def count_predictions(run: Run) -> Counts:
    """Images by true class and by the class that the small model predicts, shape (5, 5)."""
    images = run.given.small_images
    predicted = (images.x.reshape(len(images.x), -1) @ run.given.small_kernel).argmax(axis=1)
    counts = np.zeros((SMALL_CLASSES, SMALL_CLASSES), np.int64)
    np.add.at(counts, (images.y, predicted), 1)
    return counts


def matrix_hint(matrix: NDArray[np.float32], expected: Counts) -> str:
    """One thing to do about a wrong matrix: what it is instead."""
    shares_of_rows = expected / np.maximum(expected.sum(axis=1, keepdims=True), 1)
    diagonal = np.diag(np.diag(expected))
    mistakes = {
        "Rows are true classes, columns are predicted ones: swap the two.": (expected.T,),
        "Count images, do not divide.": (shares_of_rows, expected / expected.sum()),
        "The diagonal counts too: it has the images that are right.": (expected - diagonal,),
        "Count the mistakes too: off the diagonal, in the column of the predicted class.": (
            diagonal,
        ),
        "Add 1 for each image: matrix[y, predicted] += 1 on whole arrays adds only once.": (
            expected > 0,
        ),
    }
    for hint, matrices in mistakes.items():
        if any(np.allclose(matrix, wrong, atol=1e-6) for wrong in matrices):
            return hint
    return "For each image add 1 in the row of its true class and the column of the predicted one."
