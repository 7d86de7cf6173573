"""`autograder report`: from the files of a class to its pages, and away again."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from commands import hand_in, run_here
from courses import NAME, copy_course
from grades import make_rubric_grade

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.collecting import Enrolled
from autograder.course import Course
from autograder.grading import GradeStore, read_class
from autograder.outputs import MarkStatus, find_gradebook
from autograder.outputs.class_report import reports_about
from autograder.outputs.gradebook import GradebookWriter, fill_students
from autograder.records import archive, find_kept, forget
from autograder.results import Outcome

AFTER_DUE = datetime(2027, 3, 1, tzinfo=timezone.utc)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A class of five: one passes, one fails late, one is not graded, one is missing."""
    course = copy_course(tmp_path / "course")
    root, rubric = course.root, course.assignment(NAME)
    store = GradeStore(root / "grades" / NAME)
    late = datetime(2027, 2, 20, tzinfo=timezone.utc)
    database, course_id = root / "gradebook.db", find_gradebook(course).course_id
    with GradebookWriter(database, rubric, ("build",), course_id=course_id) as writer:
        for student, outcomes in {"ada": {}, "bob": {"loss_goes_down": Outcome.FAILED}}.items():
            grade = make_rubric_grade(rubric.checks, outcomes, student=student)
            store.write(grade)
            writer.record(grade, late if student == "bob" else None)
    hand_in(root, "eve", b"no notebook")
    people = [
        Enrolled(s, s.title(), "King", f"{s}@example.org") for s in ("ada", "bob", "eve", "gone")
    ]
    fill_students(database, people, course_id)
    monkeypatch.chdir(root)
    return course


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run `autograder report`, and return what it prints."""

    def run(*arguments: str) -> str:
        done = run_here(capsys, "report", *arguments)
        assert (done.returncode, done.stderr) == (SUCCESS, "")
        return done.stdout

    return run


def test_class_is_reported_from_its_files(course: Course, report: Callable[..., str]) -> None:
    """Everybody of the Grades and the roster has a page, which has no name and is linked."""
    printed = report(NAME)
    assert "4 students, 1 assignment: 1 of 2 graded submissions passed everything." in printed
    assert str(course.root / "report" / "index.html") in printed
    pages = {path.stem for path in (course.root / "report" / "students").iterdir()}
    assert pages == {"ada", "bob", "eve", "gone"}
    assert "King" not in (course.root / "report" / "students.html").read_text()
    report("--names")
    assert "Gone King" in (course.root / "report" / "students.html").read_text()


def test_who_is_late_missing_or_waiting_has_that_status(course: Course) -> None:
    """Lateness is that of the policy, and what is not due is not missed yet."""
    entries = read_class(course, [NAME], now=AFTER_DUE).assignments[0].entries
    assert entries["bob"].late is not None
    assert entries["ada"].late is None
    assert entries["eve"].mark.status is MarkStatus.NOT_GRADED
    assert (entries["gone"].mark.status, entries["gone"].is_due) == (MarkStatus.MISSING, True)
    early = read_class(course, [NAME], now=datetime(2027, 2, 1, tzinfo=timezone.utc))
    assert not early.assignments[0].entries["gone"].is_due


def test_damaged_grade_is_told_and_not_left_out(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    """The student stays in the report without a mark, and the exit status says so."""
    (course.root / "grades" / NAME / "ada.json").write_text("{")
    done = run_here(capsys, "report")
    assert done.returncode == INCOMPLETE
    assert f"ERROR grades/{NAME}/ada.json is not a Grade" in done.stderr
    assert "not graded yet" in (course.root / "report" / "students" / "ada.html").read_text()


def test_class_without_grades_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is nothing to report, and nothing is written."""
    monkeypatch.chdir(copy_course(tmp_path / "empty").root)
    done = run_here(capsys, "report")
    assert done.returncode == BAD_USAGE
    assert "autograder grade" in done.stderr
    assert not (tmp_path / "empty" / "report").exists()


def test_report_is_archived_and_forgotten(course: Course, report: Callable[..., str]) -> None:
    """The archive has the report; it goes with a student who has a page in it."""
    report()
    archived = archive(course)
    with tarfile.open(archived.path) as tar:
        assert "report/students/ada.html" in tar.getnames()
    archived.path.unlink()
    kept = find_kept(course, "ada")
    assert course.root / "report" in [item.path for item in kept.items]
    assert course.root / "report" not in [i.path for i in find_kept(course, "nobody").items]
    forget(kept, course, lambda _: None)
    assert not (course.root / "report").exists()
    assert list(reports_about(course.root, "bob")) == []
