"""One training run, as the trusted process sees it: decoded evidence, and its own arithmetic."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.architecture import Architecture, decode, describe
from autograder.course import Limits
from autograder.errors import WireError
from autograder.exercises.student import Trouble

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

_SMALLEST_PROBABILITY = 1e-7
"""Keras clips probabilities here before it takes their logarithm."""


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
    """

    exercise: ModuleType
    given: Any
    held_out: Any
    observed: Any
    troubles: Mapping[str, Trouble]
    cells: Mapping[str, Trouble]
    untouched: frozenset[str] | None
    thresholds: Mapping[str, float]
    limits: Limits

    def probabilities(self, weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:
        """Class probabilities that a model built here gives with these weights.

        Args:
            weights: As `get_weights` returns them, of the exercise's model.
            x: Features, shape (samples, features), float32.

        Returns:
            Shape (samples, classes), float32.
        """
        model = _model_of(self.exercise)
        model.set_weights(weights)
        return np.asarray(model(x, training=False))

    def own_architecture(self) -> Architecture:
        """What the model is made of that the submission was given."""
        return decode(describe(_model_of(self.exercise)))

    def training_loss(self, weights: Sequence[FloatArray]) -> float:
        """Mean cross-entropy of these weights on the training data."""
        return cross_entropy(self.probabilities(weights, self.given.x), self.given.y)

    def held_out_accuracy(self, weights: Sequence[FloatArray]) -> float:
        """Accuracy of these weights on data that the student's process never had."""
        return accuracy(self.probabilities(weights, self.held_out.x), self.held_out.y)


def training_run(
    exercise: ModuleType,
    given: Any,
    held_out: Any,
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
            that were given.
    """
    try:
        parts = Reply.model_validate(reply)
        observed = exercise.Observed.model_validate(parts.observed)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WireError(f"the reply's {place[:200]}: {first['msg'][:200]}") from None
    shapes = [weights.shape for weights in given.initial_weights]
    for weights in [observed.trained_weights, *observed.epoch_weights]:
        if weights is not None and [w.shape for w in weights] != shapes:
            raise WireError("the reply's weights have other shapes than the model that was given")
        if weights is not None and any(w.dtype != np.float32 for w in weights):
            raise WireError("the reply's weights are not float32")
    return TrainingRun(
        exercise=exercise,
        given=given,
        held_out=held_out,
        observed=observed,
        troubles=parts.troubles,
        cells=parts.cells,
        untouched=None if untouched is None else frozenset(untouched),
        thresholds=thresholds,
        limits=limits,
    )


def cross_entropy(probabilities: FloatArray, labels: IntArray) -> float:
    """Mean negative log-probability of the true classes.

    Args:
        probabilities: Class probabilities, shape (samples, classes), float32.
        labels: True classes, shape (samples,), int64.

    Returns:
        A number in [0, 16.2], in nats.

    Source:
        keras.losses.SparseCategoricalCrossentropy, which clips probabilities at 1e-7.
    """
    of_truth = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(of_truth, _SMALLEST_PROBABILITY, 1)).mean())


def accuracy(probabilities: FloatArray, labels: IntArray) -> float:
    """Share of samples whose most probable class is the label.

    Args:
        probabilities: Class probabilities, shape (samples, classes), float32.
        labels: True classes, shape (samples,), int64.

    Returns:
        A fraction in [0, 1].

    Source:
        keras.metrics.SparseCategoricalAccuracy.
    """
    return float((probabilities.argmax(axis=1) == labels).mean())


_models: dict[str, Any] = {}


def _model_of(exercise: ModuleType) -> Any:
    """The exercise's model, built once a process: only its weights differ from run to run."""
    if exercise.__name__ not in _models:
        _models[exercise.__name__] = exercise.build_model()
    return _models[exercise.__name__]
