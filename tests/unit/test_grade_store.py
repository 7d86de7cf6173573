"""Grades on disk: what counts as one, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradebooks import NAME, graded
from grades import make_grade, make_verdict

from autograder.grading import GradeStore
from autograder.results import Grade, Outcome, SandboxRecord

PASSED = make_verdict(outcome=Outcome.PASSED)


@pytest.fixture
def store(tmp_path: Path) -> GradeStore:
    """An empty store of the first assignment."""
    return GradeStore(tmp_path / NAME)


def finished(store: GradeStore, grade: Grade) -> Grade | None:
    """What the store has for exactly the submission and the course of a Grade."""
    return store.finished(grade.student, grade.submission_sha256, grade.course_sha256)


def test_grade_is_read_as_it_was_written(store: GradeStore) -> None:
    """Nothing is lost on the way, flags and endings included."""
    grade = make_grade(PASSED, flags=("look",), endings=("cell 1 ended",))
    store.write(grade)
    assert store.read("ada") == finished(store, grade) == grade
    assert store.students() == ["ada"]
    assert not store.is_damaged("ada")


def test_store_without_a_folder_is_empty(store: GradeStore) -> None:
    """Before the first run there is nothing, and no error."""
    assert (store.read("ada"), store.students()) == (None, [])
    assert not store.is_damaged("ada")


@pytest.mark.parametrize("data", [b"", b"{}", b'{"student": "ada"', b"\xff\xfe"])
def test_damaged_file_is_told_and_is_no_grade(
    data: bytes, store: GradeStore, tmp_path: Path
) -> None:
    """The submission is graded again; the others' Grades stay."""
    store.write(graded("bob"))
    path = tmp_path / NAME / "ada.json"
    path.write_bytes(data)
    assert store.read("ada") is None
    assert [student for student in store.students() if store.is_damaged(student)] == ["ada"]


def test_grade_of_another_student_is_foreign(store: GradeStore, tmp_path: Path) -> None:
    """A file that was copied or renamed gives nobody somebody else's mark."""
    grade = graded("ada")
    store.write(grade)
    (tmp_path / NAME / "ada.json").rename(tmp_path / NAME / "eve.json")
    assert store.read("eve") is None
    assert store.finished("eve", grade.submission_sha256, grade.course_sha256) is None
    assert store.is_damaged("eve")


def test_grade_of_another_assignment_is_foreign(tmp_path: Path) -> None:
    """Nor does one that lies in another assignment's folder."""
    other = GradeStore(tmp_path / "02-house-prices")
    other.write(graded("ada"))
    assert other.read("ada") is None
    assert other.is_damaged("ada")


@pytest.mark.parametrize(
    "grade",
    [
        make_grade(make_verdict(outcome=Outcome.GRADER_ERROR)),
        make_grade(PASSED, sandbox=SandboxRecord(tier="unsafe")),
    ],
    ids=["grader error", "unsafe"],
)
def test_grade_that_is_no_mark_is_not_finished(grade: Grade, store: GradeStore) -> None:
    """The next run grades it again."""
    store.write(grade)
    assert store.read("ada") == grade
    assert finished(store, grade) is None


@pytest.mark.parametrize(
    "changed",
    [make_grade(PASSED, submission_sha256="c" * 64), make_grade(PASSED, course_sha256="c" * 64)],
    ids=["submission", "course"],
)
def test_grade_of_something_else_is_not_finished(changed: Grade, store: GradeStore) -> None:
    """Another file, or another course, is another mark."""
    store.write(make_grade(PASSED))
    assert finished(store, changed) is None


def test_recorded_is_said_of_exactly_one_grade(store: GradeStore, tmp_path: Path) -> None:
    """A Grade that differs in anything has not been recorded yet."""
    grade = graded()
    assert not store.is_recorded(grade)
    store.mark_recorded(grade)
    assert store.is_recorded(grade)
    assert not store.is_recorded(grade.model_copy(update={"notices": ("new",)}))
    (tmp_path / NAME / "ada.recorded").write_bytes(b"\xff")
    assert not store.is_recorded(grade)
