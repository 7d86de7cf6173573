"""03-digit-images: train a network on images until it over-fits, and keep its best weights."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from autograder.course import Seeds
from autograder.datasets.digits import IMAGE_SHAPE, N_DIGITS, digits, typed_in_a_hurry
from autograder.exercises.draws import HeldOut, Private, new_numbers, sample
from autograder.exercises.observe import Training
from autograder.exercises.start import random_start
from autograder.exercises.steps import (
    TrainingGiven,
    TrainingObserved,
    build,
    build_other,
    compile_,
    make_probe,
    train,
)
from autograder.exercises.student import Student
from autograder.exercises.values import Observation, finite, numeric, type_name
from autograder.tasks import CLASSES as TASK

EACH, VALIDATION_EACH, HELD_OUT_EACH = 30, 15, 50
"""Images of each digit. The held-out ones are public in practice; grading has its own."""
WRONG = 0.25
"""Share of the training labels that are wrong, so that over-fitting shows soon."""
MORE_STARTS = 2
"""Trainings from other random starts, besides the one that is watched."""
FEW = 75
"""Training images beside misleading validation labels: only half as many as those, so that a
model that trains on both believes the misleading ones."""
OTHER_SIZES = ((16, 12, 1), 4)
"""Image shape and classes that `build_model` is asked for too; larger, so that layers fit."""
SIGNATURES = {
    "build_model": ("image_shape", "n_classes"),
    "compile_model": ("model",),
    "train_model": ("model", "x", "y", "x_val", "y_val"),
    "best_epoch": ("history",),
    "confusion_matrix": ("model", "x", "y"),
}
"""The student's functions, and the names of their arguments."""

READER_SHAPE, READER_CLASSES = (3, 2, 1), 5
"""A small model to ask `confusion_matrix` about: one pixel of six for each of five classes."""
SILENT, UNSEEN = 3, 4
"""A class that the small model never says, and one that never occurs at all."""
_SURE = 8.0
_CURVE_EPOCHS = 12
_PUBLIC, _NUMBERS, _PROBE, _MISLEADING, _READER, _CURVES = range(6)


class Images(Observation):
    """Images and their labels, for one of the student's functions.

    Attributes:
        x: Shape (samples, rows, columns, 1), float32.
        y: Shape (samples,), int64.
    """

    x: np.ndarray
    y: np.ndarray


class Given(TrainingGiven):
    """What the student's functions are handed.

    Attributes:
        validation: Images for validation; their labels are right.
        misleading: The labels of those images in another training: each class has another's name.
        more_starts: Seeds of further random starts.
        reader: Kernel of the made-up model that `confusion_matrix` is asked about, shape (6, 5).
        read: Images for that model.
        said: The classes that it says they are, shape (samples,), int64.
        curves: Made-up histories for `best_epoch`: by name, one value an epoch.
    """

    validation: Images
    misleading: np.ndarray
    more_starts: list[int]
    reader: np.ndarray
    read: Images
    said: np.ndarray
    curves: list[dict[str, list[float]]]


class Observed(TrainingObserved):
    """What `perform` saw; see `TrainingObserved`.

    Attributes:
        restarts: Trainings from other random starts, without the weights of their epochs.
        misled: A training beside misleading validation labels, likewise.
        best: What `best_epoch` returned for each made-up history; None for what is no number.
        best_types: Class names of what it returned.
        matrix: What `confusion_matrix` returned, as an array; None if it is not numeric.
        matrix_type: Class name of what it returned.
    """

    restarts: dict[str, Training] = Field(default_factory=dict)
    misled: Training | None = None
    best: list[float | None] | None = None
    best_types: list[str] = Field(default_factory=list)
    matrix: np.ndarray | None = None
    matrix_type: str = ""


def prepare(seeds: Seeds, private: Private | None = None) -> tuple[Given, HeldOut]:
    """Draw the images, spoil some of the training labels, and make up the questions.

    Args:
        seeds: Practice seeds, or those derived from the course key.
        private: What grading has besides; None in practice.

    Returns:
        What goes into the sandbox, and what stays outside.

    Raises:
        CourseError: If the private images are missing.
    """
    images, labels = digits()
    if private is None:
        held_out = sample(np.random.default_rng([seeds.held_out, _PUBLIC]), labels, HELD_OUT_EACH)
        x_held_out, y_held_out = images[held_out], labels[held_out]
        images, labels = np.delete(images, held_out, axis=0), np.delete(labels, held_out)
    else:
        x_held_out, y_held_out = private.read(".npz", digits)
    drawn = np.random.default_rng([seeds.training_draw, _PUBLIC])
    training = sample(drawn, labels, EACH)
    others = np.setdiff1d(np.arange(len(labels)), training)
    validation = others[sample(drawn, labels[others], VALIDATION_EACH)]

    numbers = new_numbers(np.random.default_rng([seeds.training_draw, _NUMBERS]), N_DIGITS, private)
    y_val = numbers[labels[validation]]
    reader, read, said = _made_up_reading(np.random.default_rng([seeds.shuffling, _READER]))
    given = Given(
        x=images[training],
        y=numbers[typed_in_a_hurry(labels[training], WRONG, seeds.training_draw)],
        shuffling=seeds.shuffling,
        start_seed=seeds.initial_weights,
        probe=make_probe(TASK, N_DIGITS, np.random.default_rng([seeds.shuffling, _PROBE])),
        validation=Images(x=images[validation], y=y_val),
        misleading=_swapped(np.random.default_rng([seeds.shuffling, _MISLEADING]))[y_val],
        more_starts=[seeds.initial_weights + 1 + n for n in range(MORE_STARTS)],
        reader=reader,
        read=read,
        said=said,
        curves=_made_up_curves(np.random.default_rng([seeds.shuffling, _CURVES])),
    )
    return given, HeldOut(x=x_held_out, y=numbers[y_held_out])


def _swapped(draw: np.random.Generator) -> NDArray[np.int64]:
    """Another class for each class, shape (10,): the classes in a ring, each gets its neighbour."""
    ring = draw.permutation(N_DIGITS)
    others = np.empty(N_DIGITS, np.int64)
    others[ring] = np.roll(ring, 1)
    return others


def _made_up_reading(draw: np.random.Generator) -> tuple[NDArray[np.float32], Images, Any]:
    """A kernel, images, and what the model with that kernel says they are."""
    counts = draw.integers(1, 9, (READER_CLASSES, READER_CLASSES))
    counts[:, [SILENT, UNSEEN]] = 0
    counts[UNSEEN] = 0
    true, said = draw.permutation(np.repeat(np.argwhere(counts >= 0), counts.ravel(), axis=0)).T
    pixel = draw.permutation(int(np.prod(READER_SHAPE)))
    kernel = _SURE * np.eye(len(pixel), READER_CLASSES, dtype=np.float32)[pixel]
    x = draw.uniform(0, 0.5, (len(true), len(pixel))).astype(np.float32)
    x[np.arange(len(x)), np.argsort(pixel)[said]] += 1
    return kernel, Images(x=x.reshape(-1, *READER_SHAPE), y=true.copy()), said.copy()


