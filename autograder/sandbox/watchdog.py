"""Watch one submission from outside, for what no resource limit counts.

Resource limits count one process's private memory. The watchdog counts what all processes of a
submission use together, shared mappings included; in the reduced tier its threads and files too.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import stat
from collections.abc import Iterator
from pathlib import Path

TICK_SECONDS = 0.05
"""Time between two checks, enough to allocate a few hundred megabytes at most."""

_MB = 2**20
_COUNTED = ("Pss_Anon", "Pss_Shmem", "SwapPss")
"""A submission's own pages, and its share of shared ones; not the libraries' files."""


@dataclasses.dataclass(frozen=True)
class Watchdog:
    """Checks one submission's processes.

    Attributes:
        memory_mb: The most memory that they may use together, in MiB.
        processes: The most processes and threads that may exist.
        process: The one process to check; None for all that /proc lists.
        scratch: A folder to count files in; "" where the file system itself is bounded.
        scratch_mb: The most space that those files may use, in MiB.
    """

    memory_mb: int
    processes: int
    process: int | None = None
    scratch: str = ""
    scratch_mb: int = 64

    def limit_exceeded(self) -> str:
        """The name of a limit that is exceeded now, or ""."""
        folders = list(self._process_folders())
        statuses = [_read_table(folder / "status") for folder in folders]
        if sum(status.get("Threads", 0) for status in statuses) >= self.processes:
            return "processes"
        # Cheap, and never below the exact count, which is then rarely needed.
        resident = sum(s.get("VmRSS", 0) + s.get("VmSwap", 0) for s in statuses)
        if resident > self.memory_mb * 1024 and memory_kb(folders) > self.memory_mb * 1024:
            return "memory_mb"
        if self.scratch and _bytes_below(self.scratch, folders) > self.scratch_mb * _MB:
            return "scratch_mb"
        return ""

    def _process_folders(self) -> Iterator[Path]:
        return _process_folders(self.process)


def _process_folders(process: int | None) -> Iterator[Path]:
    if process is not None:
        yield Path(f"/proc/{process}")
        return
    for name in os.listdir("/proc"):  # noqa: PTH208 - every tick; a Path per entry is slow
        if name.isdigit():
            yield Path("/proc", name)


def seconds_without_a_core(process: int | None) -> float:
    """How long threads could have run, but waited for a core that others had.

    Args:
        process: As in `Watchdog`.

    Returns:
        The longest wait of one thread, in seconds; 0 where the kernel does not count it.

    Source:
        sched-stats in the kernel's documentation: /proc/PID/schedstat.
    """
    waits = [0.0]
    for folder in _process_folders(process):
        with contextlib.suppress(OSError, ValueError, IndexError):
            waits += [
                int((task / "schedstat").read_bytes().split()[1]) / 1e9
                for task in (folder / "task").iterdir()
            ]
    return max(waits)


def seconds_of_computing(process: int | None) -> float:
    """User and system time of all processes, and of their children that have ended.

    What a process leaves running when it ends is in no parent's usage.

    Args:
        process: As in `Watchdog`.

    Source:
        proc_pid_stat(5), fields 14 to 17.
    """
    ticks = 0
    for folder in _process_folders(process):
        with contextlib.suppress(OSError, ValueError):
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_kb(folders: list[Path]) -> int:
    """Memory of processes in kB, each shared page divided among those that share it.

    Args:
        folders: Their folders in /proc.

    Returns:
        Proportional set size without files, with swap. A process that cannot be inspected counts
        with all its pages.

    Source:
        proc_pid_smaps(5), smaps_rollup.
    """
    total = 0
    for folder in folders:
        try:
            sizes = _read_table(folder / "smaps_rollup", strict=True)
            total += sum(sizes.get(name, 0) for name in _COUNTED)
        except PermissionError:  # noqa: PERF203 - a few processes, each on its own
            total += _read_table(folder / "status").get("VmRSS", 0)
    return total


def _read_table(path: Path, *, strict: bool = False) -> dict[str, int]:
    """Lines such as "VmRSS: 12 kB" as numbers; empty for a process that has ended."""
    try:
        lines = path.read_bytes().split(b"\n")
    except PermissionError:
        if strict:
            raise
        return {}
    except OSError:
        return {}
    numbers: dict[str, int] = {}
    for line in lines:
        name, _, rest = line.partition(b":")
        value = rest.split()[:1]
        if value and value[0].isdigit():
            numbers[name.decode("ascii", "replace")] = int(value[0])
    return numbers


def _bytes_below(scratch: str, folders: list[Path]) -> int:
    """Disk space of a folder's files, and of files that processes hold open but have deleted."""
    total = 0
    for parent, _, names in os.walk(scratch):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(f"{parent}/{name}").st_blocks * 512
    for folder in folders:
        with contextlib.suppress(OSError):
            for descriptor in (folder / "fd").iterdir():
                status = descriptor.stat()
                if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                    total += status.st_blocks * 512
    return total
