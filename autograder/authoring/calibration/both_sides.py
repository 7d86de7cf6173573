"""What right and wrong submissions reached against a threshold, from their kept trials."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence

from autograder.authoring.calibration.measured import Direction
from autograder.authoring.calibration.trial_runs import EntryTrials

MustFail = Mapping[str, Sequence[str]]
"""The checks that a wrong submission must fail, by its name."""


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


def right_values(threshold: str, right: Sequence[EntryTrials]) -> RightValues | None:
    """Values of right submissions; None if no check compared one with the threshold."""
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    direction: Direction = "at_least"
    for each in right:
        for run in each.runs:
            for measure, value in run.values.items():
                if measure.threshold == threshold:
                    values[each.entry, measure.check].append(value)
                    direction = measure.direction
    checks = tuple(sorted({check for _, check in values}))
    if not checks:
        return None
    labels = {
        (style, check): style if len(checks) == 1 else f"{style}, {check}"
        for style, check in values
    }
    return RightValues(direction, checks, {labels[key]: row for key, row in values.items()})


def wrong_values(
    threshold: str, wrong: Sequence[EntryTrials], must_fail: MustFail
) -> dict[str, list[float]]:
    """Values of wrong submissions that must fail by this threshold: they do, or pass wrongly."""
    values: dict[str, list[float]] = defaultdict(list)
    for each in wrong:
        for run in each.runs:
            for measure, value in run.values.items():
                if measure.threshold == threshold and measure.check in must_fail[each.entry]:
                    by_value = measure.check in run.missed or measure.check not in run.failed
                    if by_value:
                        values[each.entry].append(value)
    return dict(values)
