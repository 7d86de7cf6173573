"""03-digit-images: train a network on images until it over-fits, and keep its best weights."""

from __future__ import annotations

from typing import Any, ClassVar, TypedDict

import keras
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from autograder.course import Seeds
from autograder.exercises import (
    CLASSIFICATION,
    Exercise,
    GradingData,
    HeldOut,
    InitialWeight,
    PracticeSamples,
    SandboxSeed,
    Student,
    Training,
    TrainingGiven,
    TrainingObserved,
    build,
    build_other,
    compile_model,
    draw_initial_weights,
    finite,
    make_probe,
    numeric,
    renumber_classes,
    sample_per_class,
    train,
    type_name,
)

from ..digits import IMAGE_SHAPE, N_DIGITS, digits, typed_in_a_hurry
from .made_up import (
    CURVE_EPOCHS,
    SMALL_CLASSES,
    SMALL_SHAPE,
    Images,
    make_up_curves,
    make_up_small_model,
    rename_classes,
)

OptimizerState = list[tuple[Any, np.ndarray]]
"""The variables of an optimizer, with their values."""

EACH, VALIDATION_EACH, HELD_OUT_EACH = 30, 15, 50
"""Images of each digit. In practice the held-out images are public; grading has its own."""
WRONG = 0.25
"""Share of the training labels that are wrong, so that over-fitting shows soon."""
RESTARTS = 3
"""Further trainings from other initial weights, one of them with misleading validation labels: its
arguments have the sizes of the others', and its turn is drawn."""
WHITE = 255
"""The gray value of paper."""
AGAIN = "train_model, again"
"""A step of its own, so that a training that fails only later keeps the first one's answers."""
OTHER_SIZES = ((16, 12, 1), 4)
"""Image shape and classes of another model to build; larger images, so that any layers fit."""

_PUBLIC, _NUMBERS, _PROBE, _MISLEADING, _SMALL_MODEL, _CURVES, _TURN = range(7)
"""Each use of a seed has its own stream of random numbers."""


class Given(TrainingGiven):
    """What the student's functions get.

    Attributes:
        validation: Images for validation; their labels are right.
        misleading: Other labels of those images, for another training: each class is named after
            another one.
        restart_seeds: Seeds of further initial weights.
        misled_seed: Which of them is for the training with the misleading labels.
        small_kernel: Kernel of the small model for `confusion_matrix`, shape (6, 5).
        small_images: Images for that model.
        curves: Made-up histories for `best_epoch`: by name, one value per epoch.
    """

    validation: Images
    misleading: np.ndarray
    restart_seeds: list[SandboxSeed]
    misled_seed: SandboxSeed
    small_kernel: np.ndarray
    small_images: Images
    curves: list[dict[str, list[float]]]


class Observed(TrainingObserved):
    """What `perform` observes; see `TrainingObserved`.

    Attributes:
        restarts: Trainings from other initial weights, without the weights of their epochs.
        misled: A training next to misleading validation labels, likewise.
        best: What `best_epoch` returned for each made-up history; None for what is not a number.
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


class AgainFields(TypedDict, total=False):
    """What is observed of further trainings by `train_model`; see `Observed`."""

    restarts: dict[str, Training]
    misled: Training | None


class BestFields(TypedDict):
    """What is observed of `best_epoch`; see `Observed`."""

    best: list[float | None]
    best_types: list[str]


class MatrixFields(TypedDict, total=False):
    """What is observed of `confusion_matrix`; see `Observed`."""

    matrix: np.ndarray | None
    matrix_type: str


class DigitImages(Exercise[Given, Observed]):
    """Train a network on images until it over-fits, and keep its best weights."""

    objective = CLASSIFICATION
    signatures: ClassVar = {
        "build_model": ("image_shape", "n_classes"),
        "compile_model": ("model",),
        "train_model": ("model", "x", "y", "x_val", "y_val"),
        "best_epoch": ("history",),
        "confusion_matrix": ("model", "x", "y"),
    }

    def prepare(self, seeds: Seeds, grading: GradingData | None) -> tuple[Given, HeldOut]:
        """Draw the images, make some training labels wrong, and make up the other questions."""
        images, labels = digits()
        if grading is None:
            held_out = _held_out_in_practice(seeds, labels)
            x_held_out, y_held_out = images[held_out], labels[held_out]
            images, labels = np.delete(images, held_out, axis=0), np.delete(labels, held_out)
        else:
            x_held_out, y_held_out = grading.read(".npz", digits)
        rng = np.random.default_rng([seeds.training_draw, _PUBLIC])
        training = sample_per_class(rng, labels, EACH)
        others = np.setdiff1d(np.arange(len(labels)), training)
        validation = others[sample_per_class(rng, labels[others], VALIDATION_EACH)]

        numbers = _numbers(seeds, grading)
        y_val = numbers[labels[validation]]

        def questions(stream: int) -> np.random.Generator:
            return np.random.default_rng([seeds.shuffling, stream])

        kernel, small_images = make_up_small_model(questions(_SMALL_MODEL))
        restart_seeds = [seeds.initial_weights + 1 + n for n in range(RESTARTS)]
        given = Given(
            x=images[training],
            y=numbers[typed_in_a_hurry(labels[training], WRONG, seeds.training_draw)],
            shuffling=seeds.shuffling,
            start_seed=seeds.initial_weights,
            probe=make_probe(CLASSIFICATION, N_DIGITS, questions(_PROBE)),
            validation=Images(x=images[validation], y=y_val),
            misleading=rename_classes(questions(_MISLEADING))[y_val],
            restart_seeds=restart_seeds,
            misled_seed=restart_seeds[questions(_TURN).integers(RESTARTS)],
            small_kernel=kernel,
            small_images=small_images,
            curves=make_up_curves(questions(_CURVES)),
        )
        return given, HeldOut(x=x_held_out, y=numbers[y_held_out])

    def perform(self, student: Student, given: Given) -> Observed:
        """Call the student's functions, in the order of the lesson."""
        model, built = build(student, given, *self.build_arguments(given))
        built_other = build_other(student, given, OTHER_SIZES[0], *OTHER_SIZES)
        compiled = compile_model(student, given, model)
        optimizer = _optimizer_state(model)
        return Observed(
            **built,
            **built_other,
            **compiled,
            **train(
                student, given, model, given.x, given.y, given.validation.x, given.validation.y
            ),
            **_train_again(student, given, model, built.get("starts", []), optimizer),
            **_ask_for_best_epochs(student, given),
            **_ask_for_matrix(student, given),
            signatures=student.signatures,
        )

    def build_arguments(self, given: Given) -> tuple[object, ...]:  # noqa: ARG002
        """The shape of an image and the number of classes."""
        return IMAGE_SHAPE, N_DIGITS

    def inputs(self, given: Given) -> tuple[np.ndarray, ...]:
        """The training images and those for validation."""
        return given.x, given.validation.x

    def practice_samples(self, seeds: Seeds, grading: GradingData | None) -> PracticeSamples:
        """The images that are held out in practice, where students have them."""
        images, labels = digits()
        held_out = _held_out_in_practice(grading.practice_seeds if grading else seeds, labels)
        numbers = _numbers(seeds, grading)
        return PracticeSamples(
            x=images[held_out],
            y=numbers[labels[held_out]],
            names=[str(digit) for digit in np.argsort(numbers)],
            pictures=np.round(WHITE * (1 - images[held_out, ..., 0])).astype(np.uint8),
        )


