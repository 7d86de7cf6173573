"""The grader's end of a scorer, a trusted process that turns replies into verdicts."""

from __future__ import annotations

import dataclasses
import signal
import socket
import threading

from typing_extensions import Self

from autograder.course import Assignment, Course, Seeds
from autograder.errors import CourseError, SandboxError, WireError
from autograder.results import TrainingSummary
from autograder.sandbox import ForkServer
from autograder.wire import (
    Described,
    DescribeTraining,
    Ended,
    Failed,
    Message,
    OpenScorer,
    PredictionsNeeded,
    Prepare,
    Prepared,
    Scored,
    ScoreRequest,
    ScorerReady,
    Void,
    receive,
    send,
    unpack,
)

PROGRAM = "autograder.checks.scoring"
_ANSWERS = (Prepared, Scored, PredictionsNeeded, Described, Void, Failed, Ended)
_ATTEMPTS = 2
MOST_REQUESTS = 1_000
"""After so many requests a new process answers, because TensorFlow's memory grows with each reply.

A process answers each request for itself, so no Grade depends on it.
"""
_CLOCKS = (signal.SIGPROF, signal.SIGALRM)
"""Signals of `bounded_time`, which runs anew for each message."""
_OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGKILL)


class ScorerEndedError(SandboxError):
    """The process that scored a reply was ended.

    Args:
        ended: How.
    """

    def __init__(self, ended: Ended) -> None:
        how = f"exit code {ended.exit_code}" if ended.signal is None else f"signal {ended.signal}"
        super().__init__(f"The scorer ended unexpectedly ({how}).", "Grade again.")
        self.ended = ended


@dataclasses.dataclass(frozen=True)
class ScoredReply:
    """A reply that was scored, as its training can be described.

    Attributes:
        seeds: The submission's seeds.
        nonce: The run's nonce.
        reply: Bytes from the sandbox.
        predictions: As in `Scorer.score`.
    """

    seeds: Seeds
    nonce: bytes
    reply: bytes
    predictions: tuple[bytes, bytes] | str | None = None


class Scorer:
    """Scores replies in a process of its own, which is started again after it was ended.

    After many requests it is replaced too, so that its memory stays bounded.

    Threads may call it at the same time; it scores one reply after another.

    Args:
        server: The fork server to fork it from.
        course: The course, for its limits and practice seeds.
        assignment: The assignment whose checks it runs.

    Raises:
        CourseError: If the checks do not match the rubric.
    """

    def __init__(self, server: ForkServer, course: Course, assignment: Assignment) -> None:
        self._lock = threading.Lock()
        self._server = server
        self._limits = course.limits
        self._opening = OpenScorer(
            assignment=assignment.model_copy(update={"due": None}),
            folder=str(course.folder(assignment.name).path),
            limits=course.limits,
            practice_seeds=course.practice_seeds,
        )
        self._socket: socket.socket | None = None
        self._requests = 0
        with self._lock:
            self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._close()

    def given(self, seeds: Seeds) -> bytes:
        """The arguments of the student's functions, encoded.

        Raises:
            SandboxError: If the scorer failed.
        """
        answer = self._request(Prepare(seeds=seeds))
        if not isinstance(answer, Prepared):
            raise _failure(answer)
        return answer.given

    def score(
        self,
        seeds: Seeds,
        nonce: bytes,
        reply: bytes,
        untouched: frozenset[str] | None,
        predictions: tuple[bytes, bytes] | str | None = None,
    ) -> Scored | PredictionsNeeded:
        """Run the checks on one reply.

        A model that takes too long, or too much memory, costs only the checks that evaluate it.

        Args:
            seeds: The submission's seeds.
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
            seeds=seeds,
            nonce=nonce,
            reply=reply,
            predictions=predictions,
            untouched=None if untouched is None else tuple(sorted(untouched)),
        )
        answer = self._request(request)
        if isinstance(answer, Ended) and (refused := self._why_not_evaluated(answer)):
            answer = self._request(request.model_copy(update={"refused": refused}))
        if isinstance(answer, Void):
            raise WireError(answer.reason)
        if not isinstance(answer, (Scored, PredictionsNeeded)):
            raise _failure(answer)
        return answer

    def describe(
        self, scored: ScoredReply, reference: ScoredReply | None
    ) -> TrainingSummary | None:
        """Describe the training of a reply.

        Args:
            scored: A reply that was scored.
            reference: A run of the course's own solution with the same seeds; or None.

        Returns:
            What the training did; None if there was none.

        Raises:
            WireError: If a reply does not match the schema.
            SandboxError: If the scorer failed, or could not evaluate the model in its limits.
        """
        answer = self._request(
            DescribeTraining(
                seeds=scored.seeds,
                nonce=scored.nonce,
                reply=scored.reply,
                predictions=scored.predictions,
                reference=None if reference is None else (reference.nonce, reference.reply),
            )
        )
        if isinstance(answer, Void):
            raise WireError(answer.reason)
        if not isinstance(answer, Described):
            raise _failure(answer)
        return answer.training

    def _why_not_evaluated(self, ended: Ended) -> tuple[str, str] | None:
        """What a reply's model did that ended the scorer; None if something else may have."""
        if ended.signal == signal.SIGPROF:
            seconds = self._limits.part_seconds
            return (
                f"To evaluate the model takes more than {seconds:g} seconds of computing.",
                "Use fewer or smaller layers.",
            )
        if ended.signal in _OUT_OF_MEMORY and ended.peak_memory_mb > self._limits.memory_mb:
            return (
                f"To evaluate the model takes more than {self._limits.memory_mb} MB of memory.",
                "Use fewer or smaller layers.",
            )
        return None

    def _request(self, message: Message) -> Message:
        """The answer to a message; `Ended` if the scorer was ended meanwhile.

        Unless its own clock ended it, a new process gets the message once more: the old one may
        have been ended before it read it, or for what earlier replies left in its memory.
        """
        with self._lock:
            if self._requests >= MOST_REQUESTS:
                self._close()
            for attempt in range(1, _ATTEMPTS + 1):
                channel = self._socket or self._open()
                self._requests += 1
                try:
                    send(channel, message)
                    packed = receive(channel)
                except OSError:  # it was ended before it read the message
                    packed = None
                if packed is not None:
                    answer = unpack(packed, *_ANSWERS)
                    if not isinstance(answer, Ended):
                        return answer
                    if answer.signal in _CLOCKS or attempt == _ATTEMPTS:
                        self._close()
                        return answer
                self._close()
        raise SandboxError("The scorer ended unexpectedly.", "Grade again.")

    def _open(self) -> socket.socket:
        channel = self._socket = self._server.serve(PROGRAM)
        self._requests = 0
        try:
            send(channel, self._opening)
            answer = receive(channel)
        except OSError as error:
            raise SandboxError(f"The scorer has ended: {error}.", "Grade again.") from error
        if answer is None:
            raise SandboxError("The scorer does not start.", "Grade again.")
        ready = unpack(answer, ScorerReady, Failed, Ended)
        if isinstance(ready, Failed):
            self._close()
            raise CourseError(ready.error, ready.tip)
        if isinstance(ready, Ended):
            self._close()
            raise ScorerEndedError(ready)
        return channel

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _failure(answer: Message) -> SandboxError:
    if isinstance(answer, Failed):
        return SandboxError(f"The scorer failed: {answer.error}", answer.tip or "Grade again.")
    if isinstance(answer, Ended):
        return ScorerEndedError(answer)
    return SandboxError(f"The scorer answered with {type(answer).__name__}.", "Grade again.")
