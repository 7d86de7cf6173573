"""Measure commands and calls: computing time, wall time and memory of everything they start."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from typing_extensions import Self

_LOOK_SECONDS = 1.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclasses.dataclass(frozen=True)
class Measured:
    """What something took.

    Attributes:
        cpu: Seconds of computing, of all processes.
        wall: Seconds.
        peak_mb: Most memory of all its processes at one time; pages that they share count once.
    """

    cpu: float
    wall: float
    peak_mb: int = 0


def measure_commands(folder: Path, commands: Sequence[Sequence[str]]) -> Measured:
    """Run commands one after another.

    Args:
        folder: Where they run.
        commands: The commands; each must succeed.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with _PeakMemory() as memory:
        for command in commands:
            run_command(folder, command)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(cpu, wall, memory.peak_mb)


def measure_call(work: Callable[[], object], times: int = 5) -> Measured:
    """Call a function several times; the mean of one call, which other processes may work for."""
    before, start = _computing(), time.perf_counter()
    for _ in range(times):
        work()
    cpu, wall = _computing() - before, time.perf_counter() - start
    return Measured(cpu / times, wall / times)


def run_command(folder: Path, command: Sequence[str]) -> None:
    """Run a command in a folder, with this Python's programs; it must succeed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")


class _PeakMemory:
    """Looks at the memory of this process's children once a second.

    Attributes:
        peak_mb: The most that was seen.
    """

    def __init__(self) -> None:
        self.peak_mb = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            total = sum(map(_proportional_kb, descendants(os.getpid())))
            self.peak_mb = max(self.peak_mb, total // 1024)


def descendants(process: int) -> list[int]:
    """The processes below a process, as they are now."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in _PROC.iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            children[int(fields[1])].append(int(folder.name))
    found, waiting = [], [process]
    while waiting:
        below = children[waiting.pop()]
        found += below
        waiting += below
    return found


def _stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; none if it has ended."""
    try:
        return (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _computing() -> float:
    """Computing time of this process and all below it, those that have ended too."""
    ticks = 0
    for process in (os.getpid(), *descendants(os.getpid())):
        ticks += sum(map(int, _stat(process)[11:15]))
    return ticks / _TICKS


def _proportional_kb(process: int) -> int:
    """A process's memory, with its share of what it shares."""
    with contextlib.suppress(OSError):
        for line in (_PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