def _made_up_curves(draw: np.random.Generator) -> list[dict[str, list[float]]]:
    """Histories whose validation loss is lowest in the middle, in the first and the last epoch.

    In the first of them every other answer that one might give is another epoch.
    """
    epochs = np.arange(_CURVE_EPOCHS)
    curves = []
    for best in (int(draw.integers(4, _CURVE_EPOCHS - 4)), 0, _CURVE_EPOCHS - 1):
        away = epochs - best
        losses = 0.6 + np.where(away < 0, -0.2, 0.07) * away
        losses += draw.uniform(0, 0.05, _CURVE_EPOCHS) * (away != 0)
        losses[[1, 2]] = losses[[2, 1]]  # a rise before the best epoch
        curve = {
            "accuracy": 0.3 + 0.05 * epochs,
            "loss": 2.2 * 0.8**epochs,
            "val_accuracy": 0.8 - 0.03 * np.abs(epochs - (best + 2) % _CURVE_EPOCHS),
            "val_loss": losses,
        }
        for name in ("accuracy", "loss"):
            curve[name][-2:] = curve[name][:-3:-1]  # the last epoch but one is the best by these
        curves.append({name: values.tolist() for name, values in curve.items()})
    return curves


def perform(student: Student, given: Given) -> Observed:
    """Call the student's functions, in the order of the lesson.

    Args:
        student: The student's namespace; troubles are noted there by the stub's name.
        given: From `prepare`.

    Returns:
        What was seen.
    """
    model, seen = build(student, given, IMAGE_SHAPE, N_DIGITS)
    seen |= build_other(student, OTHER_SIZES[0], *OTHER_SIZES)
    if model is not None:
        seen |= compile_(student, given, model)
        seen |= _train(student, given, model)
    seen |= _ask_for_best_epochs(student, given)
    seen |= _ask_for_matrix(student, given)
    return Observed(**seen, signatures=student.signatures)


def _train(student: Student, given: Given, model: Any) -> dict[str, Any]:
    """Train the model as given, then from other starts, then beside misleading labels."""
    optimizer = _optimizer_state(model)
    data = (given.x, given.y, given.validation.x, given.validation.y)
    seen = train(student, given, model, *data)
    if "train_model" in student.troubles:
        return seen

    def again(seed: int, *data: np.ndarray) -> Training | None:
        # Not compiled again: tracing would take longer than training.
        model.set_weights(random_start(model, seed))
        for variable, value in optimizer:
            variable.assign(value)
        found = train(student, given, model, *data).get("training")
        return found and found.model_copy(update={"epoch_weights": []})

    restarts = {str(seed): again(seed, *data) for seed in given.more_starts}
    misled = again(
        given.start_seed, given.x[:FEW], given.y[:FEW], given.validation.x, given.misleading
    )
    seen["restarts"] = {seed: training for seed, training in restarts.items() if training}
    return seen | {"misled": misled}


def _optimizer_state(model: Any) -> list[tuple[Any, np.ndarray]]:
    """What a compiled optimizer remembers before the first step, such as its learning rate."""
    try:
        model.optimizer.build(model.trainable_variables)
        return [(variable, variable.numpy()) for variable in model.optimizer.variables]
    except Exception:  # noqa: BLE001 - none was compiled, or one of the student's own
        return []


def _ask_for_best_epochs(student: Student, given: Given) -> dict[str, Any]:
    returned: list[object] = []
    with student.step("best_epoch"):
        for curve in given.curves:
            history = keras.callbacks.History()
            history.history = {name: list(values) for name, values in curve.items()}
            history.epoch = list(range(_CURVE_EPOCHS))
            returned.append(student.call("best_epoch", history))
    return {
        "best": [finite(value) for value in returned],
        "best_types": [type_name(value) for value in returned],
    }


def _ask_for_matrix(student: Student, given: Given) -> dict[str, Any]:
    # A model of our own, so that this hangs neither on how training went nor on what was built.
    model = keras.Sequential(
        [
            keras.Input(READER_SHAPE),
            keras.layers.Flatten(),
            keras.layers.Dense(READER_CLASSES, activation="softmax", use_bias=False),
        ]
    )
    model.set_weights([given.reader])
    seen: dict[str, Any] = {}
    with student.step("confusion_matrix"):
        returned = student.call("confusion_matrix", model, given.read.x.copy(), given.read.y.copy())
        seen["matrix_type"] = type_name(returned)
        seen["matrix"] = numeric(returned)
    return seen
