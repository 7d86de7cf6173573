"""What would have happened to a style, or a misconception, that nobody thought of.

Each is left out in turn: the thresholds are chosen anew without it, and its runs are held against
those. The thresholds of `course.yml` play no part: they were chosen with it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Final

from autograder.authoring.calibration import (
    SHARED_SEEDS,
    EntryTrials,
    Measure,
    TrialRun,
    Trials,
    between,
)

Expected = Mapping[str, Sequence[str]]
"""The checks that a wrong submission must fail, by its name."""
_TWIN_DIGITS: Final = 4


@dataclasses.dataclass(frozen=True)
class LeftOut:
    """One submission of the corpus, graded as if it had been unknown.

    Attributes:
        entries: Its name; with the names of those that train exactly like it, which were left out
            with it and count as one.
        runs: Their training runs.
        surprises: Right: those that would have failed a check. Wrong: those that would have passed
            a check that they must fail.
        checks: The checks that did so, sorted.
    """

    entries: tuple[str, ...]
    runs: int
    surprises: int
    checks: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The surprises' share of the runs."""
        return self.surprises / self.runs


def leave_styles_out(
    trials: Trials, expected: Expected, thresholds: Mapping[str, float]
) -> list[LeftOut]:
    """Hold every right style against thresholds that were chosen without it.

    Args:
        trials: The assignment's training runs.
        expected: The checks that the wrong submissions must fail.
        thresholds: Those of `course.yml`.
    """
    right = [each for each in trials.right if each.runs]
    wrong = [each for each in trials.wrong if each.runs]
    return [
        _failed(family, _chosen(_without(right, family), wrong, expected, thresholds))
        for family in families(right)
    ]


def leave_misconceptions_out(
    trials: Trials, expected: Expected, thresholds: Mapping[str, float]
) -> list[LeftOut]:
    """Hold every misconception against thresholds that were chosen without it.

    A threshold that no other misconception supports would not exist: every run passes it.
    """
    right = [each for each in trials.right if each.runs]
    wrong = [each for each in trials.wrong if each.runs and each.entry in expected]
    left_out = []
    for each in wrong:
        others = _without(wrong, (each,))
        supported = wrong_values(others, expected, thresholds)
        chosen = dict(_chosen(right, others, expected, thresholds))
        for measure in _measures((each,)):
            if measure.threshold not in supported:
                chosen[measure.threshold] = _worse(measure) * math.inf
        left_out.append(passed(each, expected[each.entry], chosen))
    return left_out


def failed(each: EntryTrials, thresholds: Mapping[str, float]) -> LeftOut:
    """How many runs of a right submission fail with some thresholds."""
    return _failed((each,), thresholds)


def passed(each: EntryTrials, must_fail: Sequence[str], thresholds: Mapping[str, float]) -> LeftOut:
    """How many runs of a wrong submission pass a check that they must fail."""
    passing = [set(must_fail) - run.failing(thresholds) for run in each.runs]
    checks = tuple(sorted(set().union(*passing)))
    return LeftOut((each.entry,), len(each.runs), sum(map(bool, passing)), checks)


def families(entries: Sequence[EntryTrials]) -> list[tuple[EntryTrials, ...]]:
    """Submissions by what they train: those with the same values for the same seeds are one.

    Otherwise a style would protect another one that is only written differently.
    """
    grouped: list[list[EntryTrials]] = []
    for each in entries:
        for family in grouped:
            if _are_twins(family[0], each):
                family.append(each)
                break
        else:
            grouped.append([each])
    return [tuple(family) for family in grouped]


def _are_twins(one: EntryTrials, other: EntryTrials) -> bool:
    first, second = _with_shared_seeds(one), _with_shared_seeds(other)
    return len(first) >= SHARED_SEEDS and first == second


def _with_shared_seeds(each: EntryTrials) -> dict[int, dict[Measure, str]]:
    return {run.number: _rounded(run) for run in each.runs if run.number < SHARED_SEEDS}


def _rounded(run: TrialRun) -> dict[Measure, str]:
    return {measure: f"{value:.{_TWIN_DIGITS}g}" for measure, value in run.values.items()}


def _without(entries: Sequence[EntryTrials], left_out: Sequence[EntryTrials]) -> list[EntryTrials]:
    names = {each.entry for each in left_out}
    return [each for each in entries if each.entry not in names]


def _failed(family: Sequence[EntryTrials], thresholds: Mapping[str, float]) -> LeftOut:
    failing = [run.failing(thresholds) for each in family for run in each.runs]
    checks = tuple(sorted(frozenset().union(*failing)))
    names = tuple(each.entry for each in family)
    return LeftOut(names, len(failing), sum(map(bool, failing)), checks)


def _chosen(
    right: Sequence[EntryTrials],
    wrong: Sequence[EntryTrials],
    expected: Expected,
    thresholds: Mapping[str, float],
) -> Mapping[str, float]:
    """Each threshold midway between both sides; that of `course.yml` where they do not separate."""
    chosen = dict(thresholds)
    failing = wrong_values(wrong, expected, thresholds)
    passing: dict[str, list[float]] = {}
    worse: dict[str, int] = {}
    for each in right:
        for run in each.runs:
            for measure, value in run.values.items():
                worse[measure.threshold] = _worse(measure)
                passing.setdefault(measure.threshold, []).append(value)
    for name in passing.keys() & failing.keys():
        weakest = worse[name] * max(worse[name] * value for value in passing[name])
        nearest = worse[name] * min(worse[name] * value for value in failing[name])
        if worse[name] * weakest < worse[name] * nearest:
            chosen[name] = between(weakest, nearest)
    return chosen


def wrong_values(
    wrong: Sequence[EntryTrials], expected: Expected, thresholds: Mapping[str, float]
) -> dict[str, list[float]]:
    """Values of runs that must fail by a threshold, by its name: they do, or pass wrongly.

    Args:
        wrong: Wrong submissions.
        expected: The checks that they must fail.
        thresholds: Those of `course.yml`.
    """
    values: dict[str, list[float]] = {}
    for each in wrong:
        must_fail = expected.get(each.entry, ())
        for run in each.runs:
            for measure, value in run.values.items():
                missed = measure.check in run.missed and measure.misses(
                    value, thresholds[measure.threshold]
                )
                if measure.check in must_fail and (missed or measure.check not in run.failed):
                    values.setdefault(measure.threshold, []).append(value)
    return values


def _measures(entries: Sequence[EntryTrials]) -> set[Measure]:
    return {measure for each in entries for run in each.runs for measure in run.values}


def _worse(measure: Measure) -> int:
    """Which way is worse: 1 if greater values miss the threshold, -1 if lesser ones do."""
    return 1 if measure.direction == "at_most" else -1
