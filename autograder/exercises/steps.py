"""The steps that exercises share: build a model, compile it, train it, observe what happens.

Each step returns the fields of `TrainingObserved` that it observed, as a typed dict. An exercise
puts them together: `Observed(**compile_model(...), **train(...), ...)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import keras
import numpy as np
from pydantic import Field

from autograder.exercises.architecture import describe
from autograder.exercises.initial_weights import (
    InitialWeight,
    draw_initial_weights,
    initial_weights_of,
)
from autograder.exercises.objectives import Objective
from autograder.exercises.observe import (
    LayersChangedError,
    Training,
    observe_training,
    record_compile,
    record_epochs,
    require_same_layers,
    same_layers,
)
from autograder.exercises.predicting import build_with
from autograder.exercises.settings import CompileSettings, compile_settings
from autograder.exercises.student import Student
from autograder.exercises.values import Observation, SandboxSeed, type_name

BUILD_OTHER = "build_model, other sizes"
"""A step of its own, so that a function that fails only here keeps its other answers."""


class Probe(Observation):
    """Made-up outputs of a model, and true answers, on which a loss or metric has a known value.

    Attributes:
        outputs: Shape (32, outputs), float32.
        answers: Shape (32,): int64 classes, or float32 numbers.
    """

    outputs: np.ndarray
    answers: np.ndarray


class TrainingGiven(Observation):
    """What the student's functions get in every exercise; exercises add fields of their own.

    Attributes:
        x: Training features, shape (samples, ...), float32 or int64.
        y: Training answers, shape (samples,): int64 classes, or float32 numbers.
        shuffling: Seed of everything random during training.
        probe: Made-up outputs and answers.
        initial_weights: The initial weights of a given model; None where students build it.
        start_seed: Seed of the initial weights where students build the model.
        epochs: How many epochs to train; 0 where students choose.
    """

    x: np.ndarray
    y: np.ndarray
    shuffling: SandboxSeed
    probe: Probe
    initial_weights: list[np.ndarray] | None = None
    start_seed: SandboxSeed = 0
    epochs: int = 0


class TrainingObserved(Observation):
    """What the shared steps observe; exercises add fields for their own questions.

    A field keeps its default when its step was not reached or gave nothing usable.

    Attributes:
        built: The model that `build_model` returned, as `architecture.describe` returns it.
        starts: How the arrays of its weights start.
        built_other: The same as `built` for other sizes, where the exercise asks for them.
        compiled: The settings after `compile_model`.
        compiled_other: Whether `compile_model` returned another model than it was given.
        compile_arguments: Class names of the arguments of `Model.compile`, by their names; empty if
            it was not called.
        training: What `train_model` did; None if it changed the layers or was not called.
        signatures: Parameter names of the student's functions.
    """

    built: dict[str, Any] | None = None
    starts: list[InitialWeight] = Field(default_factory=list)
    built_other: dict[str, Any] | None = None
    compiled: CompileSettings | None = None
    compiled_other: bool = False
    compile_arguments: dict[str, str] = Field(default_factory=dict)
    training: Training | None = None
    signatures: dict[str, list[str]] = Field(default_factory=dict)


class BuildFields(TypedDict, total=False):
    """What `build` observes; see `TrainingObserved`."""

    built: dict[str, Any]
    starts: list[InitialWeight]


class BuildOtherFields(TypedDict, total=False):
    """What `build_other` observes; see `TrainingObserved`."""

    built_other: dict[str, Any]


class CompileFields(TypedDict, total=False):
    """What `compile_model` observes; see `TrainingObserved`."""

    compiled: CompileSettings | None
    compiled_other: bool
    compile_arguments: dict[str, str]


class TrainFields(TypedDict, total=False):
    """What `train` observes; see `TrainingObserved`."""

    training: Training


class NoModelError(Exception):
    """`build_model` returned something that cannot be trained and graded."""


def make_probe(objective: Objective, outputs: int, rng: np.random.Generator) -> Probe:
    """Make up outputs and answers.

    Args:
        objective: What the model is trained for.
        outputs: Numbers that the model outputs for each sample.
        rng: The random generator.
    """
    made_up, answers = objective.make_up(rng, outputs)
    return Probe(outputs=made_up, answers=answers)


def build(
    student: Student, given: TrainingGiven, *sizes: object
) -> tuple[keras.Model | None, BuildFields]:
    """Let the student's `build_model` build a model, and give it the initial weights.

    Args:
        student: The student's functions.
        given: What they get.
        sizes: Arguments of `build_model`.

    Returns:
        The model, or None if no usable model was built; and what was observed.
    """
    keras.utils.set_random_seed(given.shuffling)
    observed: BuildFields = {}
    model = None
    with student.step("build_model"):
        built = student.call("build_model", *sizes)
        if not isinstance(built, keras.Model):
            what = "nothing" if built is None else f"a {type_name(built)}"
            raise NoModelError(f"build_model returned {what}, not a Keras model")
        build_with(built, given.x[:1])
        observed["built"] = described(built, given.x[:1])
        observed["starts"] = starts = initial_weights_of(built)
        built.set_weights(draw_initial_weights(starts, given.start_seed))
        model = built
    return model, observed


def described(model: keras.Model, sample: np.ndarray) -> dict[str, Any]:
    """Describe a built model; if Keras does not know the shape of its output, by trying it.

    Args:
        model: A built model.
        sample: One sample, shape (1, ...).
    """
    description = describe(model)
    if not description["output_shape"]:
        description["output_shape"] = list(np.shape(model(sample, training=False)))[1:]
    return description


def build_other(
    student: Student, given: TrainingGiven, input_shape: tuple[int, ...], *sizes: object
) -> BuildOtherFields:
    """Let `build_model` build a model for other sizes, which is described and not trained.

    Args:
        student: The student's functions.
        given: What they get.
        input_shape: Shape of one sample of that size.
        sizes: Arguments of `build_model`.

    Returns:
        What was observed.
    """
    observed: BuildOtherFields = {}
    with student.step(BUILD_OTHER):
        model = student.call("build_model", *sizes)
        if isinstance(model, keras.Model):
            sample = np.zeros((1, *input_shape), given.x.dtype)
            build_with(model, sample)
            observed["built_other"] = described(model, sample)
    return observed


def compile_model(
    student: Student, given: TrainingGiven, model: keras.Model | None
) -> CompileFields:
    """Let `compile_model` compile the model, and observe its settings.

    Args:
        student: The student's functions.
        given: What they get.
        model: A built model; None if `build` returned none: then nothing is called.

    Returns:
        What was observed.
    """
    if model is None:
        return {}
    before = model.get_weights()
    arguments = record_compile(model)
    returned = None
    with student.step("compile_model"):
        returned = student.call("compile_model", model)
        require_same_layers(model, before, "compile_model")
    return {
        "compiled": compile_settings(model, given.probe.outputs, given.probe.answers),
        "compiled_other": isinstance(returned, keras.Model) and returned is not model,
        "compile_arguments": dict(arguments),
    }


def train(
    student: Student,
    given: TrainingGiven,
    model: keras.Model | None,
    *data: np.ndarray,
    kwargs: Mapping[str, object] | None = None,
    step: str = "train_model",
) -> TrainFields:
    """Let `train_model` train the model, and observe every epoch.

    Args:
        student: The student's functions.
        given: What they get.
        model: A built model; None if `build` returned none: then nothing is called.
        data: Arrays for the student's function, which gets copies of its own.
        kwargs: Arguments by name, such as `epochs`.
        step: The step's name; another one for a further training, which then costs only itself.

    Returns:
        What was observed.
    """
    compile_error = student.errors.get("compile_model")
    if model is None or (compile_error and compile_error.kind == LayersChangedError.__name__):
        return {}  # weights of other layers are not an answer
    observed: TrainFields = {}
    before = model.get_weights()
    recorder = record_epochs(model)
    returned = None
    with student.step(step):
        copies = [array.copy() for array in data]
        try:
            returned = student.call("train_model", model, *copies, **(kwargs or {}))
            require_same_layers(model, before, "train_model")
        finally:
            # What it did before it raised shows why.
            if same_layers(model, before):
                probe = given.probe.outputs, given.probe.answers
                observed["training"] = observe_training(model, recorder, returned, probe)
    return observed
