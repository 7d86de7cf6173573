"""Resource limits: the most that one process of a submission may use."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass

from autograder.course import SCRATCH_MB

if sys.platform != "win32":
    import resource

_MB = 2**20
_CPU_SLACK_SECONDS = 5
_LIBRARIES_MB = 4608
"""Address space of TensorFlow's libraries and thread stacks, on top of the student's memory."""
_OPEN_FILES = 256


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
    # Scaled by the cores, so that busy threads never reach it before the wall clock.
    cpu_seconds = math.ceil(limits.wall_seconds * (os.cpu_count() or 1)) + _CPU_SLACK_SECONDS
    bounds = [
        (resource.RLIMIT_AS, (limits.memory_mb + _LIBRARIES_MB) * _MB),
        (resource.RLIMIT_DATA, limits.memory_mb * _MB),
        (resource.RLIMIT_FSIZE, limits.file_mb * _MB),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        # 1, because 0 still starts the crash handler of a core_pattern that is a pipe.
        (resource.RLIMIT_CORE, 1),
    ]
    if count_processes:
        bounds.append((resource.RLIMIT_NPROC, limits.processes))
    for kind, value in bounds:
        _, hard = resource.getrlimit(kind)
        # An ordinary user cannot raise a limit that the administrator set lower.
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))
