"""04-weight-steps: a gradient step by hand, weights by the epoch, optimizers, a frozen layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
from pydantic import Field

from autograder.course import Seeds
from autograder.datasets.sweetness import sweet_fruit
from autograder.exercises.draws import HeldOut, Private
from autograder.exercises.observe import Training, insist_on_layers, training, watch
from autograder.exercises.start import random_start
from autograder.exercises.steps import TrainingGiven, TrainingObserved, make_probe
from autograder.exercises.student import Student, Trouble
from autograder.exercises.values import (
    Observation,
    finite,
    finite_weights,
    numeric,
    type_name,
)
from autograder.tasks import NUMBERS as TASK

FEATURES, HIDDEN, OUTPUTS = 2, 6, 1
SAMPLES = 512
EPOCHS = 6
"""96 steps with batches of 32: three trainings in one second, and time enough for Adam's 0.001."""
START_SCALE = 0.5
"""The random start is this much smaller than Glorot's, so that 24 of Adam's steps can turn it."""
HELD_OUT_SAMPLES = 256
STEP_SAMPLES = 64
FEW_SAMPLES, FEW_EPOCHS = 96, 4
"""For watching and freezing: three batches of 32 an epoch, so that batches are no epochs."""
RATE = 0.1
"""Learning rate of the models that the exercise compiles itself."""
FIRST_GRADIENT = (0.4, -0.2, 0.1, 0.3)
SECOND_GRADIENT = (0.2, 0.2, -0.3, 0.1)
"""An optimizer is asked for one step with each: what it remembers of the first shows in the second.

Their norms are below 1, where clipping usually begins.
"""
OPTIMIZERS = ("sgd", "momentum", "adam")
SQUARED_ERROR, OTHER_LOSS, FROZEN = "squared error", "other loss", "frozen first layer"
_MOST_SNAPSHOTS, _MOST_ARRAYS = 100, 10
SIGNATURES = {
    "gradient_step": ("model", "loss_fn", "x", "y", "learning_rate"),
    "weight_trajectory": ("model", "x", "y", "epochs"),
    "train_with": ("optimizer_name", "model", "x", "y", "epochs"),
    "freeze_first_layer": ("model",),
}
"""The student's functions, and the names of their arguments."""


class Given(TrainingGiven):
    """What the student's functions are handed.

    Attributes:
        initial_weights: Kernel and bias of each layer, as `get_weights` returns them.
        step_weights: Other weights of the same shapes, biases too, to take one step from.
        step_x: Features for one step, shape (64, 2), float32.
        step_y: Answers for one step, shape (64, 1), float32.
        learning_rates: One for each of the three steps that are asked for.
    """

    initial_weights: list[np.ndarray]
    step_weights: list[np.ndarray]
    step_x: np.ndarray
    step_y: np.ndarray
    learning_rates: dict[str, float]


class Step(Observation):
    """What one call of `gradient_step` did.

    Attributes:
        returned: Class name of what it returned.
        loss: That value, if it is a finite number.
        weights: The model's weights afterwards; None if not finite.
    """

    returned: str
    loss: float | None
    weights: list[np.ndarray] | None


class Observed(TrainingObserved):
    """What `perform` saw; see `TrainingObserved`.

    Attributes:
        steps: What `gradient_step` did, by the question; without those that raised.
        step_troubles: What it raised, if it did not raise every time.
        trajectory_type: Class name of what `weight_trajectory` returned.
        trajectory: The snapshots that it returned, read when the weights had moved on; None for
            one that is no list of arrays.
        watched: What it did to the model.
        trainings: What `train_with` did, by the optimizer's name; without those that raised.
        training_troubles: What it raised, if it did not raise every time.
        optimizer_steps: Two steps of each compiled optimizer, with `FIRST_GRADIENT` and
            `SECOND_GRADIENT`, shape (2, 4); None if it took none.
        frozen: What a training did after `freeze_first_layer`.
        frozen_other: Whether that returned another model than it was given.
    """

    steps: dict[str, Step] = Field(default_factory=dict)
    step_troubles: dict[str, Trouble] = Field(default_factory=dict)
    trajectory_type: str = ""
    trajectory: list[list[np.ndarray] | None] | None = None
    watched: Training | None = None
    trainings: dict[str, Training] = Field(default_factory=dict)
    training_troubles: dict[str, Trouble] = Field(default_factory=dict)
    optimizer_steps: dict[str, np.ndarray | None] = Field(default_factory=dict)
    frozen: Training | None = None
    frozen_other: bool = False


