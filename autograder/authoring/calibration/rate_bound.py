"""Bound the rate of an event from how often it was counted."""

from __future__ import annotations

import math

from scipy import stats


def rate_at_most(failures: int, runs: int, confidence: float) -> float:
    """Upper confidence bound on a rate.

    Args:
        failures: How often the event happened.
        runs: How often it could have happened.
        confidence: Probability that the bound holds, such as 0.95.

    Returns:
        A rate in (0, 1].

    Source:
        Clopper and Pearson, Biometrika 26 (1934); without a failure about 3 / runs.
    """
    return float(stats.binomtest(failures, runs).proportion_ci(2 * confidence - 1).high)


def runs_needed(rate: float, confidence: float) -> int:
    """Runs without a failure that bound a rate, such as 2,995 for 1 in 1,000 and 0.95."""
    return math.ceil(math.log(1 - confidence) / math.log(1 - rate))
