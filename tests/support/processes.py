"""Processes of this machine, as /proc shows them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_MOST_SECONDS = 400


def running() -> Iterator[tuple[int, str]]:
    """Ids and names of all processes."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            yield int(path.parent.name), path.read_text().strip()


def children_of(parent: int) -> list[int]:
    """Ids of all processes below one."""
    tasks = Path(f"/proc/{parent}/task").glob("*/children")
    direct = " ".join(task.read_text() for task in tasks).split()
    return [pid for child in map(int, direct) for pid in [child, *children_of(child)]]


def is_anyone_in(folder: Path) -> bool:
    """Whether a process works in a folder."""
    places = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # a process of somebody else, or one that just ended
            places.append(entry.readlink())
    return any(place.is_relative_to(folder) for place in places)


def wait_until_ended(processes: Iterable[int], seconds: float = 20) -> None:
    """Wait until none of the processes exists.

    Args:
        processes: Their ids.
        seconds: How long they may take.
    """
    deadline = time.monotonic() + seconds
    while left := [pid for pid in processes if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.05)


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: If it does not within minutes.
    """
    deadline = time.monotonic() + _MOST_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
