"""Right submissions pass every check; wrong ones fail the checks that they must, with a hint.

`make selftest` tests every check with the whole corpus; here it is the solution and the release
version.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from courses import NAME, ROOT, copy_course

from autograder.authoring import Corpus, Entry, Expected, Trial, run_trials, surprises
from autograder.course import load_course
from autograder.errors import CourseError
from autograder.results import Grade, Outcome, Verdict
from autograder.submissions import grade_id, is_solution

COURSE = load_course(ROOT)
NAMES = list(COURSE.assignments)


def all_surprises(trials: list[Trial]) -> list[str]:
    """Everything that was not as expected."""
    return [
        f"{trial.entry.name}, seeds {trial.number}: {surprise}"
        for trial in trials
        for surprise in surprises(trial.entry, trial.grade)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_corpus_is_as_large_as_promised(name: str) -> None:
    """There are at least 10 right styles and 20 wrong ones, and each check has one to fail it."""
    assignment = COURSE.assignment(name)
    corpus = Corpus(COURSE, assignment)
    assert len(corpus.right) - 1 >= 10
    assert len(corpus.wrong) >= 20
    failed = {check for entry in corpus.wrong if entry.expected for check in entry.expected.fails}
    assert failed == set(assignment.checks)


@pytest.mark.parametrize("name", NAMES)
def test_corpus_is_made_from_the_release_version(name: str) -> None:
    """All cells but solution cells and added ones are those of the release version."""
    corpus = Corpus(COURSE, COURSE.assignment(name))
    release = json.loads(corpus.release.path.read_text())["cells"]
    for entry in [*corpus.right[1:], *corpus.wrong]:
        cells = json.loads(entry.path.read_text())["cells"]
        given = [c for c in cells if not is_solution(c) and not c["id"].startswith("own-")]
        assert given == [c for c in release if not is_solution(c)], entry.name
        solutions = {grade_id(c) for c in cells if is_solution(c)}
        assert solutions == {grade_id(c) for c in release if is_solution(c)}, entry.name


@pytest.mark.sandbox
def test_solution_passes_and_release_version_is_not_attempted() -> None:
    """The source version gets full marks; what students get is not attempted and gets nothing.

    `make selftest` grades those of the other assignments.
    """
    name = NAMES[0]
    assignment = COURSE.assignment(name)
    corpus = Corpus(COURSE, assignment)
    plan = [(corpus.right[0], 0), (corpus.release, 0)]
    trials = run_trials(COURSE, assignment, corpus, plan, lambda *_: None)
    assert all_surprises(trials) == []
    assert trials[0].grade.score == assignment.max_score
    assert trials[1].grade.score == 0


@pytest.mark.sandbox
def test_layer_of_the_students_own_costs_nothing() -> None:
    """A model that cannot be rebuilt outside is graded by its predictions; no check breaks."""
    assignment = COURSE.assignment("05-chatbot-intents")
    corpus = Corpus(COURSE, assignment)
    entry = next(entry for entry in corpus.right if entry.name == "right/own-layer")
    trials = run_trials(COURSE, assignment, corpus, [(entry, 0)], lambda *_: None)
    assert all_surprises(trials) == []
    assert trials[0].grade.outputs == "predicted"


def test_check_that_breaks_is_a_surprise() -> None:
    """A grader error is not a failure, even where the check must fail."""
    entry = Entry(name="wrong/bad", path=Path(), expected=Expected(hint="Do", fails=("learns",)))
    failed = Verdict(
        name="learns", outcome=Outcome.FAILED, points=0, max_points=1, message="", hint="Do it."
    )
    broken = failed.model_copy(update={"outcome": Outcome.GRADER_ERROR, "message": "It broke."})
    rows: list[dict[str, Any]] = [{"checks": (failed,)}, {"checks": (broken,)}]
    grades = [Grade.model_construct(**fields) for fields in rows]
    assert [surprises(entry, grade) for grade in grades] == [[], ["learns: It broke."]]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("", "should be a valid dictionary"),
        ("never-fits: {fails: []}", "never-fits hint Field required"),
        ("never-fits: {hint: x, fails: [los_goes_down]}", "los_goes_down"),
        ("others: {hint: x, fails: []}", "differ in: wrong/never-fits, others"),
        ("never-fits: [", "expected.yml"),
    ],
)
def test_wrong_row_of_expected_yml_is_named(rows: str, reason: str, tmp_path: Path) -> None:
    """A mistake in a corpus is reported with its place, before anything is trained."""
    course = copy_course(tmp_path)
    release = course.release_notebook(NAME).read_text()
    for kind in ("right", "wrong"):
        folder = course.folder(NAME).corpus / kind
        folder.mkdir(parents=True)
        (folder / "never-fits.ipynb").write_text(release)
    (folder / "expected.yml").write_text(rows)
    with pytest.raises(CourseError) as refused:
        Corpus(course, course.assignment(NAME))
    assert reason in refused.value.message
    assert refused.value.tip


@pytest.mark.parametrize("kind", ["right", "wrong"])
def test_corpus_without_a_kind_is_refused(kind: str, tmp_path: Path) -> None:
    """Both right and wrong submissions are needed; the message names the empty folder."""
    course = copy_course(tmp_path)
    folder = course.folder(NAME).corpus
    for other in ({"right", "wrong"} - {kind}, {"wrong"}):
        for name in other:
            (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "wrong" / "expected.yml").write_text("{}")
    if kind == "wrong":
        (folder / "right" / "any.ipynb").write_text("{}")
    with pytest.raises(CourseError, match=f"{kind} holds no notebook"):
        Corpus(course, course.assignment(NAME))
