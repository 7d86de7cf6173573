"""The checks of 04-weight-steps.

Each test is one check of `course.yml`. `run` is the submission's run; `found` takes what the check
wants to say. The right step is computed by hand, in NumPy; losses are computed from the weights.
"""

from __future__ import annotations

import numpy as np

from autograder.checks.expect import (
    CheckFailedError,
    Finding,
    a,
    every_epoch_runs,
    finite_weights,
    history_gap,
    history_is_honest,
    largest_changes,
    listed,
    loss_curve,
    loss_goes_down,
    reached,
    shown,
    trained,
)
from autograder.checks.expect.diagnosis import NO_LEARNING_RATE, epochs, same_weights
from autograder.checks.weight_steps.by_hand import LINEX, SQUARED_ERROR
from autograder.checks.weight_steps.one_step import answer, place_of, step_taken
from autograder.checks.weight_steps.optimizers import HOW_TO_GET, KINDS, kind_of
from autograder.checks.weight_steps.snapshots import (
    KEEP_COPIES,
    all_alike,
    behind_the_start,
    snapshots,
)
from autograder.exercises import exercise_04_weight_steps as exercise
from autograder.exercises.observe import Training
from autograder.training import TrainingRun

HIDDEN, OUTPUT = slice(0, 2), slice(2, 4)
"""Places of the two layers' arrays."""
SMALL_LEARNING_RATE = 1e-4


def test_step_follows_the_gradient(run: TrainingRun, found: Finding) -> None:
    """One step makes each weight w - learning_rate * gradient."""
    step = step_taken(run, exercise.SQUARED_ERROR)
    step.show(found)
    if not step.is_right:
        raise CheckFailedError(f"The step is wrong: {step}", step.hint())
    found.say(f"The step is right: {step}")


def test_step_uses_the_given_loss(run: TrainingRun, found: Finding) -> None:
    """The gradient is that of the loss function that is handed over, whichever it is."""
    step = step_taken(run, exercise.OTHER_LOSS)
    step.show(found)
    if step.is_right:
        found.say(f"With another loss function, exp(gap) - gap - 1, the step is right: {step}")
        return
    if step.leads_to(step.before.step(SQUARED_ERROR, step.rate)):
        hint = "That is the step of the squared error: call the loss_fn that you are given."
    elif step.leads_to(step.before.step(LINEX.swapped, step.rate)):
        hint = "The order counts: loss_fn(y, model(x)), the true values first."
    else:
        hint = step.hint()
    raise CheckFailedError(
        f"With another loss function, exp(gap) - gap - 1, the step is wrong: {step}", hint
    )


def test_step_returns_the_loss(run: TrainingRun, found: Finding) -> None:
    """`gradient_step` returns the loss before the step."""
    seen = answer(run, exercise.SQUARED_ERROR)
    step = step_taken(run, exercise.SQUARED_ERROR)
    before, after = step.before.loss(SQUARED_ERROR), step.after.loss(SQUARED_ERROR)
    found.show(expected=before, returned=seen.loss)
    if seen.loss is None:
        raise CheckFailedError(
            f"gradient_step returned {a(seen.returned)}, not a number.",
            "Return the loss from inside the tape: return float(loss).",
        )
    if np.isclose(seen.loss, before, rtol=1e-4):
        found.say(f"The loss before the step, {before:.4f}.")
        return
    if np.isclose(seen.loss, after, rtol=1e-4):
        hint = "That is the loss after the step: return the one from inside the tape."
    elif np.isclose(seen.loss, before * len(run.given.step_y), rtol=1e-4):
        hint = "That is the sum over the samples: return loss_fn(y, model(x)) as it is."
    else:
        hint = "Return the loss from which the gradient was taken: return float(loss)."
    raise CheckFailedError(
        f"gradient_step returned {seen.loss:.4f}; the loss before the step is {before:.4f}.", hint
    )


def test_step_leaves_frozen_weights(run: TrainingRun, found: Finding) -> None:
    """Weights that are not trainable stay where they are, and the others still move."""
    step = step_taken(run, exercise.FROZEN)
    changes = [float(np.abs(move).max()) for move in step.after.minus(step.before)]
    found.show(largest_change=dict(zip(run.arrays, changes, strict=True)))
    if any(changes[HIDDEN]):
        raise CheckFailedError(
            "The first layer was frozen (trainable = False), yet the step moved "
            f"{moved(run, changes, HIDDEN)}.",
            "Move the arrays of model.trainable_weights, and no others.",
        )
    if not any(changes[OUTPUT]):
        raise CheckFailedError(
            "With a frozen first layer the step moved no weight of the output layer.",
            "Move every array of model.trainable_weights.",
        )
    found.say("A frozen first layer stays as it is to the last bit; the output layer moves.")


