"""One training run in the trusted process: the decoded evidence, and what is recomputed from it."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.checks.finding import CheckFailedError
from autograder.checks.graded_model import GradedModel, Predicted, Rebuilt, digest_of
from autograder.course import Limits
from autograder.errors import ArchitectureError, WireError
from autograder.exercises import (
    ENDED,
    PREDICT,
    Answers,
    AnyExercise,
    FloatArray,
    HeldOut,
    IntArray,
    Objective,
    Predictions,
    Questions,
    StudentError,
    Training,
    TrainingGiven,
    TrainingObserved,
    accuracy,
    draw_initial_weights,
    in_one_order,
)
from autograder.exercises.architecture import MOST_PARAMETERS, Description, decode, describe
from autograder.submissions import SCRIPT

GivenT_co = TypeVar("GivenT_co", bound=TrainingGiven, covariant=True)
ObservedT_co = TypeVar("ObservedT_co", bound=TrainingObserved, covariant=True)
_MODELS_KEPT: Final = 16
_PREDICT_TIP: Final = "Let build_model build the same model each time, from its arguments alone."
_MOST_CELLS_TOLD: Final = 5
_ORDER: Final = 977
"""The stream of random numbers for the order of samples."""


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
        model: The trained model: the given one, or the one that the student built; or why that one
            cannot be graded; None if nothing was built.
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
    def way(self) -> str:
        """Where the model's outputs come from; "" if there is no model."""
        return self.model.way if isinstance(self.model, GradedModel) else ""

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
                "Compare the shapes in model.summary().",
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


@dataclasses.dataclass(frozen=True)
class Evidence:
    """A reply in the exercise's schema, before it is known how to get the model's outputs.

    Attributes:
        exercise: The assignment's exercise.
        parts: The reply.
        observed: What was observed, in the exercise's own schema.
        model: The rebuilt model, or why it cannot be rebuilt; None if nothing was built.
    """

    exercise: AnyExercise
    parts: Reply
    observed: TrainingObserved
    model: Rebuilt | ArchitectureError | None

    @property
    def trainings(self) -> list[Training]:
        """Every training that was observed."""
        values = [getattr(self.observed, name) for name in type(self.observed).model_fields]
        parts = [part for v in values for part in (v.values() if isinstance(v, dict) else (v,))]
        return [part for part in parts if isinstance(part, Training)]


