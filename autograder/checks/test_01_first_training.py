"""The checks of 01-first-training.

Each test is one check of `course.yml`. `run` is the submission's training run; `found` takes what
the check wants to say. Loss, accuracy and weight changes are computed here, from the weights.
"""

from __future__ import annotations

import numpy as np

from autograder.checks.diagnosis import NO_LEARNING_RATE, epochs, recompiled, why_it_did_not_learn
from autograder.checks.expect import CheckFailedError, Finding, reached
from autograder.checks.measures import (
    change_hint,
    history_gap,
    listed,
    loss_curve,
    same_numbers,
    shape_hint,
    shown,
    softmax,
)
from autograder.exercises.observe import CompileSettings
from autograder.training import TrainingRun, accuracy, cross_entropy

ARRAYS = ("hidden kernel", "hidden bias", "output kernel", "output bias")


def test_compile_sets_optimizer(run: TrainingRun, found: Finding) -> None:
    """The model has an optimizer; its steps go against the gradient, and are no leaps."""
    settings = compiled(run)
    found.show(optimizer=settings.optimizer, learning_rate=settings.learning_rate)
    if settings.learning_rate == 0:
        raise CheckFailedError(
            f"The optimizer {settings.optimizer} has learning rate 0: its steps add 0.",
            NO_LEARNING_RATE,
        )
    step = settings.step
    if step is None or step.shape != (2,) or not (step[0] < 0 < step[1]):
        shown = "no step" if step is None else f"a step of {step.tolist()}"
        raise CheckFailedError(
            f"For the gradient (1, -1) the optimizer {settings.optimizer} takes {shown}; "
            "a step that lowers the loss goes the other way, (-, +).",
            'Give compile one of Keras\' optimizers, such as optimizer="adam".',
        )
    largest = float(np.abs(step).max())
    if largest > run.thresholds["largest_step"]:
        raise CheckFailedError(
            f"For a gradient of 1 the optimizer {settings.optimizer} moves by {largest:g}; "
            f"at most {run.thresholds['largest_step']:g} passes.",
            f"The learning rate is too large ({settings.learning_rate}): try 0.01 or 0.001.",
        )
    after = run.observed.compiled_after_training
    if recompiled(run) and after.optimizer != settings.optimizer:
        raise CheckFailedError(
            f"compile_model set {settings.optimizer}, but train_model compiled the model again "
            f"with {after.optimizer}.",
            "Do not compile again inside train_model: fit uses what compile_model set.",
        )
    rate = settings.learning_rate
    found.say(f"{settings.optimizer}" + (f", learning rate {rate:g}." if rate is not None else "."))


def test_compile_loss_fits_labels(run: TrainingRun, found: Finding) -> None:
    """The loss is cross-entropy between integer labels and the softmax's probabilities.

    It is known by what it computes, not by its name: any object or function that gives the same
    number passes.
    """
    settings = compiled(run)
    loss_fits(run, settings, found, "compile_model set")
    if recompiled(run):
        loss_fits(
            run,
            run.observed.compiled_after_training,
            found,
            "train_model compiled the model again with",
        )
    found.say(f"{settings.loss} gives {settings.loss_value:.4f} on the probe, as it should.")


def loss_fits(run: TrainingRun, settings: CompileSettings, found: Finding, who: str) -> None:
    """Ask a compiled loss about 32 made-up probabilities and labels."""
    probabilities, labels = run.given.probe_probabilities, run.given.probe_labels
    right = cross_entropy(probabilities, labels)
    found.show(loss=settings.loss, loss_value=settings.loss_value, expected=round(right, 6))
    if settings.loss_error:
        raise CheckFailedError(
            f"{who} the loss {settings.loss}; for integer labels and {probabilities.shape[1]} "
            f"probabilities a sample it raises {settings.loss_error}",
            "The labels are class numbers (0, 1), not one-hot rows: "
            'use loss="sparse_categorical_crossentropy".',
        )
    value = settings.loss_value
    if value is not None and any(np.isclose(value, right * n, rtol=1e-4) for n in (1, len(labels))):
        return
    shown = "no finite number" if value is None else f"{value:.4f}"
    twice = cross_entropy(softmax(probabilities), labels)
    if value is not None and np.isclose(value, twice, rtol=1e-3):
        hint = (
            "The model ends in softmax, so its outputs are no logits: leave out from_logits=True."
        )
    else:
        hint = (
            "The labels are class numbers and the model gives probabilities: "
            'use loss="sparse_categorical_crossentropy".'
        )
    raise CheckFailedError(
        f"{who} the loss {settings.loss}; on the probe it gives {shown}, "
        f"cross-entropy of the true classes is {right:.4f}.",
        hint,
    )


