"""Choose one threshold between the weakest right submission and the nearest wrong one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograder.authoring.calibration.both_sides import (
    MustFail,
    RightValues,
    right_values,
    wrong_values,
)
from autograder.authoring.calibration.evidence import ThresholdEvidence, Values
from autograder.authoring.calibration.trial_runs import Trials
from autograder.errors import CourseError

_DIGITS = (1, 2, 3, 4)
_SPREAD = 21
_FAR_APART = 10


def choose_threshold(
    name: str, trials: Trials, must_fail: MustFail, present: float
) -> ThresholdEvidence:
    """Put a threshold midway between what right submissions reach and what wrong ones do.

    A threshold that is in the middle half between the two already stays as it is: more trials are
    no reason to move marks.

    Args:
        name: The threshold's name.
        trials: The assignment's trials.
        must_fail: The checks that each wrong submission must fail.
        present: The threshold in `course.yml`.

    Returns:
        The threshold with its evidence.

    Raises:
        CourseError: If it separates nothing.
    """
    passing, failing = _both_sides(name, trials, must_fail)
    worst, best = (min, max) if passing.direction == "at_least" else (max, min)
    weakest = worst(passing.values, key=lambda style: worst(passing.values[style]))
    nearest = best(failing, key=lambda entry: best(failing[entry]))
    weakest_right, nearest_wrong = worst(passing.values[weakest]), best(failing[nearest])
    if worst(weakest_right, nearest_wrong) == weakest_right:
        raise CourseError(
            f"The threshold {name} separates nothing: the right submission {weakest} comes to "
            f"{weakest_right:.4g}, and the wrong submission {nearest} to {nearest_wrong:.4g}.",
            "Make the task easier for right answers, or measure something else.",
        )
    return ThresholdEvidence(
        chosen=_stays_or_moves(present, weakest_right, nearest_wrong),
        direction=passing.direction,
        checks=passing.checks,
        right={style: _values(row, worst(row)) for style, row in passing.values.items()},
        wrong={entry: _values(row, best(row)) for entry, row in failing.items()},
        weakest_right=weakest_right,
        nearest_wrong=nearest_wrong,
    )


def _both_sides(
    name: str, trials: Trials, must_fail: MustFail
) -> tuple[RightValues, dict[str, list[float]]]:
    """What right and wrong submissions reached; a threshold needs both."""
    passing = right_values(name, trials.right)
    failing = wrong_values(name, trials.wrong, must_fail)
    if passing is None:
        raise CourseError(
            f"No check compares a right submission with the threshold {name}.",
            f'Compare by finding.at_least("{name}", value), or take {name} out of course.yml.',
        )
    if not failing:
        raise CourseError(
            f"The threshold {name} separates nothing: no wrong submission fails by it.",
            f"Add a wrong submission that must fail by it, or take {name} out of course.yml.",
        )
    return passing, failing


def _values(row: Sequence[float], worst: float) -> Values:
    steps = np.linspace(0, len(row) - 1, min(len(row), _SPREAD)).round().astype(int)
    ordered = sorted(row)
    return Values(runs=len(row), worst=worst, spread=tuple(ordered[step] for step in steps))


def _stays_or_moves(present: float, one: float, other: float) -> float:
    low, high = sorted((one, other))
    if not low < present < high:
        return between(one, other)
    of, start, end = (math.log(x) if _are_far_apart(low, high) else x for x in (present, low, high))
    is_central = min(of - start, end - of) >= (end - start) / 4
    return present if is_central else between(one, other)


def between(one: float, other: float) -> float:
    """The middle, with as few digits as keep it there; for sizes far apart, the geometric mean.

    Args:
        one: The worst value of a right submission.
        other: The wrong value that comes nearest to passing.
    """
    low, high = sorted((one, other))
    middle = math.sqrt(low * high) if _are_far_apart(low, high) else (low + high) / 2
    for digits in _DIGITS:
        rounded = float(f"{middle:.{digits}g}")
        if abs(rounded - middle) <= min(middle - low, high - middle) / 4:
            return rounded
    return middle


def _are_far_apart(low: float, high: float) -> bool:
    return low > 0 and high / low > _FAR_APART
