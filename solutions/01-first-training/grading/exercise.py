"""01-first-training: compile a model, fit it, read its weights, measure how far they moved."""

from __future__ import annotations

from typing import ClassVar, TypedDict

import keras
import numpy as np

from autograder.course import Seeds
from autograder.exercises import (
    CLASSIFICATION,
    Exercise,
    GradingData,
    HeldOut,
    Student,
    TrainingGiven,
    TrainingObserved,
    compile_model,
    floats,
    make_probe,
    numeric,
    train,
    type_name,
)

from ..fruit import fruit, orchard

FEATURES, HIDDEN, OUTPUTS = 3, 5, 2
SAMPLES = 256
HELD_OUT_SAMPLES = 512
EPOCHS = 20
"""Not the stub's default of 5, so that a stub that ignores `epochs` fails."""
GUESSING = (0.4, 0.6)
"""Accuracy of the initial weights: that of a coin toss, so that only training can pass."""
START_SCALE = 0.2
"""Initial weights are this much smaller than Glorot's: 160 steps of Adam can change their signs."""


class Given(TrainingGiven):
    """What the student's functions get.

    Attributes:
        initial_weights: Kernel and bias of each layer, as `get_weights` returns them.
        moved_weights: Made-up weights of the same shapes; each array's largest change is negative.
    """

    initial_weights: list[np.ndarray]
    moved_weights: list[np.ndarray]


class Observed(TrainingObserved):
    """What `perform` observes; see `TrainingObserved`.

    Attributes:
        read_type: Class name of what `first_layer_weights` returned.
        read: That value as an array, for a model with `moved_weights`; None if it is not numeric.
        read_later: The same returned object, after the weights have changed and been read again.
        changes: What `weight_change` returned for the initial and the moved weights.
        changes_type: Class name of what it returned.
    """

    read_type: str = ""
    read: np.ndarray | None = None
    read_later: np.ndarray | None = None
    changes: list[float | None] | None = None
    changes_type: str = ""


class ReadFields(TypedDict, total=False):
    """What is observed of `first_layer_weights`; see `Observed`."""

    read_type: str
    read: np.ndarray | None
    read_later: np.ndarray | None


class ChangeFields(TypedDict, total=False):
    """What is observed of `weight_change`; see `Observed`."""

    changes: list[float | None] | None
    changes_type: str


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


class FirstTraining(Exercise[Given, Observed]):
    """Compile a model, fit it, read its weights, measure how far they moved."""

    objective = CLASSIFICATION
    signatures: ClassVar = {
        "compile_model": ("model",),
        "train_model": ("model", "x", "y", "epochs"),
        "first_layer_weights": ("model",),
        "weight_change": ("before", "after"),
    }
    features = ("size", "color", "softness")

    def prepare(self, seeds: Seeds, grading: GradingData | None) -> tuple[Given, HeldOut]:
        """Make up the fruit, and draw the initial weights."""
        # Another orchard than in practice, so that weights that students trained there fail.
        practice = None if grading is None else grading.practice_seeds.training_draw
        ripe = orchard(seeds.training_draw, unlike=practice)
        x, y = fruit(SAMPLES, seeds.training_draw, ripe)
        held_out = HeldOut(*fruit(HELD_OUT_SAMPLES, seeds.held_out, ripe))
        rng = np.random.default_rng(seeds.shuffling)
        initial_weights = _draw_initial_weights(held_out, seeds.initial_weights)
        given = Given(
            x=x,
            y=y,
            epochs=EPOCHS,
            shuffling=seeds.shuffling,
            initial_weights=initial_weights,
            probe=make_probe(CLASSIFICATION, OUTPUTS, rng),
            moved_weights=[array + _make_up_move(rng, array) for array in initial_weights],
        )
        return given, held_out

    def perform(self, student: Student, given: Given) -> Observed:
        """Call the four functions once each."""
        keras.utils.set_random_seed(given.shuffling)
        model = build_model(given.initial_weights)
        return Observed(
            **compile_model(student, given, model),
            **train(student, given, model, given.x, given.y, kwargs={"epochs": given.epochs}),
            **_read_weights(student, given),
            **_measure_change(student, given),
            signatures=student.signatures,
        )

    def build_model(self) -> keras.Sequential:
        """The lesson's model."""
        return build_model()


def _make_up_move(rng: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """Changes in [-0.5, 0.4), and of a greatest weight one of -0.75 to -0.5.

    So wrong signs and means show, and so does who drops the signs before subtracting.
    """
    move = rng.uniform(-0.5, 0.4, weights.shape).astype(np.float32)
    greatest = np.flatnonzero(weights == weights.max())
    move.flat[rng.choice(greatest)] = rng.uniform(-0.75, -0.5)
    return move


def _draw_initial_weights(held_out: HeldOut, seed: int) -> list[np.ndarray]:
    """Small uniform kernels and zero biases, drawn until the untrained model only guesses."""
    rng = np.random.default_rng(seed)
    while True:
        w1, w2 = (
            rng.uniform(-START_SCALE * limit, START_SCALE * limit, shape).astype(np.float32)
            for shape in ((FEATURES, HIDDEN), (HIDDEN, OUTPUTS))
            for limit in [np.sqrt(6 / sum(shape))]
        )
        guesses = (np.maximum(held_out.x @ w1, 0) @ w2).argmax(axis=1)
        if GUESSING[0] <= np.mean(guesses == held_out.y) <= GUESSING[1]:
            return [w1, np.zeros(HIDDEN, np.float32), w2, np.zeros(OUTPUTS, np.float32)]


def _read_weights(student: Student, given: Given) -> ReadFields:
    observed: ReadFields = {}
    model = build_model(given.moved_weights)  # independent of how training went
    with student.step("first_layer_weights"):
        returned = student.call("first_layer_weights", model)
        observed["read_type"] = type_name(returned)
        observed["read"] = numeric(returned)
        for variable in model.trainable_variables:
            variable.assign_add(keras.ops.ones_like(variable))
        student.call("first_layer_weights", model)
        observed["read_later"] = numeric(returned)
    return observed


def _measure_change(student: Student, given: Given) -> ChangeFields:
    observed: ChangeFields = {}
    with student.step("weight_change"):
        returned = student.call(
            "weight_change",
            [weights.copy() for weights in given.initial_weights],
            [weights.copy() for weights in given.moved_weights],
        )
        observed["changes_type"] = type_name(returned)
        observed["changes"] = floats(returned)
    return observed
