"""The grader's end of the sandbox: start the warm process, have it run submissions."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

from typing_extensions import Self

from autograder.errors import SandboxError, SandboxUnavailableError, StoppedError
from autograder.sandbox.environment import clean_environment
from autograder.sandbox.limits import Limits
from autograder.sandbox.run import Completed, Ending, Run

_START_SECONDS = 120
_END_SECONDS = 10
_PROBE_SECONDS = 10
_PROBE_OUTPUT = 65_536
_MESSAGE_LIMIT = 65_536


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
        self._runs: set[Run] = set()
        self._stopped = False
        self._ready = False
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
            self._ready = True
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
        try:
            self._process.wait(_END_SECONDS if self._ready else 0)
        except subprocess.TimeoutExpired:
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
        run = Run(limits.wall_seconds, output_bytes)
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
        self.run(b"", Limits(wall_seconds=_PROBE_SECONDS), _PROBE_OUTPUT)


@contextlib.contextmanager
def _memory_file(data: bytes) -> Iterator[int]:
    descriptor = os.memfd_create("job", os.MFD_CLOEXEC)
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(data)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
