"""The grader's end of the sandbox: a fork server that runs submissions."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from typing import Final

from typing_extensions import Self

from autograder.errors import SandboxError, SandboxUnavailableError, StoppedError, WireError
from autograder.sandbox import diagnostics
from autograder.sandbox.launch import FORK_SERVER, launch, stop
from autograder.sandbox.limits import Limits
from autograder.sandbox.run import Completed, Ending, Run
from autograder.sandbox.self_test import ACTS
from autograder.wire import (
    Message,
    RunRequest,
    SelfTested,
    SelfTestJob,
    ServeRequest,
    Start,
    unpack,
)

TIERS: Final = ("full", "reduced")
"""Tiers that grade, from the best down; without one of them the grader stops."""

_STOP_SECONDS: Final = 10
_SELF_TEST: Final = "autograder.sandbox.self_test"
_SELF_TEST_SECONDS: Final = 10
_SELF_TEST_OUTPUT: Final = 65_536


@dataclasses.dataclass(frozen=True)
class Programs:
    """What a fork server imports, so that its forks have it.

    Attributes:
        modules: Modules that its forks run: `main` inside the sandbox, `serve` outside.
        preload: Further modules, such as those that submissions are likely to import.
        loads: Pairs of a module and an argument: `load(argument)` is called after the imports.
    """

    modules: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    loads: tuple[tuple[str, str], ...] = ()


class ForkServer:
    """A running fork server; a context manager. Threads may call `run` at the same time.

    Args:
        programs: What it imports.
        unsafe: Isolate nothing; only for a person who asked for it.
        arguments: Python arguments that start it; tests pass others to leave a layer out.

    Attributes:
        tier: How submissions are confined: "full", "reduced" or "unsafe".
        memory: What bounds their memory: "cgroup v1", "cgroup v2" or "watchdog".
        diagnostics: Why each better tier is not available: message and tip, by tier.
        environment: Versions that results depend on.
        tensorflow_build: What TensorFlow was built for: "CPU" or "CUDA".

    Raises:
        SandboxUnavailableError: If no tier is available here, or its self-test fails.
        SandboxError: If the fork server does not start.
    """

    def __init__(
        self,
        programs: Programs = Programs(),
        *,
        unsafe: bool = False,
        arguments: Sequence[str] = FORK_SERVER,
    ) -> None:
        self._lock = threading.Lock()
        self._runs: set[Run] = set()
        self._stopped = False
        diagnostics.require_supported_system()
        start = Start(
            modules=(_SELF_TEST, *programs.modules),
            preload=programs.preload,
            loads=programs.loads,
        )
        self._control, self._process, ready = launch(start, arguments)
        self.memory = ready.memory
        self.diagnostics = dict(ready.diagnostics)
        self.environment = ready.environment
        self.tensorflow_build = ready.tensorflow_build
        try:
            self.tier = "unsafe" if unsafe else self._best_tier()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the fork server, and every submission that still runs."""
        self._stopped = True
        for run in list(self._runs):
            run.terminate(Ending.STOPPED)
        stop(self._control, self._process, _STOP_SECONDS)

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self._process.poll() is None

    def serve(self, program: str) -> socket.socket:
        """Fork a trusted process that serves a socket; it must never run student code.

        Args:
            program: The module whose `serve(socket)` it runs.

        Returns:
            Our end of its stream socket.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._request(ServeRequest(program=program), [theirs.fileno()])
        return ours

    def run(self, program: str, job: Message, limits: Limits, output_bytes: int) -> Completed:
        """Run a job in a fork of its own, inside the sandbox.

        Args:
            program: The module whose `main(job, reply, status)` runs there; three descriptors.
            job: What it reads.
            limits: What the process may use.
            output_bytes: How much of what it prints is kept.

        Returns:
            What came out.

        Raises:
            SandboxError: If the sandbox failed; the submission is not to blame.
            StoppedError: If `close` was called meanwhile.
        """
        try:
            return self._run(program, job, limits, output_bytes, self.tier)
        except SandboxUnavailableError as error:  # it was available a moment ago
            raise SandboxError(error.message, error.tip) from error

    def _run(
        self, program: str, job: Message, limits: Limits, output_bytes: int, tier: str
    ) -> Completed:
        run = Run(limits.wall_seconds, output_bytes)
        self._runs.add(run)
        request = RunRequest(program=program, tier=tier, **dataclasses.asdict(limits))
        try:
            with _memory_file(job.pack()) as job_descriptor:
                self._request(request, [job_descriptor, *run.their_ends])
            return run.collect()
        except SandboxError:
            if self._stopped:
                raise StoppedError("The grader was stopped.") from None
            raise
        finally:
            self._runs.discard(run)
            run.close()

    def _request(self, message: Message, descriptors: list[int]) -> None:
        try:
            with self._lock:
                socket.send_fds(self._control, [message.pack()], descriptors)
        except OSError as error:
            raise SandboxError(f"The fork server has ended: {error}.", "Grade again.") from error

    def _best_tier(self) -> str:
        """The best tier that can be built here and passes its self-test."""
        for tier in TIERS:
            if tier in self.diagnostics:
                continue
            try:
                breaches = self._self_test(tier)
            except SandboxUnavailableError as error:
                self.diagnostics[tier] = error.message, error.tip
                continue
            if breaches:
                raise SandboxUnavailableError(
                    f"The {tier} tier of the sandbox does not hold on this machine: code inside "
                    f"it can {', '.join(breaches)}.",
                    "Nothing was graded. Grade on another machine, and please report this.",
                )
            return tier
        reasons = dict(self.diagnostics[tier] for tier in TIERS)  # both may lack the same
        raise SandboxUnavailableError(" ".join(reasons), self.diagnostics[TIERS[0]][1])

    def _self_test(self, tier: str) -> tuple[str, ...]:
        """Try forbidden acts from inside; returns those that worked."""
        with tempfile.NamedTemporaryFile(prefix=f"autograder-{os.getpid()}-") as canary:
            canary.write(b"canary")
            canary.flush()
            os.fchmod(canary.fileno(), 0o644)
            job = SelfTestJob(canary=canary.name, grader=os.getpid())
            limits = Limits(_SELF_TEST_SECONDS)
            completed = self._run(_SELF_TEST, job, limits, _SELF_TEST_OUTPUT, tier)
        try:
            result = unpack(completed.reply, SelfTested)
        except WireError:
            raise SandboxError(
                f"The self-test of the {tier} tier did not finish: "
                f"{completed.output_tail or completed.ending.value}."
            ) from None
        return result.breaches if result.acts == tuple(ACTS) else ("skip acts of the self-test",)


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
