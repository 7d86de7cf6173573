"""How often a right submission would fail: normal tolerance limits, and counting."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import Enum

import numpy as np
from scipy import optimize, stats

_SMALLEST = 1e-12
_EDGE = 1e-6


class Scale(str, Enum):
    """On which a value's scatter is taken for normal."""

    PLAIN = "plain"
    LOGIT = "logit"
    LOG = "log"

    def apply(self, value: float) -> float:
        """The value on this scale."""
        return _SCALES[self][0](value)

    def undo(self, value: float) -> float:
        """The value whose place on this scale this is."""
        return _SCALES[self][1](value)


def _logit(value: float) -> float:
    share = min(max(value, _EDGE), 1 - _EDGE)
    return math.log(share / (1 - share))


_SCALES: dict[Scale, tuple[Callable[[float], float], Callable[[float], float]]] = {
    Scale.PLAIN: (float, float),
    Scale.LOGIT: (_logit, lambda value: 1 / (1 + math.exp(-value))),
    Scale.LOG: (lambda value: math.log(max(value, _EDGE)), math.exp),
}


def tolerance_factor(samples: int, share: float, confidence: float) -> float:
    """How many standard deviations from the mean the one-sided tolerance limit lies.

    Args:
        samples: Size of the sample, at least 2.
        share: Share of values that may lie beyond the limit, such as 0.001.
        confidence: Probability that no more do, such as 0.95.

    Returns:
        The factor k of mean - k * standard deviation.

    Source:
        Hahn and Meeker, Statistical Intervals (1991), section 4.6: noncentral t.
    """
    root = math.sqrt(samples)
    shift = root * stats.norm.isf(share)
    return float(stats.nct.ppf(confidence, samples - 1, shift) / root)


def share_beyond(values: Sequence[float], threshold: float, confidence: float) -> float:
    """Upper confidence bound on the share of values below a threshold.

    Args:
        values: A sample, taken for normal; at least 2.
        threshold: Values below it fail.
        confidence: Of the bound.

    Returns:
        A probability, at least 1e-12; 0 for values that do not scatter, 1 if such values lie below.

    Source:
        As `tolerance_factor`, solved for the share.
    """
    mean, deviation = float(np.mean(values)), float(np.std(values, ddof=1))
    if deviation <= 1e-12 * max(1.0, abs(mean)):
        return 0.0 if mean >= threshold else 1.0
    reached = (mean - threshold) / deviation
    root = math.sqrt(len(values))

    def excess(log_share: float) -> float:
        shift = root * stats.norm.isf(math.exp(log_share))
        return float(stats.nct.sf(reached * root, len(values) - 1, shift)) - (1 - confidence)

    low, high = math.log(_SMALLEST), math.log(0.5)
    if not excess(high) < 0:
        return 1.0
    if not excess(low) > 0:
        return _SMALLEST
    return math.exp(optimize.brentq(excess, low, high))


def rate_at_most(failures: int, runs: int, confidence: float) -> float:
    """Upper confidence bound on a rate, from counting.

    Args:
        failures: How often it happened.
        runs: How often it could have.
        confidence: Of the bound.

    Source:
        Clopper and Pearson, Biometrika 26 (1934); without a failure about 3 / runs.
    """
    return float(stats.binomtest(failures, runs).proportion_ci(2 * confidence - 1).high)
