"""The steps that exercises share: build a model, compile it, train it, and note what is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from pydantic import Field

from autograder.architecture import describe, is_chain
from autograder.exercises.observe import (
    LayersChangedError,
    Training,
    insist_on_layers,
    same_layers,
    training,
    watch,
)
from autograder.exercises.settings import CompileSettings, compile_settings
from autograder.exercises.start import random_start
from autograder.exercises.student import Student
from autograder.exercises.values import Observation, type_name
from autograder.tasks import Task

BUILD_OTHER = "build_model, other sizes"
"""A step of its own, so that a function that fails only there has still its other answers."""


class Probe(Observation):
    """Made-up outputs of a model, and true answers, on which a loss or metric has a known value.

    Attributes:
        outputs: Shape (32, outputs), float32.
        answers: Shape (32,): int64 classes, or float32 numbers.
    """

    outputs: np.ndarray
    answers: np.ndarray


class TrainingGiven(Observation):
    """What every exercise hands out that trains a model; exercises add to it.

    Attributes:
        x: Training features, shape (samples, ...), float32 or int64.
        y: Training answers, shape (samples,): int64 classes, or float32 numbers.
        shuffling: Seed of everything random during training.
        probe: Made-up outputs and answers.
        initial_weights: The random start of a model that is given; None where students build it.
        start_seed: Seed of the random start where students build the model.
        epochs: How many epochs to train; 0 where students choose.
    """

    x: np.ndarray
    y: np.ndarray
    shuffling: int
    probe: Probe
    initial_weights: list[np.ndarray] | None = None
    start_seed: int = 0
    epochs: int = 0


class TrainingObserved(Observation):
    """What the shared steps saw; exercises add what their own questions saw.

    A field keeps its default when its step was not reached or gave nothing usable.

    Attributes:
        built: The model that `build_model` returned, as `architecture.describe` puts it.
        built_other: The same for other sizes, where the exercise asks for them.
        compiled: Settings after `compile_model`.
        compiled_other: Whether `compile_model` returned another model than it was given.
        training: What `train_model` did; None if it did not return, or changed the layers.
        signatures: Parameter names of the student's functions.
    """

    built: dict[str, Any] | None = None
    built_other: dict[str, Any] | None = None
    compiled: CompileSettings | None = None
    compiled_other: bool = False
    training: Training | None = None
    signatures: dict[str, list[str]] = Field(default_factory=dict)


class NoModelError(Exception):
    """`build_model` returned something that cannot be trained and judged."""


def make_probe(task: Task, outputs: int, draw: np.random.Generator) -> Probe:
    """Make up outputs and answers.

    Args:
        task: What the model is trained for.
        outputs: Numbers that it gives for a sample.
        draw: The random generator.
    """
    made_up, answers = task.make_up(draw, outputs)
    return Probe(outputs=made_up, answers=answers)


def build(student: Student, given: TrainingGiven, *sizes: object) -> tuple[Any, dict[str, Any]]:
    """Have the student's `build_model` build a model, and give it the random start.

    Args:
        student: The student's namespace.
        given: What is handed out.
        sizes: Arguments of `build_model`.

    Returns:
        The model, or None if there is none to go on with; and what was seen.
    """
    keras.utils.set_random_seed(given.shuffling)
    seen: dict[str, Any] = {}
    model = None
    with student.step("build_model"):
        built = student.call("build_model", *sizes)
        if not isinstance(built, keras.Model):
            what = "nothing" if built is None else f"a {type_name(built)}"
            raise NoModelError(f"build_model returned {what}, not a Keras model")
        if not built.built:
            built.build((None, *given.x.shape[1:]))
        if not is_chain(built):
            raise NoModelError(
                "build_model returned a model whose layers do not simply follow one another; "
                "use keras.Sequential"
            )
        seen["built"] = describe(built)
        built.set_weights(random_start(built, given.start_seed))
        model = built
    return model, seen


def build_other(student: Student, input_shape: tuple[int, ...], *sizes: object) -> dict[str, Any]:
    """Have `build_model` build a model for other sizes, which is looked at and left alone.

    Args:
        student: The student's namespace.
        input_shape: Shape of one sample then.
        sizes: Arguments of `build_model`.

    Returns:
        Fields of `TrainingObserved`.
    """
    seen: dict[str, Any] = {}
    with student.step(BUILD_OTHER):
        model = student.call("build_model", *sizes)
        if isinstance(model, keras.Model):
            if not model.built:
                model.build((None, *input_shape))
            seen["built_other"] = describe(model)
    return seen


def compile_(student: Student, given: TrainingGiven, model: Any) -> dict[str, Any]:
    """Have `compile_model` compile the model, and see what it has set.

    Args:
        student: The student's namespace.
        given: What is handed out.
        model: A built model.

    Returns:
        Fields of `TrainingObserved`.
    """
    before = model.get_weights()
    returned = None
    with student.step("compile_model"):
        returned = student.call("compile_model", model)
        insist_on_layers(model, before, "compile_model")
    return {
        "compiled": compile_settings(model, given.probe.outputs, given.probe.answers),
        "compiled_other": isinstance(returned, keras.Model) and returned is not model,
    }


def train(
    student: Student,
    given: TrainingGiven,
    model: Any,
    *data: np.ndarray,
    named: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Have `train_model` train the model, and see every epoch of it.

    Args:
        student: The student's namespace.
        given: What is handed out.
        model: A built model.
        data: Arrays for the student's function, which gets copies of its own.
        named: Arguments by name, such as `epochs`.

    Returns:
        Fields of `TrainingObserved`.
    """
    before = model.get_weights()
    seen: dict[str, Any] = {}
    trouble = student.troubles.get("compile_model")
    if trouble is not None and trouble.kind == LayersChangedError.__name__:
        return seen  # weights of other layers are no answer
    watched = watch(model)
    returned = None
    with student.step("train_model"):
        copies: Sequence[np.ndarray] = [array.copy() for array in data]
        try:
            returned = student.call("train_model", model, *copies, **(named or {}))
            insist_on_layers(model, before, "train_model")
        finally:
            # What it did before it raised tells why.
            if same_layers(model, before):
                probe = given.probe.outputs, given.probe.answers
                seen["training"] = training(model, watched, returned, probe)
    return seen