def test_compile_reports_accuracy(run: TrainingRun, found: Finding) -> None:
    """One of the metrics is the share of samples whose class is right."""
    settings = compiled(run)
    right = accuracy(run.given.probe_probabilities, run.given.probe_labels)
    found.show(metrics=dict(settings.metrics), expected=right)
    for name, value in settings.metrics.items():
        if value is not None and np.isclose(value, right, atol=1e-6):
            found.say(f"The metric {name} gives {value:.4f} on the probe, as it should.")
            return
    if settings.metrics_error:
        raise CheckFailedError(
            f"The metrics raise {settings.metrics_error}",
            'Write metrics=["accuracy"] in compile.',
        )
    listed = ", ".join(settings.metrics) or "none"
    raise CheckFailedError(
        f"No metric gives the accuracy, {right:.4f} on the probe. Metrics found: {listed}.",
        'Write metrics=["accuracy"] in compile.',
    )


def test_fit_returns_history(run: TrainingRun, found: Finding) -> None:
    """`train_model` returns the history of the training that it ran."""
    reached(run, "compile_model", "train_model")
    reported, curve = run.observed.reported_loss, loss_curve(run)
    found.show(loss_curve={"recomputed": list(curve), "reported": reported})
    if reported is None:
        what = "nothing" if run.observed.returned == "NoneType" else f"a {run.observed.returned}"
        raise CheckFailedError(
            f"train_model returned {what}, not the History with a loss for each epoch.",
            "Return what model.fit returns: return model.fit(...).",
        )
    if not run.observed.epoch_weights:
        raise CheckFailedError(
            f"The history tells of {epochs(len(reported))}, but the model did not train at all.",
            why_it_did_not_learn(run),
        )
    gap = history_gap(curve, reported, diverged=None in run.observed.epoch_weights)
    found.show(history_gap=gap)
    if gap is None or gap > run.thresholds["history_gap"]:
        raise CheckFailedError(
            f"The history does not match the weights: it reports a loss of {shown(reported)}; "
            f"recomputed from the weights after each epoch it is {shown(curve[1:])}.",
            "Return the History object of this model.fit call, unchanged.",
        )
    found.say(f"The history has {epochs(len(reported))}, and its losses agree with the weights.")


def test_fit_runs_every_epoch(run: TrainingRun, found: Finding) -> None:
    """`train_model` trains for as many epochs as it is asked to."""
    reached(run, "compile_model", "train_model")
    ran, asked = len(run.observed.epoch_weights), run.given.epochs
    found.show(epochs_run=ran, epochs_asked=asked)
    if ran == asked:
        found.say(f"fit ran {epochs(ran)}, as asked.")
        return
    if ran == 0:
        hint = why_it_did_not_learn(run)
    elif ran == 1:
        hint = "Without epochs=... fit stops after one epoch: pass epochs=epochs to model.fit."
    else:
        hint = "Pass the argument on: model.fit(x, y, epochs=epochs)."
    raise CheckFailedError(f"Asked for {epochs(asked)}, fit ran {ran}.", hint)


def test_loss_goes_down(run: TrainingRun, found: Finding) -> None:
    """Training lowers the loss on the training data."""
    reached(run, "compile_model", "train_model")
    curve = loss_curve(run)
    found.show(loss_curve={"recomputed": list(curve), "reported": run.observed.reported_loss})
    before, ran = curve[0], epochs(len(run.observed.epoch_weights))
    if run.observed.trained_weights is None:
        raise CheckFailedError(
            f"Before training the loss was {before:.3f}; after {ran} the weights are not numbers "
            "any more (NaN or infinite).",
            why_it_did_not_learn(run),
        )
    after = run.training_loss(run.observed.trained_weights)
    most = before * (1 - run.thresholds["loss_drop"])
    found.show(loss_before=before, loss_after=after, loss_at_most=most)
    if after > most:
        raise CheckFailedError(
            f"The loss did not go down enough: before training {before:.3f}, after {ran} "
            f"{after:.3f}; at most {most:.3f} passes.",
            why_it_did_not_learn(run),
        )
    found.say(f"The loss went down from {before:.3f} to {after:.3f} in {ran}.")


