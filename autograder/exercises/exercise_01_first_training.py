"""01-first-training: compile a model, fit it, read its weights, measure how far they moved."""

from __future__ import annotations

import dataclasses
from typing import Any

import keras
import numpy as np
from pydantic import Field

from autograder.architecture import describe
from autograder.course import Seeds
from autograder.datasets import fruit, orchard
from autograder.exercises.observe import (
    CompileSettings,
    Observation,
    ObservedSequential,
    compile_settings,
    finite,
    finite_weights,
    insist_on_layers,
    reported_loss,
    same_layers,
)
from autograder.exercises.student import Student

FEATURES, HIDDEN, CLASSES = 3, 5, 2
SAMPLES = 256
HELD_OUT_SAMPLES = 512
EPOCHS = 20
"""Not the stub's default of 5, so that a stub that ignores `epochs` shows."""
GUESSING = (0.4, 0.6)
"""Accuracy of a random start: that of a thrown coin, so that only training can pass."""
START_SCALE = 0.2
"""The random start is this much smaller than Glorot's, so that 160 of Adam's steps can turn it."""
PROBES = 32
SIGNATURES = {
    "compile_model": ("model",),
    "train_model": ("model", "x", "y", "epochs"),
    "first_layer_weights": ("model",),
    "weight_change": ("before", "after"),
}
"""The student's functions, and the names of their arguments."""


class Given(Observation):
    """What the student's functions are handed.

    Attributes:
        initial_weights: Kernel and bias of each layer, float32, as `get_weights` returns them.
        x: Training features, shape (samples, 3), float32.
        y: Training labels, shape (samples,), int64.
        epochs: How many epochs to train.
        shuffling: Seed of everything random during training.
        probe_probabilities: Made-up model outputs, shape (32, 2), float32.
        probe_labels: Made-up labels, shape (32,), int64.
        moved_weights: Made-up weights of the same shapes; each array's largest change is negative.
    """

    initial_weights: list[np.ndarray]
    x: np.ndarray
    y: np.ndarray
    epochs: int
    shuffling: int
    probe_probabilities: np.ndarray
    probe_labels: np.ndarray
    moved_weights: list[np.ndarray]


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """What never enters the sandbox: features (samples, 3) float32, labels (samples,) int64."""

    x: np.ndarray
    y: np.ndarray


class Observed(Observation):
    """What `perform` saw; a field is None when its step was not reached or gave nothing usable.

    Attributes:
        compiled: Settings after `compile_model`.
        compiled_other: Whether `compile_model` returned another model than it was given.
        compiled_after_training: Settings after `train_model`.
        fit_ran: Whether `train_model` returned at all.
        architecture: The given model after `train_model`, as `architecture.describe` puts it.
        returned: Class name of what `train_model` returned.
        reported_loss: The history's loss per epoch, None for a value that is not finite.
        epoch_weights: Weights after each epoch that ran on the given model; None once not finite.
        trained_weights: The given model's weights after `train_model`; None if not finite.
        read_type: Class name of what `first_layer_weights` returned.
        read: That value as an array, for a model with `moved_weights`; None if it is not numeric.
        read_later: The same returned object, after the weights have moved on and been read again.
        changes: What `weight_change` returned for the initial and the moved weights.
        changes_type: Class name of what it returned.
        signatures: Parameter names of the student's functions.
    """

    compiled: CompileSettings | None = None
    compiled_other: bool = False
    compiled_after_training: CompileSettings | None = None
    fit_ran: bool = False
    architecture: dict[str, Any] | None = None
    returned: str = ""
    reported_loss: list[float | None] | None = None
    epoch_weights: list[list[np.ndarray] | None] = Field(default_factory=list)
    trained_weights: list[np.ndarray] | None = None
    read_type: str = ""
    read: np.ndarray | None = None
    read_later: np.ndarray | None = None
    changes: list[float | None] | None = None
    changes_type: str = ""
    signatures: dict[str, list[str]] = Field(default_factory=dict)


def build_model(weights: list[np.ndarray] | None = None) -> ObservedSequential:
    """The lesson's model: 3 inputs, Dense 5 ReLU, Dense 2 softmax.

    Args:
        weights: Initial weights as `get_weights` returns them; None leaves Keras' own.

    Returns:
        A built model that is not compiled.
    """
    model = ObservedSequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(HIDDEN, activation="relu", name="hidden"),
            keras.layers.Dense(CLASSES, activation="softmax", name="output"),
        ]
    )
    if weights is not None:
        model.set_weights(weights)
    return model


