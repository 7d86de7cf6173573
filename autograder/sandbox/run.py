"""One submission's run as the grader sees it: pipes, read until they close.

Only bytes come back. Nothing here decodes the reply.
"""

from __future__ import annotations

import dataclasses
import enum
import os
import selectors
import time
from collections.abc import Mapping

from autograder.errors import SandboxError, SandboxUnavailableError, StoppedError, WireError
from autograder.wire import REPLY_LIMIT, Ended, Failed, Started, split_messages, unpack

_GRACE_SECONDS = 10
_CHUNK = 65_536
_FLOOD_SECONDS = 0.1
"""A pause each time that too much output is dropped, so that a flood takes none of the grader's
time."""
_TAIL = 4_000
_LOOK_SECONDS = 1.0
_PAUSE_SECONDS = 5.0
"""Between two looks, a second apart, so much time only passes if the grader itself did not run."""


class Ending(enum.Enum):
    """How a submission's process ended."""

    ENDED = "ended"
    TIMEOUT = "timeout"
    TOO_LARGE_REPLY = "too_large_reply"
    STOPPED = "stopped"


@dataclasses.dataclass(frozen=True)
class Completed:
    """What came out of one run.

    Attributes:
        ending: How it ended.
        limit: The limit that it was ended for, such as "memory_mb"; else "".
        environment: TensorFlow's settings, measured inside before student code ran; None if the
            process did not get that far.
        reply: Bytes from the reply pipe, untrusted, at most `REPLY_LIMIT`.
        output: Standard output and error, untrusted: the last `output_bytes` of the course.
        exit_code: The exit code, or None if a signal ended it.
        signal: The signal, or None.
        cpu_seconds: User and system time of the process and its children.
        waited_seconds: How long one of its threads waited for a core although it could have run.
        wall_seconds: From request to end.
        peak_memory_mb: Largest resident size, in MiB.
    """

    ending: Ending
    limit: str
    environment: Mapping[str, str] | None
    reply: bytes
    output: bytes
    exit_code: int | None
    signal: int | None
    cpu_seconds: float
    waited_seconds: float
    wall_seconds: float
    peak_memory_mb: int

    @property
    def output_tail(self) -> str:
        """The end of what the run printed."""
        return self.output[-_TAIL:].decode("utf-8", "replace").strip()


class Run:
    """The pipes of one submission, read until they close.

    Args:
        wall_seconds: How long it may run, from now.
        output_bytes: How much of what it prints is kept; the rest is dropped.

    Attributes:
        their_ends: Descriptors for the supervisor: reply, output, status, cancel.
    """

    def __init__(self, wall_seconds: float, output_bytes: int) -> None:
        self._started = time.monotonic()
        self._deadline = self._started + wall_seconds
        self._looked = self._started
        self._output_bytes = output_bytes
        self._reply, reply = os.pipe2(os.O_CLOEXEC)
        self._output, output = os.pipe2(os.O_CLOEXEC)
        self._status, status = os.pipe2(os.O_CLOEXEC)
        cancel, self._cancel = os.pipe2(os.O_CLOEXEC)
        self.their_ends = [reply, output, status, cancel]
        self._ending = Ending.ENDED

    def collect(self) -> Completed:
        """Read everything until the supervisor reports.

        Raises:
            SandboxUnavailableError: If a layer could not be built for it.
            SandboxError: If the supervisor could not kill it, or did not report.
            StoppedError: If it was terminated with `Ending.STOPPED`.
        """
        self._close(self.their_ends)
        chunks: dict[int, bytearray] = {
            descriptor: bytearray() for descriptor in (self._reply, self._output, self._status)
        }
        with selectors.DefaultSelector() as selector:
            for descriptor in chunks:
                selector.register(descriptor, selectors.EVENT_READ)
            while selector.get_map():
                ready = selector.select(self._next_look())
                if not ready and time.monotonic() >= self._deadline:
                    self._time_out()
                for key, _ in ready:
                    data = os.read(key.fd, _CHUNK)
                    chunks[key.fd] += data
                    if not data:
                        selector.unregister(key.fd)
                self._enforce_sizes(chunks)
        return self._completed(chunks)

    def _next_look(self) -> float:
        """How long to wait; a machine that was paused meanwhile has not used up the time."""
        now = time.monotonic()
        if now - self._looked > _PAUSE_SECONDS:
            self._deadline += now - self._looked
        self._looked = now
        return max(0.0, min(self._deadline - now, _LOOK_SECONDS))

    def close(self) -> None:
        """Close every descriptor; the supervisor then ends what still runs."""
        self._close(self.their_ends)
        self._close([d for d in (self._cancel, self._reply, self._output, self._status) if d >= 0])
        self._cancel = self._reply = self._output = self._status = -1

    @staticmethod
    def _close(descriptors: list[int]) -> None:
        for descriptor in descriptors:
            os.close(descriptor)
        descriptors.clear()

    def terminate(self, ending: Ending) -> None:
        """Have the supervisor end the submission's process."""
        if self._cancel >= 0:
            os.close(self._cancel)
            self._cancel = -1
            self._ending = ending
            self._deadline = time.monotonic() + _GRACE_SECONDS

    def _time_out(self) -> None:
        if self._cancel < 0:
            raise SandboxError("A submission's process could not be killed.", "Grade again.")
        self.terminate(Ending.TIMEOUT)

    def _enforce_sizes(self, chunks: dict[int, bytearray]) -> None:
        output, reply = chunks[self._output], chunks[self._reply]
        if len(output) > 2 * self._output_bytes:
            del output[: -self._output_bytes]
            time.sleep(_FLOOD_SECONDS)
        if len(reply) > REPLY_LIMIT:
            self.terminate(Ending.TOO_LARGE_REPLY)
            del reply[REPLY_LIMIT:]

    def _completed(self, chunks: dict[int, bytearray]) -> Completed:
        try:
            messages = [
                unpack(packed, Started, Ended, Failed)
                for packed in split_messages(bytes(chunks[self._status]))
            ]
        except WireError as error:
            raise SandboxError(
                f"A submission's supervisor sent bad bytes: {error}.", "Grade again."
            ) from None
        for message in messages:
            if isinstance(message, Failed):
                raise SandboxUnavailableError(message.error, message.tip)
        if self._ending is Ending.STOPPED:
            raise StoppedError("The grader was stopped.")
        ended = next((m for m in messages if isinstance(m, Ended)), None)
        started = next((m for m in messages if isinstance(m, Started)), None)
        if ended is None:
            raise SandboxError("A submission's supervisor did not report.", "Grade again.")
        return Completed(
            ending=self._ending,
            environment=None if started is None else started.environment,
            reply=bytes(chunks[self._reply]),
            output=bytes(chunks[self._output][-self._output_bytes :]),
            wall_seconds=time.monotonic() - self._started,
            **dict(ended),
        )
