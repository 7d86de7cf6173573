"""Every right submission passes everything; every wrong one fails what it must, and hears why.

`make selftest` holds all of the corpus against all checks; here it is the solution and the release
version.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import NAME, ROOT

from autograder.corpus import Corpus, Entry, Expected, surprises
from autograder.course import Course, load_course
from autograder.errors import CourseError
from autograder.results import Grade, Outcome, Verdict
from autograder.submissions import grade_id, is_solution
from autograder.trials import Trial, run_trials

NAMES = list(load_course(ROOT).assignments)


def corpus_of(name: str) -> Corpus:
    """An assignment's corpus."""
    course = load_course(ROOT)
    return Corpus(course, course.assignment(name))


def surprising(trials: list[Trial]) -> list[str]:
    """What came out otherwise than it must."""
    return [
        f"{trial.entry.name}, seeds {trial.number}: {surprise}"
        for trial in trials
        for surprise in surprises(trial.entry, trial.grade)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_corpus_is_as_large_as_promised(name: str) -> None:
    """There are at least 10 right styles and 20 wrong ones, and every check has one to fail it."""
    corpus = corpus_of(name)
    assert len(corpus.right) - 1 >= 10
    assert len(corpus.wrong) >= 20
    failed = {check for entry in corpus.wrong if entry.expected for check in entry.expected.fails}
    assert failed == set(load_course(ROOT).assignment(name).checks)


@pytest.mark.parametrize("name", NAMES)
def test_corpus_is_made_from_the_release_version(name: str) -> None:
    """Everything but solution cells and added cells is the release version's."""
    corpus = corpus_of(name)
    release = json.loads(corpus.release.path.read_text())
    for entry in [*corpus.right[1:], *corpus.wrong]:
        cells = json.loads(entry.path.read_text())["cells"]
        given = [c for c in cells if not is_solution(c) and not c["id"].startswith("own-")]
        assert given == [c for c in release["cells"] if not is_solution(c)], entry.name
        assert {grade_id(c) for c in cells if is_solution(c)} == {
            grade_id(c) for c in release["cells"] if is_solution(c)
        }, entry.name


def course_with_corpus(course: Course) -> Course:
    """The project's own course, whose folder holds the corpus."""
    return course.model_copy(update={"root": ROOT})


@pytest.mark.sandbox
@pytest.mark.parametrize("name", NAMES)
def test_solution_passes_and_release_version_is_not_attempted(name: str, course: Course) -> None:
    """The source version earns full marks, what students get earns nothing and is told so."""
    corpus = corpus_of(name)
    plan = [(corpus.right[0], 0), (corpus.release, 0)]
    own = course_with_corpus(course)
    trials = run_trials(own, own.assignment(name), corpus, plan, lambda *_: None)
    assert surprising(trials) == []
    assert trials[0].grade.score == own.assignment(name).max_score
    assert trials[1].grade.score == 0


@pytest.mark.sandbox
def test_layer_that_is_not_graded_costs_points_and_not_the_mark(course: Course) -> None:
    """Whatever is trained on layers that are not graded, each check says so; none breaks."""
    corpus = corpus_of("05-chatbot-intents")
    entry = next(entry for entry in corpus.wrong if entry.name == "wrong/own-layer")
    own = course_with_corpus(course)
    rubric = own.assignment("05-chatbot-intents")
    trials = run_trials(own, rubric, corpus, [(entry, 0)], lambda *_: None)
    assert surprising(trials) == []
    loss = next(v for v in trials[0].grade.checks if v.name == "loss_goes_down")
    assert "layer 'Lambda', which is not graded" in loss.message


def test_check_that_breaks_is_a_surprise() -> None:
    """A verdict that the grader owes is no failure, even where the check must fail."""
    entry = Entry(name="wrong/bad", path=Path(), expected=Expected(hint="Do", fails=("learns",)))
    failed = Verdict(
        name="learns", outcome=Outcome.FAILED, points=0, max_points=1, message="", hint="Do it."
    )
    broken = failed.model_copy(update={"outcome": Outcome.GRADER_ERROR, "message": "It broke."})
    found: list[dict[str, Any]] = [{"checks": (failed,)}, {"checks": (broken,)}]
    grades = [Grade.model_construct(**fields) for fields in found]
    assert [surprises(entry, grade) for grade in grades] == [[], ["learns: It broke."]]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "should be a valid dictionary"),
        ("never-fits: {fails: []}", "never-fits hint Field required"),
        ("never-fits: {hint: x, fails: [los_goes_down]}", "los_goes_down"),
        ("others: {hint: x, fails: []}", "differ in: wrong/never-fits, others"),
        ("never-fits: [", "expected.yml"),
    ],
)
def test_row_that_cannot_be_used_is_named(
    rows: str, said: str, course: Course, tmp_path: Path
) -> None:
    """A mistake in a corpus is told with its place, before anything is trained."""
    release = course.release_notebook(NAME).read_text()
    for kind in ("right", "wrong"):
        folder = tmp_path / "tests" / "corpus" / NAME / kind
        folder.mkdir(parents=True)
        (folder / "never-fits.ipynb").write_text(release)
    (folder / "expected.yml").write_text(rows)
    for folder in (course.root / "solutions", course.root / "assignments"):
        (tmp_path / folder.name).symlink_to(folder)
    with pytest.raises(CourseError) as refused:
        Corpus(course.model_copy(update={"root": tmp_path}), course.assignment(NAME))
    assert said in refused.value.message
    assert refused.value.tip