def build_model(weights: list[np.ndarray] | None = None) -> keras.Sequential:
    """The notebook's model: 2 inputs, Dense 6 tanh, Dense 1.

    Args:
        weights: Initial weights as `get_weights` returns them; None leaves Keras' own.

    Returns:
        A built model that is not compiled.
    """
    model = keras.Sequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(HIDDEN, activation="tanh", name="hidden"),
            keras.layers.Dense(OUTPUTS, name="output"),
        ]
    )
    if weights is not None:
        model.set_weights(weights)
    return model


def linex(y_true: Any, y_pred: Any) -> Any:
    """A loss for which saying too much costs more than saying too little.

    So it tells apart who hands over truth and prediction in the wrong order.

    Args:
        y_true: True values, shape (samples, 1).
        y_pred: Predictions, shape (samples, 1).

    Returns:
        The mean of exp(gap) - gap - 1, one number.

    Source:
        Varian (1975), A Bayesian approach to real estate assessment.
    """
    gap = y_pred - y_true
    return keras.ops.mean(keras.ops.exp(gap) - gap - 1)


def prepare(seeds: Seeds, private: Private | None = None) -> tuple[Given, HeldOut]:
    """Draw the data, the random start, and the questions about one step.

    Args:
        seeds: Practice seeds, or those derived from the course key.
        private: What grading has besides; None in practice.

    Returns:
        What goes into the sandbox, and what stays outside.
    """
    angle = np.random.default_rng([seeds.training_draw, 1]).uniform(0, 2 * np.pi)
    sweeter = float(np.cos(angle)), float(np.sin(angle))
    # In grading the number is sourness: weights that students found must not do.
    sign = np.float32(1 if private is None else -1)
    x, y = sweet_fruit(SAMPLES, seeds.training_draw, sweeter)
    held_out_x, held_out_y = sweet_fruit(HELD_OUT_SAMPLES, seeds.held_out, sweeter)
    model = build_model()
    start = [START_SCALE * array for array in random_start(model, seeds.initial_weights)]
    draw = np.random.default_rng([seeds.shuffling, 1])
    step_x, step_y = x[:STEP_SAMPLES], sign * y[:STEP_SAMPLES]
    given = Given(
        x=x,
        y=sign * y,
        epochs=EPOCHS,
        shuffling=seeds.shuffling,
        initial_weights=start,
        probe=make_probe(TASK, OUTPUTS, draw),
        step_weights=[
            array + draw.normal(0, 0.3, array.shape).astype(np.float32) for array in start
        ],
        step_x=step_x,
        step_y=step_y,
        learning_rates={
            question: float(draw.uniform(0.05, 0.2))
            for question in (SQUARED_ERROR, OTHER_LOSS, FROZEN)
        },
    )
    return given, HeldOut(held_out_x, sign * held_out_y)


def perform(student: Student, given: Given) -> Observed:
    """Call the student's functions in the order of the lesson.

    Args:
        student: The student's namespace; troubles are noted there by the stub's name.
        given: From `prepare`.

    Returns:
        What was seen.
    """
    seen = _take_steps(student, given)
    seen |= _follow(student, given)
    seen |= _train(student, given)
    seen |= _freeze(student, given)
    return Observed(**seen, signatures=student.signatures)


def _take_steps(student: Student, given: Given) -> dict[str, Any]:
    losses = {
        SQUARED_ERROR: keras.losses.MeanSquaredError(),
        OTHER_LOSS: linex,
        FROZEN: keras.losses.MeanSquaredError(),
    }

    def step(question: str) -> Step:
        model = build_model(given.step_weights)
        model.layers[0].trainable = question != FROZEN
        returned = student.call(
            "gradient_step",
            model,
            losses[question],
            given.step_x.copy(),
            given.step_y.copy(),
            given.learning_rates[question],
        )
        insist_on_layers(model, given.step_weights, "gradient_step")
        return Step(
            returned=type_name(returned),
            loss=finite(returned),
            weights=finite_weights(model.get_weights()),
        )

    steps, troubles = _ask(student, "gradient_step", dict.fromkeys(losses, step))
    return {"steps": steps, "step_troubles": troubles}


