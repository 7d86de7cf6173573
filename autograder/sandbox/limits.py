"""Resource limits: the most that one process of a submission may use."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course import SCRATCH_MB

if sys.platform != "win32":
    import resource

_MB = 2**20
_CPU_SLACK_SECONDS = 5
_LIBRARIES_MB = 4608
"""Address space of TensorFlow's libraries and thread stacks, on top of the student's memory."""
_OPEN_FILES = 256
_ULIMITS = {
    "RLIMIT_AS": ("-v", 1024),
    "RLIMIT_DATA": ("-d", 1024),
    "RLIMIT_FSIZE": ("-f", 1024),
    "RLIMIT_CPU": ("-t", 1),
    "RLIMIT_NOFILE": ("-n", 1),
    "RLIMIT_NPROC": ("-u", 1),
}
"""How the shell's `ulimit` names a resource limit, and its unit in bytes."""


@dataclass(frozen=True)
class Limits:
    """The most that one submission may use.

    Attributes:
        wall_seconds: Wall time; the grader's clock enforces it, and a CPU limit backs it up.
        memory_mb: Private memory of each process, in MiB; TensorFlow needs more than 400.
        processes: Processes and threads together; TensorFlow needs more than 16.
        file_mb: Largest file that may be written, in MiB.
    """

    wall_seconds: float
    memory_mb: int = 1536
    processes: int = 64
    file_mb: int = SCRATCH_MB


@contextlib.contextmanager
def bounded_time(cpu_seconds: float, wall_seconds: float) -> Iterator[None]:
    """End this process, whatever it is doing, if the block takes too long.

    Args:
        cpu_seconds: Computing time; SIGPROF ends the process then.
        wall_seconds: Wall time; SIGALRM ends the process then.

    Yields:
        Nothing; use it inside.
    """
    if sys.platform == "win32":
        raise OSError("this system has no timers for processes")
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def bound_memory(memory_mb: int) -> None:
    """Bound the private memory of this process, irrevocably.

    Args:
        memory_mb: In MiB.
    """
    if sys.platform == "win32":
        raise OSError("this system has no resource limits")
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = memory_mb * _MB
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))


def cpu_limit(wall_seconds: float) -> int:
    """Computing time of one process, in seconds: busy threads never reach it before the clock."""
    return math.ceil(wall_seconds * (os.cpu_count() or 1)) + _CPU_SLACK_SECONDS


def apply(limits: Limits, *, count_processes: bool = True) -> None:
    """Set the limits for this process and all that it starts, irrevocably.

    Args:
        limits: The limits.
        count_processes: Whether to limit processes too. Outside a user namespace of its own,
            every process of the user would count.

    Raises:
        OSError: If the kernel does not set one.
    """
    if sys.platform == "win32":
        raise OSError("this system has no resource limits")
    bounds = _bounds(limits)
    if not count_processes:
        del bounds["RLIMIT_NPROC"]
    for name, value in bounds.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))


def _bounds(limits: Limits) -> dict[str, int]:
    """The value of each resource limit, by its name."""
    return {
        "RLIMIT_AS": (limits.memory_mb + _LIBRARIES_MB) * _MB,
        "RLIMIT_DATA": limits.memory_mb * _MB,
        "RLIMIT_FSIZE": limits.file_mb * _MB,
        "RLIMIT_CPU": cpu_limit(limits.wall_seconds),
        "RLIMIT_NOFILE": _OPEN_FILES,
        # 1, because 0 still starts the crash handler of a core_pattern that is a pipe.
        "RLIMIT_CORE": 1,
        "RLIMIT_NPROC": limits.processes,
    }


def lowered(limits: Limits) -> tuple[str, int, int] | None:
    """A hard limit of this process that is below what submissions may use; None if none is.

    Args:
        limits: What they may use.

    Returns:
        What is limited, as `ulimit` calls it; the value that is needed; and the hard limit.
    """
    if sys.platform == "win32":
        return None
    bounds = _bounds(limits)
    for name, (option, unit) in _ULIMITS.items():
        _, hard = resource.getrlimit(getattr(resource, name))
        if hard != resource.RLIM_INFINITY and hard < bounds[name]:
            return option, -(-bounds[name] // unit), hard // unit
    return None
