"""Thresholds come from evidence: the statistics, the choice, and the course's own evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from courses import NAME, ROOT
from matplotlib.figure import Figure
from scipy import stats

from autograder.authoring import Corpus, Entry, run_trials, surprises
from autograder.authoring.calibration import (
    CONFIDENCE,
    MOST_FALSE_FAILS,
    EntryTrials,
    Evidence,
    KeptTrials,
    Measure,
    TrialRun,
    Trials,
    decide,
    derive_evidence,
    draw,
    measurements,
    rate_at_most,
    read_evidence,
    runs_needed,
)
from autograder.course import Assignment, load_course, set_thresholds
from autograder.errors import CourseError
from autograder.results import Outcome
from tools.fairness import __main__ as fairness

COURSE = load_course(ROOT)
RUBRIC = Assignment(
    name="made-up", title="Made up", checks={"learns": 1}, thresholds={"score": 0.5}
)


@pytest.mark.parametrize(("runs", "most"), [(100, 0.0295), (3000, 0.000998)])
def test_no_failure_in_n_runs_bounds_the_rate_by_three_over_n(runs: int, most: float) -> None:
    """With 95% confidence the rate is at most about 3 / n."""
    assert rate_at_most(0, runs, 0.95) == pytest.approx(most, rel=0.01)


@pytest.mark.parametrize("failures", [0, 1, 5])
def test_bound_is_the_rate_that_rarely_gives_so_few_failures(failures: int) -> None:
    """At the bound itself, 5% of experiments give as few failures, or fewer."""
    bound = rate_at_most(failures, 200, 0.95)
    assert stats.binom.cdf(failures, 200, bound) == pytest.approx(0.05, rel=1e-6)


def test_runs_needed_are_just_enough() -> None:
    """With that many runs the bound is met; with one fewer it is not."""
    runs = runs_needed(MOST_FALSE_FAILS, 0.95)
    assert rate_at_most(0, runs, 0.95) <= MOST_FALSE_FAILS < rate_at_most(0, runs - 1, 0.95)


SCORE = Measure("learns", "score", "at_least")
MUST_FAIL = {"wrong/bad": ("learns",)}


def runs_of(values: Sequence[float], bound: float = 0.5) -> tuple[TrialRun, ...]:
    """Runs that measured values against the threshold `score`."""
    missed = {"learns": Outcome.FAILED}
    return tuple(
        TrialRun(number, 1, {SCORE: value})
        if value >= bound
        else TrialRun(number, 1, {SCORE: value}, missed, frozenset(missed))
        for number, value in enumerate(values)
    )


def trials(right: Sequence[float], wrong: Sequence[float]) -> Trials:
    """Runs of one right and one wrong submission."""
    entries = {"right/good": runs_of(right), "wrong/bad": runs_of(wrong)}
    return Trials("made-up", tuple(EntryTrials(k, "", {}, runs) for k, runs in entries.items()))


def decided(right: Sequence[float], wrong: Sequence[float], present: float = 0.5) -> Evidence:
    """The evidence of those runs."""
    rubric = RUBRIC.model_copy(update={"thresholds": {"score": present}})
    return decide(rubric, trials(right, wrong), MUST_FAIL, "")


def test_threshold_lies_between_right_and_wrong() -> None:
    """It is midway between the worst right run and the best wrong one, in few digits."""
    evidence = decided([0.9, 0.71, 0.8], [0.2, 0.3], present=0.65)
    score = evidence.thresholds["score"]
    assert (score.weakest_right, score.nearest_wrong, score.chosen) == (0.71, 0.3, 0.5)
    assert (evidence.false_fails, evidence.false_passes) == (0, 0)
    assert evidence.false_fail_at_most == rate_at_most(0, 3, 0.95)


def test_threshold_between_values_far_apart_is_their_geometric_mean() -> None:
    """Between 0.01 and 1,000 the middle is not 500."""
    evidence = decided([1000.0, 2000.0], [0.001, 0.01], present=500)
    assert 1 < evidence.thresholds["score"].chosen < 10


@pytest.mark.parametrize("present", [0.41, 0.6])
def test_threshold_in_the_middle_half_stays(present: float) -> None:
    """More trials move no mark while the threshold is far from both sides."""
    assert decided([0.9, 0.71], [0.3], present).thresholds["score"].chosen == present


def test_wrong_submission_that_passes_pushes_the_threshold_up() -> None:
    """A wrong submission counts even if the current threshold lets it pass."""
    evidence = decided([0.9] * 40, [0.2, 0.6])
    assert evidence.thresholds["score"].chosen > 0.6
    assert evidence.false_passes == 0


def test_right_run_that_fails_is_counted() -> None:
    """A failed check that compared nothing is a false fail, whatever threshold is chosen."""
    made = trials([0.9] * 10, [0.1])
    bad = TrialRun(10, 1, {SCORE: 0.9}, {"learns": Outcome.FAILED})
    right = dataclasses.replace(made.right[0], runs=(*made.right[0].runs[:9], bad))
    made = dataclasses.replace(made, entries=(right, *made.wrong))
    evidence = decide(RUBRIC, made, MUST_FAIL, "")
    assert evidence.false_fails == 1
    assert evidence.false_fail_at_most == rate_at_most(1, 10, 0.95)


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ([0.7, 0.8, 0.9], [0.75], "right/good comes to 0.7, and the wrong submission wrong/bad"),
        ([0.9, 0.91] * 10, [], "no wrong submission fails by it"),
        ([], [0.1], "No check compares a right submission with"),
    ],
)
def test_threshold_that_separates_nothing_is_refused(
    right: list[float], wrong: list[float], reason: str
) -> None:
    """Sides that overlap are no evidence, and neither is one side alone."""
    with pytest.raises(CourseError) as refused:
        decided(right, wrong)
    assert reason in refused.value.message
    assert refused.value.tip


def test_picture_shows_every_run_and_the_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row per submission, one dot per run, a line at the threshold; always the same bytes."""
    evidence = decided([0.8, 0.85, 0.9], [0.2, 0.3])
    figures: list[Figure] = []
    savefig = Figure.savefig

    def keep(figure: Figure, *arguments: Any, **options: Any) -> None:
        figures.append(figure)
        savefig(figure, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", keep)
    assert draw(evidence, "Made up") == draw(evidence, "Made up")
    (axes,) = figures[0].axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["right/good", "wrong/bad"]
    dots = [np.asarray(row.get_offsets())[:, 0].tolist() for row in axes.collections]
    assert dots == [[0.8, 0.85, 0.9], [0.2, 0.3]]
    lines = [float(np.asarray(line.get_xdata())[0]) for line in axes.lines]
    assert evidence.thresholds["score"].chosen in lines
    assert "Made up" in figures[0].get_suptitle()


def test_course_file_is_edited_in_place() -> None:
    """Only the values of the thresholds change; comments and layout stay."""
    path = ROOT / "course.yml"
    before = path.read_text().splitlines()
    edited = set_thresholds(path, "01-first-training", {"accuracy": 0.123}).decode().splitlines()
    ((old, new),) = [(a, b) for a, b in zip(before, edited, strict=True) if a != b]
    assert "accuracy: 0.123" in new
    assert new.endswith(old.split("#")[1])


CHOSEN_SINCE = {
    # A right answer that this evidence does not have, right/global-average, reaches only 0.48.
    ("06-spoken-words", "loss_drop"),
}
"""Thresholds that were lowered after the calibration, within its gap, until it is made again."""


@pytest.mark.parametrize("name", COURSE.assignments)
def test_thresholds_are_those_of_the_evidence(name: str) -> None:
    """`course.yml` has the chosen thresholds.

    Until the course is calibrated again, the evidence has one that no check uses anymore, and is
    about the corpus of that time.
    """
    assignment, evidence = COURSE.assignment(name), read_evidence(COURSE, name)
    chosen = {threshold: values.chosen for threshold, values in evidence.thresholds.items()}
    assert chosen.keys() - assignment.thresholds.keys() <= {"history_gap"}
    for key, value in assignment.thresholds.items():
        if (name, key) in CHOSEN_SINCE:
            low, high = sorted(
                (evidence.thresholds[key].weakest_right, evidence.thresholds[key].nearest_wrong)
            )
            assert low < value < high
        else:
            assert value == chosen[key], key
    assert COURSE.folder(name).evidence_picture.is_file()


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name == NAME else pytest.mark.slow)
        for name in COURSE.assignments
    ],
)
def test_checks_give_the_verdicts_of_the_evidence(name: str) -> None:
    """The solution, two right and two wrong submissions are graded as they were for the evidence.

    They train with the first of the evidence's seeds. Every check that compares with a threshold
    is one that the evidence names, and no threshold is left out.
    """
    assignment, evidence = COURSE.assignment(name), read_evidence(COURSE, name)
    corpus = Corpus(COURSE, assignment)
    entries = [*corpus.right[:3], *two_wrong(corpus, evidence)]
    plan = [(entry, 0) for entry in entries]
    done = run_trials(COURSE, assignment, corpus, plan, lambda *_: None)
    assert {t.entry.name: surprises(t.entry, t.grade) for t in done} == {
        entry.name: [] for entry in entries
    }
    compared: dict[str, set[str]] = {}
    for trial in done[:3]:
        for measured in (m for verdict in trial.grade.checks for m in measurements(verdict)):
            threshold = evidence.thresholds[measured.threshold]
            assert measured.direction == threshold.direction
            assert not measured.misses(threshold.chosen)
            compared.setdefault(measured.threshold, set()).add(measured.check)
    named = {key: set(evidence.thresholds[key].checks) for key in assignment.thresholds}
    assert compared == named


def two_wrong(corpus: Corpus, evidence: Evidence) -> list[Entry]:
    """One wrong submission that a threshold decides, and one that fails by something else."""
    decided = {name for threshold in evidence.thresholds.values() for name in threshold.wrong}
    by_threshold = next(entry for entry in corpus.wrong if entry.name in decided)
    otherwise = next(entry for entry in corpus.wrong if entry.name not in decided)
    return [by_threshold, otherwise]


@pytest.mark.parametrize("name", COURSE.assignments)
def test_evidence_is_what_the_kept_trials_say(name: str) -> None:
    """Where they are up to date, `make fairness-page` would write the same file again."""
    kept = KeptTrials(COURSE, COURSE.assignment(name))
    derived = derive_evidence(COURSE, COURSE.assignment(name), kept)
    assert (derived is None) == bool(kept.out_of_date())
    assert derived is None or derived == read_evidence(COURSE, name)


def test_evidence_meets_the_target() -> None:
    """No wrong submission passes; a right one fails by chance in at most 1 of 1,000 cases.

    Where there are fewer runs than that needs, the page shows the bound of those that there are.
    """
    every = fairness.calibrated(COURSE)
    assert [evidence.assignment for evidence in every] == list(COURSE.assignments)
    for evidence in every:
        is_bounded = evidence.false_fail_at_most <= MOST_FALSE_FAILS
        assert is_bounded or evidence.right_runs < runs_needed(MOST_FALSE_FAILS, CONFIDENCE)
        assert evidence.false_passes == 0, evidence.assignment
        for name, threshold in evidence.thresholds.items():
            low, high = sorted((threshold.weakest_right, threshold.nearest_wrong))
            assert low < threshold.chosen < high, f"{evidence.assignment}, {name}"
