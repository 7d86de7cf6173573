"""The grader's end of a scorer, a trusted process that turns replies into verdicts."""

from __future__ import annotations

import threading

from typing_extensions import Self

from autograder.course import Assignment, Course, Seeds
from autograder.errors import CourseError, SandboxError, WireError
from autograder.sandbox import ForkServer
from autograder.wire import (
    Failed,
    Message,
    OpenScorer,
    PredictionsNeeded,
    Scored,
    ScoreRequest,
    ScorerReady,
    Void,
    receive,
    send,
    unpack,
)

PROGRAM = "autograder.checks.scoring"


class Scorer:
    """A running scorer; threads may call `score` at the same time.

    Args:
        server: The fork server to fork it from.
        course: The course, for its limits and practice seeds.
        assignment: The assignment whose checks it runs.
        seeds: Grading seeds or practice seeds.

    Attributes:
        given: The arguments of the student's functions, encoded.

    Raises:
        CourseError: If the checks do not match the rubric.
    """

    def __init__(
        self, server: ForkServer, course: Course, assignment: Assignment, seeds: Seeds
    ) -> None:
        self._lock = threading.Lock()
        self._socket = server.serve(PROGRAM)
        message = OpenScorer(
            assignment=assignment.model_copy(update={"due": None}),
            folder=str(course.folder(assignment.name).path),
            limits=course.limits,
            seeds=seeds,
            practice_seeds=course.practice_seeds,
        )
        ready = unpack(self._request(message), ScorerReady, Failed)
        if isinstance(ready, Failed):
            self._socket.close()
            raise CourseError(ready.error, ready.tip)
        self.given = ready.given

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._socket.close()

    def score(
        self,
        nonce: bytes,
        reply: bytes,
        untouched: frozenset[str] | None,
        predictions: tuple[bytes, bytes] | str | None = None,
    ) -> Scored | PredictionsNeeded:
        """Run the checks on one reply.

        Args:
            nonce: The run's nonce.
            reply: Bytes from the sandbox.
            untouched: Solution cells that are as released; None if the submission has no cells.
            predictions: Nonce and reply of a second run, or why there is none; None before one was
                asked for.

        Returns:
            One verdict per check, in the rubric's order; or what to ask of a second run first.

        Raises:
            WireError: If the reply does not match the schema.
            SandboxError: If the scorer failed.
        """
        request = ScoreRequest(
            nonce=nonce,
            reply=reply,
            predictions=predictions,
            untouched=None if untouched is None else tuple(sorted(untouched)),
        )
        answer = unpack(self._request(request), Scored, PredictionsNeeded, Void, Failed)
        if isinstance(answer, Void):
            raise WireError(answer.reason)
        if isinstance(answer, Failed):
            raise SandboxError(f"The scorer failed: {answer.error}", "Grade again.")
        return answer

    def _request(self, message: Message) -> bytes:
        try:
            with self._lock:
                send(self._socket, message)
                answer = receive(self._socket)
        except OSError as error:
            raise SandboxError(f"The scorer has ended: {error}.", "Grade again.") from error
        if answer is None:
            raise SandboxError("The scorer ended unexpectedly.", "Grade again.")
        return answer
