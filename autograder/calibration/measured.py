"""What trials measured: the values that checks held against thresholds."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from autograder.checks.expect.finding import MEASURED
from autograder.results import Outcome, Verdict
from autograder.trials import Trial

Direction = Literal["at_least", "at_most"]


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One value that a check held against a threshold.

    Attributes:
        threshold: The threshold's name.
        direction: Which side passes.
        check: The check's name.
        value: The value.
        missed: Whether it missed the threshold as it was then.
    """

    threshold: str
    direction: Direction
    check: str
    value: float
    missed: bool


def measurements(verdict: Verdict) -> Iterator[Measurement]:
    """The values that a verdict's check held against thresholds."""
    measured = verdict.evidence.get(MEASURED)
    for name, figures in measured.items() if isinstance(measured, dict) else ():
        if isinstance(figures, dict) and isinstance(value := figures.get("value"), float | int):
            direction: Direction = "at_least" if "at_least" in figures else "at_most"
            bound = figures[direction]
            assert isinstance(bound, float | int)  # noqa: S101 - Finding writes both
            missed = value < bound if direction == "at_least" else value > bound
            yield Measurement(name, direction, verdict.name, float(value), missed)


@dataclasses.dataclass(frozen=True)
class RightValues:
    """What right submissions reached against one threshold.

    Attributes:
        direction: Which side passes.
        checks: The checks that compare with it.
        values: By style; by "STYLE, CHECK" where several checks compare with it.
    """

    direction: Direction
    checks: tuple[str, ...]
    values: dict[str, list[float]]


def right_values(threshold: str, right: Sequence[Trial]) -> RightValues | None:
    """Values of right submissions; None if none is held against the threshold."""
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    direction: Direction = "at_least"
    for trial in right:
        for verdict in trial.grade.checks:
            for found in measurements(verdict):
                if found.threshold == threshold:
                    values[trial.entry.name, found.check].append(found.value)
                    direction = found.direction
    checks = tuple(sorted({check for _, check in values}))
    if not checks:
        return None
    labels = {
        (style, check): style if len(checks) == 1 else f"{style}, {check}"
        for style, check in values
    }
    return RightValues(direction, checks, {labels[key]: found for key, found in values.items()})


def wrong_values(threshold: str, wrong: Sequence[Trial]) -> dict[str, list[float]]:
    """Values of wrong submissions that must fail by this threshold, and do, or pass by mistake."""
    values: dict[str, list[float]] = defaultdict(list)
    for trial in wrong:
        must = trial.entry.expected.fails if trial.entry.expected else ()
        for verdict in trial.grade.checks:
            passed = verdict.outcome is Outcome.PASSED
            for found in measurements(verdict) if verdict.name in must else ():
                if found.threshold == threshold and (found.missed or passed):
                    values[trial.entry.name].append(found.value)
    return dict(values)


def fails(verdict: Verdict, thresholds: Mapping[str, float]) -> bool:
    """Whether a check fails with thresholds that its verdict did not know yet."""
    found = list(measurements(verdict))
    for one in found:
        bound = thresholds[one.threshold]
        if one.value < bound if one.direction == "at_least" else one.value > bound:
            return True
    return verdict.outcome is not Outcome.PASSED and not any(one.missed for one in found)
