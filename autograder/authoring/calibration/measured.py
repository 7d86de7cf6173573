"""The values that checks compared with thresholds, read from verdicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Literal

from autograder.results import MEASURED, Verdict

Direction = Literal["at_least", "at_most"]


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One value that a check compared with a threshold.

    Attributes:
        threshold: The threshold's name.
        direction: Which side passes.
        check: The check's name.
        value: The value.
        bound: The threshold that it was compared with.
        missed: Whether it missed it.
    """

    threshold: str
    direction: Direction
    check: str
    value: float
    bound: float
    missed: bool

    def misses(self, bound: float) -> bool:
        """Whether the value would miss another threshold."""
        return self.value < bound if self.direction == "at_least" else self.value > bound


def measurements(verdict: Verdict) -> Iterator[Measurement]:
    """The values that a verdict's check compared with thresholds."""
    measured = verdict.evidence.get(MEASURED)
    for name, figures in measured.items() if isinstance(measured, dict) else ():
        if isinstance(figures, dict) and isinstance(value := figures.get("value"), float | int):
            direction: Direction = "at_least" if "at_least" in figures else "at_most"
            bound = figures[direction]
            assert isinstance(bound, float | int)  # noqa: S101 - Finding writes both
            missed = value < bound if direction == "at_least" else value > bound
            yield Measurement(name, direction, verdict.name, float(value), float(bound), missed)
