"""The self-test of the walls: forbidden acts, tried from inside before any submission is run."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from autograder.sandbox import syscalls
from autograder.sandbox.environment import clean_environment

_TRACE_ME: Final = 0
_NO_SIGNAL: Final = 0
_FILTERED: Final = "2"
_CAPABILITIES: Final = ("CapInh", "CapPrm", "CapEff", "CapAmb")


class Outside(NamedTuple):
    """What a self-test tries to reach.

    Attributes:
        canary: A file that anybody on this machine may read.
        grader: The grader's process id.
        keep: Descriptors that a submission has.
    """

    canary: str
    grader: int
    keep: tuple[int, ...]


def main(job_descriptor: int, reply_descriptor: int) -> None:
    """Try every act, write a JSON object with those that held and those that broke, end.

    Args:
        job_descriptor: A file with a JSON object: canary, grader.
        reply_descriptor: A pipe.
    """
    job = json.loads(os.read(job_descriptor, 65_536))
    outside = Outside(job["canary"], job["grader"], (0, 1, 2, job_descriptor, reply_descriptor))
    broken = [name for name, act in ACTS.items() if _works(act, outside)]
    os.write(reply_descriptor, json.dumps({"tried": list(ACTS), "broken": broken}).encode())
    os._exit(0)


def _works(act: Callable[[Outside], object], outside: Outside) -> bool:
    try:
        return act(outside) is not False
    except OSError:
        return False


def _signal_the_grader(outside: Outside) -> None:
    os.kill(outside.grader, _NO_SIGNAL)


def _write_beside_the_libraries(_outside: Outside) -> None:
    with open(f"{os.__file__}.planted", "wb"):  # noqa: PTH123 - as a submission would
        pass


def _read_another_process(outside: Outside) -> None:
    Path(f"/proc/{outside.grader}/environ").read_bytes()


def _keep_capabilities(_outside: Outside) -> bool:
    facts = _status()
    return any(int(facts[name], 16) for name in _CAPABILITIES if name in facts)


def _call_the_kernel_freely(_outside: Outside) -> bool:
    facts = _status()
    return facts.get("Seccomp") != _FILTERED or facts.get("NoNewPrivs") != "1"


def _status() -> dict[str, str]:
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    return {name: rest.strip() for name, _, rest in (line.partition(":") for line in lines)}


def _inherit_descriptors(outside: Outside) -> bool:
    for descriptor in range(64):
        if descriptor not in outside.keep:
            try:
                os.fstat(descriptor)
            except OSError:
                continue
            return True
    return False


def _inherit_environment(_outside: Outside) -> bool:
    # As it was when the warm process started; libraries have added to os.environ since.
    handed = Path("/proc/self/environ").read_bytes().split(b"\0")
    names = {entry.partition(b"=")[0].decode() for entry in handed if entry}
    return not names <= set(clean_environment())


ACTS: Final[dict[str, Callable[[Outside], object]]] = {
    "read a file of the machine": lambda outside: Path(outside.canary).read_bytes(),
    "write beside Python's libraries": _write_beside_the_libraries,
    "read another process": _read_another_process,
    "signal the grader": _signal_the_grader,
    "open an internet socket": lambda _: socket.socket(socket.AF_INET).close(),
    "open a local socket": lambda _: socket.socket(socket.AF_UNIX).close(),
    "run a program": lambda _: os.execve("/bin/true", ["true"], {}),  # noqa: S606 - must fail
    "trace a process": lambda _: syscalls.call("ptrace", _TRACE_ME, 0, 0, 0),
    "make namespaces": lambda _: syscalls.unshare(syscalls.CLONE_NEWUSER),
    "make memory that no limit counts": lambda _: syscalls.call("memfd_create", b"x", 0),
    "outlive its keeper": lambda _: syscalls.set_parent_death_signal(signal.SIGTERM),
    "keep a capability": _keep_capabilities,
    "call the kernel unfiltered": _call_the_kernel_freely,
    "keep a descriptor": _inherit_descriptors,
    "see the grader's environment": _inherit_environment,
}
"""What no submission may do: words for a person, and the act."""
