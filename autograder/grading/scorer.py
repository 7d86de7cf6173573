"""The scorer: a trusted process that turns replies into verdicts.

It is a fork of the warm process that never runs student code. It draws the data and the random
start, keeps the held-out labels to itself, decodes what the sandbox sent, and runs the checks.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import msgpack
from typing_extensions import Self

from autograder.course import Assignment, Course, Limits, Seeds
from autograder.errors import CourseError, SandboxError, WireError
from autograder.results import Outcome, Verdict
from autograder.sandbox.client import WarmProcess

_LENGTH = struct.Struct(">Q")


class Scorer:
    """Our end of a scorer; threads may call `score` at the same time.

    Args:
        warm: The warm process to fork it from.
        course: The course, for its limits and practice seeds.
        assignment: Whose checks it runs.
        seeds: Grading seeds or practice seeds.

    Raises:
        CourseError: If the checks and the rubric do not agree.
    """

    def __init__(
        self, warm: WarmProcess, course: Course, assignment: Assignment, seeds: Seeds
    ) -> None:
        self._lock = threading.Lock()
        self._socket = warm.trusted(__name__)
        ready = self._ask(
            {
                "assignment": assignment.model_dump_json(),
                "limits": course.limits.model_dump_json(),
                "seeds": seeds.model_dump_json(),
                "practice": course.practice_seeds.model_dump_json(),
                "folder": str(course.source_notebook(assignment.name).parent),
            }
        )
        if "error" in ready:
            self._socket.close()
            raise CourseError(ready["error"], ready["tip"])
        self.given: bytes = ready["given"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def score(
        self, nonce: bytes, reply: bytes, untouched: frozenset[str] | None
    ) -> tuple[Verdict, ...]:
        """Have the checks run on one reply.

        Args:
            nonce: The nonce that the run was given.
            reply: Bytes from the sandbox.
            untouched: Solution cells that are as released.

        Returns:
            One verdict a check, in the rubric's order.

        Raises:
            WireError: If the reply is not of the schema.
            SandboxError: If the scorer is gone.
        """
        answer = self._ask(
            {
                "nonce": nonce,
                "reply": reply,
                "untouched": None if untouched is None else sorted(untouched),
            }
        )
        if "void" in answer:
            raise WireError(answer["void"])
        if "error" in answer:
            raise SandboxError(f"The scorer failed: {answer['error']}", "Grade again.")
        return tuple(Verdict.model_validate(v) for v in json.loads(answer["verdicts"]))

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            with self._lock:
                _send(self._socket, question)
                answer = _receive(self._socket)
        except OSError as error:
            raise SandboxError(f"The scorer is gone: {error}.", "Grade again.") from error
        if answer is None:
            raise SandboxError("The scorer ended unexpectedly.", "Grade again.")
        return answer


def serve(channel: socket.socket) -> None:
    """Serve one assignment until the other end closes; runs in the forked process."""
    from autograder.checks.plugin import run_checks  # noqa: PLC0415 - not in students' processes
    from autograder.sandbox.child import settle  # noqa: PLC0415

    settle()
    opening = _receive(channel)
    if opening is None:
        return
    assignment = Assignment.model_validate_json(opening["assignment"])
    try:
        limits = Limits.model_validate_json(opening["limits"])
        session = _Session(assignment, limits, channel)
        session.prepare(opening)
        run_checks(assignment, session.runs(), session.send_verdicts)
    except CourseError as error:
        _send(channel, {"error": error.message, "tip": error.tip})
    except Exception as error:  # noqa: BLE001 - the other end must hear of it
        _send(channel, {"error": f"{type(error).__name__}: {error}"[:2000], "tip": ""})


class _Session:
    def __init__(self, assignment: Assignment, limits: Limits, channel: socket.socket) -> None:
        from autograder.exercises import load_exercise  # noqa: PLC0415

        self._channel = channel
        self._assignment = assignment
        self._limits = limits
        self._exercise = load_exercise(assignment.name)
        self._given: Any = None
        self._held_out: Any = None

    def prepare(self, opening: dict[str, Any]) -> None:
        """Draw what goes into the sandbox, and what stays here."""
        from autograder.exercises.draws import Private  # noqa: PLC0415

        seeds = Seeds.model_validate_json(opening["seeds"])
        practice = Seeds.model_validate_json(opening["practice"])
        private = None if seeds == practice else Private(practice, Path(opening["folder"]))
        self._given, self._held_out = self._exercise.prepare(seeds, private)

    def runs(self) -> Iterator[Any]:
        """Decode reply after reply; what is not of the schema is answered at once."""
        from autograder.sandbox import wire  # noqa: PLC0415
        from autograder.training import training_run  # noqa: PLC0415

        hello = {"given": wire.encode(self._given.model_dump())}
        _send(self._channel, hello)  # pytest has collected the checks by now
        while (question := _receive(self._channel)) is not None:
            try:
                reply = wire.decode(wire.unframe(question["nonce"], question["reply"]))
                run = training_run(
                    self._exercise,
                    self._given,
                    self._held_out,
                    reply,
                    untouched=question["untouched"],
                    thresholds=self._assignment.thresholds,
                    limits=self._limits,
                )
            except WireError as error:  # noqa: PERF203 - one bad reply must not end the class
                _send(self._channel, {"void": error.message})
            else:
                yield run

    def send_verdicts(self, verdicts: tuple[Verdict, ...]) -> None:
        """Answer the question that `runs` has yielded last."""
        listed = [verdict.model_dump(mode="json") for verdict in verdicts]
        _send(self._channel, {"verdicts": json.dumps(listed)})


def never_answered(
    assignment: Assignment, outcome: Outcome, message: str, hint: str
) -> tuple[Verdict, ...]:
    """The same verdict for every check, for a run that brought nothing to check."""
    return tuple(
        Verdict(name=name, outcome=outcome, points=0, max_points=points, message=message, hint=hint)
        for name, points in assignment.checks.items()
    )


def _send(channel: socket.socket, message: dict[str, Any]) -> None:
    data = msgpack.packb(message)
    channel.sendall(_LENGTH.pack(len(data)) + data)


def _receive(channel: socket.socket) -> dict[str, Any] | None:
    header = _exactly(channel, _LENGTH.size)
    if header is None:
        return None
    data = _exactly(channel, _LENGTH.unpack(header)[0])
    return None if data is None else msgpack.unpackb(data, max_bin_len=2**31 - 1)


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        chunk = channel.recv(min(size - len(data), 2**20))
        if not chunk:
            return None
        data += chunk
    return bytes(data)
