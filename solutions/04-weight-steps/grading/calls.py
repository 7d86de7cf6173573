"""Call the functions of 04-weight-steps, and observe what each of them does."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TypedDict, TypeVar

import keras
import numpy as np

from autograder.exercises import (
    Student,
    StudentError,
    Training,
    finite,
    finite_weights,
    learning_rate_of,
    numeric,
    observe_training,
    optimizer_steps,
    record_compile,
    record_epochs,
    require_same_layers,
    type_name,
)

from .model import build_model, linex
from .optimizers import FIRST_GRADIENT, SECOND_GRADIENT
from .schema import (
    FEW_EPOCHS,
    FEW_SAMPLES,
    FROZEN_STEP,
    OPTIMIZERS,
    OTHER_LOSS_STEP,
    PLAIN_STEP,
    STEPS,
    Given,
    Step,
)

LEARNING_RATE = 0.1
"""Of the models that are compiled here."""
_MOST_SNAPSHOTS, _MOST_ARRAYS = 100, 10
_AnswerT = TypeVar("_AnswerT")


class StepFields(TypedDict):
    """What is observed of `gradient_step`; see `Observed`."""

    steps: dict[str, Step]
    step_errors: dict[str, StudentError]


class TrajectoryFields(TypedDict, total=False):
    """What is observed of `weight_trajectory`; see `Observed`."""

    trajectory_type: str
    trajectory: list[list[np.ndarray] | None]
    trajectory_training: Training
    trajectory_compiled: bool


class TrainingsFields(TypedDict):
    """What is observed of `train_with`; see `Observed`."""

    trainings: dict[str, Training]
    training_errors: dict[str, StudentError]
    optimizer_steps: dict[str, np.ndarray | None]


class FrozenFields(TypedDict, total=False):
    """What is observed of `freeze_first_layer`; see `Observed`."""

    frozen: Training
    frozen_other: bool


def take_steps(student: Student, given: Given) -> StepFields:
    """Let `gradient_step` take each of the steps in `STEPS`."""
    calls: list[str] = []

    @functools.wraps(linex)
    def other_loss(*args: object, **kwargs: object) -> object:
        """The other loss, which notes that it was called."""
        calls.append(OTHER_LOSS_STEP)
        return linex(*args, **kwargs)

    losses = {
        PLAIN_STEP: keras.losses.MeanSquaredError(),
        OTHER_LOSS_STEP: other_loss,
        FROZEN_STEP: keras.losses.MeanSquaredError(),
    }

    def take_step(name: str) -> Step:
        model = build_model(given.step_weights)
        model.layers[0].trainable = name != FROZEN_STEP
        returned = student.call(
            "gradient_step",
            model,
            losses[name],
            given.step_x.copy(),
            given.step_y.copy(),
            given.learning_rates[name],
        )
        require_same_layers(model, given.step_weights, "gradient_step")
        return Step(
            returned=type_name(returned),
            loss=finite(returned),
            weights=finite_weights(model.get_weights()),
            called_loss=name in calls,
        )

    steps, errors = _call_for_each(STEPS, take_step, student, "gradient_step")
    return {"steps": steps, "step_errors": errors}


def follow_weights(student: Student, given: Given) -> TrajectoryFields:
    """Let `weight_trajectory` train a model; change the weights before reading the snapshots."""
    observed: TrajectoryFields = {}
    model = _compile(build_model(given.initial_weights))
    recorder, compiled_again = record_epochs(model), record_compile(model)
    keras.utils.set_random_seed(given.shuffling)
    with student.step("weight_trajectory"):
        returned = student.call("weight_trajectory", model, *_few(given), FEW_EPOCHS)
        observed["trajectory_type"] = type_name(returned)
        require_same_layers(model, given.initial_weights, "weight_trajectory")
        observed["trajectory_training"] = observe_training(model, recorder, None)
        observed["trajectory_compiled"] = bool(compiled_again)
        for variable in model.variables:  # so that live weights among the snapshots show
            variable.assign_add(keras.ops.ones_like(variable))
        if isinstance(returned, (list, tuple)):
            observed["trajectory"] = [_snapshot(entry) for entry in returned[:_MOST_SNAPSHOTS]]
    return observed


def _snapshot(entry: object) -> list[np.ndarray] | None:
    """One entry of a trajectory as arrays, or None if it is not a list of arrays."""
    if not isinstance(entry, (list, tuple)):
        return None
    arrays = [numeric(array) for array in entry[:_MOST_ARRAYS]]
    kept = [array for array in arrays if array is not None]
    return kept if len(kept) == len(arrays) else None


def train_with_each(student: Student, given: Given) -> TrainingsFields:
    """Let `train_with` train a model with each of the optimizers."""
    steps: dict[str, np.ndarray | None] = {}

    def train_with(name: str) -> Training:
        model = build_model(given.initial_weights)
        recorder = record_epochs(model)
        keras.utils.set_random_seed(given.shuffling)
        returned = student.call(
            "train_with", name, model, given.x.copy(), given.y.copy(), given.epochs
        )
        require_same_layers(model, given.initial_weights, "train_with")
        optimizer = getattr(model, "optimizer", None)
        rate = learning_rate_of(optimizer)  # of a schedule; the first one of a warm-up is 0
        steps[name] = optimizer_steps(optimizer, [FIRST_GRADIENT, SECOND_GRADIENT], rate)
        probe = given.probe.outputs, given.probe.answers
        return observe_training(model, recorder, returned, probe)

    trainings, errors = _call_for_each(OPTIMIZERS, train_with, student, "train_with")
    return {"trainings": trainings, "training_errors": errors, "optimizer_steps": steps}


def freeze(student: Student, given: Given) -> FrozenFields:
    """Let `freeze_first_layer` freeze a layer of a model, and train that model."""
    observed: FrozenFields = {}
    model = build_model(given.initial_weights)
    with student.step("freeze_first_layer"):
        returned = student.call("freeze_first_layer", model)
        observed["frozen_other"] = isinstance(returned, keras.Model) and returned is not model
        require_same_layers(model, given.initial_weights, "freeze_first_layer")
        _compile(model, eager=True)  # for a few steps, tracing would take longer
        recorder = record_epochs(model)
        keras.utils.set_random_seed(given.shuffling)
        model.fit(*_few(given), epochs=1, verbose=0)
        observed["frozen"] = observe_training(model, recorder, None)
    return observed


def _compile(model: keras.Sequential, *, eager: bool = False) -> keras.Sequential:
    optimizer = keras.optimizers.SGD(LEARNING_RATE)
    model.compile(optimizer=optimizer, loss="mean_squared_error", run_eagerly=eager)
    return model


def _few(given: Given) -> tuple[np.ndarray, np.ndarray]:
    return given.x[:FEW_SAMPLES].copy(), given.y[:FEW_SAMPLES].copy()


def _call_for_each(
    names: Iterable[str], call: Callable[[str], _AnswerT], student: Student, stub: str
) -> tuple[dict[str, _AnswerT], dict[str, StudentError]]:
    """Call a function several times, so that a call that raises does not cost the others.

    Args:
        names: The names of the calls.
        call: Makes the call of a name.
        student: The student's functions; keeps the first error if every call raises.
        stub: The function that is called.

    Returns:
        The answers, and the errors, by the calls' names; no errors if every call raises.
    """
    answers: dict[str, _AnswerT] = {}
    errors: dict[str, StudentError] = {}
    for name in names:
        with student.step(stub):
            answers[name] = call(name)
        if stub in student.errors:
            errors[name] = student.errors.pop(stub)
    if not answers:
        student.errors[stub] = next(iter(errors.values()))
        return {}, {}
    return answers, errors
