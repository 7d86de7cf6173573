"""A watch over one submission from outside, for what no resource limit counts.

Resource limits count one process' private memory. This counts what all of a submission's processes
take together, shared mappings included, and in the reduced tier its threads and files too.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import stat
from collections.abc import Iterator
from pathlib import Path

TICK_SECONDS = 0.05
"""Time between two looks; at most some hundred megabytes can be taken meanwhile."""

_MB = 2**20
_COUNTED = ("Pss_Anon", "Pss_Shmem", "SwapPss")
"""Pages that are a submission's own or its share of; not the libraries' files."""


@dataclasses.dataclass(frozen=True)
class Watchdog:
    """Looks at one submission's processes.

    Attributes:
        memory_mb: Memory that they may use together, in MiB.
        processes: Processes and threads that there may be.
        process: The one process to look at; None for all that /proc shows.
        scratch: A folder to count files in, or "" where the file system itself is bounded.
        scratch_mb: What those files may take, in MiB.
    """

    memory_mb: int
    processes: int
    process: int | None = None
    scratch: str = ""
    scratch_mb: int = 64

    def limit_passed(self) -> str:
        """The name of a limit that is passed now, or ""."""
        places = list(self._places())
        statuses = [_table(place / "status") for place in places]
        if sum(status.get("Threads", 0) for status in statuses) > self.processes:
            return "processes"
        # Cheap, and never below what the second line counts, so that it is mostly enough.
        resident = sum(s.get("VmRSS", 0) + s.get("VmSwap", 0) for s in statuses)
        if resident > self.memory_mb * 1024 and memory_kb(places) > self.memory_mb * 1024:
            return "memory_mb"
        if self.scratch and _bytes_below(self.scratch, places) > self.scratch_mb * _MB:
            return "scratch_mb"
        return ""

    def _places(self) -> Iterator[Path]:
        if self.process is not None:
            yield Path(f"/proc/{self.process}")
            return
        for name in os.listdir("/proc"):  # noqa: PTH208 - every tick; a Path an entry is dear
            if name.isdigit():
                yield Path("/proc", name)


def memory_kb(places: list[Path]) -> int:
    """Memory of processes in kB, each shared page divided among those who share it.

    Args:
        places: Their folders in /proc.

    Returns:
        Proportional set size without files, with swap; a process that may not be looked into
        counts with all its pages.

    Source:
        proc_pid_smaps(5), smaps_rollup.
    """
    total = 0
    for place in places:
        try:
            counted = _table(place / "smaps_rollup", strict=True)
            total += sum(counted.get(name, 0) for name in _COUNTED)
        except PermissionError:  # noqa: PERF203 - a few processes, each on its own
            total += _table(place / "status").get("VmRSS", 0)
    return total


def _table(path: Path, *, strict: bool = False) -> dict[str, int]:
    """Lines such as "VmRSS: 12 kB" as numbers; empty for a process that has ended."""
    try:
        lines = path.read_bytes().split(b"\n")
    except PermissionError:
        if strict:
            raise
        return {}
    except OSError:
        return {}
    found: dict[str, int] = {}
    for line in lines:
        name, _, rest = line.partition(b":")
        value = rest.split()[:1]
        if value and value[0].isdigit():
            found[name.decode("ascii", "replace")] = int(value[0])
    return found


def _bytes_below(folder: str, places: list[Path]) -> int:
    """Disk space of a folder's files, and of files that are open but deleted."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(f"{parent}/{name}").st_blocks * 512
    for place in places:
        with contextlib.suppress(OSError):
            for descriptor in (place / "fd").iterdir():
                facts = descriptor.stat()
                if stat.S_ISREG(facts.st_mode) and facts.st_nlink == 0:
                    total += facts.st_blocks * 512
    return total
