"""The scorer's program: a trusted process that turns replies into verdicts.

It is a fork of the fork server that never runs student code. It draws the data and the initial
weights, keeps the held-out labels to itself, decodes what the sandbox sent, and runs the checks.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

from autograder.checks.graded_model import GradedModel
from autograder.checks.plugin import run_checks
from autograder.checks.replies import Replies
from autograder.checks.signs import signs_in_weights
from autograder.checks.training_run import Run, TrainingRun
from autograder.checks.training_summary import has_summary
from autograder.course import AssignmentFolder
from autograder.errors import CourseError, WireError
from autograder.exercises import configure_tensorflow
from autograder.results import Verdict
from autograder.sandbox import bound_memory, bounded_time
from autograder.wire import (
    Described,
    DescribeTraining,
    Failed,
    Message,
    OpenScorer,
    Prepare,
    Prepared,
    Scored,
    ScoreRequest,
    ScorerReady,
    Void,
    encode,
    receive,
    send,
    unpack,
)

_LONGEST_ERROR = 2000
_OWN_MEMORY_MB = 512
"""Memory that scoring may use beyond what the submission may."""


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
    replies = Replies(opening, folder)
    send(channel, ScorerReady())  # the checks are collected already
    while (packed := receive(channel)) is not None:
        request = unpack(packed, ScoreRequest, DescribeTraining, Prepare)
        with bounded_time(opening.limits.part_seconds, 2 * opening.limits.wall_seconds):
            try:
                answer = _answer(replies, request)
            except WireError as error:
                answer = Void(reason=error.message)
            except Exception as error:  # noqa: BLE001 - one reply must not cost the next its mark
                answer = _failed(error)
            if isinstance(answer, TrainingRun):
                yield answer
            else:
                send(channel, answer)


def _answer(replies: Replies, request: ScoreRequest | DescribeTraining | Prepare) -> Message | Run:
    """The answer to a request; the training run of a reply that the checks can judge."""
    if isinstance(request, Prepare):
        given, _ = replies.prepared(request.seeds)
        return Prepared(given=encode(given.model_dump()))
    if isinstance(request, DescribeTraining):
        return Described(training=replies.summary(request))
    return replies.to_score(request)


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
        trained=has_summary(run),
        broken=tracebacks,
    )


def _signs(run: Run) -> tuple[str, ...]:
    """What is odd about the weights; nothing where there is no model to look at."""
    return signs_in_weights(run) if isinstance(run.model, GradedModel) else ()