def test_every_weight_changes(run: TrainingRun, found: Finding) -> None:
    """Training moves each of the model's four arrays of weights."""
    reached(run, "compile_model", "train_model")
    before, after = run.given.initial_weights, run.observed.trained_weights
    if after is None:
        raise CheckFailedError(
            "After training the weights are not numbers any more (NaN or infinite).",
            why_it_did_not_learn(run),
        )
    changes = [float(np.abs(a - b).max()) for b, a in zip(before, after, strict=True)]
    found.show(
        largest_change=dict(zip(ARRAYS, changes, strict=True)),
        kernel={"layer": "hidden", "before": before[0].tolist(), "after": after[0].tolist()},
    )
    if not run.observed.epoch_weights and any(changes):
        raise CheckFailedError(
            "The weights changed, but not by training: fit never ran on the model.",
            "Let model.fit change the weights; do not set them yourself.",
        )
    still = [name for name, change in zip(ARRAYS, changes, strict=True) if change == 0]
    if still:
        which = "No weight changed" if len(still) == len(ARRAYS) else f"Unchanged: {listed(still)}"
        raise CheckFailedError(f"{which}.", why_it_did_not_learn(run))
    found.say(
        "Largest changes: "
        + ", ".join(f"{name} {c:.3f}" for name, c in zip(ARRAYS, changes, strict=True))
        + "."
    )


def test_first_layer_weights_are_read(run: TrainingRun, found: Finding) -> None:
    """`first_layer_weights` gives the kernel as it is now, and keeps it so."""
    reached(run, "first_layer_weights")
    seen, now = run.observed, run.given.moved_weights
    if seen.read_type != "ndarray" or seen.read is None:
        what = "nothing" if seen.read_type == "NoneType" else f"a {seen.read_type}"
        raise CheckFailedError(
            f"first_layer_weights returned {what}, not a NumPy array that holds still.",
            "Take the first array of layer.get_weights(); that is a copy in NumPy.",
        )
    found.show(shape=list(seen.read.shape), expected_shape=list(now[0].shape))
    if seen.read.shape != now[0].shape:
        raise CheckFailedError(
            f"first_layer_weights returned an array of shape {seen.read.shape}; the first layer's "
            f"kernel has shape {now[0].shape}.",
            shape_hint(seen.read, now, ARRAYS),
        )
    if not np.allclose(seen.read, now[0], rtol=1e-6, atol=0):
        start = np.array_equal(seen.read, run.given.initial_weights[0])
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
    pairs = list(zip(run.given.initial_weights, run.given.moved_weights, strict=True))
    right = [float(np.abs(after - before).max()) for before, after in pairs]
    changes = run.observed.changes
    found.show(expected=list(right), returned=changes)
    if changes is None:
        what = (
            "nothing"
            if run.observed.changes_type == "NoneType"
            else (f"a {run.observed.changes_type}")
        )
        raise CheckFailedError(
            f"weight_change returned {what}, not a list of numbers.",
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
    reached(run, "compile_model", "train_model")
    if run.observed.trained_weights is None:
        raise CheckFailedError(
            "After training the weights are not numbers any more (NaN or infinite).",
            why_it_did_not_learn(run),
        )
    least = run.thresholds["accuracy"]
    before = run.held_out_accuracy(run.given.initial_weights)
    after = run.held_out_accuracy(run.observed.trained_weights)
    found.show(accuracy_before=before, accuracy=after, accuracy_at_least=least)
    if after < least:
        raise CheckFailedError(
            f"On samples it has never seen the model is right in {after:.1%} of cases (untrained "
            f"{before:.1%}); {least:.0%} passes.",
            why_it_did_not_learn(run),
        )
    found.say(f"Right in {after:.1%} of samples it has never seen (untrained {before:.1%}).")


def compiled(run: TrainingRun) -> CompileSettings:
    """The settings that `compile_model` made, or the reason why there are none."""
    reached(run, "compile_model")
    settings: CompileSettings | None = run.observed.compiled
    if settings is not None:
        return settings
    if run.observed.compiled_other:
        raise CheckFailedError(
            "compile_model compiled another model; the one that it was given is not compiled.",
            "Call compile on the argument `model` itself.",
        )
    raise CheckFailedError(
        "After compile_model(model) the model is not compiled.",
        "Call model.compile(optimizer=..., loss=..., metrics=[...]).",
    )
