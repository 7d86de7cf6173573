"""Tails of right runs: on samples whose tail is known, bounds hold as often as they promise."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from autograder.authoring.calibration import (
    EntryTrials,
    Measure,
    TrialRun,
    Trials,
    rate_at_most,
)
from autograder.authoring.fairness import (
    chance_to_miss,
    fit_tail,
    foretell_halves,
    margins,
    mean_at_most,
    tail_runs,
)

DROP = Measure("loss_goes_down", "loss_drop", "at_least")
STEP = Measure("compile_sets_optimizer", "largest_step", "at_most")
THRESHOLDS = {"loss_drop": 0.5, "largest_step": 4.0}
CHANCE = 0.001
KNOWN: dict[str, Any] = {
    "exponential": stats.expon(),
    "normal": stats.norm(),
    "bounded": stats.beta(2, 5),
    "heavy": stats.genpareto(0.2),
    "lognormal": stats.lognorm(0.5),
}


def right(name: str, values: dict[Measure, Any], first: int = 0) -> EntryTrials:
    """A right style whose runs measured these values."""
    length = len(next(iter(values.values())))
    runs = tuple(
        TrialRun(first + n, 1.0, {m: float(row[n]) for m, row in values.items()})
        for n in range(length)
    )
    return EntryTrials(f"right/{name}", "", {}, runs)


@pytest.mark.parametrize("name", KNOWN)
def test_bounds_hold_for_known_tails(name: str) -> None:
    """Of 60 samples of 100 runs, each bound holds in 90 to 100% where it promises 95%."""
    tail = KNOWN[name]
    samples = tail.rvs((60, 100), random_state=np.random.default_rng(1))
    fits = [fit_tail(sample, tail.isf(CHANCE)) for sample in samples]
    assert np.mean([fit.at_most >= CHANCE for fit in fits]) >= 0.9
    assert np.mean([fit.at_least <= CHANCE for fit in fits]) >= 0.85
    assert 0.2 < np.median([fit.estimate for fit in fits]) / CHANCE < 5


def test_more_distance_is_less_chance() -> None:
    """The farther the threshold, the smaller the chance; counting alone sees no difference."""
    sample = stats.norm.rvs(size=200, random_state=np.random.default_rng(2))
    fits = [fit_tail(sample, threshold) for threshold in (3.0, 4.0, 6.0, 12.0)]
    assert all(a.at_most > b.at_most for a, b in pairwise(fits))
    assert all(a.estimate >= b.estimate for a, b in pairwise(fits))
    assert fits[2].at_most < rate_at_most(0, 200, 0.95)
    assert fits[0].beyond == tail_runs(200) == 21


def test_shares_in_steps_are_fitted_by_their_steps() -> None:
    """Accuracies of 512 samples tie; the fit is that of what they were rounded from."""
    fine = stats.expon.rvs(size=300, random_state=np.random.default_rng(3)) * 0.004
    coarse = np.round(fine * 512) / 512
    exact, rounded = fit_tail(fine, 0.04), fit_tail(coarse, 0.04)
    assert rounded.method == "tail"
    for fit in (exact, rounded):
        assert stats.expon.sf(0.04 / 0.004) <= fit.at_most < rate_at_most(0, 300, 0.95) / 5
    assert rounded.beyond >= tail_runs(300)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([0.1, 0.2] * 5, "fewer than 20 runs"),
        ([0.1] * 40, "every run has the same value"),
        ([0.1, 0.2] * 20, "too few distinct values"),
        ([*np.linspace(0, 1, 39), math.inf], "runs without a finite value"),
        (np.linspace(0, 100, 40), "the threshold is not in the tail"),
    ],
)
def test_runs_without_a_tail_are_only_counted(values: Any, reason: str) -> None:
    """Then the reason is told, and the bound is Clopper and Pearson's."""
    fit = fit_tail(np.array(values), 5.0)
    assert fit.reason == reason
    assert fit.method == ("constant" if "same" in reason else "counted")
    assert fit.at_most == rate_at_most(fit.missed, len(values), 0.95)
    assert fit.estimate == fit.missed / len(values)


def test_margin_is_measured_on_the_scale_of_its_threshold() -> None:
    """Steps of 0.01 against a threshold of 4 are orders of magnitude away, losses are not."""
    random = np.random.default_rng(4)
    values = {DROP: random.normal(0.8, 0.03, 60), STEP: random.lognormal(-4.6, 0.2, 60)}
    trials = Trials("made-up", (right("plain", values),))
    found = {margin.measure: margin for margin in margins(trials, THRESHOLDS)}
    assert not found[DROP].scale.is_log
    assert found[STEP].scale.is_log
    assert found[STEP].tail.estimate < 1e-4
    back = found[STEP].scale.undo(found[STEP].scale.apply([0.02]))
    assert back == pytest.approx([0.02])


def test_style_whose_tail_comes_near_is_told_from_others() -> None:
    """No run of either misses, but one in 50 or so of the second will."""
    random = np.random.default_rng(5)
    far, near = random.normal(0.9, 0.02, 60), random.normal(0.6, 0.05, 60)
    near = near[near > 0.505]
    trials = Trials("made-up", (right("far", {DROP: far}), right("near", {DROP: near}, 100)))
    found = margins(trials, THRESHOLDS)
    assert [(m.entries, m.is_near) for m in found] == [
        (("right/far",), False),
        (("right/near",), True),
    ]
    chance = chance_to_miss(found)
    assert chance.estimate < chance.at_most < 0.05
    assert chance.at_most > found[1].tail.estimate / 2


def test_style_that_trains_alike_counts_once() -> None:
    """A style that is only written differently has no margin of its own."""
    values = {DROP: np.random.default_rng(6).normal(0.8, 0.03, 30)}
    one, twin = right("one", values), right("twin", values)
    (margin,) = margins(Trials("made-up", (one, twin)), THRESHOLDS)
    assert margin.entries == ("right/one", "right/twin")


def test_half_of_the_runs_foretells_the_other() -> None:
    """About as many runs of the other half lie beyond each level as the fit says."""
    random = np.random.default_rng(7)
    styles = [right(str(n), {DROP: random.normal(0.8, 0.03, 80)}, 100 * n) for n in range(25)]
    halves = foretell_halves(Trials("made-up", tuple(styles)), THRESHOLDS)
    assert halves.fits == 50
    assert 0.4 < halves.counted / halves.expected < 1.6
    assert halves.inside / halves.fits >= 0.9


@pytest.mark.parametrize(("failures", "styles"), [(0, 30), (2, 30), (5, 12)])
def test_mean_of_all_or_nothing_is_bounded_as_a_rate(failures: int, styles: int) -> None:
    """Styles that fail always or never are counted like runs."""
    shares = [1.0] * failures + [0.0] * (styles - failures)
    assert mean_at_most(shares, 0.95) == pytest.approx(rate_at_most(failures, styles, 0.95), 0.01)


def test_mean_of_shares_is_bounded_as_often_as_promised() -> None:
    """A style that fails in half of its runs counts half; without styles nothing is known."""
    assert mean_at_most([], 0.95) == 1
    assert mean_at_most([0.5, *[0.0] * 29], 0.95) < mean_at_most([1.0, *[0.0] * 29], 0.95)
    random = np.random.default_rng(8)
    samples = [random.beta(0.2, 0.8, 20) * (random.random(20) < 0.3) for _ in range(20)]
    assert np.mean([mean_at_most(sample.tolist(), 0.95) >= 0.06 for sample in samples]) >= 0.9
