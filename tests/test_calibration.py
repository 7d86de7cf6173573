"""Thresholds come from evidence: the statistics, the choice, and what stands in the course."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from matplotlib import image
from scipy import stats

from autograder.calibration import (
    MOST_FALSE_FAILS,
    decide,
    draw,
    evidence_file,
    graded_by,
    picture_file,
    read_evidence,
)
from autograder.calibration.tolerance import (
    Scale,
    rate_at_most,
    share_beyond,
    tolerance_factor,
)
from autograder.corpus import Entry, Expected
from autograder.course import Assignment, load_course
from autograder.course.edit import set_thresholds
from autograder.errors import CourseError
from autograder.results import Grade, Outcome, SandboxRecord, Verdict
from autograder.trials import Trial

COURSE = load_course(ROOT)
CALIBRATED = [name for name in COURSE.assignments if evidence_file(COURSE, name).exists()]
RUBRIC = Assignment(
    name="made-up", title="Made up", checks={"learns": 1}, thresholds={"score": 0.5}
)


@pytest.mark.parametrize(
    ("samples", "share", "factor"), [(10, 0.01, 3.981), (30, 0.001, 4.022), (50, 0.05, 2.065)]
)
def test_tolerance_factor_is_the_tables(samples: int, share: float, factor: float) -> None:
    """The factors are those of the published tables for 95% confidence."""
    assert tolerance_factor(samples, share, 0.95) == pytest.approx(factor, abs=2e-3)


def test_share_beyond_undoes_the_tolerance_limit() -> None:
    """At its own tolerance limit, a sample has just the share that the limit was made for."""
    values = np.random.default_rng(0).normal(size=30)
    limit = values.mean() - tolerance_factor(30, 0.001, 0.95) * values.std(ddof=1)
    assert share_beyond(list(values), float(limit), 0.95) == pytest.approx(0.001, rel=1e-4)


def test_bound_covers_the_truth_as_often_as_it_says() -> None:
    """Of many samples, 95% give a bound that is no smaller than the true share."""
    draw_values = np.random.default_rng(1)
    truth = float(stats.norm.cdf(-2.5))
    bounds = [share_beyond(list(draw_values.normal(size=20)), -2.5, 0.95) for _ in range(400)]
    assert 0.92 <= np.mean([bound >= truth for bound in bounds]) <= 0.98


def test_values_that_do_not_scatter_are_certain() -> None:
    """A value that every run gives passes always, or never."""
    assert share_beyond([0.1] * 10, 0.05, 0.95) == 0
    assert share_beyond([0.1] * 10, 0.2, 0.95) == 1


def test_rule_of_three() -> None:
    """Without a failure in n runs the rate is at most about 3 / n."""
    assert rate_at_most(0, 3000, 0.95) == pytest.approx(3 / 3000, rel=0.01)


@pytest.mark.parametrize("scale", Scale)
def test_scale_is_undone(scale: Scale) -> None:
    """A value comes back from its place on any scale."""
    assert scale.undo(scale.apply(0.3)) == pytest.approx(0.3)


def trial(entry: Entry, value: float, bound: float = 0.5) -> Trial:
    """One run that measured a value against the threshold `score`."""
    passed = value >= bound
    verdict = Verdict(
        name="learns",
        outcome=Outcome.PASSED if passed else Outcome.FAILED,
        points=int(passed),
        max_points=1,
        message="",
        evidence={"measured": {"score": {"value": value, "at_least": bound}}},
    )
    grade = Grade(
        student="ada",
        assignment="made-up",
        outcome=verdict.outcome,
        score=verdict.points,
        max_score=1,
        checks=(verdict,),
        seeds={},
        sandbox=SandboxRecord(tier="full"),
        environment={},
        submission_sha256="",
        course_sha256="",
        seconds=0,
    )
    return Trial(entry, 0, grade)


RIGHT = Entry(name="right/good", path=Path())
WRONG = Entry(name="wrong/bad", path=Path(), expected=Expected(hint="", fails=("learns",)))


def trials(right: Sequence[float], wrong: Sequence[float]) -> list[Trial]:
    """Runs of one right and one wrong submission."""
    return [trial(RIGHT, value) for value in right] + [trial(WRONG, value) for value in wrong]


def test_threshold_stands_between_right_and_wrong() -> None:
    """It is far from both, and its false fails are bounded far below the target."""
    right = np.random.default_rng(0).normal(0.9, 0.01, 40)
    found = decide(RUBRIC, trials(list(right), [0.2, 0.3]), "")
    one = found.thresholds["score"]
    assert one.nearest_wrong == 0.3
    assert 0.4 < one.chosen < one.right_limit < right.min()
    assert found.false_fail_at_most < MOST_FALSE_FAILS
    assert (found.false_fails, found.false_passes) == (0, 0)


def test_wrong_submission_that_passes_pushes_the_threshold_up() -> None:
    """What a wrong submission reached counts also where today's threshold lets it pass."""
    right = np.random.default_rng(0).normal(0.9, 0.01, 40)
    found = decide(RUBRIC, trials(list(right), [0.2, 0.6]), "")
    assert found.thresholds["score"].chosen > 0.6
    assert found.false_passes == 0


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            [0.7, 0.8, 0.9] * 10,
            [0.69],
            "all but 0.001 of the runs of right/good",
        ),
        ([0.9, 0.91] * 10, [], "no wrong submission fails by it"),
        ([], [0.1], "No right submission is held against"),
    ],
)
def test_threshold_that_separates_nothing_is_refused(
    right: list[float], wrong: list[float], said: str
) -> None:
    """Overlap, or one side alone, is no evidence."""
    with pytest.raises(CourseError) as refused:
        decide(RUBRIC, trials(right, wrong), "")
    assert said in refused.value.message
    assert refused.value.tip