def _held_out_in_practice(seeds: Seeds, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of the public images that are held out in practice."""
    rng = np.random.default_rng([seeds.held_out, _PUBLIC])
    return sample_per_class(rng, labels, HELD_OUT_EACH)


def _numbers(seeds: Seeds, grading: GradingData | None) -> NDArray[np.int64]:
    """The number of each digit: in grading another one than students know."""
    rng = np.random.default_rng([seeds.training_draw, _NUMBERS])
    return renumber_classes(rng, N_DIGITS, grading)


def _train_again(
    student: Student,
    given: Given,
    model: keras.Model | None,
    starts: list[InitialWeight],
    optimizer: OptimizerState,
) -> AgainFields:
    """Train the model from other initial weights, once next to misleading labels."""
    if model is None or "train_model" in student.errors:
        return {}

    def train_from(seed: int, *data: np.ndarray) -> Training | None:
        # Without compiling again: tracing would take longer than training.
        model.set_weights(draw_initial_weights(starts, seed))
        for variable, value in optimizer:
            variable.assign(value)
        if AGAIN in student.errors:
            return None
        training = train(student, given, model, *data, step=AGAIN).get("training")
        return training and training.model_copy(update={"epochs_kept": [], "epoch_weights": []})

    validation = given.validation
    trainings: dict[int, Training | None] = {}
    for seed in given.restart_seeds:
        y_val = given.misleading if seed == given.misled_seed else validation.y
        trainings[seed] = train_from(seed, given.x, given.y, validation.x, y_val)
    misled = trainings.pop(given.misled_seed)
    return {
        "restarts": {str(seed): training for seed, training in trainings.items() if training},
        "misled": misled,
    }


def _optimizer_state(model: keras.Model) -> OptimizerState:
    """The variables of a compiled optimizer before the first step, such as its learning rate."""
    try:
        model.optimizer.build(model.trainable_variables)
        return [(variable, variable.numpy()) for variable in model.optimizer.variables]
    except Exception:  # noqa: BLE001 - no model, not compiled, or a student's own optimizer
        return []


def _ask_for_best_epochs(student: Student, given: Given) -> BestFields:
    returned: list[object] = []
    with student.step("best_epoch"):
        for curve in given.curves:
            history = keras.callbacks.History()
            history.history = {name: list(values) for name, values in curve.items()}
            history.epoch = list(range(CURVE_EPOCHS))
            returned.append(student.call("best_epoch", history))
    return {
        "best": [finite(value) for value in returned],
        "best_types": [type_name(value) for value in returned],
    }


def _ask_for_matrix(student: Student, given: Given) -> MatrixFields:
    # Our own model: this does not depend on what the student built, or on how training went.
    model = keras.Sequential(
        [
            keras.Input(SMALL_SHAPE),
            keras.layers.Flatten(),
            keras.layers.Dense(SMALL_CLASSES, activation="softmax", use_bias=False),
        ]
    )
    model.set_weights([given.small_kernel])
    observed: MatrixFields = {}
    with student.step("confusion_matrix"):
        images = given.small_images
        returned = student.call("confusion_matrix", model, images.x.copy(), images.y.copy())
        observed["matrix_type"] = type_name(returned)
        observed["matrix"] = numeric(returned)
    return observed
