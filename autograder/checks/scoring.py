"""The scorer's program: a trusted process that turns replies into verdicts.

It is a fork of the fork server that never runs student code. It draws the data and the initial
weights, keeps the held-out labels to itself, decodes what the sandbox sent, and runs the checks.
"""

from __future__ import annotations

import functools
import socket
from collections.abc import Iterator
from pathlib import Path

from autograder.checks.evidence import read_evidence
from autograder.checks.graded_model import GradedModel, NotEvaluated
from autograder.checks.plugin import run_checks
from autograder.checks.predictions import predicted_model, prediction_request
from autograder.checks.signs import signs_in_weights
from autograder.checks.training_run import Run, training_run
from autograder.course import AssignmentFolder, Seeds
from autograder.errors import ArchitectureError, CourseError, WireError
from autograder.exercises import (
    GradingData,
    HeldOut,
    TrainingGiven,
    configure_tensorflow,
    load_exercise,
)
from autograder.results import Verdict
from autograder.sandbox import bound_memory, bounded_time
from autograder.wire import (
    Failed,
    OpenScorer,
    PredictionsNeeded,
    Prepare,
    Prepared,
    Scored,
    ScoreRequest,
    ScorerReady,
    Void,
    decode,
    encode,
    receive,
    send,
    unframe,
    unpack,
)

_LONGEST_ERROR = 2000
_OWN_MEMORY_MB = 512
"""Memory that scoring may use beyond what the submission may."""
_DRAWN = 16
"""How many submissions' data are kept, until their replies are scored."""


def serve(channel: socket.socket) -> None:
    """Score the replies for one assignment until the other end closes the channel."""
    configure_tensorflow()
    packed = receive(channel)
    if packed is None:
        return
    opening = unpack(packed, OpenScorer)
    bound_memory(opening.limits.memory_mb + _OWN_MEMORY_MB)
    folder = AssignmentFolder(Path(opening.folder))
    try:
        run_checks(
            opening.assignment,
            folder,
            _runs(channel, opening, folder),
            lambda run, verdicts, broken: send(channel, _scored(run, verdicts, broken)),
        )
    except CourseError as error:
        send(channel, Failed(error=error.message, tip=error.tip))
    except Exception as error:  # noqa: BLE001 - the other end reports it
        send(channel, _failed(error))


def _runs(channel: socket.socket, opening: OpenScorer, folder: AssignmentFolder) -> Iterator[Run]:
    """Decode reply after reply; a reply that does not match the schema is rejected at once.

    Each request, with the checks of its run, ends this process if it takes too long.
    """
    exercise = load_exercise(folder)

    @functools.lru_cache(maxsize=_DRAWN)
    def prepared(seeds: Seeds) -> tuple[TrainingGiven, HeldOut]:
        practice = seeds == opening.practice_seeds
        grading = None if practice else GradingData(opening.practice_seeds, folder)
        return exercise.prepare(seeds, grading)

    send(channel, ScorerReady())  # the checks are collected already
    while (packed := receive(channel)) is not None:
        request = unpack(packed, ScoreRequest, Prepare)
        with bounded_time(opening.limits.part_seconds, 2 * opening.limits.wall_seconds):
            try:
                given, held_out = prepared(request.seeds)
                if isinstance(request, Prepare):
                    send(channel, Prepared(given=encode(given.model_dump())))
                    continue
                evidence = read_evidence(exercise, decode(unframe(request.nonce, request.reply)))
                model: GradedModel | ArchitectureError | None = evidence.model
                needed = prediction_request(given, held_out, evidence, request.seeds.held_out)
                if request.refused is not None:
                    model, needed = _not_evaluated(model, request.refused), None
                if needed is not None and request.predictions is None:
                    inputs = encode(needed.inputs.model_dump())
                    send(channel, PredictionsNeeded(inputs=inputs))
                    continue
                if needed is not None:
                    model = predicted_model(evidence, needed, _predictions(request))
                run = training_run(
                    given,
                    held_out,
                    evidence,
                    model,
                    untouched=request.untouched,
                    thresholds=opening.assignment.thresholds,
                    limits=opening.limits,
                )
            except WireError as error:
                send(channel, Void(reason=error.message))
            except Exception as error:  # noqa: BLE001 - one reply must not cost the next its mark
                send(channel, _failed(error))
            else:
                yield run


def _not_evaluated(
    model: GradedModel | ArchitectureError | None, refused: tuple[str, str]
) -> GradedModel | ArchitectureError:
    """The model without its outputs; where it cannot be rebuilt, why there is none."""
    if isinstance(model, GradedModel):
        return NotEvaluated(model, *refused)
    return ArchitectureError(*refused)


def _failed(error: Exception) -> Failed:
    return Failed(error=f"{type(error).__name__}: {error}"[:_LONGEST_ERROR])


def _scored(run: Run, verdicts: tuple[Verdict, ...], broken: dict[str, str]) -> Scored:
    """The answer to a request."""
    tracebacks = {name: text[-_LONGEST_ERROR:] for name, text in broken.items()}
    return Scored(
        verdicts=verdicts,
        outputs=run.outputs_from,
        notices=run.failed_cells,
        signs=_signs(run),
        broken=tracebacks,
    )


def _signs(run: Run) -> tuple[str, ...]:
    """What is odd about the weights; nothing where there is no model to look at."""
    return signs_in_weights(run) if isinstance(run.model, GradedModel) else ()


def _predictions(request: ScoreRequest) -> object:
    """The decoded reply of the second run; or why there is none."""
    if request.predictions is None or isinstance(request.predictions, str):
        return request.predictions
    return decode(unframe(*request.predictions))
