"""The grader's end of the sandbox: start the warm process, have it run submissions."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from typing_extensions import Self

from autograder.errors import SandboxError, SandboxUnavailableError, StoppedError
from autograder.sandbox import cgroups, refusals
from autograder.sandbox.confinement import ACTS
from autograder.sandbox.environment import clean_environment
from autograder.sandbox.limits import Limits
from autograder.sandbox.run import Completed, Ending, Run

_START_SECONDS = 120
_END_SECONDS = 10
_SELF_TEST_SECONDS = 10
_SELF_TEST_OUTPUT = 65_536
_MESSAGE_LIMIT = 65_536

WARM = ("-I", "-m", "autograder.sandbox.warm")
"""Python's arguments that start the warm process."""
_SYSTEMD = Path("/run/systemd/system")
_BUS = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
TIERS = ("full", "reduced")
"""From the best down; below them the grader refuses."""


class WarmProcess:
    """A running warm process; a context manager. Threads may call `run` at the same time.

    Args:
        preload: Modules to import beside TensorFlow.
        unsafe: Build no walls; only for a person who asked for it.
        program: Python's arguments that start it; a test weakens a wall by another.

    Attributes:
        tier: How submissions are confined: "full", "reduced" or "unsafe".
        memory: What bounds their memory: "cgroup v1", "cgroup v2" or "watchdog".
        refusals: Why a better tier could not be had, by tier: message and tip.
        environment: Versions and settings that figures depend on.
        tensorflow_build: What TensorFlow was built for: "CPU" or "CUDA".

    Raises:
        SandboxUnavailableError: If the walls cannot be built here, or do not hold.
        SandboxError: If the warm process does not start.
    """

    def __init__(
        self,
        preload: Sequence[str] = (),
        *,
        unsafe: bool = False,
        program: Sequence[str] = WARM,
    ) -> None:
        self._lock = threading.Lock()
        self._runs: set[Run] = set()
        self._stopped = False
        self._ready = False
        refusals.insist_on_known_system()
        ready = self._start(program, preload)
        self.memory: str = ready["memory"]
        self.refusals: dict[str, tuple[str, str]] = ready["refusals"]
        self.environment: dict[str, str] = ready["environment"]
        self.tensorflow_build: str = ready["tensorflow_build"]
        self._ready = True
        try:
            self.tier = "unsafe" if unsafe else self._best_tier()
        except BaseException:
            self.close()
            raise

    def _start(self, program: Sequence[str], preload: Sequence[str]) -> dict[str, Any]:
        """Start the warm process, in a scope of systemd's where that gives it control groups."""
        scope = _scope()
        for launcher in (scope, []) if scope else ([],):
            self._control, self._process = _spawn([*launcher, sys.executable, *program])
            try:
                with contextlib.suppress(BrokenPipeError):
                    self._control.send(json.dumps({"preload": list(preload)}).encode())
                return self._await_ready()
            except BaseException as error:
                self.close()
                if not (launcher and isinstance(error, SandboxError)):
                    raise
                self._stopped = False
        raise AssertionError("unreachable: the last launcher returns or raises")

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
        return self._run(job, limits, output_bytes, self.tier)

    def _run(
        self, job: bytes, limits: Limits, output_bytes: int, tier: str, *, self_test: bool = False
    ) -> Completed:
        run = Run(limits.wall_seconds, output_bytes)
        self._runs.add(run)
        try:
            with _memory_file(job) as job_descriptor:
                request = {
                    "tier": tier,
                    "limits": dataclasses.asdict(limits),
                    "self_test": self_test,
                }
                self._request(request, [job_descriptor, *run.their_ends])
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

    def _await_ready(self) -> dict[str, Any]:
        self._control.settimeout(_START_SECONDS)
        try:
            answer = self._control.recv(_MESSAGE_LIMIT)
        except OSError:  # too late, or it has ended without a word
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
        ready: dict[str, Any] = json.loads(answer)
        if "error" in ready:
            raise SandboxUnavailableError(ready["error"], ready["tip"])
        if ready["threads"] != 1:
            raise SandboxError(
                f"The warm process has {ready['threads']} threads after its imports; forks of it "
                "could hang.",
                "Take the module that starts a thread out of `preload` in course.yml.",
            )
        return ready

    def _best_tier(self) -> str:
        """The best tier whose walls can be built here, and hold when they are tried."""
        for tier in TIERS:
            if tier in self.refusals:
                continue
            try:
                broken = self._self_test(tier)
            except SandboxUnavailableError as error:
                self.refusals[tier] = error.message, error.tip
                continue
            if broken:
                raise SandboxUnavailableError(
                    f"The walls of the {tier} tier do not hold here. Inside them it is possible "
                    f"to {', to '.join(broken)}.",
                    "Nothing was graded. Grade on another machine, and please report this.",
                )
            return tier
        (message, tip), (also, _) = (self.refusals[tier] for tier in TIERS)
        raise SandboxUnavailableError(f"{message} {also}", tip)

    def _self_test(self, tier: str) -> list[str]:
        """Try forbidden acts from inside; returns those that worked."""
        with tempfile.NamedTemporaryFile(prefix=f"autograder-{os.getpid()}-") as canary:
            canary.write(b"seen")
            canary.flush()
            os.fchmod(canary.fileno(), 0o644)
            job = json.dumps({"canary": canary.name, "grader": os.getpid()}).encode()
            limits = Limits(_SELF_TEST_SECONDS)
            done = self._run(job, limits, _SELF_TEST_OUTPUT, tier, self_test=True)
        try:
            found = json.loads(done.reply)
        except ValueError:
            raise SandboxError(
                f"The self-test of the {tier} tier did not finish: "
                f"{done.output.decode('utf-8', 'replace').strip()[-1000:] or done.ending.value}."
            ) from None
        broken: list[str] = found["broken"]
        return broken if found["tried"] == list(ACTS) else ["leave acts untried"]


def _scope() -> list[str]:
    """A command that starts another in a control group of its own; empty where none is needed."""
    command = shutil.which("systemd-run")
    if command is None or not _SYSTEMD.is_dir() or cgroups.choose() is not None:
        return []
    whose = [] if os.geteuid() == 0 else ["--user"]
    options = ["--scope", "--quiet", "--collect", "--property=Delegate=yes", "--"]
    variables = [f"{name}={value}" for name, value in clean_environment().items()]
    return [command, *whose, *options, "/usr/bin/env", "-i", *variables]


def _spawn(command: Sequence[str]) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start a command that serves the other end of a socket; our end, and the process."""
    # systemd-run finds its bus by these; what it starts does not get them.
    bus = {name: os.environ[name] for name in _BUS if name in os.environ}
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, str(theirs.fileno())],
            env={**clean_environment(), **(bus if command[0] != sys.executable else {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            pass_fds=(theirs.fileno(),),
        )
    return ours, process


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
