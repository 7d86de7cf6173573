"""How many submissions this machine has room for at a time."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path
from typing import Final

from autograder.sandbox.diagnostics import OWN_MEMORY_MB, OWN_PROCESSES
from autograder.sandbox.kernel import cgroups
from autograder.sandbox.limits import Limits

if sys.platform != "win32":
    import resource

_ROOT: Final = Path("/")
_OWN_DESCRIPTORS: Final = 64
"""What the grader has open besides runs: its libraries, the gradebook, scorers."""
_DESCRIPTORS: Final = 16
"""What one run has open in the grader: four pipes, its job, and the files it is read from."""
_SUPERVISORS: Final = 2
"""Processes of one run outside its own limit."""


@dataclasses.dataclass(frozen=True)
class Capacity:
    """How many submissions can run at a time.

    Attributes:
        workers: How many; at least one.
        reason: What allows no more, as part of a sentence; "" if each of the machine's cores has
            one.
    """

    workers: int
    reason: str = ""


def find_capacity(
    limits: Limits, own_memory_mb: int = OWN_MEMORY_MB, root: Path = _ROOT
) -> Capacity:
    """Find how many submissions have a core, memory, processes and descriptors of their own.

    Args:
        limits: What each submission may use.
        own_memory_mb: What the grader needs beside them, in MiB.
        root: Where /proc and /sys are; tests have others.

    Returns:
        The largest number that fits, and what bounds it.
    """
    cores = max(1, os.cpu_count() or 1)
    bounds = [Capacity(cores)]
    if hasattr(os, "sched_getaffinity"):
        usable = len(os.sched_getaffinity(0))
        bounds.append(Capacity(usable, f"this process may run on {usable} of {cores} cores"))
    quota = cgroups.enclosing_cores(root)
    if quota is not None:
        # Rounded down: two that share a core take twice as long, which may be too long.
        what = f"this container or control group may use the time of {quota:g} cores"
        bounds.append(Capacity(int(quota), what))
    memory = _free_memory_mb(root)
    if memory is not None:
        what = f"{memory} MB of memory are free, and each may use {limits.memory_mb} MB"
        bounds.append(Capacity((memory - own_memory_mb) // limits.memory_mb, what))
    processes = cgroups.enclosing_processes(root)
    if processes is not None:
        each = limits.processes + _SUPERVISORS
        what = f"this container or control group may have {processes} processes and threads"
        bounds.append(Capacity((processes - OWN_PROCESSES) // each, what))
    files = _open_files()
    if files is not None:
        what = f"this process may have {files} open files (ulimit -n)"
        bounds.append(Capacity((files - _OWN_DESCRIPTORS) // _DESCRIPTORS, what))
    least = min(bounds, key=lambda bound: bound.workers)  # the first of several
    return dataclasses.replace(least, workers=max(1, least.workers))


def _free_memory_mb(root: Path) -> int | None:
    """Memory that this machine, and the control groups around this process, still have."""
    free = [] if (group := cgroups.enclosing_free_memory_mb(root)) is None else [group]
    try:
        lines = (root / "proc/meminfo").read_text().splitlines()
    except OSError:
        lines = []
    free += [int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable:")]
    return min(free, default=None)


def _open_files() -> int | None:
    """How many descriptors this process may have; None if nothing bounds them."""
    if sys.platform == "win32":
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft
