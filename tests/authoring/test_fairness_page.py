"""docs/fairness.md and README say what the evidence says, however much of it there is."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from courses import ROOT

from autograder.authoring.calibration import EntryTrials, Measure, TrialRun, Trials
from autograder.authoring.fairness import LeftOut, assess, draw_margins, margins
from autograder.course import load_course
from autograder.results import Outcome
from tools.fairness import __main__ as fairness
from tools.fairness import experiments, tables

WRONG = ("wrongly_passed", "wrongly_failed")
DROP = Measure("loss_goes_down", "loss_drop", "at_least")
THRESHOLDS = {"loss_drop": 0.5}
EXPECTED = {"wrong/stuck": ("loss_goes_down",), "wrong/half": ("loss_goes_down",)}


def entry(name: str, drops: list[float], *, flag: bool = False) -> EntryTrials:
    """A submission whose runs lowered the loss by these shares."""
    runs = [
        TrialRun(
            number,
            1.0,
            {DROP: drop},
            failed={} if drop >= 0.5 else {"loss_goes_down": Outcome.FAILED},
            missed=frozenset() if drop >= 0.5 else frozenset({"loss_goes_down"}),
            flags=("odd",) if flag and not number else (),
        )
        for number, drop in enumerate(drops)
    ]
    return EntryTrials(name, "", {}, tuple(runs))


def drops(mean: float, spread: float, seed: int) -> list[float]:
    """Sixty shares."""
    return [float(drop) for drop in np.random.default_rng(seed).normal(mean, spread, 60)]


TRIALS = Trials(
    "01-plain",
    (
        entry("right/slow", drops(0.57, 0.01, 1)),
        entry("right/fast", drops(0.95, 0.01, 2), flag=True),
        entry("right/fine", drops(0.9, 0.01, 3)),
        entry("wrong/stuck", [0.1, 0.11]),
        entry("wrong/half", [0.4, 0.41]),
    ),
)
SOME = tables.Assessed("01-plain", assess(TRIALS, EXPECTED, THRESHOLDS))
NONE = tables.Assessed("02-none", assess(Trials("02-none"), {}, THRESHOLDS))


@pytest.fixture(scope="module")
def written() -> Mapping[str, str]:
    """What `make fairness-page` writes now."""
    return fairness.regions(load_course(ROOT))


@pytest.mark.parametrize("page", fairness.PAGES, ids=lambda page: page.name)
def test_pages_show_the_evidence(page: Path, written: Mapping[str, str]) -> None:
    """Between their markers they hold what `make fairness-page` writes."""
    text = page.read_text("utf-8")
    assert text == fairness.with_regions(text, written)


def test_every_region_is_on_a_page(written: Mapping[str, str]) -> None:
    """No figure is computed for nobody; the style that nobody thought of comes first."""
    texts = [path.read_text("utf-8") for path in fairness.PAGES]
    names = [re.findall(r"<!-- evidence: ([a-z-]+) -->", text) for text in texts]
    assert {*names[0], *names[1]} == written.keys()
    title, first = texts[0].split("\n\n")[:2]
    assert title.startswith("# ")
    assert first.startswith("<!-- evidence: unknown-styles -->")


def test_every_assignment_with_runs_has_its_picture(written: Mapping[str, str]) -> None:
    """What the page shows or links to is drawn."""
    for name in re.findall(r"\(images/(.*?)\)", written["pictures"]):
        assert (fairness.IMAGES / name).is_file(), "make fairness-page"


def test_other_evidence_changes_only_what_is_between_the_markers() -> None:
    """A page keeps its own words."""
    page = "Before.\n<!-- evidence: flags -->\nold\n<!-- end of evidence -->\nAfter.\n"
    assert fairness.with_regions(page, {"flags": "new\nlines"}) == page.replace("old", "new\nlines")


def test_first_sentence_says_how_an_unknown_style_fares() -> None:
    """Without the slow style the threshold is 0.6, and all its runs miss it."""
    text = tables.unknown_styles([SOME, NONE])
    assert "In 33.3% of its training runs" in text
    assert "3 styles of right answers, in 1 of 2 assignments" in text
    assert "1 of the styles lost points" in text
    assert "180 runs" in text
    table = tables.unknown_styles_table([SOME, NONE])
    assert "| `01-plain` | 3 | 3 | 180 | 1 | 33.3% |" in table
    assert "- `01-plain`: `right/slow` would fail `loss_goes_down` in 60 of 60 runs." in table


def test_assignment_without_runs_has_a_row_that_says_so() -> None:
    """Nothing is claimed for it, and no table fails for want of runs."""
    for table in (tables.unknown_styles_table, tables.known_styles, tables.wrong):
        (row,) = [line for line in table([SOME, NONE]).splitlines() if "02-none" in line]
        assert tables.NO_RUNS in row
        widths = {line.count("|") for line in table([SOME, NONE]).splitlines() if line[:1] == "|"}
        assert len(widths) == 1
    assert "No training runs with the present checks" in tables.unknown_styles([NONE])
    assert "too few runs" in tables.halves([NONE])
    assert "`02-none`" in tables.readme_limits([SOME, NONE])
    assert "No right runs" in tables.flags([NONE], [])


def test_calibration_speaks_where_no_runs_are_kept() -> None:
    """One of two styles would have lost points: fewer than 97.5% of unknown ones do."""
    styles = (LeftOut(("solution",), 22, 0), LeftOut(("right/slow",), 22, 1, ("learns",)))
    older = dataclasses.replace(NONE, calibrated=styles)
    text = tables.unknown_styles([SOME, older])
    assert "are kept yet for 1 other assignment" in text
    assert "1 of 2 styles would have lost points in some run if left out" in text
    assert "less than 97.5% of unknown styles" in text


def test_tables_bound_what_was_counted() -> None:
    """No failure in 180 runs bounds the rate by 1 in 60; the margins are as far as they are."""
    (row,) = [line for line in tables.known_styles([SOME]).splitlines() if "01-plain" in line]
    assert row.startswith("| `01-plain` | 180 | 0 | 1 in 60 | ")
    assert "misses `loss_drop` in `loss_goes_down`" in tables.tails([SOME])
    assert "6 fits" in tables.halves([SOME])


def test_misconceptions_are_counted_from_the_other_side() -> None:
    """Without the nearer one the threshold is lower, and lets it pass."""
    table = tables.wrong([SOME])
    assert "| `01-plain` | 2 | 4 | 0 |" in table
    trials = dataclasses.replace(
        TRIALS, entries=(entry("right/slow", [0.6, 0.61]), *TRIALS.entries[3:])
    )
    near = tables.Assessed("01-plain", assess(trials, EXPECTED, THRESHOLDS))
    assert "`wrong/half` would pass `loss_goes_down` in 2 of 2 runs" in tables.wrong([near])


def test_flags_count_honest_runs_and_kits_that_earn_points() -> None:
    """Only who earns most of the points needs a flag."""
    kits = [tables.Kit("53-forges", 1.0, ("odd",)), tables.Kit("09-history", 0.5, ())]
    text = tables.flags([SOME], kits)
    assert "Of 180 right runs, 1 was flagged: fewer than 1 in 38" in text
    assert "Of 2 hostile submissions" in text
    assert "1 earns 80% of the points or more, and 1 of these is flagged: `53-forges`." in text


def test_picture_shows_each_style_and_the_threshold() -> None:
    """It is a PNG, and the same each time."""
    found = margins(TRIALS, THRESHOLDS)
    picture = draw_margins(TRIALS, EXPECTED, found, "Plain")
    assert picture.startswith(b"\x89PNG")
    assert picture == draw_margins(TRIALS, EXPECTED, found, "Plain")


def test_last_round_bounds_the_rate() -> None:
    """Without a lost point, the bound is the rate at which none in 120 is lost 1 time in 20."""
    first = {"round": "1", "right": 100, "lost_points": 20, "wrong": 9, **dict.fromkeys(WRONG, 0)}
    last = {**first, "round": "2", "right": 120, "lost_points": 0}
    text = experiments.rounds([first, last])
    assert "| 1 | 100 | 20 (20.0%) | 9 | 0 | 0 |" in text
    assert f"less than {100 * (1 - 0.05 ** (1 / 120)):.1f}%" in text


def test_mistakes_are_traced_in_every_assignment() -> None:
    """docs/figures/causes.json has all assignments, and 95 of 100 in each."""
    rows = json.loads(fairness.CAUSES.read_text("utf-8"))
    assert rows.keys() == load_course(ROOT).assignments.keys()
    assert all(row["traced"] >= 0.95 * row["submissions"] > 0 for row in rows.values())
