"""Start a fork server, in a systemd scope where that gives it control groups, and stop it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from autograder.errors import SandboxError, SandboxUnavailableError
from autograder.sandbox.environment import clean_environment
from autograder.sandbox.kernel import cgroups
from autograder.wire import Failed, Ready, Start, unpack

FORK_SERVER: Final = ("-I", "-m", "autograder.sandbox.fork_server")
"""Python arguments that start the fork server."""

_START_SECONDS: Final = 120
_MESSAGE_LIMIT: Final = 65_536
_OUTPUT_TAIL: Final = 2000
_SYSTEMD: Final = Path("/run/systemd/system")
_BUS_VARIABLES: Final = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")


def launch(
    start: Start, arguments: Sequence[str]
) -> tuple[socket.socket, subprocess.Popen[bytes], Ready]:
    """Start a fork server and wait until it has imported everything.

    Args:
        start: What it imports.
        arguments: Python arguments that start it.

    Returns:
        The socket to it, its process, and what it reported.

    Raises:
        SandboxUnavailableError: If it cannot plan any tier.
        SandboxError: If it does not start.
    """
    command = [sys.executable, *arguments]
    scope = _scope_command()
    if scope:
        with contextlib.suppress(SandboxError):
            return _launch(start, [*scope, *command])
    return _launch(start, command)


def stop(control: socket.socket, process: subprocess.Popen[bytes], seconds: float) -> None:
    """End a fork server: close its socket, wait, and kill it when the time is up."""
    control.close()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _launch(
    start: Start, command: Sequence[str]
) -> tuple[socket.socket, subprocess.Popen[bytes], Ready]:
    control, process = _spawn(command)
    try:
        with contextlib.suppress(BrokenPipeError):
            control.send(start.pack())
        return control, process, _await_ready(control, process)
    except BaseException:
        stop(control, process, 0)
        raise


def _scope_command() -> list[str]:
    """A command that starts another in a control group of its own; empty if not needed."""
    command = shutil.which("systemd-run")
    if command is None or not _SYSTEMD.is_dir() or cgroups.find_hierarchy() is not None:
        return []
    manager = [] if os.geteuid() == 0 else ["--user"]
    options = ["--scope", "--quiet", "--collect", "--property=Delegate=yes", "--"]
    variables = [f"{name}={value}" for name, value in clean_environment().items()]
    return [command, *manager, *options, "/usr/bin/env", "-i", *variables]


def _spawn(command: Sequence[str]) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start a command that gets one end of a socket; returns the other end and the process."""
    # systemd-run finds its bus by these variables; the fork server does not get them.
    bus = {name: os.environ[name] for name in _BUS_VARIABLES if name in os.environ}
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


def _await_ready(control: socket.socket, process: subprocess.Popen[bytes]) -> Ready:
    control.settimeout(_START_SECONDS)
    try:
        answer = control.recv(_MESSAGE_LIMIT)
    except OSError:  # too late, or it ended without an answer
        answer = b""
    control.settimeout(None)
    if not answer:
        process.kill()
        output = process.stderr.read() if process.stderr else b""
        raise SandboxError(
            "The fork server, which imports TensorFlow, did not start: "
            + (output.decode("utf-8", "replace").strip()[-_OUTPUT_TAIL:] or "it printed nothing")
            + ".",
            "Try python -c 'import tensorflow'.",
        )
    ready = unpack(answer, Ready, Failed)
    if isinstance(ready, Failed):
        raise SandboxUnavailableError(ready.error, ready.tip)
    if ready.threads != 1:
        raise SandboxError(
            f"The fork server has {ready.threads} threads after its imports; its forks could hang.",
            "Remove the module that starts a thread from `preload` in course.yml.",
        )
    return ready