def test_trajectory_begins_at_random_start(run: TrainingRun, found: Finding) -> None:
    """The first snapshot holds the weights from before training."""
    seen = snapshots(run)
    changes = largest_changes(run.initial_weights, seen[0])
    found.show(largest_difference=dict(zip(run.arrays, changes, strict=True)))
    if not any(changes):
        found.say("The first snapshot is the random start, to the last bit.")
        return
    raise CheckFailedError(
        "The first snapshot is not the random start: it differs from it by up to "
        f"{max(changes):.3f}.",
        KEEP_COPIES
        if all_alike(seen)
        else "Take the first snapshot before fit: trajectory = [model.get_weights()].",
    )


def test_trajectory_follows_the_training(run: TrainingRun, found: Finding) -> None:
    """Behind the start stands one snapshot an epoch, each as the weights were then."""
    seen, asked = snapshots(run), exercise.FEW_EPOCHS
    training = trained(run, "weight_trajectory", run.observed.watched)
    later = behind_the_start(run, seen, asked)
    found.show(snapshots=len(seen), expected=asked + 1, epochs_run=training.epochs_run)
    if training.epochs_run != asked:
        raise CheckFailedError(
            f"Asked for {epochs(asked)}, fit ran {training.epochs_run} on the model.",
            "Call model.fit(..., epochs=epochs) on the model that you are given.",
        )
    if all_alike(seen):
        raise CheckFailedError(f"All {len(seen)} snapshots are the same weights.", KEEP_COPIES)
    if len(later) != asked:
        raise CheckFailedError(
            f"After {epochs(asked)} the number of snapshots besides the random start is "
            f"{len(later)}.",
            "Take one at the end of each epoch, in the callback's on_epoch_end.",
        )
    for number, (snapshot, weights) in enumerate(
        zip(later, training.epoch_weights, strict=True), start=1
    ):
        if not same_weights(snapshot, weights):
            raise CheckFailedError(
                f"Snapshot {number} does not hold the weights after epoch {number}.",
                "Take one at the end of each epoch, in on_epoch_end: self.model.get_weights().",
            )
    few = run.given.x[: exercise.FEW_SAMPLES], run.given.y[: exercise.FEW_SAMPLES]
    losses = [run.loss(weights, *few) for weights in (run.initial_weights, *later)]
    found.show(losses=list(losses))
    if not losses[-1] < losses[0]:
        raise CheckFailedError(
            f"Along the snapshots the loss does not go down: {shown(losses)}.",
            "Call model.fit(x, y, ...) with the data as they come.",
        )
    found.say(f"{len(later)} snapshots behind the start; along them the loss is {shown(losses)}.")


def test_sgd_is_plain(run: TrainingRun, found: Finding) -> None:
    """The name "sgd" is plain gradient descent: a step depends on its own gradient alone."""
    optimizer_is(run, found, "sgd")


def test_momentum_remembers(run: TrainingRun, found: Finding) -> None:
    """The name "momentum" adds a part of the last step to the new one."""
    optimizer_is(run, found, "momentum")


def test_adam_scales_each_weight(run: TrainingRun, found: Finding) -> None:
    """The name "adam" divides each weight's step by the size of its recent gradients."""
    optimizer_is(run, found, "adam")


def test_loss_goes_down(run: TrainingRun, found: Finding) -> None:
    """With each of the three optimizers training lowers the loss."""
    drops: dict[str, float] = {}
    for name in exercise.OPTIMIZERS:
        seen = training_with(run, name)
        try:
            loss_goes_down(run, found, stub="train_with", training=seen)
        except CheckFailedError as error:
            rate = seen.compiled.learning_rate if seen.compiled else None
            small = rate is not None and 0 < rate <= SMALL_LEARNING_RATE
            raise CheckFailedError(
                f"{call_of(name)}: {error.message}",
                f"The learning rate is too small ({rate:g}): try 0.01." if small else error.hint,
            ) from None
        after, before = finite_weights(run, seen), run.initial_weights
        drops[name] = 1 - run.training_loss(after) / run.training_loss(before)
    found.at_least("loss_drop", min(drops.values()))  # the least of them stays in the evidence
    said = ", ".join(f"{drop:.0%} with {name}" for name, drop in drops.items())
    found.say(f"The loss went down by {said}.")


def test_history_is_honest(run: TrainingRun, found: Finding) -> None:
    """`train_with` trains every epoch on the squared error, and returns that training's history."""
    gaps = []
    for name in exercise.OPTIMIZERS:
        seen = training_with(run, name)
        try:
            every_epoch_runs(run, found, stub="train_with", training=seen)
            insist_on_squared_error(run, seen)
            history_is_honest(run, found, stub="train_with", training=seen)
        except CheckFailedError as error:
            raise CheckFailedError(f"{call_of(name)}: {error.message}", error.hint) from None
        gaps.append(history_gap(loss_curve(run, seen), seen) or 0.0)
    found.at_most("history_gap", max(gaps))  # the largest of them stays in the evidence
    found.say(f"All three ran {epochs(run.given.epochs)}; their losses agree with the weights.")


