"""Counters of a control group: which limit its processes exceeded, how long they computed."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

_LONGEST_FILE = 4096


@dataclasses.dataclass(frozen=True)
class Counter:
    """One number that the kernel counts for a group.

    Attributes:
        path: The file that has it.
        name: Its name in that file; "" if the file is one number.
        unit: What one of it is, such as 1e-6 seconds.
        least: From which value on it shows that a limit was exceeded.
    """

    path: Path
    name: str = ""
    unit: float = 1.0
    least: float = 1.0

    def open(self) -> OpenCounter | None:
        """The counter, open for as long as the process lives; None if the kernel has none."""
        try:
            return OpenCounter(os.open(self.path, os.O_RDONLY | os.O_CLOEXEC), self)
        except OSError:
            return None


@dataclasses.dataclass(frozen=True)
class OpenCounter:
    """A counter whose file is open: the supervisor has another root when it reads it.

    Attributes:
        descriptor: The file.
        counter: What it is.
    """

    descriptor: int
    counter: Counter

    @property
    def value(self) -> float:
        """How far it has counted."""
        for line in os.pread(self.descriptor, _LONGEST_FILE, 0).splitlines():
            name, _, number = line.rpartition(b" ")
            if name == self.counter.name.encode() and number.strip().isdigit():
                return int(number) * self.counter.unit
        return 0.0


@dataclasses.dataclass(frozen=True)
class OpenCounters:
    """The open counters of a group.

    Attributes:
        limits: For each limit, sets of counters; it was exceeded if all of one set show it.
        computing: Counters of computing time, in seconds; the first one counts.
    """

    limits: Mapping[str, Sequence[Sequence[OpenCounter]]] = dataclasses.field(default_factory=dict)
    computing: Sequence[OpenCounter] = ()

    def exceeded(self) -> str:
        """The name of a limit that was exceeded, or ""."""
        for limit, alternatives in self.limits.items():
            if any(all(c.value >= c.counter.least for c in every) for every in alternatives):
                return limit
        return ""

    def cpu_seconds(self) -> float:
        """Computing time of all processes that were ever in the group; 0 if it is not counted."""
        return self.computing[0].value if self.computing else 0.0


@dataclasses.dataclass(frozen=True)
class Counters:
    """The counters of a group; as `OpenCounters`.

    Attributes:
        limits: As there.
        computing: As there.
    """

    limits: Mapping[str, Sequence[Sequence[Counter]]] = dataclasses.field(default_factory=dict)
    computing: Sequence[Counter] = ()

    def open(self) -> OpenCounters:
        """Open those that this kernel has."""
        limits: dict[str, list[list[OpenCounter]]] = {}
        for limit, alternatives in self.limits.items():
            for counters in alternatives:
                opened = _opened(counters)
                if len(opened) == len(counters):
                    limits.setdefault(limit, []).append(opened)
        return OpenCounters(limits, _opened(self.computing))


def _opened(counters: Sequence[Counter]) -> list[OpenCounter]:
    return [opened for counter in counters if (opened := counter.open()) is not None]
