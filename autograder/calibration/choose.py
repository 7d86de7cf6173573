"""Choose one threshold between the weakest right submission and the nearest wrong one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograder.calibration.evidence import ThresholdEvidence, Values
from autograder.calibration.measured import right_values, wrong_values
from autograder.errors import CourseError
from autograder.trials import Trial

_DIGITS = (1, 2, 3, 4)
_SPREAD = 21
_FAR_APART = 10


def choose(name: str, right: Sequence[Trial], wrong: Sequence[Trial]) -> ThresholdEvidence:
    """Put a threshold midway between what right submissions reach and what wrong ones do.

    Args:
        name: The threshold's name.
        right: Trials of right submissions.
        wrong: Trials of wrong ones.

    Returns:
        The threshold with its evidence.

    Raises:
        CourseError: If it separates nothing.
    """
    passing, failing = right_values(name, right), wrong_values(name, wrong)
    if passing is None:
        raise CourseError(
            f"No right submission is held against the threshold {name}.",
            f'Compare with it by found.at_least("{name}", value), or take it out of course.yml.',
        )
    if not failing:
        raise CourseError(
            f"The threshold {name} separates nothing: no wrong submission fails by it.",
            "Add a wrong submission to the corpus that must fail by it, or take it out.",
        )
    at_least = passing.direction == "at_least"
    worst, best = (min, max) if at_least else (max, min)
    weakest = worst(passing.values, key=lambda style: worst(passing.values[style]))
    nearest = best(failing, key=lambda one: best(failing[one]))
    weakest_right, nearest_wrong = worst(passing.values[weakest]), best(failing[nearest])
    if weakest_right <= nearest_wrong if at_least else weakest_right >= nearest_wrong:
        raise CourseError(
            f"The threshold {name} separates nothing: the right submission {weakest} comes to "
            f"{weakest_right:.4g}, and the wrong submission {nearest} to {nearest_wrong:.4g}.",
            "Make the task easier for right answers, or measure something else.",
        )
    return ThresholdEvidence(
        chosen=_between(weakest_right, nearest_wrong),
        direction=passing.direction,
        checks=passing.checks,
        right={style: _values(found, worst(found)) for style, found in passing.values.items()},
        wrong={one: _values(found, best(found)) for one, found in failing.items()},
        weakest_right=weakest_right,
        nearest_wrong=nearest_wrong,
    )


def _values(found: Sequence[float], worst: float) -> Values:
    steps = np.linspace(0, len(found) - 1, min(len(found), _SPREAD)).round().astype(int)
    ordered = sorted(found)
    return Values(runs=len(found), worst=worst, spread=tuple(ordered[step] for step in steps))


def _between(one: float, other: float) -> float:
    """The middle with as few digits as keep it there; of sizes far apart, the middle of orders."""
    low, high = sorted((one, other))
    orders = low > 0 and high / low > _FAR_APART
    middle = math.sqrt(low * high) if orders else (low + high) / 2
    for digits in _DIGITS:
        rounded = float(f"{middle:.{digits}g}")
        if abs(rounded - middle) <= min(middle - low, high - middle) / 4:
            return rounded
    return middle
