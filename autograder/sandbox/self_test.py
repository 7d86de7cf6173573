"""The sandbox's self-test: try forbidden acts from inside, before any submission is run."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from autograder.sandbox.environment import clean_environment
from autograder.sandbox.kernel import syscalls
from autograder.wire import SelfTested, SelfTestJob, unpack

_TRACE_ME: Final = 0
_NO_SIGNAL: Final = 0
_FILTERED: Final = "2"
_CAPABILITIES: Final = ("CapInh", "CapPrm", "CapEff", "CapAmb")


class Targets(NamedTuple):
    """What a self-test tries to reach.

    Attributes:
        canary: A file that every user of this machine can read.
        grader: The grader's process id.
        descriptors: Descriptors that a submission is allowed to have.
    """

    canary: str
    grader: int
    descriptors: tuple[int, ...]


def main(job_descriptor: int, reply_descriptor: int, status_descriptor: int) -> None:
    """Try every act, report which were tried and which worked, and end the process.

    Args:
        job_descriptor: A file with a `SelfTestJob`.
        reply_descriptor: A pipe for `SelfTested`.
        status_descriptor: Closed before anything is tried, as for a submission.
    """
    os.close(status_descriptor)
    job = unpack(os.read(job_descriptor, 65_536), SelfTestJob)
    targets = Targets(job.canary, job.grader, (0, 1, 2, job_descriptor, reply_descriptor))
    breaches = [name for name, act in ACTS.items() if _works(act, targets)]
    os.write(reply_descriptor, SelfTested(acts=tuple(ACTS), breaches=tuple(breaches)).pack())
    os._exit(0)


def _works(act: Callable[[Targets], object], targets: Targets) -> bool:
    try:
        return act(targets) is not False
    except (OSError, ValueError):  # `resource` raises ValueError where it is not permitted
        return False


def _signal_grader(targets: Targets) -> None:
    os.kill(targets.grader, _NO_SIGNAL)


def _write_beside_libraries(_targets: Targets) -> None:
    with open(f"{os.__file__}.planted", "wb"):  # noqa: PTH123 - as a submission would
        pass


def _read_another_process(targets: Targets) -> None:
    Path(f"/proc/{targets.grader}/environ").read_bytes()


def _has_capability(_targets: Targets) -> bool:
    status = _own_status()
    return any(int(status[name], 16) for name in _CAPABILITIES if name in status)


def _is_unfiltered(_targets: Targets) -> bool:
    status = _own_status()
    return status.get("Seccomp") != _FILTERED or status.get("NoNewPrivs") != "1"


def _changes_permissions(targets: Targets) -> bool:
    """Whether a change of a file's permissions has an effect; the call may say so without one."""
    canary = Path(targets.canary)
    before = canary.stat().st_mode
    canary.chmod(before ^ 0o044)
    return canary.stat().st_mode != before


def _sets_a_time(targets: Targets) -> bool:
    canary = Path(targets.canary)
    before = canary.stat().st_mtime_ns
    os.utime(canary, (1, 1))
    return canary.stat().st_mtime_ns != before


def _lock_library(_targets: Targets) -> None:
    with open(os.__file__, "rb") as file:  # noqa: PTH123 - as a submission would
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


def _lower_limit(_targets: Targets) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _own_status() -> dict[str, str]:
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    return {name: rest.strip() for name, _, rest in (line.partition(":") for line in lines)}


def _has_other_descriptor(targets: Targets) -> bool:
    for descriptor in range(64):
        if descriptor not in targets.descriptors:
            try:
                os.fstat(descriptor)
            except OSError:
                continue
            return True
    return False


def _has_other_environment(_targets: Targets) -> bool:
    # As it was when the fork server started; libraries have added to os.environ since.
    variables = Path("/proc/self/environ").read_bytes().split(b"\0")
    names = {variable.partition(b"=")[0].decode() for variable in variables if variable}
    return not names <= set(clean_environment())


ACTS: Final[dict[str, Callable[[Targets], object]]] = {
    "read a file of the machine": lambda targets: Path(targets.canary).read_bytes(),
    "write beside Python's libraries": _write_beside_libraries,
    "read another process": _read_another_process,
    "signal the grader": _signal_grader,
    "open an internet socket": lambda _: socket.socket(socket.AF_INET).close(),
    "open a local socket": lambda _: socket.socket(socket.AF_UNIX).close(),
    "run a program": lambda _: os.execve("/bin/true", ["true"], {}),  # noqa: S606 - must fail
    "change a file's permissions": _changes_permissions,
    "change a file's times": _sets_a_time,
    "lock a file of the machine": _lock_library,
    "reserve slots for asynchronous input": lambda _: syscalls.call("io_setup", 1, bytes(8)),
    "leave its session": lambda _: os.setsid(),
    "change its own limits": _lower_limit,
    "trace a process": lambda _: syscalls.call("ptrace", _TRACE_ME, 0, 0, 0),
    "create namespaces": lambda _: syscalls.unshare(syscalls.CLONE_NEWUSER),
    "allocate memory that no limit counts": lambda _: syscalls.call("memfd_create", b"x", 0),
    "outlive its supervisor": lambda _: syscalls.set_parent_death_signal(signal.SIGTERM),
    "keep a capability": _has_capability,
    "make unfiltered system calls": _is_unfiltered,
    "keep a descriptor": _has_other_descriptor,
    "see the grader's environment": _has_other_environment,
}
"""What no submission may do: a description, and the act."""
