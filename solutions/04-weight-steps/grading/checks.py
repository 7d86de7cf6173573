"""The checks of 04-weight-steps.

Each test is one check of `course.yml`. `run` is the submission's run; `finding` takes what the
check reports. The right step is computed by hand, in NumPy; losses are computed from the weights.
"""

from __future__ import annotations

import numpy as np

from autograder.checks import (
    CheckFailedError,
    Finding,
    TrainingRun,
    epochs,
    every_epoch_runs,
    finite_weights,
    format_number,
    format_numbers,
    history_is_honest,
    largest_changes,
    loss_goes_down,
    same_weights,
    trained,
    with_article,
)

from .by_hand import LINEX, SQUARED_ERROR
from .one_step import require_step, step_taken
from .schema import (
    FEW_EPOCHS,
    FEW_SAMPLES,
    FROZEN_STEP,
    OPTIMIZERS,
    OTHER_LOSS_STEP,
    PLAIN_STEP,
    Given,
    Observed,
)
from .snapshots import KEEP_COPIES, after_start, all_equal, require_snapshots
from .trainings import (
    HIDDEN,
    OUTPUT,
    call_of,
    changes_with_frozen_layer,
    moved_arrays,
    optimizer_is,
    require_squared_error,
    training_with,
)

Run = TrainingRun[Given, Observed]
SMALL_LEARNING_RATE = 1e-4


def test_step_follows_the_gradient(run: Run, finding: Finding) -> None:
    """A step follows the gradient.

    One step changes each weight to `w - learning_rate * gradient`.
    """
    step = step_taken(run, PLAIN_STEP)
    step.show(finding)
    if not step.is_right:
        raise CheckFailedError(f"The step is wrong: {step}", step.hint())
    finding.say(f"The step is right: {step}")


def test_step_uses_the_given_loss(run: Run, finding: Finding) -> None:
    """A step uses the given loss function.

    The gradient is that of the given loss function, whichever it is.
    """
    step = step_taken(run, OTHER_LOSS_STEP)
    step.show(finding)
    if step.is_right:
        finding.say(f"With another loss function, `exp(gap) - gap - 1`, the step is right: {step}")
        return
    plain = step_taken(run, PLAIN_STEP)
    if not plain.is_right and require_step(run, OTHER_LOSS_STEP).called_loss:
        finding.say("The step is wrong for any loss, but its loss is the given one.")
        return  # another check says what is wrong with the step
    if step.leads_to(step.before.step(SQUARED_ERROR, step.rate)):
        hint = "That is the step of the squared error: call the `loss_fn` that you are given."
    elif step.leads_to(step.before.step(LINEX.swapped, step.rate)):
        hint = "The order counts: `loss_fn(y, model(x))`, the true values first."
    else:
        hint = step.hint()
    raise CheckFailedError(
        f"With another loss function, `exp(gap) - gap - 1`, the step is wrong: {step}", hint
    )


def test_step_returns_the_loss(run: Run, finding: Finding) -> None:
    """A step returns the loss before it.

    `gradient_step` returns the loss before the step.
    """
    observed = require_step(run, PLAIN_STEP)
    step = step_taken(run, PLAIN_STEP)
    before, after = step.before.loss(SQUARED_ERROR), step.after.loss(SQUARED_ERROR)
    finding.show(expected=before, returned=observed.loss)
    if observed.loss is None:
        raise CheckFailedError(
            f"`gradient_step` returned {with_article(observed.returned)}, not a number.",
            "Return the loss from inside the tape: `return float(loss)`.",
        )
    if np.isclose(observed.loss, before, rtol=1e-4):
        finding.say(f"`gradient_step` returned the loss before the step, {before:.4f}.")
        return
    once = step.by_hand
    if step.leads_to(once.step(SQUARED_ERROR, step.rate)) and np.isclose(
        observed.loss, once.loss(SQUARED_ERROR), rtol=1e-4
    ):
        finding.say("`gradient_step` took two steps, and returned the loss before the second one.")
        return  # another check says that one step is enough
    if np.isclose(observed.loss, after, rtol=1e-4):
        hint = "That is the loss after the step: return the one from inside the tape."
    elif np.isclose(observed.loss, before * len(run.given.step_y), rtol=1e-4):
        hint = "That is the sum over the samples: `return loss_fn(y, model(x))` as it is."
    else:
        hint = "Return the loss whose gradient you took: `return float(loss)`."
    raise CheckFailedError(
        f"`gradient_step` returned {observed.loss:.4f}; the loss before the step is {before:.4f}.",
        hint,
    )


