"""One training run in the trusted process: the decoded evidence, and what is recomputed from it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.course import Limits
from autograder.errors import ArchitectureError, WireError
from autograder.exercises import (
    Answers,
    AnyExercise,
    FloatArray,
    HeldOut,
    Objective,
    StudentError,
    Training,
    TrainingGiven,
    TrainingObserved,
    accuracy,
    draw_initial_weights,
)
from autograder.exercises.architecture import Architecture, build, decode, describe

GivenT_co = TypeVar("GivenT_co", bound=TrainingGiven, covariant=True)
ObservedT_co = TypeVar("ObservedT_co", bound=TrainingObserved, covariant=True)
_MODELS_KEPT = 16


class Reply(BaseModel):
    """What comes out of a sandbox, before the exercise's own schema is applied."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True
    )

    observed: dict[str, Any]
    errors: dict[str, StudentError]
    cell_errors: dict[str, StudentError]


@dataclasses.dataclass(frozen=True)
class TrainingRun(Generic[GivenT_co, ObservedT_co]):
    """One seeded build-compile-fit of a submission.

    Attributes:
        objective: What the model is trained for.
        signatures: The student's functions, with the names of their arguments.
        given: What the student's functions got.
        held_out: Data that they never got.
        observed: What was observed in the sandbox: evidence, in the exercise's own schema.
        errors: The exception of each function that raised one, by the function's name.
        cell_errors: The exception of each notebook cell that raised one, by the cell's name.
        untouched: Solution cells that are as released; None if the submission has no cells.
        thresholds: The assignment's thresholds, from `course.yml`.
        limits: The most that the submission may use, from `course.yml`.
        architecture: The layers of the trained model: the given one, or the one that the student
            built; or why that one cannot be graded; None if nothing was built.
        given_layers: Names of the layers of a given model; empty where students build it.
    """

    objective: Objective
    signatures: Mapping[str, tuple[str, ...]]
    given: GivenT_co
    held_out: HeldOut
    observed: ObservedT_co
    errors: Mapping[str, StudentError]
    cell_errors: Mapping[str, StudentError]
    untouched: frozenset[str] | None
    thresholds: Mapping[str, float]
    limits: Limits
    architecture: Architecture | ArchitectureError | None = None
    given_layers: tuple[str, ...] = ()

    @functools.cached_property
    def initial_weights(self) -> list[FloatArray]:
        """The initial weights: those of the given model, or drawn for the model that was built."""
        return self.given.initial_weights or draw_initial_weights(
            self._model, self.given.start_seed
        )

    @functools.cached_property
    def arrays(self) -> list[str]:
        """Names of the arrays of weights: "hidden kernel", "layer 2 (Dense) bias"."""
        return [
            f"{name} {weight.name}"
            for name, layer in zip(self.layers, self._model.layers, strict=True)
            for weight in layer.weights
        ]

    @functools.cached_property
    def layers(self) -> list[str]:
        """Names of the layers: their own in a given model, otherwise "layer 2 (Dense)"."""
        if self.given_layers:
            return list(self.given_layers)
        if not isinstance(self.architecture, Architecture):
            return []
        return [f"layer {n} ({layer.kind})" for n, layer in enumerate(self.architecture.layers, 1)]

    def outputs(self, weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:
        """Outputs of the model with these weights, computed in this process.

        Args:
            weights: Weights of the trained model, as `get_weights` returns them.
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
        """The loss of these weights on data that the sandbox never had."""
        return self.loss(weights, self.held_out.x, self.held_out.y)

    def held_out_accuracy(self, weights: Sequence[FloatArray]) -> float:
        """The accuracy of these weights on data that the sandbox never had."""
        return accuracy(self.outputs(weights, self.held_out.x), self.held_out.y)

    def loss(self, weights: Sequence[FloatArray], x: FloatArray, y: Answers) -> float:
        """The objective's loss of these weights on these data.

        Args:
            weights: As in `outputs`.
            x: Features, shape (samples, ...).
            y: Answers, shape (samples,).
        """
        return float(self.objective.loss(self.outputs(weights, x), y))

    @property
    def _model(self) -> Any:
        if not isinstance(self.architecture, Architecture):
            raise LookupError(  # noqa: TRY004 - a check forgot `reached`
                "a check asked for a model that was never built; see `reached`"
            )
        return _model_of(self.architecture)


Run = TrainingRun[TrainingGiven, TrainingObserved]
"""A training run of any exercise: what the vocabulary needs."""


def training_run(
    exercise: AnyExercise,
    given: TrainingGiven,
    held_out: HeldOut,
    reply: object,
    *,
    untouched: Sequence[str] | None,
    thresholds: Mapping[str, float],
    limits: Limits,
) -> Run:
    """Validate a decoded reply against the exercise's schema.

    Args:
        exercise: The assignment's exercise.
        given: From `exercise.prepare`.
        held_out: From `exercise.prepare`.
        reply: From `wire.decode`; anything.
        untouched: Solution cells that are as released; None if the submission has no cells.
        thresholds: From `course.yml`.
        limits: From `course.yml`.

    Returns:
        The training run.

    Raises:
        WireError: If the reply does not match the schema, or its weights do not have the shapes of
            the model's weights.
    """
    try:
        parts = Reply.model_validate(reply)
        observed = exercise.observed_type.model_validate(parts.observed)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WireError(f"the reply's {place[:200]}: {first['msg'][:200]}") from None
    run = TrainingRun(
        objective=exercise.objective,
        signatures=exercise.signatures,
        given=given,
        held_out=held_out,
        observed=observed,
        errors=parts.errors,
        cell_errors=parts.cell_errors,
        untouched=None if untouched is None else frozenset(untouched),
        thresholds=thresholds,
        limits=limits,
        architecture=_architecture(exercise, observed),
        given_layers=() if (model := _given_model(exercise)) is None else model.layer_names,
    )
    if isinstance(run.architecture, Architecture):
        shapes = [weights.shape for weights in run.initial_weights]
        for training in _trainings(observed):
            for weights in [training.weights, *training.epoch_weights]:
                _require_shapes(weights, shapes)
    return run


@dataclasses.dataclass(frozen=True)
class _GivenModel:
    layer_names: tuple[str, ...]
    architecture: Architecture


@functools.lru_cache(maxsize=_MODELS_KEPT)
def _given_model(exercise: AnyExercise) -> _GivenModel | None:
    """The model that students are given, described once; None where they build it."""
    model = exercise.build_model()
    if model is None:
        return None
    return _GivenModel(tuple(layer.name for layer in model.layers), decode(describe(model)))


def _architecture(
    exercise: AnyExercise, observed: TrainingObserved
) -> Architecture | ArchitectureError | None:
    """The layers of the given model; where students build it, those that the reply describes."""
    if (given := _given_model(exercise)) is not None:
        return given.architecture
    try:
        return None if observed.built is None else decode(observed.built)
    except ArchitectureError as error:
        return error


def _trainings(observed: TrainingObserved) -> Iterator[Training]:
    """Every training that was observed."""
    for name in type(observed).model_fields:
        value = getattr(observed, name)
        for part in value.values() if isinstance(value, dict) else (value,):
            if isinstance(part, Training):
                yield part


def _require_shapes(
    weights: Sequence[FloatArray] | None, shapes: Sequence[tuple[int, ...]]
) -> None:
    if weights is None:
        return
    if [w.shape for w in weights] != shapes:
        raise WireError("the reply's weights do not have the shapes of the model's weights")
    if any(w.dtype != np.float32 for w in weights):
        raise WireError("the reply's weights are not float32")


@functools.lru_cache(maxsize=_MODELS_KEPT)
def _model_of(architecture: Architecture) -> Any:
    """The model with these layers, built once: only its weights differ between runs."""
    return build(architecture)
