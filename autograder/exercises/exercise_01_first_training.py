"""01-first-training: compile a model, fit it, read its weights, measure how far they moved."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from autograder.course import Seeds
from autograder.datasets import fruit, orchard
from autograder.exercises.draws import HeldOut, Private
from autograder.exercises.steps import (
    TrainingGiven,
    TrainingObserved,
    compile_,
    make_probe,
    train,
)
from autograder.exercises.student import Student
from autograder.exercises.values import floats, numeric, type_name
from autograder.tasks import CLASSES as TASK

FEATURES, HIDDEN, OUTPUTS = 3, 5, 2
SAMPLES = 256
HELD_OUT_SAMPLES = 512
EPOCHS = 20
"""Not the stub's default of 5, so that a stub that ignores `epochs` shows."""
GUESSING = (0.4, 0.6)
"""Accuracy of a random start: that of a thrown coin, so that only training can pass."""
START_SCALE = 0.2
"""The random start is this much smaller than Glorot's, so that 160 of Adam's steps can turn it."""
SIGNATURES = {
    "compile_model": ("model",),
    "train_model": ("model", "x", "y", "epochs"),
    "first_layer_weights": ("model",),
    "weight_change": ("before", "after"),
}
"""The student's functions, and the names of their arguments."""


class Given(TrainingGiven):
    """What the student's functions are handed.

    Attributes:
        initial_weights: Kernel and bias of each layer, as `get_weights` returns them.
        moved_weights: Made-up weights of the same shapes; each array's largest change is negative.
    """

    initial_weights: list[np.ndarray]
    moved_weights: list[np.ndarray]


class Observed(TrainingObserved):
    """What `perform` saw; see `TrainingObserved`.

    Attributes:
        read_type: Class name of what `first_layer_weights` returned.
        read: That value as an array, for a model with `moved_weights`; None if it is not numeric.
        read_later: The same returned object, after the weights have moved on and been read again.
        changes: What `weight_change` returned for the initial and the moved weights.
        changes_type: Class name of what it returned.
    """

    read_type: str = ""
    read: np.ndarray | None = None
    read_later: np.ndarray | None = None
    changes: list[float | None] | None = None
    changes_type: str = ""


def build_model(weights: list[np.ndarray] | None = None) -> keras.Sequential:
    """The lesson's model: 3 inputs, Dense 5 ReLU, Dense 2 softmax.

    Args:
        weights: Initial weights as `get_weights` returns them; None leaves Keras' own.

    Returns:
        A built model that is not compiled.
    """
    model = keras.Sequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(HIDDEN, activation="relu", name="hidden"),
            keras.layers.Dense(OUTPUTS, activation="softmax", name="output"),
        ]
    )
    if weights is not None:
        model.set_weights(weights)
    return model


def prepare(seeds: Seeds, private: Private | None = None) -> tuple[Given, HeldOut]:
    """Draw the data and the random start.

    Args:
        seeds: Practice seeds, or those derived from the course key.
        private: What grading has besides; None in practice.

    Returns:
        What goes into the sandbox, and what stays outside.
    """
    known = None if private is None else private.practice.training_draw
    ripe = orchard(seeds.training_draw, known)  # weights that students found must not do
    x, y = fruit(SAMPLES, seeds.training_draw, ripe)
    held_out = HeldOut(*fruit(HELD_OUT_SAMPLES, seeds.held_out, ripe))
    draw = np.random.default_rng(seeds.shuffling)
    start = _random_start(held_out, seeds.initial_weights)
    given = Given(
        x=x,
        y=y,
        epochs=EPOCHS,
        shuffling=seeds.shuffling,
        initial_weights=start,
        probe=make_probe(TASK, OUTPUTS, draw),
        moved_weights=[weights + _made_up_move(draw, weights.shape) for weights in start],
    )
    return given, held_out


def _made_up_move(draw: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Changes in [-0.5, 0.4), and one of -0.75 to -0.5, so that signs and means show."""
    move = draw.uniform(-0.5, 0.4, shape).astype(np.float32)
    move.flat[draw.integers(move.size)] = draw.uniform(-0.75, -0.5)
    return move


def _random_start(held_out: HeldOut, seed: int) -> list[np.ndarray]:
    """Small uniform kernels and zero biases, drawn until the untrained model guesses."""
    draw = np.random.default_rng(seed)
    while True:
        w1, w2 = (
            draw.uniform(-START_SCALE * limit, START_SCALE * limit, shape).astype(np.float32)
            for shape in ((FEATURES, HIDDEN), (HIDDEN, OUTPUTS))
            for limit in [np.sqrt(6 / sum(shape))]
        )
        guesses = (np.maximum(held_out.x @ w1, 0) @ w2).argmax(axis=1)
        if GUESSING[0] <= np.mean(guesses == held_out.y) <= GUESSING[1]:
            return [w1, np.zeros(HIDDEN, np.float32), w2, np.zeros(OUTPUTS, np.float32)]


def perform(student: Student, given: Given) -> Observed:
    """Call the student's functions once each, in the order of the lesson.

    Args:
        student: The student's namespace; troubles are noted there by the stub's name.
        given: From `prepare`.

    Returns:
        What was seen.
    """
    keras.utils.set_random_seed(given.shuffling)
    model = build_model(given.initial_weights)
    seen = compile_(student, given, model)
    seen |= train(student, given, model, given.x, given.y, named={"epochs": given.epochs})
    seen |= _read_weights(student, given)
    seen |= _measure_change(student, given)
    return Observed(**seen, signatures=student.signatures)


def _read_weights(student: Student, given: Given) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    model = build_model(given.moved_weights)  # so that this does not hang on how training went
    with student.step("first_layer_weights"):
        returned = student.call("first_layer_weights", model)
        seen["read_type"] = type_name(returned)
        seen["read"] = numeric(returned)
        for variable in model.trainable_variables:
            variable.assign_add(keras.ops.ones_like(variable))
        student.call("first_layer_weights", model)
        seen["read_later"] = numeric(returned)
    return seen


def _measure_change(student: Student, given: Given) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    with student.step("weight_change"):
        returned = student.call(
            "weight_change",
            [weights.copy() for weights in given.initial_weights],
            [weights.copy() for weights in given.moved_weights],
        )
        seen["changes_type"] = type_name(returned)
        seen["changes"] = floats(returned)
    return seen