def _follow(student: Student, given: Given) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    model = _compiled(build_model(given.initial_weights))
    watched = watch(model)
    keras.utils.set_random_seed(given.shuffling)
    with student.step("weight_trajectory"):
        returned = student.call("weight_trajectory", model, *_few(given), FEW_EPOCHS)
        seen["trajectory_type"] = type_name(returned)
        insist_on_layers(model, given.initial_weights, "weight_trajectory")
        seen["watched"] = training(model, watched, None)
        for variable in model.variables:  # so that live weights among the snapshots show
            variable.assign_add(keras.ops.ones_like(variable))
        if isinstance(returned, (list, tuple)):
            seen["trajectory"] = [_snapshot(entry) for entry in returned[:_MOST_SNAPSHOTS]]
    return seen


def _snapshot(entry: object) -> list[np.ndarray] | None:
    """One entry of a trajectory as arrays, or None if it is no list of arrays."""
    if not isinstance(entry, (list, tuple)):
        return None
    arrays = [numeric(array) for array in entry[:_MOST_ARRAYS]]
    kept = [array for array in arrays if array is not None]
    return kept if len(kept) == len(arrays) else None


def _train(student: Student, given: Given) -> dict[str, Any]:
    optimizer_steps: dict[str, np.ndarray | None] = {}

    def train(name: str) -> Training:
        model = build_model(given.initial_weights)
        watched = watch(model)
        keras.utils.set_random_seed(given.shuffling)
        returned = student.call(
            "train_with", name, model, given.x.copy(), given.y.copy(), given.epochs
        )
        insist_on_layers(model, given.initial_weights, "train_with")
        optimizer_steps[name] = _two_steps(getattr(model, "optimizer", None))
        return training(model, watched, returned, (given.probe.outputs, given.probe.answers))

    trainings, troubles = _ask(student, "train_with", dict.fromkeys(OPTIMIZERS, train))
    return {
        "trainings": trainings,
        "training_troubles": troubles,
        "optimizer_steps": optimizer_steps,
    }


def _two_steps(optimizer: Any) -> np.ndarray | None:
    """Ask a copy of the optimizer for two steps; the student's own keeps its state."""
    places = [np.zeros(len(FIRST_GRADIENT), np.float32)]
    try:
        copy = type(optimizer).from_config(optimizer.get_config())
        variable = keras.Variable(places[0])
        for gradient in (FIRST_GRADIENT, SECOND_GRADIENT):
            copy.apply([keras.ops.convert_to_tensor(np.array(gradient, np.float32))], [variable])
            places.append(variable.numpy())
        steps: np.ndarray = np.diff(np.array(places), axis=0)
    except Exception:  # noqa: BLE001 - an optimizer of the student's own may do anything
        return None
    return steps if np.isfinite(steps).all() else None


def _freeze(student: Student, given: Given) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    model = build_model(given.initial_weights)
    with student.step("freeze_first_layer"):
        returned = student.call("freeze_first_layer", model)
        seen["frozen_other"] = isinstance(returned, keras.Model) and returned is not model
        insist_on_layers(model, given.initial_weights, "freeze_first_layer")
        _compiled(model, at_once=True)
        watched = watch(model)
        keras.utils.set_random_seed(given.shuffling)
        model.fit(*_few(given), epochs=1, verbose=0)
        seen["frozen"] = training(model, watched, None)
    return seen


def _compiled(model: keras.Sequential, *, at_once: bool = False) -> keras.Sequential:
    """Compile a model as the exercise does; `at_once` spares a few steps the tracing."""
    model.compile(
        optimizer=keras.optimizers.SGD(RATE), loss="mean_squared_error", run_eagerly=at_once
    )
    return model


def _few(given: Given) -> tuple[np.ndarray, np.ndarray]:
    return given.x[:FEW_SAMPLES].copy(), given.y[:FEW_SAMPLES].copy()


def _ask(
    student: Student, stub: str, questions: Mapping[str, Callable[[str], Any]]
) -> tuple[dict[str, Any], dict[str, Trouble]]:
    """Put several questions to one function, so that raising at one costs only that one.

    Args:
        student: The student's namespace; the trouble stays there if every question raises.
        stub: The function that they go to.
        questions: What to call, by the name that it is called with.

    Returns:
        Answers, and what was raised, by the question.
    """
    answers: dict[str, Any] = {}
    troubles: dict[str, Trouble] = {}
    for name, question in questions.items():
        with student.step(stub):
            answers[name] = question(name)
        if stub in student.troubles:
            troubles[name] = student.troubles.pop(stub)
    if not answers:
        student.troubles[stub] = next(iter(troubles.values()))
        return {}, {}
    return answers, troubles