def test_picture_shows_every_submission() -> None:
    """The picture is a PNG file with a row for each submission; the same bytes each time."""
    right = np.random.default_rng(0).normal(0.9, 0.01, 40)
    found = decide(RUBRIC, trials(list(right), [0.2, 0.3]), "")
    picture = draw(found, "Made up")
    assert picture == draw(found, "Made up")
    height, width, _ = image.imread(io.BytesIO(picture)).shape
    assert width > 900
    assert height > 150


def test_course_file_is_edited_in_place() -> None:
    """Only the values of the thresholds change; comments and layout stay."""
    path = ROOT / "course.yml"
    before = path.read_text().splitlines()
    edited = set_thresholds(path, "01-first-training", {"accuracy": 0.123}).decode().splitlines()
    differ = [(a, b) for a, b in zip(before, edited, strict=True) if a != b]
    assert len(differ) == 1
    assert "accuracy: 0.123" in differ[0][1]
    assert differ[0][1].endswith(differ[0][0].split("#")[1])


def test_thresholds_stand_with_their_evidence() -> None:
    """`course.yml` says what the evidence says, and that is not older than the checks."""
    for name in CALIBRATED:
        rubric, evidence = COURSE.assignment(name), read_evidence(COURSE, name)
        assert {n: one.chosen for n, one in evidence.thresholds.items()} == dict(rubric.thresholds)
        assert evidence.graded_by == graded_by(COURSE, rubric), name
        assert picture_file(COURSE, name).is_file()


def test_evidence_meets_the_target() -> None:
    """At most one right submission in 1,000 fails by chance, and no wrong one passed."""
    for name in CALIBRATED:
        evidence = read_evidence(COURSE, name)
        assert evidence.false_fail_at_most <= MOST_FALSE_FAILS, name
        assert evidence.false_passes == 0, name
        for threshold, one in evidence.thresholds.items():
            sides = sorted((one.right_limit, one.nearest_wrong))
            assert sides[0] < one.chosen < sides[1], f"{name}, {threshold}"


def test_missing_evidence_is_told(tmp_path: Path) -> None:
    """Without evidence the error says how to make it."""
    course = COURSE.model_copy(update={"root": tmp_path})
    assert not evidence_file(course, "01-first-training").exists()
    with pytest.raises(CourseError) as refused:
        read_evidence(course, "01-first-training")
    assert "autograder calibrate 01-first-training" in refused.value.tip
