"""What checks need of the trainings by `train_with`, and of the one with a frozen layer."""

from __future__ import annotations

import numpy as np

from autograder.checks import (
    NO_LEARNING_RATE,
    CheckFailedError,
    Finding,
    TrainingRun,
    finite_weights,
    join_names,
    largest_changes,
    reached,
    trained,
)
from autograder.exercises import Training

from .optimizers import HOW_TO_GET, KINDS, kind_of
from .schema import Given, Observed

Run = TrainingRun[Given, Observed]
HIDDEN, OUTPUT = slice(0, 2), slice(2, 4)
"""Each layer's arrays: kernel and bias."""


def optimizer_is(run: Run, finding: Finding, name: str) -> None:
    """The optimizer of a name takes the steps of its kind."""
    compiled, steps = training_with(run, name).compiled, run.observed.optimizer_steps.get(name)
    if compiled is None:
        raise CheckFailedError(
            f"After {call_of(name)} the given model is not compiled.",
            "Call `model.compile(optimizer=..., loss=...)` on the model that you are given.",
        )
    kind = kind_of(steps)
    finding.show(optimizer=compiled.optimizer, learning_rate=compiled.learning_rate, kind=kind)
    if kind == KINDS[name]:
        finding.say(
            f"`{call_of(name)}` compiles {compiled.optimizer}, whose steps are those of {kind}."
        )
        return
    raise CheckFailedError(
        f"`{call_of(name)}` compiles {compiled.optimizer}, whose steps are those of {kind}, not of "
        f"{KINDS[name]}.",
        NO_LEARNING_RATE
        if compiled.learning_rate == 0
        else f'For `"{name}"` use {HOW_TO_GET[name]}.',
    )


def training_with(run: Run, name: str) -> Training:
    """The training by `train_with` with one optimizer.

    Args:
        run: The training run.
        name: The optimizer's name.

    Raises:
        CheckFailedError: If the call raised, or changed the model's layers.
    """
    reached(run, "train_with")
    error = run.observed.training_errors.get(name)
    if error is not None:
        raise CheckFailedError(
            f"`{call_of(name)}` {error}",
            f'Provide an optimizer for the name `"{name}"`: {HOW_TO_GET[name]}.',
        )
    return trained(run, "train_with", run.observed.trainings.get(name))


def require_squared_error(run: Run, training: Training) -> None:
    """The compiled loss is the mean squared error, by its value on made-up numbers."""
    probe, compiled = run.given.probe, training.compiled
    expected = run.objective.loss(probe.outputs, probe.answers)
    value = compiled.loss_value if compiled else None
    if value is None or not np.isclose(value, [expected, expected * len(probe.answers)]).any():
        raise CheckFailedError(
            f"The compiled loss is {compiled.loss if compiled else 'missing'}; it must be the mean "
            "squared error.",
            'Compile with `loss="mean_squared_error"`.',
        )


def changes_with_frozen_layer(run: Run, finding: Finding) -> list[float]:
    """How far the training after `freeze_first_layer` moved each array."""
    training = trained(run, "freeze_first_layer", run.observed.frozen)
    changes = largest_changes(run.initial_weights, finite_weights(run, training))
    finding.show(largest_change=dict(zip(run.arrays, changes, strict=True)))
    return changes


def moved_arrays(run: Run, changes: list[float], layer: slice) -> str:
    """The arrays of a layer that moved, for a message."""
    pairs = zip(run.arrays[layer], changes[layer], strict=True)
    return join_names(name for name, change in pairs if change)


def call_of(name: str) -> str:
    """The call of `train_with` with one optimizer, for a message."""
    return f'train_with("{name}", ...)'
