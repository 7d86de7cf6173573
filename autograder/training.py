"""One training run, as the trusted process sees it: decoded evidence, and its own arithmetic."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.architecture import Architecture, build, decode, describe
from autograder.arithmetic import FloatArray, accuracy
from autograder.course import Limits
from autograder.errors import ArchitectureError, WireError
from autograder.exercises.draws import HeldOut
from autograder.exercises.observe import Training
from autograder.exercises.start import random_start
from autograder.exercises.student import Trouble

_MODELS_KEPT = 16


class Reply(BaseModel):
    """What comes out of a sandbox, before the exercise's own schema is applied."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True
    )

    observed: dict[str, Any]
    troubles: dict[str, Trouble]
    cells: dict[str, Trouble]


@dataclasses.dataclass(frozen=True)
class TrainingRun:
    """One seeded build-compile-fit of a submission.

    Attributes:
        exercise: The assignment's exercise module.
        given: What the student's functions were handed.
        held_out: What they never saw.
        observed: What the sandbox says it saw; evidence of the schema `exercise.Observed`.
        troubles: Exceptions, by the stub that raised them.
        cells: Exceptions while the notebook's cells ran, by cell.
        untouched: Solution cells that are as released; None if the submission has no cells.
        thresholds: The assignment's thresholds, from `course.yml`.
        limits: What the submission might use, from `course.yml`.
        architecture: What the trained model is made of: the given one, or what the student built;
            or why that cannot be graded; None if nothing was built.
    """

    exercise: ModuleType
    given: Any
    held_out: HeldOut
    observed: Any
    troubles: Mapping[str, Trouble]
    cells: Mapping[str, Trouble]
    untouched: frozenset[str] | None
    thresholds: Mapping[str, float]
    limits: Limits
    architecture: Architecture | ArchitectureError | None = None

    @functools.cached_property
    def initial_weights(self) -> list[FloatArray]:
        """The random start: given with the model, or drawn for the model that was built."""
        given: list[FloatArray] | None = self.given.initial_weights
        return given or random_start(self._model, self.given.start_seed)

    @functools.cached_property
    def arrays(self) -> list[str]:
        """What the arrays of weights are called: "hidden kernel", "layer 2 (Dense) bias"."""
        return [
            f"{name} {weight.name}"
            for name, layer in zip(self.layers, self._model.layers, strict=True)
            for weight in layer.weights
        ]

    @functools.cached_property
    def layers(self) -> list[str]:
        """What the layers are called: by their names in a given model, else by their place."""
        if hasattr(self.exercise, "build_model"):
            return [layer.name for layer in self.exercise.build_model().layers]
        if not isinstance(self.architecture, Architecture):
            return []
        return [f"layer {n} ({layer.kind})" for n, layer in enumerate(self.architecture.layers, 1)]

    def outputs(self, weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:
        """What a model built here gives with these weights.

        Args:
            weights: As `get_weights` returns them, of the model that was trained.
            x: Features, shape (samples, ...).

        Returns:
            Shape (samples, outputs), float32.
        """
        self._model.set_weights(weights)
        return np.asarray(self._model(x, training=False))

    def training_loss(self, weights: Sequence[FloatArray]) -> float:
        """The loss of these weights on the training data."""
        return self.loss(weights, self.given.x, self.given.y)

    def held_out_loss(self, weights: Sequence[FloatArray]) -> float:
        """The loss of these weights on data that the student's process never had."""
        return self.loss(weights, self.held_out.x, self.held_out.y)

    def held_out_accuracy(self, weights: Sequence[FloatArray]) -> float:
        """Accuracy of these weights on data that the student's process never had."""
        return accuracy(self.outputs(weights, self.held_out.x), self.held_out.y)

    def loss(self, weights: Sequence[FloatArray], x: FloatArray, y: Any) -> float:
        """The loss that fits the task, of these weights on these data.

        Args:
            weights: As in `outputs`.
            x: Features, shape (samples, ...).
            y: Answers, shape (samples,).
        """
        return float(self.exercise.TASK.loss(self.outputs(weights, x), y))

    @property
    def _model(self) -> Any:
        if not isinstance(self.architecture, Architecture):
            raise LookupError(  # noqa: TRY004 - a check forgot `reached`
                "a check asked for a model that was never built; see `reached`"
            )
        return _model_of(self.architecture)


def training_run(
    exercise: ModuleType,
    given: Any,
    held_out: HeldOut,
    reply: object,
    *,
    untouched: Sequence[str] | None,
    thresholds: Mapping[str, float],
    limits: Limits,
) -> TrainingRun:
    """Hold a decoded reply against the exercise's schema.

    Args:
        exercise: The assignment's exercise module.
        given: From `exercise.prepare`.
        held_out: From `exercise.prepare`.
        reply: From `wire.decode`; anything.
        untouched: Solution cells that are as released, or None.
        thresholds: From `course.yml`.
        limits: From `course.yml`.

    Returns:
        The run.

    Raises:
        WireError: If the reply is not of the schema, or its weights have other shapes than those
            of the model.
    """
    try:
        parts = Reply.model_validate(reply)
        observed = exercise.Observed.model_validate(parts.observed)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WireError(f"the reply's {place[:200]}: {first['msg'][:200]}") from None
    run = TrainingRun(
        exercise=exercise,
        given=given,
        held_out=held_out,
        observed=observed,
        troubles=parts.troubles,
        cells=parts.cells,
        untouched=None if untouched is None else frozenset(untouched),
        thresholds=thresholds,
        limits=limits,
        architecture=_architecture(exercise, observed),
    )
    if isinstance(run.architecture, Architecture):
        shapes = [weights.shape for weights in run.initial_weights]
        for training in _trainings(observed):
            for weights in [training.weights, *training.epoch_weights]:
                _insist_on_shapes(weights, shapes)
    return run


def _architecture(exercise: ModuleType, observed: Any) -> Architecture | ArchitectureError | None:
    """The given model's layers; where the student builds it, those that came out of the sandbox."""
    try:
        if hasattr(exercise, "build_model"):
            return _own_architecture(exercise)
        return None if observed.built is None else decode(observed.built)
    except ArchitectureError as error:
        return error


def _trainings(observed: Any) -> Iterator[Training]:
    """Every training among what was observed."""
    for name in type(observed).model_fields:
        value = getattr(observed, name)
        for found in value.values() if isinstance(value, dict) else (value,):
            if isinstance(found, Training):
                yield found


def _insist_on_shapes(
    weights: Sequence[FloatArray] | None, shapes: Sequence[tuple[int, ...]]
) -> None:
    if weights is None:
        return
    if [w.shape for w in weights] != shapes:
        raise WireError("the reply's weights have other shapes than the model's")
    if any(w.dtype != np.float32 for w in weights):
        raise WireError("the reply's weights are not float32")


@functools.lru_cache(maxsize=_MODELS_KEPT)
def _own_architecture(exercise: ModuleType) -> Architecture:
    return decode(describe(exercise.build_model()))


@functools.lru_cache(maxsize=_MODELS_KEPT)
def _model_of(architecture: Architecture) -> Any:
    """A model of these layers, built once: only its weights differ from run to run."""
    return build(architecture)
