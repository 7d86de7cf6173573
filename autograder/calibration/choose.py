"""Choose one threshold between what right submissions reach and what the nearest wrong one does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from autograder.calibration.evidence import (
    CONFIDENCE,
    MOST_FALSE_FAILS,
    Style,
    ThresholdEvidence,
)
from autograder.calibration.measured import Direction, right_values, wrong_values
from autograder.calibration.tolerance import Scale, share_beyond, tolerance_factor
from autograder.errors import CourseError
from autograder.trials import Trial

_DIGITS = (1, 2, 3, 4)


def choose(
    name: str, right: Sequence[Trial], wrong: Sequence[Trial], comparisons: int
) -> ThresholdEvidence:
    """Put a threshold midway between the right submissions' tolerance limit and the nearest wrong.

    Args:
        name: The threshold's name.
        right: Trials of right submissions.
        wrong: Trials of wrong ones.
        comparisons: With how many thresholds a submission is compared, each check counted.

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
    scale = _scale(passing.direction, list(passing.values.values()))
    sign = 1 if passing.direction == "at_least" else -1
    place: Callable[[float], float] = lambda value: sign * scale.apply(value)  # noqa: E731
    share, confidence = MOST_FALSE_FAILS / comparisons, 1 - (1 - CONFIDENCE) / comparisons
    limits = {
        style: _limit([place(value) for value in values], share, confidence)
        for style, values in passing.values.items()
    }
    weakest = min(limits, key=lambda style: limits[style])
    best = {one: max(values, key=place) for one, values in failing.items()}
    nearest = max(best, key=lambda one: place(best[one]))
    right_limit = scale.undo(sign * limits[weakest])
    if limits[weakest] <= place(best[nearest]):
        raise CourseError(
            f"The threshold {name} separates nothing: all but {share:.2g} of the runs of "
            f"{weakest} may only be said to reach {right_limit:.4g}, and the wrong submission "
            f"{nearest} reaches {best[nearest]:.4g}.",
            "Make the task easier for right answers, or measure something else.",
        )
    middle = scale.undo(sign * (limits[weakest] + place(best[nearest])) / 2)
    chosen = _rounded(middle, right_limit, best[nearest])
    return ThresholdEvidence(
        chosen=chosen,
        direction=passing.direction,
        scale=scale,
        checks=passing.checks,
        right={
            style: _style([place(v) for v in values], values, place(chosen), confidence)
            for style, values in passing.values.items()
        },
        wrong={one: tuple(values) for one, values in failing.items()},
        right_limit=right_limit,
        nearest_wrong=best[nearest],
    )


def _scale(direction: Direction, styles: Sequence[Sequence[float]]) -> Scale:
    """The scale on which the right values are least skewed."""
    every = [value for values in styles for value in values]
    candidates = [Scale.PLAIN]
    if direction == "at_least" and min(every) > 0 and max(every) < 1:
        candidates.append(Scale.LOGIT)
    if direction == "at_most" and min(every) > 0:
        candidates.append(Scale.LOG)

    def skewness(scale: Scale) -> float:
        placed = [[scale.apply(value) for value in values] for values in styles]
        return float(np.mean([abs(stats.skew(p)) if np.ptp(p) > 0 else 0.0 for p in placed]))

    scattered = any(np.ptp(values) > 0 for values in styles)
    # Where nothing scatters, the middle is to be that of orders of magnitude.
    return min(candidates, key=skewness) if scattered else candidates[-1]


def _limit(placed: Sequence[float], share: float, confidence: float) -> float:
    mean, deviation = float(np.mean(placed)), float(np.std(placed, ddof=1))
    return mean - tolerance_factor(len(placed), share, confidence) * deviation


def _style(
    placed: Sequence[float], values: Sequence[float], threshold: float, confidence: float
) -> Style:
    deviation = float(np.std(placed, ddof=1))
    mean = float(np.mean(placed))
    return Style(
        values=tuple(values),
        false_fail_at_most=share_beyond(placed, threshold, confidence),
        deviations_away=(mean - threshold) / deviation if deviation > 0 else None,
    )


def _rounded(middle: float, one: float, other: float) -> float:
    """The middle with as few digits as keep it between the two."""
    low, high = sorted((one, other))
    for digits in _DIGITS:
        rounded = float(f"{middle:.{digits}g}")
        quarter = (high - low) / 4
        if low + quarter < rounded < high - quarter or (digits > 1 and low < rounded < high):
            return rounded
    return middle