def test_step_leaves_frozen_weights(run: Run, finding: Finding) -> None:
    """A step leaves frozen weights alone.

    Weights that are not trainable do not change, and the others still do.
    """
    step = step_taken(run, FROZEN_STEP)
    changes = [float(np.abs(move).max()) for move in step.after.minus(step.before)]
    finding.show(largest_change=dict(zip(run.arrays, changes, strict=True)))
    if any(changes[HIDDEN]):
        raise CheckFailedError(
            "The first layer was frozen (`trainable = False`), but the step moved "
            f"{moved_arrays(run, changes, HIDDEN)}.",
            "Move the arrays of `model.trainable_weights`, and no others.",
        )
    plain = step_taken(run, PLAIN_STEP)
    if not any(move.any() for move in plain.after.minus(plain.before)):
        finding.say("A frozen first layer does not change; no step moves anything.")
        return  # another check says so
    if not any(changes[OUTPUT]):
        raise CheckFailedError(
            "With a frozen first layer the step moved no weight of the output layer.",
            "Move every array of `model.trainable_weights`.",
        )
    finding.say("A frozen first layer does not change at all; the output layer moves.")


def test_trajectory_begins_at_random_start(run: Run, finding: Finding) -> None:
    """The trajectory begins with the initial weights.

    The first snapshot has the weights from before training.
    """
    snapshots = require_snapshots(run)
    changes = largest_changes(run.initial_weights, snapshots[0])
    finding.show(largest_difference=dict(zip(run.arrays, changes, strict=True)))
    if not any(changes):
        finding.say("The first snapshot is the random start, bit for bit.")
        return
    raise CheckFailedError(
        "The first snapshot is not the random start: it differs by up to "
        f"{format_number(max(changes))}.",
        KEEP_COPIES
        if all_equal(snapshots)
        else "Take the first snapshot before `fit`: `trajectory = [model.get_weights()]`.",
    )


def test_trajectory_follows_the_training(run: Run, finding: Finding) -> None:
    """The trajectory has one snapshot per epoch.

    After the random start there is one snapshot per epoch, with the weights of that epoch.
    """
    snapshots = require_snapshots(run)
    training = trained(run, "weight_trajectory", run.observed.trajectory_training)
    later = after_start(run, snapshots, FEW_EPOCHS)
    finding.show(snapshots=len(snapshots), expected=FEW_EPOCHS + 1, epochs_run=training.epochs_run)
    if not training.epochs_run == len(training.epoch_weights) == FEW_EPOCHS:
        raise CheckFailedError(
            f"Asked for {epochs(FEW_EPOCHS)}, `fit` ran {training.epochs_run} on the model.",
            "Call `model.fit(..., epochs=epochs)` on the model that you are given.",
        )
    if run.observed.trajectory_compiled:
        raise CheckFailedError(
            "`weight_trajectory` compiled the model again, so it follows another training.",
            "Train the model as you get it: it is compiled already.",
        )
    if all_equal(snapshots):
        raise CheckFailedError(f"All {len(snapshots)} snapshots are the same weights.", KEEP_COPIES)
    if len(later) != FEW_EPOCHS:
        raise CheckFailedError(
            f"After {epochs(FEW_EPOCHS)} the number of snapshots besides the random start is "
            f"{len(later)}.",
            "Take one at the end of each epoch, in the callback's `on_epoch_end`.",
        )
    for number, (snapshot, weights) in enumerate(
        zip(later, training.epoch_weights, strict=True), start=1
    ):
        if not same_weights(snapshot, weights):
            raise CheckFailedError(
                f"Snapshot {number} does not have the weights after epoch {number}.",
                "Take one at the end of each epoch, in `on_epoch_end`: `self.model.get_weights()`.",
            )
    x, y = run.given.x[:FEW_SAMPLES], run.given.y[:FEW_SAMPLES]
    losses = [run.loss(weights, x, y) for weights in (run.initial_weights, *later)]
    finding.show(losses=list(losses))
    if not losses[-1] < losses[0]:
        raise CheckFailedError(
            f"The loss does not go down from snapshot to snapshot: {format_numbers(losses)}.",
            "Call `model.fit(x, y, ...)` with the data as you get them.",
        )
    finding.say(
        f"{len(later)} snapshots follow the random start; their losses are "
        f"{format_numbers(losses)}."
    )


