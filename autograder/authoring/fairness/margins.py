"""How far the runs of each right style stay from each threshold."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from scipy import stats

from autograder.authoring.calibration import MOST_FALSE_FAILS, EntryTrials, Measure, Trials
from autograder.authoring.fairness.leave_out import families
from autograder.authoring.fairness.tails import CONFIDENCE, Floats, Tail, fit_tail

_FAR_APART: Final = math.sqrt(10)
_DRAWS: Final = 20_000


@dataclasses.dataclass(frozen=True)
class Scale:
    """How values are compared with a threshold: so that a greater value is always worse.

    Attributes:
        worse: 1 if greater values miss the threshold, -1 if lesser ones do.
        is_log: Whether orders of magnitude count, not differences.
    """

    worse: int
    is_log: bool

    def apply(self, values: Sequence[float]) -> Floats:
        """Values on this scale; those without a logarithm are infinitely good or bad."""
        array = np.asarray(values, np.float64)
        if self.is_log:
            with np.errstate(divide="ignore", invalid="ignore"):
                array = np.where(array > 0, np.log(array), -np.inf)
        return np.asarray(self.worse * array)

    def undo(self, values: Floats) -> Floats:
        """The values before `apply`."""
        return np.exp(self.worse * values) if self.is_log else self.worse * values


@dataclasses.dataclass(frozen=True)
class Margin:
    """The runs of one style against one threshold.

    Attributes:
        entries: The style's submissions: several if they train exactly alike.
        measure: What was compared.
        threshold: The threshold.
        scale: How values were compared with it.
        tail: The chance that a run misses it.
    """

    entries: tuple[str, ...]
    measure: Measure
    threshold: float
    scale: Scale
    tail: Tail

    @property
    def is_near(self) -> bool:
        """Whether the tail comes near: a run misses as likely as not in more than 1 in 1,000."""
        return self.tail.method != "constant" and self.tail.estimate > MOST_FALSE_FAILS


@dataclasses.dataclass(frozen=True)
class Chance:
    """The chance that a right run misses any threshold: the mean over styles.

    Attributes:
        estimate: Its median.
        at_most: Upper bound, with 95% confidence.
    """

    estimate: float
    at_most: float


@dataclasses.dataclass(frozen=True)
class Halves:
    """How tails that were fitted to half of the runs foretold the other half.

    Attributes:
        fits: Fits; each style and threshold gives two.
        expected: Runs of the other halves that should lie beyond the levels.
        counted: Runs that do.
        inside: Fits whose count lies in the interval that the fit promised with 90% or more.
    """

    fits: int = 0
    expected: float = 0
    counted: int = 0
    inside: int = 0


def margins(trials: Trials, thresholds: Mapping[str, float]) -> list[Margin]:
    """Fit every right style's tail toward every threshold.

    Args:
        trials: The assignment's training runs.
        thresholds: Those of `course.yml`.
    """
    right = [each for each in trials.right if each.runs]
    styles = families(right)
    scales = _scales(right, thresholds)
    return [
        Margin(
            entries=tuple(each.entry for each in style),
            measure=measure,
            threshold=thresholds[measure.threshold],
            scale=scale,
            tail=fit_tail(
                scale.apply(values), float(scale.apply([thresholds[measure.threshold]])[0])
            ),
        )
        for style in styles
        for measure, scale in scales.items()
        if (values := _values(style[0], measure))
    ]


def chance_to_miss(found: Sequence[Margin]) -> Chance:
    """Add up each style's chances to miss its thresholds, and take the mean over styles.

    Thresholds that no seed decides do not count. Styles without a tail are counted together.

    Args:
        found: From `margins`.
    """
    random = np.random.default_rng(0)
    styles = max(len({margin.entries for margin in found}), 1)
    fitted, others = np.zeros(_DRAWS), np.zeros(_DRAWS)
    counted: dict[Measure, list[Tail]] = {}
    for margin in found:
        if margin.tail.method == "tail":
            fitted += random.choice(margin.tail.chances, _DRAWS) / styles
        elif margin.tail.method == "counted":
            counted.setdefault(margin.measure, []).append(margin.tail)
    estimate = float(np.median(fitted))
    for tails in counted.values():
        runs, missed = sum(tail.runs for tail in tails), sum(tail.missed for tail in tails)
        share = len(tails) / styles
        others += share * random.beta(missed + 1, max(runs - missed, 0.5), _DRAWS)
        estimate += share * missed / runs
    return Chance(estimate, min(float(np.quantile(fitted + others, CONFIDENCE)), 1.0))


def foretell_halves(trials: Trials, thresholds: Mapping[str, float]) -> Halves:
    """Fit tails to every second run, and count how many of the other runs lie far out.

    Each fit names the level that one run of the other half should exceed.

    Args:
        trials: The assignment's training runs.
        thresholds: Those of `course.yml`.
    """
    right = [each for each in trials.right if each.runs]
    halves = Halves()
    for style in families(right):
        for measure, scale in _scales(right, thresholds).items():
            values = scale.apply(_values(style[0], measure))
            halves = _add(halves, values[::2], values[1::2])
            halves = _add(halves, values[1::2], values[::2])
    return halves


def _add(halves: Halves, values: Floats, others: Floats) -> Halves:
    """Add one fit, if half of the values has a tail."""
    top = float(values.max(initial=0))
    whole = fit_tail(values, top + (top - float(np.median(values)) if len(values) else 0))
    if whole.method != "tail":
        return halves
    at, chances = np.array(whole.curve).T
    level = float(np.interp(-math.log(1 / len(others)), -np.log(np.maximum(chances, 1e-300)), at))
    fit = fit_tail(values, level)
    if fit.method != "tail":
        return halves
    beyond = int((others > level).sum())
    least = stats.binom.ppf(1 - CONFIDENCE, len(others), fit.at_least)
    most = stats.binom.ppf(CONFIDENCE, len(others), fit.at_most)
    return Halves(
        fits=halves.fits + 1,
        expected=halves.expected + 1,
        counted=halves.counted + beyond,
        inside=halves.inside + bool(least <= beyond <= most),
    )


def _scales(right: Sequence[EntryTrials], thresholds: Mapping[str, float]) -> dict[Measure, Scale]:
    """The scale of each comparison, by the rule that also chooses thresholds.

    Orders of magnitude count if every value is positive, and the worst one and the threshold are
    more than half an order apart: then the threshold is a geometric mean.
    """
    values: dict[Measure, list[float]] = {}
    for each in right:
        for run in each.runs:
            for measure, value in run.values.items():
                values.setdefault(measure, []).append(value)
    return {
        measure: _scale(measure, values[measure], thresholds[measure.threshold])
        for measure in sorted(values)
    }


def _scale(measure: Measure, values: Sequence[float], threshold: float) -> Scale:
    worse = 1 if measure.direction == "at_most" else -1
    worst = max(values) if worse == 1 else min(values)
    is_log = min(*values, threshold) > 0 and abs(math.log(worst / threshold)) > math.log(_FAR_APART)
    return Scale(worse, is_log)


def _values(style: EntryTrials, measure: Measure) -> list[float]:
    return [run.values[measure] for run in style.runs if measure in run.values]
