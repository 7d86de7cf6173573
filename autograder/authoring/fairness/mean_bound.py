"""Bound a mean of shares, each of which counts once, whatever it is a share of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

_DRAWS: Final = 50_000


def mean_at_most(shares: Sequence[float], confidence: float) -> float:
    """Upper confidence bound on the mean of a population of numbers between 0 and 1.

    It is what a Bayesian bootstrap says of the shares and one more, which is 1. If every share is
    0 or 1, it is the bound of Clopper and Pearson. The draws are always the same.

    Args:
        shares: A sample, such as each style's share of failed runs.
        confidence: Probability that the bound holds, such as 0.95.

    Returns:
        A number in (0, 1]; 1 without a sample.

    Source:
        Gaffke, Mathematical Methods of Statistics 14 (2005).
    """
    distinct, counts = np.unique([*shares, 1.0], return_counts=True)
    random = np.random.default_rng(0)
    weights = random.standard_gamma(counts, (_DRAWS, len(counts)))
    means = weights @ distinct / weights.sum(1)
    return float(np.quantile(means, confidence))
