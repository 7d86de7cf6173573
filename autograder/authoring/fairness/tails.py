"""How near the tail of right runs comes to a threshold, beyond what was counted.

Peaks over threshold: the values beyond a tail's start follow a generalized Pareto distribution
(Pickands, Annals of Statistics 3, 1975). Its shape and scale are not estimated but averaged over,
each with the likelihood that the runs give it. An interval from the likelihood's drop alone is too
short for so few values: in simulations it held in 75 to 90% of cases where it promised 95%.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from autograder.authoring.calibration import rate_at_most

Floats = NDArray[np.float64]
Method = Literal["tail", "counted", "constant"]
CONFIDENCE: Final = 0.95
LEAST_RUNS: Final = 20
CONSTANT: Final = "every run has the same value"
LEAST_DISTINCT: Final = 4
"""Values beyond the start: two say where a tail is, no fewer than two more say how it bends."""
_SHAPES: Final = np.linspace(-0.5, 1, 31) + 1e-9
"""Flat prior: from a triangle to a tail so heavy that it has no mean; 0 is the exponential."""
_SCALES: Final = np.exp(np.linspace(-2.3, 1.5, 77))
"""In units of the mean excess; the prior is flat in the logarithm."""
_SHARES: Final = (np.arange(9) + 0.5) / 9
_CHANCES: Final = 200
_POINTS: Final = 40
_NEGLIGIBLE: Final = 1e-9


@dataclasses.dataclass(frozen=True)
class Tail:
    """A right run's chance to miss a threshold, as its runs' tail has it.

    Attributes:
        method: "tail"; "counted" where nothing can be said beyond the count; "constant" where every
            run has the same value, so that no seed decides.
        reason: Why no tail is fitted; "" otherwise.
        runs: Training runs.
        missed: Those that missed the threshold.
        estimate: The chance: the median of what fits the tail, or the share that was counted.
        at_least: Lower bound on the chance, with a confidence of 95%.
        at_most: Upper bound, with the same.
        chances: Chances that are as likely as one another, from the least to the greatest.
        start: Where the tail starts, on the scale of the values.
        beyond: Runs beyond the start.
        curve: Points (value, chance of a run beyond it) of the fitted tail, for pictures.
    """

    method: Method
    reason: str
    runs: int
    missed: int
    estimate: float
    at_least: float
    at_most: float
    chances: Floats = dataclasses.field(compare=False, repr=False)
    start: float = math.nan
    beyond: int = 0
    curve: tuple[tuple[float, float], ...] = ()


def tail_runs(runs: int) -> int:
    """How many of the runs are the tail: n^(2/3) / log log n.

    Source:
        Loretan and Phillips, Journal of Empirical Finance 1 (1994).
    """
    return int(runs ** (2 / 3) / math.log(math.log(runs)) + 0.5)


def fit_tail(values: Floats, threshold: float, confidence: float = CONFIDENCE) -> Tail:
    """Estimate the chance that a value exceeds a threshold, from its runs' tail.

    Args:
        values: One per run, shape (runs,), float64; greater is worse.
        threshold: Greater values miss it.
        confidence: Probability that each of the two bounds holds.
    """
    runs, missed = len(values), int((values > threshold).sum())
    if reason := _no_tail(values, threshold):
        return counted(runs, missed, reason, confidence)
    start, step = _start(values)
    excesses = values[values > start] - start
    weights = _weights(excesses, step)
    scales = _SCALES * excesses.mean()
    beyond = _survival(np.array([threshold - start]), scales)[..., 0]
    shares = stats.beta.ppf(_SHARES, len(excesses) + 0.5, runs - len(excesses) + 0.5)
    equal = (np.arange(_CHANCES) + 0.5) / _CHANCES
    chances = _quantiles(
        np.outer(shares, beyond).ravel(),
        np.tile(weights.ravel(), len(shares)),
        np.array([1 - confidence, 0.5, confidence, *equal]),
    )
    # Closer together where the tail starts, and falls faster.
    at = max(threshold - start, excesses.max()) * np.linspace(0, 1, _POINTS) ** 2
    curve = len(excesses) / runs * np.tensordot(weights, _survival(at, scales), 2)
    return Tail(
        method="tail",
        reason="",
        runs=runs,
        missed=missed,
        estimate=float(chances[1]),
        at_least=float(chances[0]),
        at_most=float(chances[2]),
        chances=chances[3:],
        start=start,
        beyond=len(excesses),
        curve=tuple(zip((start + at).tolist(), curve.tolist(), strict=True)),
    )


def counted(runs: int, missed: int, reason: str, confidence: float = CONFIDENCE) -> Tail:
    """What the count alone says: Clopper and Pearson's bounds."""
    equal = (np.arange(_CHANCES) + 0.5) / _CHANCES
    return Tail(
        method="constant" if reason == CONSTANT else "counted",
        reason=reason,
        runs=runs,
        missed=missed,
        estimate=missed / runs if runs else 0.0,
        at_least=1 - rate_at_most(runs - missed, runs, confidence) if missed else 0.0,
        at_most=rate_at_most(missed, runs, confidence) if runs else 1.0,
        # Their 95% point is the upper bound.
        chances=np.asarray(stats.beta.ppf(equal, missed + 1, max(runs - missed, 0.5))),
    )


