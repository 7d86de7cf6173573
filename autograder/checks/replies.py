"""From untrusted replies to training runs and their summaries, in the scorer's process."""

from __future__ import annotations

import functools
from typing import Final

from autograder.checks.evidence import read_evidence
from autograder.checks.graded_model import GradedModel, NotEvaluated
from autograder.checks.predictions import predicted_model, prediction_request
from autograder.checks.training_run import Run, TrainingRun, training_run
from autograder.checks.training_summary import training_summary
from autograder.course import AssignmentFolder, Seeds
from autograder.errors import ArchitectureError
from autograder.exercises import GradingData, HeldOut, TrainingGiven, load_exercise
from autograder.results import TrainingSummary
from autograder.wire import (
    DescribeTraining,
    OpenScorer,
    PredictionsNeeded,
    ScoreRequest,
    decode,
    encode,
    unframe,
)

_DRAWN: Final = 16
"""How many submissions' data are kept, until their replies are scored."""
_SCORED: Final = 4
_LARGEST_KEPT: Final = 2 * 2**20
"""How many scored replies are kept, until they are described, and how many bytes each may have."""


class Replies:
    """Reads replies for one assignment.

    Args:
        opening: The assignment, and what a submission may use.
        folder: The assignment's folder.
    """

    def __init__(self, opening: OpenScorer, folder: AssignmentFolder) -> None:
        self._opening = opening
        self._folder = folder
        self._exercise = load_exercise(folder)
        self._scored: dict[bytes, Run] = {}
        self.prepared = functools.lru_cache(maxsize=_DRAWN)(self._prepare)

    def _grading(self, seeds: Seeds) -> GradingData | None:
        practice = self._opening.practice_seeds
        return None if seeds == practice else GradingData(practice, self._folder)

    def _prepare(self, seeds: Seeds) -> tuple[TrainingGiven, HeldOut]:
        """Draw a submission's data."""
        return self._exercise.prepare(seeds, self._grading(seeds))

    def to_score(self, request: ScoreRequest) -> Run | PredictionsNeeded:
        """The training run of a reply; or what to ask of a second run first.

        Raises:
            WireError: If the reply does not match the schema.
        """
        run = self._read(request)
        if isinstance(run, TrainingRun) and len(request.reply) <= _LARGEST_KEPT:
            self._scored[request.nonce] = run
            while len(self._scored) > _SCORED:
                del self._scored[next(iter(self._scored))]
        return run

    def summary(self, request: DescribeTraining) -> TrainingSummary | None:
        """What the training of a scored reply did.

        Raises:
            WireError: If the reply does not match the schema.
        """
        run = self._scored.pop(request.nonce, None) or self._read(
            ScoreRequest(**request.model_dump(exclude={"reference"}), untouched=None)
        )
        reference = None
        if request.reference is not None:
            nonce, reply = request.reference
            reference = self._read(
                ScoreRequest(seeds=request.seeds, nonce=nonce, reply=reply, untouched=None)
            )
        if isinstance(run, PredictionsNeeded):
            return None
        return training_summary(
            self._exercise,
            request.seeds,
            self._grading(request.seeds),
            run,
            None if isinstance(reference, PredictionsNeeded) else reference,
        )

    def _read(self, request: ScoreRequest) -> Run | PredictionsNeeded:
        given, held_out = self.prepared(request.seeds)
        evidence = read_evidence(self._exercise, decode(unframe(request.nonce, request.reply)))
        model: GradedModel | ArchitectureError | None = evidence.model
        needed = prediction_request(given, held_out, evidence, request.seeds.held_out)
        if request.refused is not None:
            model, needed = _not_evaluated(model, request.refused), None
        if needed is not None and request.predictions is None:
            return PredictionsNeeded(inputs=encode(needed.inputs.model_dump()))
        if needed is not None:
            model = predicted_model(evidence, needed, _predictions(request))
        return training_run(
            given,
            held_out,
            evidence,
            model,
            untouched=request.untouched,
            thresholds=self._opening.assignment.thresholds,
            limits=self._opening.limits,
        )


def _not_evaluated(
    model: GradedModel | ArchitectureError | None, refused: tuple[str, str]
) -> GradedModel | ArchitectureError:
    """The model without its outputs; where it cannot be rebuilt, why there is none."""
    if isinstance(model, GradedModel):
        return NotEvaluated(model, *refused)
    return ArchitectureError(*refused)


def _predictions(request: ScoreRequest) -> object:
    """The decoded reply of the second run; or why there is none."""
    if request.predictions is None or isinstance(request.predictions, str):
        return request.predictions
    return decode(unframe(*request.predictions))