def prepare(seeds: Seeds, practice: Seeds | None = None) -> tuple[Given, HeldOut]:
    """Draw the data and the random start.

    Args:
        seeds: Practice seeds, or those derived from the course key.
        practice: What students know, where `seeds` are not that: weights that were found with
            them must not do.

    Returns:
        What goes into the sandbox, and what stays outside.
    """
    ripe = orchard(seeds.training_draw, None if practice is None else practice.training_draw)
    x, y = fruit(SAMPLES, seeds.training_draw, ripe)
    held_out = HeldOut(*fruit(HELD_OUT_SAMPLES, seeds.held_out, ripe))
    draw = np.random.default_rng(seeds.shuffling)
    probabilities = _made_up_probabilities(draw)
    start = _random_start(held_out, seeds.initial_weights)
    given = Given(
        initial_weights=start,
        x=x,
        y=y,
        epochs=EPOCHS,
        shuffling=seeds.shuffling,
        probe_probabilities=probabilities,
        probe_labels=_made_up_labels(draw, probabilities),
        moved_weights=[weights + _made_up_move(draw, weights.shape) for weights in start],
    )
    return given, held_out


def _made_up_probabilities(draw: np.random.Generator) -> np.ndarray:
    sure = draw.uniform(0.55, 0.95, PROBES).astype(np.float32)
    first = np.where(draw.permutation(PROBES) % 2 == 0, sure, 1 - sure)
    return np.stack([first, 1 - first], axis=1)


def _made_up_labels(draw: np.random.Generator, probabilities: np.ndarray) -> np.ndarray:
    """The likelier class, but for 10 of 32: an accuracy, 0.6875, that no other metric has."""
    wrong = draw.permutation(PROBES) < 10  # noqa: PLR2004
    likelier = probabilities.argmax(axis=1)
    labels: np.ndarray = np.where(wrong, 1 - likelier, likelier).astype(np.int64)
    return labels


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
            for shape in ((FEATURES, HIDDEN), (HIDDEN, CLASSES))
            for limit in [np.sqrt(6 / sum(shape))]
        )
        guesses = (np.maximum(held_out.x @ w1, 0) @ w2).argmax(axis=1)
        if GUESSING[0] <= np.mean(guesses == held_out.y) <= GUESSING[1]:
            return [w1, np.zeros(HIDDEN, np.float32), w2, np.zeros(CLASSES, np.float32)]


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
    seen = _compile(student, given, model)
    seen |= _train(student, given, model)
    seen |= _read_weights(student, given)
    seen |= _measure_change(student, given)
    return Observed(**seen, signatures=student.signatures)


def _compile(student: Student, given: Given, model: ObservedSequential) -> dict[str, Any]:
    returned = None
    with student.step("compile_model"):
        returned = student.call("compile_model", model)
        insist_on_layers(model, given.initial_weights, "compile_model")
    return {
        "compiled": compile_settings(model, given.probe_probabilities, given.probe_labels),
        "compiled_other": isinstance(returned, keras.Model) and returned is not model,
    }


def _train(student: Student, given: Given, model: ObservedSequential) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    with student.step("train_model"):
        history = student.call(
            "train_model", model, given.x.copy(), given.y.copy(), epochs=given.epochs
        )
        seen["fit_ran"] = True
        seen["returned"] = type(history).__name__[:100]
        seen["reported_loss"] = reported_loss(history)
        insist_on_layers(model, given.initial_weights, "train_model")
        seen["architecture"] = describe(model)
    if not same_layers(model, given.initial_weights):
        return seen
    seen["epoch_weights"] = [finite_weights(weights) for weights in model.epoch_weights]
    seen["trained_weights"] = finite_weights(model.get_weights())
    seen["compiled_after_training"] = compile_settings(
        model, given.probe_probabilities, given.probe_labels
    )
    return seen


def _read_weights(student: Student, given: Given) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    model = build_model(given.moved_weights)  # so that this does not hang on how training went
    with student.step("first_layer_weights"):
        returned = student.call("first_layer_weights", model)
        seen["read_type"] = type(returned).__name__[:100]
        seen["read"] = _numeric(returned)
        for variable in model.trainable_variables:
            variable.assign_add(keras.ops.ones_like(variable))
        student.call("first_layer_weights", model)
        seen["read_later"] = _numeric(returned)
    return seen


def _measure_change(student: Student, given: Given) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    with student.step("weight_change"):
        returned = student.call(
            "weight_change",
            [weights.copy() for weights in given.initial_weights],
            [weights.copy() for weights in given.moved_weights],
        )
        seen["changes_type"] = type(returned).__name__[:100]
        seen["changes"] = _floats(returned)
    return seen


def _numeric(value: object) -> np.ndarray | None:
    """A float32 copy of something numeric and finite of at most 10,000 numbers, or None."""
    try:
        array = np.array(value, dtype=np.float32)
    except Exception:  # noqa: BLE001 - a student's object may do anything when it is converted
        return None
    return array if array.size <= 10_000 and np.isfinite(array).all() else None  # noqa: PLR2004


def _floats(value: object) -> list[float | None] | None:
    """A list, tuple or array of numbers as floats, or None if it is something else."""
    if not isinstance(value, (list, tuple, np.ndarray)):
        return None
    return [finite(item) for item in list(value)[:100]]
