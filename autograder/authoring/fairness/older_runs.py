"""What a calibration says of unknown styles where no trials are kept: its file has few values."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from autograder.authoring.calibration import EntryTrials, Evidence, Measure, TrialRun, Trials
from autograder.authoring.calibration.evidence import Values
from autograder.authoring.fairness.leave_out import LeftOut, leave_styles_out
from autograder.results import Outcome

_MOST_VALUES: Final = 100
"""No style has as many values for one threshold."""


def leave_calibrated_styles_out(evidence: Evidence, used: Collection[str]) -> list[LeftOut]:
    """Hold every style of a calibration against thresholds that were chosen without it.

    The evidence has the worst value of each style, so whether any of its runs would have failed is
    exact. The runs of what is returned are not training runs: they hold the values that were kept.

    Args:
        evidence: A calibration.
        used: The thresholds that checks use today.
    """
    right: dict[str, list[TrialRun]] = {}
    wrong: dict[str, list[TrialRun]] = {}
    thresholds = {name: each for name, each in evidence.thresholds.items() if name in used}
    for place, (name, threshold) in enumerate(thresholds.items()):
        first = place * _MOST_VALUES
        measure = Measure(threshold.checks[0], name, threshold.direction)
        for label, values in threshold.right.items():
            # "STYLE, CHECK" where several checks compare with the threshold.
            right.setdefault(label.partition(", ")[0], []).extend(_runs(measure, values, first))
        for label, values in threshold.wrong.items():
            wrong.setdefault(label, []).extend(_runs(measure, values, first, missed=True))
    entries = (EntryTrials(name, "", {}, tuple(runs)) for name, runs in (right | wrong).items())
    return leave_styles_out(
        Trials(evidence.assignment, tuple(entries)),
        {name: _checks(runs) for name, runs in wrong.items()},
        {name: threshold.chosen for name, threshold in thresholds.items()},
    )


def _runs(
    measure: Measure, values: Values, first: int, *, missed: bool = False
) -> Iterator[TrialRun]:
    for number, value in enumerate((values.worst, *values.spread), first):
        yield TrialRun(
            -1 - number,  # below `SHARED_SEEDS`: at that time all submissions had the same seeds
            0.0,
            {measure: value},
            failed={measure.check: Outcome.FAILED} if missed else {},
            missed=frozenset({measure.check}) if missed else frozenset(),
        )


def _checks(runs: Collection[TrialRun]) -> list[str]:
    return sorted({check for run in runs for check in run.failed})