def read_evidence(exercise: AnyExercise, reply: object) -> Evidence:
    """Validate a decoded reply against the exercise's schema.

    Args:
        exercise: The assignment's exercise.
        reply: From `wire.decode`; anything.

    Raises:
        WireError: If the reply does not match the schema.
    """
    try:
        parts = Reply.model_validate(reply)
        observed = exercise.observed_type.model_validate(parts.observed)
    except ValidationError as error:
        raise _malformed("the reply", error) from None
    return Evidence(exercise, parts, observed, _rebuilt(exercise, observed))


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
    )
    if isinstance(model, GradedModel):
        shapes = [weights.shape for weights in run.initial_weights]
        for training in evidence.trainings:
            _require_epochs(training)
            for weights in [training.weights, *training.epoch_weights]:
                _require_shapes(weights, shapes)
    return run


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a second run of a submission is asked, and what the answers are for.

    Attributes:
        questions: What the run gets: samples in one order, and lists of weights.
        places: Where each of our arrays of samples is in that order, by `digest_of`.
    """

    questions: Questions
    places: Mapping[bytes, IntArray]


def questions_for(
    given: TrainingGiven, held_out: HeldOut, evidence: Evidence, seed: int
) -> Asked | None:
    """What to ask of a second run; None if the model was rebuilt, or was never built.

    Args:
        given: From `exercise.prepare`.
        held_out: From `exercise.prepare`.
        evidence: From `read_evidence`.
        seed: Of the order of the samples.
    """
    exercise, starts = evidence.exercise, evidence.observed.starts
    if not isinstance(evidence.model, ArchitectureError) or not starts:
        return None
    if sum(math.prod(start.shape) for start in starts) > MOST_PARAMETERS:
        return None
    inputs = [*exercise.inputs(given), held_out.x]
    samples, places = in_one_order(inputs, [seed, _ORDER])
    lists = {
        digest_of(weights): weights
        for training in evidence.trainings
        for weights in [training.weights, *training.epoch_weights]
        if weights is not None
    }
    initial = draw_initial_weights(starts, given.start_seed)
    lists |= {digest_of(initial): initial}
    questions = Questions(
        arguments=list(exercise.build_arguments(given)),
        shuffling=given.shuffling,
        samples=samples,
        weights=list(lists.values()),
    )
    return Asked(questions, {digest_of([x]): p for x, p in zip(inputs, places, strict=True)})


def predicted_model(
    evidence: Evidence, asked: Asked, reply: object
) -> Predicted | ArchitectureError:
    """The model by its predictions; or why there are none.

    Args:
        evidence: From `read_evidence`.
        asked: What the second run was asked.
        reply: Its decoded reply, anything; or why there is none.

    Raises:
        WireError: If the reply does not match the questions.
    """
    if isinstance(reply, str):
        return ArchitectureError(
            f"To predict with your model, your notebook was run once more: {reply}", _PREDICT_TIP
        )
    try:
        parts = Reply.model_validate(reply)
        answered = Predictions.model_validate(parts.observed).outputs
        description = Description.model_validate(evidence.observed.built)
    except ValidationError as error:
        raise _malformed("the predictions", error) from None
    raised = parts.errors.get(PREDICT)
    if raised is not None:
        return ArchitectureError(
            f"To predict with your model, build_model was called once more: it {raised}",
            _PREDICT_TIP,
        )
    outputs = _outputs_by_question(asked, answered)
    return Predicted(description, evidence.observed.starts, outputs)


def _outputs_by_question(
    asked: Asked, answered: Sequence[FloatArray | None]
) -> dict[tuple[bytes, bytes], FloatArray | None]:
    """The outputs of each list of weights for each array of samples, by `digest_of` both."""
    questions = asked.questions
    outputs: dict[tuple[bytes, bytes], FloatArray | None] = {}
    if len(answered) != len(questions.weights):
        raise WireError("the predictions do not belong to the questions")
    for weights, rows in zip(questions.weights, answered, strict=True):
        if rows is not None and (
            rows.dtype != np.float32 or rows.ndim == 0 or len(rows) != len(questions.samples)
        ):
            raise WireError("the predictions are not one row of float32 numbers for each sample")
        for samples, places in asked.places.items():
            outputs[digest_of(weights), samples] = None if rows is None else rows[places]
    if len({rows.shape[1:] for rows in outputs.values() if rows is not None}) > 1:
        raise WireError("the predictions do not have one shape")
    return outputs


def _sentence(cell: str, error: StudentError) -> str:
    """What happened in a cell that did not run to its end."""
    where = "The script" if cell == SCRIPT else f"Cell {cell}"
    if error.kind in ENDED:
        return f"{where} {error}."
    return (
        f"{where} raised {error.kind} on line {error.line}: {error.message}; its other lines ran."
    )


def _malformed(what: str, error: ValidationError) -> WireError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return WireError(f"{what}'s {place[:200]}: {first['msg'][:200]}")


@functools.lru_cache(maxsize=_MODELS_KEPT)
def _given_model(exercise: AnyExercise) -> Rebuilt | None:
    """The model that students are given, rebuilt once; None where they build it."""
    model = exercise.build_model()
    if model is None:
        return None
    return Rebuilt(decode(describe(model)), [layer.name for layer in model.layers])


def _rebuilt(
    exercise: AnyExercise, observed: TrainingObserved
) -> Rebuilt | ArchitectureError | None:
    """The given model; where students build it, the one that the reply describes."""
    if (given := _given_model(exercise)) is not None:
        return given
    try:
        if observed.built is None:
            return None
        return Rebuilt(decode(observed.built), starts=observed.starts)
    except ArchitectureError as error:
        return error


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
