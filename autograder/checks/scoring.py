"""The scorer's program: a trusted process that turns replies into verdicts.

It is a fork of the fork server that never runs student code. It draws the data and the initial
weights, keeps the held-out labels to itself, decodes what the sandbox sent, and runs the checks.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

from autograder.checks.plugin import run_checks
from autograder.checks.training_run import Run, training_run
from autograder.course import AssignmentFolder
from autograder.errors import CourseError, WireError
from autograder.exercises import GradingData, configure_tensorflow, load_exercise
from autograder.results import Verdict
from autograder.wire import (
    Failed,
    OpenScorer,
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


def serve(channel: socket.socket) -> None:
    """Score the replies for one assignment until the other end closes the channel."""
    configure_tensorflow()
    packed = receive(channel)
    if packed is None:
        return
    opening = unpack(packed, OpenScorer)
    folder = AssignmentFolder(Path(opening.folder))
    try:
        run_checks(
            opening.assignment,
            folder,
            _runs(channel, opening, folder),
            lambda verdicts: _send_verdicts(channel, verdicts),
        )
    except CourseError as error:
        send(channel, Failed(error=error.message, tip=error.tip))
    except Exception as error:  # noqa: BLE001 - the other end reports it
        message = f"{type(error).__name__}: {error}"
        send(channel, Failed(error=message[:_LONGEST_ERROR]))


def _runs(channel: socket.socket, opening: OpenScorer, folder: AssignmentFolder) -> Iterator[Run]:
    """Decode reply after reply; a reply that does not match the schema is rejected at once."""
    exercise = load_exercise(folder)
    practice = opening.seeds == opening.practice_seeds
    grading = None if practice else GradingData(opening.practice_seeds, folder)
    given, held_out = exercise.prepare(opening.seeds, grading)
    send(channel, ScorerReady(given=encode(given.model_dump())))  # the checks are collected already
    while (packed := receive(channel)) is not None:
        request = unpack(packed, ScoreRequest)
        try:
            run = training_run(
                exercise,
                given,
                held_out,
                decode(unframe(request.nonce, request.reply)),
                untouched=request.untouched,
                thresholds=opening.assignment.thresholds,
                limits=opening.limits,
            )
        except WireError as error:
            send(channel, Void(reason=error.message))
        else:
            yield run


def _send_verdicts(channel: socket.socket, verdicts: tuple[Verdict, ...]) -> None:
    """Answer the request whose run `_runs` yielded last."""
    send(channel, Scored(verdicts=verdicts))
