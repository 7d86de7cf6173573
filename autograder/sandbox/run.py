"""One submission's run, seen from outside: its pipes, read until they end.

Only bytes come back. Nothing here looks into them.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import os
import selectors
import time

from autograder.errors import SandboxError, SandboxUnavailableError, StoppedError
from autograder.sandbox.wire import REPLY_LIMIT

_GRACE_SECONDS = 10
_CHUNK = 65_536


class Ending(enum.Enum):
    """How a submission's process ended."""

    ENDED = "ended"
    TIMEOUT = "timeout"
    TOO_MUCH_OUTPUT = "too_much_output"
    TOO_LARGE_REPLY = "too_large_reply"
    STOPPED = "stopped"


@dataclasses.dataclass(frozen=True)
class Completed:
    """What came out of one sandbox.

    Attributes:
        ending: How it ended.
        limit: The limit that it was ended for, such as "memory_mb"; else "".
        reply: Bytes from the reply pipe, untrusted, at most `REPLY_LIMIT`.
        output: Standard output and error, untrusted, at most the course's `output_bytes`.
        exit_code: The exit code, or None if a signal ended it.
        signal: The signal, or None.
        cpu_seconds: User and system time of the process and its children.
        wall_seconds: From request to end.
        peak_memory_mb: Largest resident size, in MiB.
    """

    ending: Ending
    limit: str
    reply: bytes
    output: bytes
    exit_code: int | None
    signal: int | None
    cpu_seconds: float
    wall_seconds: float
    peak_memory_mb: int


class Run:
    """The pipes of one submission, read until they end.

    Args:
        wall_seconds: When it is ended, from now.
        output_bytes: The most that it may print.

    Attributes:
        their_ends: Descriptors for the keeper: reply, output, status, leash.
    """

    def __init__(self, wall_seconds: float, output_bytes: int) -> None:
        self._started = time.monotonic()
        self._deadline = self._started + wall_seconds
        self._output_bytes = output_bytes
        self._reply, reply = os.pipe2(os.O_CLOEXEC)
        self._output, output = os.pipe2(os.O_CLOEXEC)
        self._status, status = os.pipe2(os.O_CLOEXEC)
        leash, self._leash = os.pipe2(os.O_CLOEXEC)
        self.their_ends = [reply, output, status, leash]
        self._ending = Ending.ENDED

    def collect(self) -> Completed:
        """Read everything until the keeper reports.

        Raises:
            SandboxUnavailableError: If a wall could not be built for it.
            SandboxError: If the keeper could not end it, or did not report.
            StoppedError: If it was let go with `Ending.STOPPED`.
        """
        self._close(self.their_ends)
        chunks: dict[int, bytearray] = {
            descriptor: bytearray() for descriptor in (self._reply, self._output, self._status)
        }
        with selectors.DefaultSelector() as selector:
            for descriptor in chunks:
                selector.register(descriptor, selectors.EVENT_READ)
            while selector.get_map():
                ready = selector.select(max(0.0, self._deadline - time.monotonic()))
                if not ready:
                    self._out_of_time()
                for key, _ in ready:
                    data = os.read(key.fd, _CHUNK)
                    chunks[key.fd] += data
                    if not data:
                        selector.unregister(key.fd)
                self._watch_sizes(chunks)
        return self._completed(chunks)

    def close(self) -> None:
        """Close what is still open; the keeper ends what still runs."""
        self._close(self.their_ends)
        self._close([d for d in (self._leash, self._reply, self._output, self._status) if d >= 0])
        self._leash = self._reply = self._output = self._status = -1

    @staticmethod
    def _close(descriptors: list[int]) -> None:
        for descriptor in descriptors:
            os.close(descriptor)
        if descriptors:
            descriptors.clear()

    def let_go(self, ending: Ending) -> None:
        """Have the keeper end the submission's process."""
        if self._leash >= 0:
            os.close(self._leash)
            self._leash = -1
            self._ending = ending
            self._deadline = time.monotonic() + _GRACE_SECONDS

    def _out_of_time(self) -> None:
        if self._leash < 0:
            raise SandboxError("A submission's process could not be ended.", "Grade again.")
        self.let_go(Ending.TIMEOUT)

    def _watch_sizes(self, chunks: dict[int, bytearray]) -> None:
        for descriptor, most, ending in (
            (self._output, self._output_bytes, Ending.TOO_MUCH_OUTPUT),
            (self._reply, REPLY_LIMIT, Ending.TOO_LARGE_REPLY),
        ):
            if len(chunks[descriptor]) > most:
                self.let_go(ending)
                del chunks[descriptor][most:]

    def _completed(self, chunks: dict[int, bytearray]) -> Completed:
        try:
            report = json.loads(bytes(chunks[self._status]).splitlines()[0])
        except (ValueError, IndexError):
            raise SandboxError("A submission's keeper did not report.", "Grade again.") from None
        if "error" in report:
            raise SandboxUnavailableError(report["error"], report["tip"])
        if self._ending is Ending.STOPPED:
            raise StoppedError("The grader was stopped.")
        return Completed(
            ending=self._ending,
            reply=bytes(chunks[self._reply]),
            output=bytes(chunks[self._output]),
            wall_seconds=time.monotonic() - self._started,
            **report,
        )
