"""Expectations of a training, recomputed from the weights that it left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import JsonValue

from autograder.checks.answers import with_article
from autograder.checks.diagnosis import (
    epochs,
    same_weights,
    why_epochs_are_missing,
    why_it_did_not_learn,
    why_some_did_not_change,
)
from autograder.checks.finding import CheckFailedError, Finding
from autograder.checks.measures import (
    format_apart,
    format_number,
    format_numbers,
    format_share,
    join_names,
    largest_changes,
    loss_curve,
)
from autograder.checks.preconditions import trained
from autograder.checks.training_run import Run
from autograder.exercises import MOST_LOGGED, FloatArray, Training

_MOST_PICTURED = 4096


def history_is_honest(
    run: Run,
    finding: Finding,
    *,
    stub: str = "train_model",
    training: Training | None = None,
) -> None:
    """The training returns its history, with the figures that `fit` itself reported.

    Args:
        run: The training run.
        finding: Takes what the check reports.
        stub: The student's function that trains.
        training: One of several trainings; default: the exercise's only one.
    """
    training = trained(run, stub, training)
    reported = training.reported_loss
    _show_curve(run, finding, training)
    if reported is None and training.is_history:
        raise CheckFailedError(
            f"`{stub}` returned a `History` without losses: no `fit` filled it.",
            "Return what `model.fit` returns: `return model.fit(...)`.",
        )
    if reported is None or not training.is_history:
        raise CheckFailedError(
            f"`{stub}` returned {with_article(training.returned)}, not a `History` with the loss "
            "of "
            "each epoch.",
            "Return the `History` itself, not its table: `history`, not `history.history`."
            if training.returned == "dict"
            else "Return what `model.fit` returns: `return model.fit(...)`.",
        )
    if not training.epochs_run:
        raise CheckFailedError(
            f"The history reports {epochs(len(reported))}, but the given model was not trained.",
            why_it_did_not_learn(run, training),
        )
    if len(reported) != min(training.epochs_run, MOST_LOGGED):
        raise CheckFailedError(
            f"The history reports {epochs(len(reported))}, but `fit` ran {training.epochs_run}.",
            "Call `fit` once, with all epochs, and return its `History`.",
        )
    for name, values in (training.reported or {}).items():
        logged = training.logged.get(name, [] if name == "loss" else values)
        if len(values) < len(logged):  # `validation_freq` leaves epochs out
            logged = [value for value in logged if value is not None]
        if values != logged:
            raise CheckFailedError(
                f"The history is not the one of this training: as {name} it reports "
                f"{format_numbers(values)}; `fit` reported {format_numbers(logged)}.",
                "Return the `History` object of this `model.fit` call, unchanged.",
            )
    finding.say(
        f"The history reports {epochs(len(reported))}, with the losses that `fit` reported."
    )


def _show_curve(run: Run, finding: Finding, training: Training) -> None:
    """Show the losses, recomputed where the weights were kept, and as reported."""
    curve = dict(zip([0, *training.epochs_kept], loss_curve(run, training), strict=False))
    epochs_shown = range(min(max(curve), MOST_LOGGED) + 1)
    left = _epoch_left(training)
    finding.show(
        loss_curve={
            "recomputed": [curve.get(epoch) for epoch in epochs_shown],
            "reported": _json(training.reported_loss),
            **({} if left is None else {"left": left}),
        }
    )


def _epoch_left(training: Training) -> int | None:
    """The epoch whose weights the training left, if it is an earlier one than the last."""
    kept = dict(zip(training.epochs_kept, training.epoch_weights, strict=True))
    if same_weights(training.weights, kept.get(training.epochs_run)):
        return None
    return next((n for n, w in kept.items() if same_weights(training.weights, w)), None)


def every_epoch_runs(
    run: Run,
    finding: Finding,
    *,
    stub: str = "train_model",
    training: Training | None = None,
) -> None:
    """The training runs as many epochs as asked; arguments as for `history_is_honest`."""
    training = trained(run, stub, training)
    ran, asked = training.epochs_run, run.given.epochs
    finding.show(epochs_run=ran, epochs_asked=asked)
    if ran == asked:
        finding.say(f"`fit` ran {epochs(ran)}, as asked.")
        return
    hint = why_epochs_are_missing(training) if ran else why_it_did_not_learn(run, training)
    raise CheckFailedError(f"Asked for {epochs(asked)}, `fit` ran {ran}.", hint)


def loss_goes_down(
    run: Run,
    finding: Finding,
    *,
    stub: str = "train_model",
    training: Training | None = None,
) -> None:
    """Training lowers the loss by at least `loss_drop`; arguments as for `history_is_honest`."""
    training = trained(run, stub, training)
    _show_curve(run, finding, training)
    start = training.start_weights or run.initial_weights
    before, ran = run.training_loss(start), epochs(training.epochs_run)
    after = run.training_loss(
        finite_weights(
            run, training, f"The loss was {format_number(before)} before training; after {ran}"
        )
    )
    finding.show(loss_before=before, loss_after=after)
    left = _epoch_left(training)
    restored = (
        "" if left is None else f", with the weights of epoch {left}, which `{stub}` restored"
    )
    if not finding.at_least("loss_drop", 1 - after / before):
        most = before * (1 - finding.thresholds["loss_drop"])
        after_text, most_text = format_apart(after, most)
        raise CheckFailedError(
            f"The loss did not go down enough: it was {format_number(before)} before training and "
            f"is {after_text} after {ran}{restored}; at most {most_text} passes.",
            why_it_did_not_learn(run, training),
        )
    finding.say(
        f"The loss went down from {format_number(before)} to {format_number(after)} in {ran}"
        f"{restored}."
    )


def finite_weights(run: Run, training: Training, start: str = "After training") -> list[FloatArray]:
    """The trained weights; the check fails if they are NaN or infinite.

    Args:
        run: The training run.
        training: A training of that run.
        start: How the message begins.
    """
    if training.weights is None:
        raise CheckFailedError(
            f"{start} the weights are no longer numbers (NaN or infinite).",
            why_it_did_not_learn(run, training),
        )
    return training.weights


def every_weight_changes(
    run: Run,
    finding: Finding,
    *,
    frozen: Sequence[int] = (),
    stub: str = "train_model",
    training: Training | None = None,
) -> None:
    """Training changes every array of weights, and nothing but training does.

    Args:
        run: The training run.
        finding: Takes what the check reports.
        frozen: Indices of arrays in `get_weights` that must not change at all.
        stub: The student's function that trains.
        training: One of several trainings; default: the exercise's only one.
    """
    training = trained(run, stub, training)
    before, after = run.initial_weights, finite_weights(run, training)
    changes = largest_changes(before, after)
    finding.show(largest_change=dict(zip(run.arrays, changes, strict=True)))
    _show_kernel(run, finding, after)
    if not training.epochs_run and any(changes):
        raise CheckFailedError(
            "The weights changed, but not by training: `fit` never ran on the given model.",
            "Use `model.fit`: it trains epoch by epoch, and returns the history of it.",
        )
    arrays = list(zip(run.arrays, changes, strict=True))
    moved = [name for index, (name, change) in enumerate(arrays) if index in frozen and change]
    if moved:
        raise CheckFailedError(
            f"These weights are frozen, but they changed: {join_names(moved)}.",
            "Set `layer.trainable = False` before you compile the model.",
        )
    still = [
        name for index, (name, change) in enumerate(arrays) if index not in frozen and not change
    ]
    if still:
        which = f"Unchanged: {join_names(still)}" if any(changes) else "No weight changed"
        hint = why_it_did_not_learn(run, training)
        if any(changes) and training.epochs_run >= run.given.epochs:
            hint = why_some_did_not_change(run, training)
        raise CheckFailedError(f"{which}.", hint)
    largest = join_names(f"{name} {format_number(change)}" for name, change in arrays)
    finding.say(f"Largest changes: {largest}.")


def _show_kernel(run: Run, finding: Finding, after: Sequence[FloatArray]) -> None:
    """Show the first kernel that makes a picture: two-dimensional, and not too large."""
    for name, old, new in zip(run.arrays, run.initial_weights, after, strict=True):
        if old.ndim == 2 and old.size <= _MOST_PICTURED:  # noqa: PLR2004 - a picture has two sides
            layer = name.rsplit(" ", 1)[0]
            finding.show(kernel={"layer": layer, "before": _short(old), "after": _short(new)})
            return


def _short(weights: FloatArray) -> JsonValue:
    """Rows with as few digits as tell a float32 apart: 0.1, where a float64 has 0.10000000149."""
    return [[float(str(weight)) for weight in row] for row in weights]


def held_out_accuracy(run: Run, finding: Finding) -> None:
    """The trained weights classify samples that they have never seen."""
    training = trained(run)
    after = run.held_out_accuracy(finite_weights(run, training))
    before = run.held_out_accuracy(run.initial_weights)
    finding.show(accuracy_before=before, accuracy=after)
    least = finding.thresholds["accuracy"]
    if not finding.at_least("accuracy", after):
        raise CheckFailedError(
            "On samples that it has never seen, the model is right in "
            f"{format_share(after, least)} of cases (untrained: {before:.1%}); "
            f"{100 * least:g}% passes.",
            why_it_did_not_learn(run, training),
        )
    finding.say(
        f"On samples that it has never seen, the model is right in {after:.1%} of cases "
        f"(untrained: {before:.1%})."
    )


def held_out_error(run: Run, finding: Finding) -> None:
    """The trained weights predict numbers better than the mean does, by `error_share`.

    The error share is the mean squared error divided by that of always predicting the mean of the
    held-out answers: 1 is no better than the mean, 0 is perfect.
    """
    training = trained(run)
    error = run.held_out_loss(finite_weights(run, training)) / float(np.var(run.held_out.y))
    before = run.held_out_loss(run.initial_weights) / float(np.var(run.held_out.y))
    finding.show(error_share_before=before, error_share=error)
    if not finding.at_most("error_share", error):
        error_text, most_text = format_apart(error, finding.thresholds["error_share"], 2)
        raise CheckFailedError(
            f"On samples that it has never seen, the model's squared error is {error_text} times "
            f"that of always predicting the mean (untrained: {before:.2f}); at most "
            f"{most_text} passes.",
            why_it_did_not_learn(run, training),
        )
    finding.say(
        f"On samples that it has never seen, the model's squared error is {error:.2f} times that "
        f"of always predicting the mean (untrained: {before:.2f})."
    )


def _json(values: Sequence[float | None] | None) -> JsonValue:
    return None if values is None else list(values)