def test_frozen_layer_holds_still(run: TrainingRun, found: Finding) -> None:
    """After `freeze_first_layer` training leaves kernel and bias of the first layer alone."""
    changes = frozen_changes(run, found)
    if not any(changes[HIDDEN]):
        found.say("Kernel and bias of the first layer are unchanged, to the last bit.")
        return
    if run.observed.frozen_other:
        hint = "Freeze the model that you are given, not a copy of it."
    elif not all(changes[HIDDEN]):
        hint = "Freeze the whole layer, kernel and bias: model.layers[0].trainable = False."
    elif not any(changes[OUTPUT]):
        hint = "That froze the last layer; the first one is model.layers[0]."
    else:
        hint = "Nothing is frozen: write model.layers[0].trainable = False."
    raise CheckFailedError(
        f"After freeze_first_layer training still moved {moved(run, changes, HIDDEN)}, by up to "
        f"{max(changes[HIDDEN]):.3f}.",
        hint,
    )


def test_other_layer_still_learns(run: TrainingRun, found: Finding) -> None:
    """After `freeze_first_layer` training still moves kernel and bias of the output layer."""
    changes = frozen_changes(run, found)
    if all(changes[OUTPUT]):
        found.say(f"The output layer still moves, by up to {max(changes[OUTPUT]):.3f}.")
        return
    which = "the output layer" if any(changes) else "every layer"
    raise CheckFailedError(
        f"freeze_first_layer froze {which}: training does not move the output layer any more.",
        "Freeze the first layer alone: model.layers[0].trainable = False.",
    )


def optimizer_is(run: TrainingRun, found: Finding, name: str) -> None:
    """The optimizer behind a name takes the steps that belong to the name."""
    seen = training_with(run, name)
    steps = run.observed.optimizer_steps.get(name)
    if seen.compiled is None:
        raise CheckFailedError(
            f"After {call_of(name)} the model that it was given is not compiled.",
            "Call model.compile(optimizer=..., loss=...) on the model that you are given.",
        )
    called, rate, kind = seen.compiled.optimizer, seen.compiled.learning_rate, kind_of(steps)
    found.show(optimizer=called, learning_rate=rate, kind=kind)
    if kind == KINDS[name]:
        found.say(f"{call_of(name)} compiles {called}, and two steps of it are those of {kind}.")
        return
    raise CheckFailedError(
        f"{call_of(name)} compiles {called}; two steps of it are those of {kind}, not of "
        f"{KINDS[name]}.",
        NO_LEARNING_RATE if rate == 0 else f'For "{name}" use {HOW_TO_GET[name]}.',
    )


def training_with(run: TrainingRun, name: str) -> Training:
    """What `train_with` did with one optimizer, or why it did nothing."""
    reached(run, "train_with")
    trouble = run.observed.training_troubles.get(name)
    if trouble is not None:
        raise CheckFailedError(
            f"{call_of(name)} raised {trouble.kind}{place_of(trouble)}: {trouble.message}",
            f'Provide for the name "{name}": {HOW_TO_GET[name]}.',
        )
    seen: Training = trained(run, "train_with", run.observed.trainings.get(name))
    return seen


def insist_on_squared_error(run: TrainingRun, seen: Training) -> None:
    """The compiled loss is the mean squared error, by its value on made-up numbers."""
    probe = run.given.probe
    right = run.exercise.TASK.loss(probe.outputs, probe.answers)
    value = seen.compiled.loss_value if seen.compiled else None
    if value is None or not np.isclose(value, [right, right * len(probe.answers)]).any():
        raise CheckFailedError(
            f"The compiled loss is {seen.compiled.loss if seen.compiled else 'missing'}; the mean "
            "squared error was asked for.",
            'Compile with loss="mean_squared_error".',
        )


def frozen_changes(run: TrainingRun, found: Finding) -> list[float]:
    """How far the training after `freeze_first_layer` moved each array."""
    seen = trained(run, "freeze_first_layer", run.observed.frozen)
    changes = largest_changes(run.initial_weights, finite_weights(run, seen))
    found.show(largest_change=dict(zip(run.arrays, changes, strict=True)))
    return changes


def moved(run: TrainingRun, changes: list[float], layer: slice) -> str:
    """The arrays of a layer that moved, in messages."""
    pairs = zip(run.arrays[layer], changes[layer], strict=True)
    return listed([name for name, change in pairs if change])


def call_of(name: str) -> str:
    """How a training was asked for, in messages."""
    return f'train_with("{name}", ...)'