def test_sgd_is_plain(run: Run, finding: Finding) -> None:
    """SGD is plain gradient descent.

    The name `"sgd"` is plain gradient descent: a step depends only on its own gradient.
    """
    optimizer_is(run, finding, "sgd")


def test_momentum_remembers(run: Run, finding: Finding) -> None:
    """Momentum builds on previous steps.

    The name `"momentum"` adds a part of the last step to the new one.
    """
    optimizer_is(run, finding, "momentum")


def test_adam_scales_each_weight(run: Run, finding: Finding) -> None:
    """Adam scales the step of each weight.

    The name `"adam"` divides each weight's step by the size of its recent gradients.
    """
    optimizer_is(run, finding, "adam")


def test_loss_goes_down(run: Run, finding: Finding) -> None:
    """Each optimizer lowers the loss.

    Training lowers the loss with each of the three optimizers.
    """
    drops: dict[str, float] = {}
    for name in OPTIMIZERS:
        training = training_with(run, name)
        try:
            loss_goes_down(run, finding, stub="train_with", training=training)
        except CheckFailedError as failure:
            rate = training.compiled.learning_rate if training.compiled else None
            small = rate is not None and 0 < rate <= SMALL_LEARNING_RATE
            raise CheckFailedError(
                f"`{call_of(name)}`: {failure.message}",
                f"The learning rate is too small ({rate:g}): try 0.01." if small else failure.hint,
            ) from None
        after, before = finite_weights(run, training), run.initial_weights
        drops[name] = 1 - run.training_loss(after) / run.training_loss(before)
    finding.at_least("loss_drop", min(drops.values()))  # the evidence keeps the smallest
    shares = ", ".join(f"{drop:.0%} with {name}" for name, drop in drops.items())
    finding.say(f"The loss went down by {shares}.")


def test_history_is_honest(run: Run, finding: Finding) -> None:
    """Each training returns its own history.

    `train_with` runs every epoch with the squared error, and returns that training's history.
    """
    for name in OPTIMIZERS:
        training = training_with(run, name)
        try:
            every_epoch_runs(run, finding, stub="train_with", training=training)
            require_squared_error(run, training)
            history_is_honest(run, finding, stub="train_with", training=training)
        except CheckFailedError as failure:
            raise CheckFailedError(f"`{call_of(name)}`: {failure.message}", failure.hint) from None
    finding.say(f"All three ran {epochs(run.given.epochs)}, and return what `fit` reported.")


def test_frozen_layer_holds_still(run: Run, finding: Finding) -> None:
    """The frozen layer does not change.

    After `freeze_first_layer`, training does not change the first layer.
    """
    changes = changes_with_frozen_layer(run, finding)
    if not any(changes[HIDDEN]):
        finding.say("Kernel and bias of the first layer are unchanged, bit for bit.")
        return
    if run.observed.frozen_other:
        hint = "Freeze the model that you are given, not a copy of it."
    elif not all(changes[HIDDEN]):
        hint = "Freeze the whole layer, kernel and bias: `model.layers[0].trainable = False`."
    elif not any(changes[OUTPUT]):
        hint = "That froze the last layer; the first one is `model.layers[0]`."
    else:
        hint = "Nothing is frozen: write `model.layers[0].trainable = False`."
    raise CheckFailedError(
        f"After `freeze_first_layer` training still moved {moved_arrays(run, changes, HIDDEN)}, by "
        f"up to {format_number(max(changes[HIDDEN]))}.",
        hint,
    )


def test_other_layer_still_learns(run: Run, finding: Finding) -> None:
    """The other layer still learns.

    After `freeze_first_layer`, training still changes the output layer.
    """
    changes = changes_with_frozen_layer(run, finding)
    if all(changes[OUTPUT]):
        finding.say(
            f"The output layer still moves, by up to {format_number(max(changes[OUTPUT]))}."
        )
        return
    which = "the output layer" if any(changes) else "every layer"
    raise CheckFailedError(
        f"`freeze_first_layer` froze {which}: training no longer moves the output layer.",
        "Freeze the first layer alone: `model.layers[0].trainable = False`.",
    )
