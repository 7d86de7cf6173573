"""The grader's end of the sandbox: start the warm process, run submissions, read bytes.

Only bytes come back. Nothing here looks into them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import json
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from typing_extensions import Self

from autograder.errors import SandboxError, SandboxUnavailableError, StoppedError
from autograder.sandbox.limits import Limits
from autograder.sandbox.wire import REPLY_LIMIT

_START_SECONDS = 120
_GRACE_SECONDS = 10
_CHUNK = 65_536
_MESSAGE_LIMIT = 65_536


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
        reply: Bytes from the reply pipe, untrusted, at most `REPLY_LIMIT`.
        output: Standard output and error, untrusted, at most the course's `output_bytes`.
        exit_code: The exit code, or None if a signal ended it.
        signal: The signal, or None.
        cpu_seconds: User and system time of the process and its children.
        wall_seconds: From request to end.
        peak_memory_mb: Largest resident size, in MiB.
    """

    ending: Ending
    reply: bytes
    output: bytes
    exit_code: int | None
    signal: int | None
    cpu_seconds: float
    wall_seconds: float
    peak_memory_mb: int


class WarmProcess:
    """A running warm process; a context manager. Threads may call `run` at the same time.

    Args:
        preload: Modules to import beside TensorFlow.
        unsafe: Build no walls; only for a person who asked for it.

    Raises:
        SandboxUnavailableError: If the walls cannot be built here.
        SandboxError: If the warm process does not start.
    """

    def __init__(self, preload: Sequence[str] = (), *, unsafe: bool = False) -> None:
        self.tier = "unsafe" if unsafe else "full"
        self._lock = threading.Lock()
        self._runs: set[_Run] = set()
        self._stopped = False
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-m", "autograder.sandbox.warm", str(theirs.fileno())],
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                pass_fds=(theirs.fileno(),),
            )
        self._control = ours
        try:
            ours.send(json.dumps({"preload": list(preload), "unsafe": unsafe}).encode())
            self._await_ready()
            if not unsafe:
                self._probe()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process, and every submission that still runs."""
        self._stopped = True
        for run in list(self._runs):
            run.let_go(Ending.STOPPED)
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def trusted(self, module: str) -> socket.socket:
        """Fork a process that serves `module.serve(socket)`; it must never run student code.

        Args:
            module: Importable name.

        Returns:
            Our end of its stream socket.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._request({"trusted": module}, [theirs.fileno()])
        return ours

    def run(self, job: bytes, limits: Limits, output_bytes: int) -> Completed:
        """Run one submission in a fork of its own, inside the walls.

        Args:
            job: What `child.main` reads.
            limits: Bounds of the process.
            output_bytes: The most that it may print.

        Returns:
            What came out.

        Raises:
            SandboxUnavailableError: If a wall could not be built for it.
            SandboxError: If the sandbox failed; the submission is not to blame.
            StoppedError: If `close` was called meanwhile.
        """
        run = _Run(limits.wall_seconds, output_bytes)
        self._runs.add(run)
        try:
            with _memory_file(job) as job_descriptor:
                self._request(
                    {"limits": dataclasses.asdict(limits)}, [job_descriptor, *run.their_ends]
                )
            return run.collect()
        except SandboxError:
            if self._stopped:
                raise StoppedError("The grader was stopped.") from None
            raise
        finally:
            self._runs.discard(run)
            run.close()

    def _request(self, message: dict[str, Any], descriptors: list[int]) -> None:
        try:
            with self._lock:
                socket.send_fds(self._control, [json.dumps(message).encode()], descriptors)
        except OSError as error:
            raise SandboxError(f"The warm process is gone: {error}.", "Grade again.") from error

    def _await_ready(self) -> None:
        self._control.settimeout(_START_SECONDS)
        try:
            answer = self._control.recv(_MESSAGE_LIMIT)
        except TimeoutError:
            answer = b""
        self._control.settimeout(None)
        if not answer:
            self._process.kill()
            said = self._process.stderr.read() if self._process.stderr else b""
            raise SandboxError(
                "The warm process, which imports TensorFlow, did not start: "
                + (said.decode("utf-8", "replace").strip()[-2000:] or "it said nothing")
                + ".",
                "Try python -c 'import tensorflow'.",
            )
        ready = json.loads(answer)
        if "error" in ready:
            raise SandboxUnavailableError(ready["error"], ready["tip"])
        if ready["threads"] != 1:
            raise SandboxError(
                f"The warm process has {ready['threads']} threads after its imports; forks of it "
                "could hang.",
                "Take the module that starts a thread out of `preload` in course.yml.",
            )

    def _probe(self) -> None:
        """Build the walls once around nothing, so that a missing one shows before the class."""
        self.run(b"", Limits(wall_seconds=_GRACE_SECONDS), _CHUNK)


class _Run:
    """The pipes of one submission, read until they end."""

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
        """Read everything until the keeper reports."""
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


@contextlib.contextmanager
def _memory_file(data: bytes) -> Any:
    descriptor = os.memfd_create("job", os.MFD_CLOEXEC)
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(data)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


def clean_environment() -> dict[str, str]:
    """The warm process' environment: nothing of the person's own, one thread, no oneDNN."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 - the sandbox' own, private and empty
        "TMPDIR": "/tmp",  # noqa: S108
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "KERAS_BACKEND": "tensorflow",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",  # noqa: S108
    }
