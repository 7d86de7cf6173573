"""Thresholds come from evidence: the statistics, the choice, and what stands in the course."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from pathlib import Path

import fairness
import pytest
from conftest import ROOT
from matplotlib import image
from scipy import stats

from autograder.calibration import (
    MOST_FALSE_FAILS,
    decide,
    draw,
    graded_by,
    picture_file,
    read_evidence,
)
from autograder.calibration.counting import rate_at_most, runs_needed
from autograder.calibration.kept import KeptTrials
from autograder.corpus import Entry, Expected
from autograder.course import Assignment, load_course
from autograder.course.edit import set_thresholds
from autograder.errors import CourseError
from autograder.results import Grade, Outcome, SandboxRecord, Verdict
from autograder.trials import Trial

COURSE = load_course(ROOT)
MOST_FALSE_FAILS_OF_ONE = 0.01
RUBRIC = Assignment(
    name="made-up", title="Made up", checks={"learns": 1}, thresholds={"score": 0.5}
)


@pytest.mark.parametrize(("runs", "most"), [(100, 0.0295), (3000, 0.000998)])
def test_rule_of_three(runs: int, most: float) -> None:
    """Without a failure in n runs the rate is at most about 3 / n, with 95% confidence."""
    assert rate_at_most(0, runs, 0.95) == pytest.approx(most, rel=0.01)


@pytest.mark.parametrize("failures", [0, 1, 5])
def test_bound_is_the_rate_that_would_hardly_show_so_few(failures: int) -> None:
    """At the bound itself so few failures, or fewer, come about in 5% of experiments."""
    bound = rate_at_most(failures, 200, 0.95)
    assert stats.binom.cdf(failures, 200, bound) == pytest.approx(0.05, rel=1e-6)


def test_runs_needed_are_just_enough() -> None:
    """With so many runs the bound is met, with one fewer it is not."""
    runs = runs_needed(MOST_FALSE_FAILS, 0.95)
    assert rate_at_most(0, runs, 0.95) <= MOST_FALSE_FAILS < rate_at_most(0, runs - 1, 0.95)


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


def test_kept_trials_are_found_again(tmp_path: Path) -> None:
    """A calibration that was killed in the middle of a line goes on; other checks begin anew."""
    course = COURSE.model_copy(update={"root": tmp_path})
    done = trial(RIGHT, 0.9)
    KeptTrials(course, "made-up", "one").add([done])
    file = tmp_path / ".trials/made-up.jsonl"
    file.write_text(file.read_text() + file.read_text().splitlines()[-1][:40])
    KeptTrials(course, "made-up", "one").add([dataclasses.replace(done, number=1)])
    kept = KeptTrials(course, "made-up", "one")
    assert kept.find(RIGHT, 0) == done
    assert kept.find(RIGHT, 1) is not None
    assert kept.find(WRONG, 0) is None
    assert KeptTrials(course, "made-up", "two").find(RIGHT, 0) is None


def trials(right: Sequence[float], wrong: Sequence[float]) -> list[Trial]:
    """Runs of one right and one wrong submission."""
    return [trial(RIGHT, value) for value in right] + [trial(WRONG, value) for value in wrong]


def test_threshold_stands_between_right_and_wrong() -> None:
    """It is midway between the worst right run and the best wrong one, in few digits."""
    found = decide(RUBRIC, trials([0.9, 0.71, 0.8], [0.2, 0.3]), "")
    one = found.thresholds["score"]
    assert (one.weakest_right, one.nearest_wrong, one.chosen) == (0.71, 0.3, 0.5)
    assert (found.false_fails, found.false_passes) == (0, 0)
    assert found.false_fail_at_most == rate_at_most(0, 3, 0.95)


def test_sizes_far_apart_are_parted_by_order() -> None:
    """Between 0.01 and 1,000 the middle is not 500."""
    found = decide(RUBRIC, trials([1000.0, 2000.0], [0.001, 0.01]), "")
    assert 1 < found.thresholds["score"].chosen < 10


def test_wrong_submission_that_passes_pushes_the_threshold_up() -> None:
    """What a wrong submission reached counts also where today's threshold lets it pass."""
    found = decide(RUBRIC, trials([0.9] * 40, [0.2, 0.6]), "")
    assert found.thresholds["score"].chosen > 0.6
    assert found.false_passes == 0


def test_right_run_that_fails_is_counted() -> None:
    """A run that fails a check which compares with nothing is a false fail whatever is chosen."""
    bad = trial(RIGHT, 0.9)
    verdict = bad.grade.checks[0].model_copy(update={"outcome": Outcome.FAILED})
    grade = bad.grade.model_copy(update={"checks": (verdict,)})
    runs = [*trials([0.9] * 9, [0.1]), Trial(RIGHT, 9, grade)]
    found = decide(RUBRIC, runs, "")
    assert found.false_fails == 1
    assert found.false_fail_at_most == rate_at_most(1, 10, 0.95)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ([0.7, 0.8, 0.9], [0.75], "right/good comes to 0.7, and the wrong submission wrong/bad"),
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
    found = decide(RUBRIC, trials([0.8, 0.85, 0.9], [0.2, 0.3]), "")
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
    for name, rubric in COURSE.assignments.items():
        evidence = read_evidence(COURSE, name)
        assert {n: one.chosen for n, one in evidence.thresholds.items()} == dict(rubric.thresholds)
        assert evidence.graded_by == graded_by(COURSE, rubric), name
        assert picture_file(COURSE, name).is_file()


def test_evidence_meets_the_target() -> None:
    """At most one right submission in 1,000 fails by chance, and no wrong one passed.

    The bound is that of all assignments together; each by itself has runs enough for 1 in 100.
    """
    found = fairness.calibrated(COURSE)
    assert [evidence.assignment for evidence in found] == list(COURSE.assignments)
    assert fairness.pooled(found) <= MOST_FALSE_FAILS
    for evidence in found:
        assert evidence.false_fail_at_most <= MOST_FALSE_FAILS_OF_ONE, evidence.assignment
        assert evidence.false_passes == 0, evidence.assignment
        for threshold, one in evidence.thresholds.items():
            sides = sorted((one.weakest_right, one.nearest_wrong))
            assert sides[0] < one.chosen < sides[1], f"{evidence.assignment}, {threshold}"


def test_fairness_page_tells_the_evidence() -> None:
    """Every figure of docs/fairness.md's tables is that of the evidence."""
    page = (ROOT / "docs/fairness.md").read_text().splitlines()
    found = fairness.calibrated(COURSE)
    for row in (*fairness.rows(found), *fairness.threshold_rows(found)):
        assert row in page
