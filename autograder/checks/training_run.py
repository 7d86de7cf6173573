"""One training run in the trusted process: the decoded evidence, and what is recomputed from it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Final, Generic, TypeVar

import numpy as np

from autograder.checks.evidence import Evidence
from autograder.checks.finding import CheckFailedError
from autograder.checks.graded_model import GradedModel
from autograder.course import Limits
from autograder.errors import ArchitectureError, WireError
from autograder.exercises import (
    ENDED,
    Answers,
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
from autograder.submissions import SCRIPT

GivenT_co = TypeVar("GivenT_co", bound=TrainingGiven, covariant=True)
ObservedT_co = TypeVar("ObservedT_co", bound=TrainingObserved, covariant=True)
_MOST_CELLS_TOLD: Final = 5


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
        model: The trained model: the given one, or the one that the student built; or why that one
            cannot be graded; None if nothing was built.
        shown: The training that reports show; None if it did not happen.
        subjects: The student's functions that the running check asked for; the last one is what a
            failure is about.
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
    model: GradedModel | ArchitectureError | None = None
    shown: Training | None = None
    subjects: list[str] = dataclasses.field(default_factory=list, compare=False)

    @functools.cached_property
    def initial_weights(self) -> list[FloatArray]:
        """The initial weights: those of the given model, or drawn for the model that was built."""
        return self.given.initial_weights or draw_initial_weights(
            self._model.starts, self.given.start_seed
        )

    @property
    def arrays(self) -> list[str]:
        """Names of the arrays of weights: "hidden kernel", "layer 2 (Dense) bias"."""
        return self._model.arrays

    @property
    def outputs_from(self) -> str:
        """Where the model's outputs come from; "" if there is no model."""
        return self.model.outputs_from if isinstance(self.model, GradedModel) else ""

    @property
    def failed_cells(self) -> tuple[str, ...]:
        """Which cells did not run to their end, and why, as sentences."""
        cells = list(self.cell_errors.items())[:_MOST_CELLS_TOLD]
        return tuple(_sentence(name, error) for name, error in cells)

    def outputs(self, weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:
        """Outputs of the model with these weights.

        Args:
            weights: Weights of the trained model, as `get_weights` returns them.
            x: Features, shape (samples, ...).

        Returns:
            Shape (samples, outputs), float32.

        Raises:
            CheckFailedError: If the model does not take the samples, or outputs too few numbers.
        """
        outputs, needed = self._model.outputs(weights, x), self.given.probe.outputs.shape[1]
        if outputs.ndim != 2 or outputs.shape[1] < needed:  # noqa: PLR2004 - samples and outputs
            raise CheckFailedError(
                f"For each sample the model outputs an array of shape {outputs.shape[1:]}; its "
                f"shape must be {(needed,)}.",
                "Compare the shapes in `model.summary()`.",
            )
        return outputs

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
    def _model(self) -> GradedModel:
        if not isinstance(self.model, GradedModel):
            raise LookupError(  # noqa: TRY004 - a check forgot `reached`
                "a check asked for a model that was never built; see `reached`"
            )
        return self.model


Run = TrainingRun[TrainingGiven, TrainingObserved]
"""A training run of any exercise: what the vocabulary needs."""


def training_run(
    given: TrainingGiven,
    held_out: HeldOut,
    evidence: Evidence,
    model: GradedModel | ArchitectureError | None,
    *,
    untouched: Sequence[str] | None,
    thresholds: Mapping[str, float],
    limits: Limits,
) -> Run:
    """Make a training run of a reply.

    Args:
        given: From `exercise.prepare`.
        held_out: From `exercise.prepare`.
        evidence: From `read_evidence`.
        model: The evidence's own, or from `predicted_model`.
        untouched: Solution cells that are as released; None if the submission has no cells.
        thresholds: From `course.yml`.
        limits: From `course.yml`.

    Returns:
        The training run.

    Raises:
        WireError: If weights do not have the shapes of the model's weights.
    """
    exercise = evidence.exercise
    run = TrainingRun(
        objective=exercise.objective,
        signatures=exercise.signatures,
        given=given,
        held_out=held_out,
        observed=evidence.observed,
        errors=evidence.parts.errors,
        cell_errors=evidence.parts.cell_errors,
        untouched=None if untouched is None else frozenset(untouched),
        thresholds=thresholds,
        limits=limits,
        model=model,
        shown=exercise.shown_training(evidence.observed),
    )
    if isinstance(model, GradedModel):
        shapes = [weights.shape for weights in run.initial_weights]
        for training in evidence.trainings:
            _require_epochs(training)
            for weights in [training.weights, training.start_weights, *training.epoch_weights]:
                _require_shapes(weights, shapes)
    return run


def _sentence(cell: str, error: StudentError) -> str:
    """What happened in a cell that did not run to its end."""
    where = "The script" if cell == SCRIPT else f"Cell {cell}"
    if error.kind in ENDED:
        return f"{where} {error}."
    return (
        f"{where} raised {error.kind} on line {error.line}: {error.message}; its other lines ran."
    )


def _require_epochs(training: Training) -> None:
    """Raise WireError unless the epochs whose weights were kept are some of those that ran."""
    kept = training.epochs_kept
    in_order = all(0 < n <= training.epochs_run for n in kept) and kept == sorted(set(kept))
    if not in_order or len(kept) != len(training.epoch_weights):
        raise WireError("the reply's epochs and weights do not belong together")


def _require_shapes(
    weights: Sequence[FloatArray] | None, shapes: Sequence[tuple[int, ...]]
) -> None:
    if weights is None:
        return
    if [w.shape for w in weights] != shapes:
        raise WireError("the reply's weights do not have the shapes of the model's weights")
    if any(w.dtype != np.float32 for w in weights):
        raise WireError("the reply's weights are not float32")