def _no_tail(values: Floats, threshold: float) -> str:
    """Why no tail can be fitted; "" if one can."""
    if len(values) > 1 and len(np.unique(values)) == 1:
        return CONSTANT
    if len(values) < LEAST_RUNS:
        return f"fewer than {LEAST_RUNS} runs"
    if not np.isfinite(values).all():
        return "runs without a finite value"
    start, _ = _start(values)
    if len(np.unique(values[values > start])) < LEAST_DISTINCT:
        return "too few distinct values"
    if threshold <= start:
        return "the threshold is not in the tail"
    return ""


def _start(values: Floats) -> tuple[float, float]:
    """Where the tail starts, between two values, and the step between values; 0 if they have none.

    Shares of a few hundred samples come in steps. Then the tail is longer, up to half of the runs,
    if it needs to be for enough distinct values. Equal values lie on the same side of the start.
    """
    ordered, distinct = np.sort(values)[::-1], np.unique(values)
    last = ordered[tail_runs(len(values)) - 1]
    if len(distinct) > len(values) / 2:
        lower = distinct[distinct < last]
        return (float(last) + float(lower[-1])) / 2 if len(lower) else float(last), 0.0
    step = float(np.diff(distinct).min())
    wanted = distinct[-min(LEAST_DISTINCT, len(distinct))]
    if (values >= wanted).sum() <= len(values) / 2:
        last = min(last, wanted)
    return float(last) - step / 2, step


def _weights(excesses: Floats, step: float) -> Floats:
    """The posterior of shapes and scales, shape (shapes, scales), which sums to 1.

    A value that comes in steps has the chance of its step, not a density.
    """
    scales = _SCALES * excesses.mean()
    distinct, counts = np.unique(excesses, return_counts=True)
    with np.errstate(divide="ignore"):
        if step:
            near = _survival(np.maximum(distinct - step / 2, 0), scales)
            logs = np.log(near - _survival(distinct + step / 2, scales))
        else:
            survival = _survival(distinct, scales)
            logs = (1 + _SHAPES[:, None, None]) * np.log(survival) - np.log(scales)[:, None]
    likelihood = (logs * counts).sum(-1)
    weights = np.exp(likelihood - likelihood.max())
    return np.asarray(weights / weights.sum())


def _survival(excesses: Floats, scales: Floats) -> Floats:
    """Chance of a greater excess, shape (shapes, scales, excesses)."""
    shapes = _SHAPES[:, None, None]
    inside = np.maximum(1 + shapes * excesses / scales[:, None], 0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(-np.log(inside) / shapes) * (inside > 0))


def _quantiles(values: Floats, weights: Floats, shares: Floats) -> Floats:
    kept = weights > weights.max() * _NEGLIGIBLE
    values, weights = values[kept], weights[kept]
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order])
    places = np.searchsorted(cumulated / cumulated[-1], shares)
    return np.asarray(values[order][np.minimum(places, len(values) - 1)])
