"""The values that checks compared with thresholds, read from the Grades of trials."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from autograder.authoring.trials import Trial
from autograder.results import MEASURED, Outcome, Verdict

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


@dataclasses.dataclass(frozen=True)
class RightValues:
    """What right submissions reached against one threshold.

    Attributes:
        direction: Which side passes.
        checks: The checks that compare with it.
        values: By submission; by "SUBMISSION, CHECK" where several checks compare with it.
    """

    direction: Direction
    checks: tuple[str, ...]
    values: dict[str, list[float]]


def right_values(threshold: str, right: Sequence[Trial]) -> RightValues | None:
    """Values of right submissions; None if no check compared one with the threshold."""
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    direction: Direction = "at_least"
    for trial in right:
        for verdict in trial.grade.checks:
            for measurement in measurements(verdict):
                if measurement.threshold == threshold:
                    values[trial.entry.name, measurement.check].append(measurement.value)
                    direction = measurement.direction
    checks = tuple(sorted({check for _, check in values}))
    if not checks:
        return None
    labels = {
        (style, check): style if len(checks) == 1 else f"{style}, {check}"
        for style, check in values
    }
    return RightValues(direction, checks, {labels[key]: row for key, row in values.items()})


def wrong_values(threshold: str, wrong: Sequence[Trial]) -> dict[str, list[float]]:
    """Values of wrong submissions that must fail by this threshold: they do, or pass wrongly."""
    values: dict[str, list[float]] = defaultdict(list)
    for trial in wrong:
        must_fail = trial.entry.expected.fails if trial.entry.expected else ()
        for verdict in trial.grade.checks:
            passed = verdict.outcome is Outcome.PASSED
            for measurement in measurements(verdict) if verdict.name in must_fail else ():
                if measurement.threshold == threshold and (measurement.missed or passed):
                    values[trial.entry.name].append(measurement.value)
    return dict(values)


def fails(verdict: Verdict, thresholds: Mapping[str, float]) -> bool:
    """Whether a check fails with other thresholds than those that its verdict came from."""
    measured = list(measurements(verdict))
    if any(measurement.misses(thresholds[measurement.threshold]) for measurement in measured):
        return True
    failed_otherwise = not any(measurement.missed for measurement in measured)
    return verdict.outcome is not Outcome.PASSED and failed_otherwise
