"""Who is shown to a person: those who forge, and nobody whose work is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from courses import CORPUS, NAME, ROOT
from hostile_class import EXPECTED, hostile_file, told

from autograder.course import Course
from autograder.grading import Grader, fast_if_identical
from autograder.submissions import Submission

pytestmark = pytest.mark.sandbox

ANSWERS = ROOT / "tests" / "honest" / "answers" / NAME / "right"
RIGHT = [*sorted((CORPUS / "right").glob("*.ipynb")), *sorted(ANSWERS.glob("*.py"))]
SAMPLE = RIGHT[:: len(RIGHT) // 11]
"""Twelve of them."""


@pytest.fixture(scope="module")
def exact(grader: Grader, course: Course, read: Callable[[Path], Submission]) -> Grader:
    """A grader that knows how much computing the course's own solution takes."""
    exact = fast_if_identical(grader, read(course.source_notebook(NAME)))
    assert exact.reference_seconds > 0
    return exact


def test_corpus_of_right_answers_is_not_empty() -> None:
    """There are many right answers of both kinds."""
    assert len(SAMPLE) >= 12
    assert {path.suffix for path in RIGHT} == {".ipynb", ".py"}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=() if path in SAMPLE else pytest.mark.slow)
        for path in RIGHT
    ],
)
def test_right_answer_gets_no_flag(
    path: Path, exact: Grader, read: Callable[[Path], Submission]
) -> None:
    """Honest work, however unusual, is shown to nobody."""
    assert exact.grade(read(path)).flags == ()


@pytest.mark.parametrize("row", [row for row, expected in EXPECTED.items() if "flags" in expected])
def test_submission_that_forges_gets_its_flag(
    row: str,
    exact: Grader,
    read: Callable[[Path], Submission],
    course: Course,
    tmp_path: Path,
) -> None:
    """The control: the same grader flags what did not come from training."""
    grade = exact.grade(read(hostile_file(row, tmp_path, told(course.root))))
    assert EXPECTED[row]["flags"] in "\n".join(grade.flags)


def test_reply_that_takes_no_computing_is_flagged(
    exact: Grader, read: Callable[[Path], Submission], course: Course, tmp_path: Path
) -> None:
    """A reply that nothing was computed for is told by its computing time too."""
    path = hostile_file("53-forges-everything", tmp_path, told(course.root))
    flags = exact.grade(read(path)).flags
    assert any("far less computing" in flag for flag in flags)
    assert any("straight line" in flag for flag in flags)
