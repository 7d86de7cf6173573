"""Expectations of a training, recomputed from the weights that it left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.arithmetic import FloatArray
from autograder.checks.expect.diagnosis import epochs, why_it_did_not_learn
from autograder.checks.expect.finding import CheckFailedError, Finding
from autograder.checks.expect.measures import (
    history_gap,
    largest_changes,
    listed,
    loss_curve,
    shown,
)
from autograder.checks.expect.reached import trained
from autograder.exercises.observe import Training
from autograder.training import TrainingRun

_MOST_PICTURED = 4096


def history_is_honest(
    run: TrainingRun,
    found: Finding,
    *,
    stub: str = "train_model",
    training: Training | None = None,
) -> None:
    """The training returns its history, and that agrees with the weights after each epoch.

    Args:
        run: The training run.
        found: Takes what the check says.
        stub: The student's function that trains.
        training: One of several trainings; the exercise's only one unless told.
    """
    seen = trained(run, stub, training)
    curve = loss_curve(run, seen)
    reported = seen.reported_loss
    found.show(loss_curve={"recomputed": list(curve), "reported": reported})
    if reported is None:
        what = "nothing" if seen.returned == "NoneType" else f"a {seen.returned}"
        raise CheckFailedError(
            f"{stub} returned {what}, not the History with a loss for each epoch.",
            "Return what model.fit returns: return model.fit(...).",
        )
    if not seen.epochs_run:
        raise CheckFailedError(
            f"The history tells of {epochs(len(reported))}, but the model did not train at all.",
            why_it_did_not_learn(run, seen),
        )
    gap = history_gap(curve, seen)
    if gap is None or not found.at_most("history_gap", gap):
        raise CheckFailedError(
            f"The history does not match the weights: it reports a loss of {shown(reported)}; "
            f"recomputed from the weights after each epoch it is {shown(curve[1:])}.",
            "Return the History object of this model.fit call, unchanged.",
        )
    found.say(f"The history has {epochs(len(reported))}, and its losses agree with the weights.")


def every_epoch_runs(
    run: TrainingRun,
    found: Finding,
    *,
    stub: str = "train_model",
    training: Training | None = None,
) -> None:
    """The training goes through the data as often as it is asked to; arguments as above."""
    seen = trained(run, stub, training)
    ran, asked = seen.epochs_run, run.given.epochs
    found.show(epochs_run=ran, epochs_asked=asked)
    if ran == asked:
        found.say(f"fit ran {epochs(ran)}, as asked.")
        return
    if ran == 0:
        hint = why_it_did_not_learn(run, seen)
    elif ran == 1:
        hint = "Without epochs=... fit stops after one epoch: pass epochs=epochs to model.fit."
    else:
        hint = "Pass the argument on: model.fit(..., epochs=epochs)."
    raise CheckFailedError(f"Asked for {epochs(asked)}, fit ran {ran}.", hint)


def loss_goes_down(
    run: TrainingRun,
    found: Finding,
    *,
    stub: str = "train_model",
    training: Training | None = None,
) -> None:
    """Training lowers the loss by at least the share `loss_drop`; arguments as above."""
    seen = trained(run, stub, training)
    curve = loss_curve(run, seen)
    found.show(loss_curve={"recomputed": list(curve), "reported": seen.reported_loss})
    before, ran = curve[0], epochs(seen.epochs_run)
    after = run.training_loss(
        finite_weights(run, seen, f"Before training the loss was {before:.3f}; after {ran}")
    )
    found.show(loss_before=before, loss_after=after)
    if not found.at_least("loss_drop", 1 - after / before):
        most = before * (1 - found.thresholds["loss_drop"])
        raise CheckFailedError(
            f"The loss did not go down enough: before training {before:.3f}, after {ran} "
            f"{after:.3f}; at most {most:.3f} passes.",
            why_it_did_not_learn(run, seen),
        )
    found.say(f"The loss went down from {before:.3f} to {after:.3f} in {ran}.")


def finite_weights(
    run: TrainingRun, training: Training, start: str = "After training"
) -> list[FloatArray]:
    """The trained weights; where they are NaN or infinite, that is what the check says.

    Args:
        run: The training run.
        training: A training whose function returned.
        start: How the message begins.
    """
    if training.weights is None:
        raise CheckFailedError(
            f"{start} the weights are not numbers any more (NaN or infinite).",
            why_it_did_not_learn(run, training),
        )
    return training.weights


def every_weight_changes(
    run: TrainingRun,
    found: Finding,
    *,
    frozen: Sequence[int] = (),
    stub: str = "train_model",
    training: Training | None = None,
) -> None:
    """Training moves every array of weights, and nothing but training does.

    Args:
        run: The training run.
        found: Takes what the check says.
        frozen: Places of arrays, as `get_weights` counts them, that must stay to the last bit.
        stub: The student's function that trains.
        training: One of several trainings; the exercise's only one unless told.
    """
    seen = trained(run, stub, training)
    before, after = run.initial_weights, finite_weights(run, seen)
    changes = largest_changes(before, after)
    found.show(largest_change=dict(zip(run.arrays, changes, strict=True)))
    _show_kernel(run, found, after)
    if not seen.epochs_run and any(changes):
        raise CheckFailedError(
            "The weights changed, but not by training: fit never ran on the model.",
            "Let model.fit change the weights; do not set them yourself.",
        )
    arrays = [(place, name) for place, name in enumerate(run.arrays)]
    moved = [name for place, name in arrays if place in frozen and changes[place]]
    if moved:
        raise CheckFailedError(
            f"Frozen, yet changed: {listed(moved)}.",
            "Set layer.trainable = False before the model is compiled.",
        )
    still = [name for place, name in arrays if place not in frozen and not changes[place]]
    if still:
        which = "No weight changed" if not any(changes) else f"Unchanged: {listed(still)}"
        raise CheckFailedError(f"{which}.", why_it_did_not_learn(run, seen))
    found.say(
        "Largest changes: "
        + ", ".join(f"{name} {c:.3f}" for name, c in zip(run.arrays, changes, strict=True))
        + "."
    )


def _show_kernel(run: TrainingRun, found: Finding, after: Sequence[FloatArray]) -> None:
    """The first kernel that is a picture: two-dimensional, and not too large."""
    for name, old, new in zip(run.arrays, run.initial_weights, after, strict=True):
        if old.ndim == 2 and old.size <= _MOST_PICTURED:  # noqa: PLR2004 - a picture has two sides
            layer = name.rsplit(" ", 1)[0]
            found.show(kernel={"layer": layer, "before": old.tolist(), "after": new.tolist()})
            return


def held_out_accuracy(run: TrainingRun, found: Finding) -> None:
    """The trained weights classify samples that they have never seen."""
    seen = trained(run)
    after = run.held_out_accuracy(finite_weights(run, seen))
    before = run.held_out_accuracy(run.initial_weights)
    found.show(accuracy_before=before, accuracy=after)
    if not found.at_least("accuracy", after):
        raise CheckFailedError(
            f"On samples it has never seen the model is right in {after:.1%} of cases (untrained "
            f"{before:.1%}); {found.thresholds['accuracy']:.0%} passes.",
            why_it_did_not_learn(run, seen),
        )
    found.say(f"Right in {after:.1%} of samples it has never seen (untrained {before:.1%}).")


def held_out_error(run: TrainingRun, found: Finding) -> None:
    """The trained weights predict numbers better than always saying the mean, by `error_share`.

    The error share is the mean squared error divided by that of the mean of the held-out answers:
    1 is no better than the mean, 0 is perfect.
    """
    seen = trained(run)
    error = run.held_out_loss(finite_weights(run, seen)) / float(np.var(run.held_out.y))
    before = run.held_out_loss(run.initial_weights) / float(np.var(run.held_out.y))
    found.show(error_share_before=before, error_share=error)
    if not found.at_most("error_share", error):
        raise CheckFailedError(
            f"On samples it has never seen the model's squared error is {error:.2f} of what always "
            f"saying the mean gives (untrained {before:.2f}); at most "
            f"{found.thresholds['error_share']:.2f} passes.",
            why_it_did_not_learn(run, seen),
        )
    found.say(
        f"On samples it has never seen the squared error is {error:.2f} of what always saying the "
        f"mean gives (untrained {before:.2f})."
    )
