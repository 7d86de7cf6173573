"""From release to feedback through nbgrader's own exchange, as people type it."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import NAME
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader_course import COURSE_ID, Exchange, fill_in, notebook_of, run
from traitlets.config import Config

COMMENT = "Very clear. Try np.abs next time."
STUDENTS = {"ada": "right/as-in-the-lesson", "bob": "wrong/change-with-sign"}


def gradebook(course: Path) -> Gradebook:
    """The course's gradebook."""
    return Gradebook(f"sqlite:///{course}/gradebook.db", COURSE_ID)


def mark(course: Path, student: str, check: str, points: float) -> None:
    """Set a mark by hand, and write a comment under an answer, as formgrader does."""
    with gradebook(course) as book:
        grade = book.find_grade(check, NAME, NAME, student)
        grade.manual_score = points
        grade.needs_manual_grade = False
        comment = book.find_comment("weight_change", NAME, NAME, student)
        comment.manual_comment = COMMENT
        book.db.commit()


def flagged(course: Path, student: str) -> set[str]:
    """Cells that need a manual mark."""
    with gradebook(course) as book:
        submission = book.find_submission_notebook(NAME, NAME, student)
        return {grade.name for grade in submission.grades if grade.needs_manual_grade}


@pytest.mark.slow
@pytest.mark.sandbox
def test_course_run_by_command_line_reaches_every_step(tmp_path: Path) -> None:
    """Release, fetch, submit, collect, grade, review, feedback, and a second attempt."""
    exchange = Exchange(tmp_path)
    course = exchange.course
    run(course, "nbgrader", "generate_assignment", NAME)
    run(course, "nbgrader", "release_assignment", NAME)
    for student, which in STUDENTS.items():
        home = exchange.student(student)
        run(home, "nbgrader", "fetch_assignment", NAME)
        fill_in(notebook_of(home), which)
        run(home, "nbgrader", "submit", NAME, "--student", student)
    run(course, "nbgrader", "collect", NAME)
    assert "bob: 16/18, failed" in run(course, "autograder", "grade", NAME)

    api = NbGraderAPI(CourseDirectory(root=str(course)), config=shown_config(course))
    shown = {found["student"]: found for found in api.get_submissions(NAME)}
    assert {student: found["score"] for student, found in shown.items()} == {"ada": 18, "bob": 16}
    assert not any(found["needs_manual_grade"] for found in shown.values())
    with gradebook(course) as book:
        cell = book.find_grade("weight_change_is_measured", NAME, NAME, "bob")
        assert (cell.score, cell.max_score) == (0, 2)
        verdict = book.find_comment("weight_change", NAME, NAME, "bob").auto_comment
        assert "The weight changes are measured" in verdict

    for student in STUDENTS:
        mark(course, student, "weight_change_is_measured", 1.5)
    assert "wrote 2 reports, 2 with" in run(course, "autograder", "feedback", NAME)
    run(course, "nbgrader", "release_feedback", NAME)
    for student, points in (("ada", "17.5"), ("bob", "17.5")):
        home = exchange.student(student)
        run(home, "nbgrader", "fetch_feedback", NAME)
        (report,) = (home / NAME / "feedback").rglob("*.html")
        text = report.read_text()
        assert COMMENT in text
        assert f"<strong>{points}</strong> of 18" in text
        # The hint of the one check that bob fails; ada passes it.
        assert ("absolute value" in text) == (student == "bob")

    bob = exchange.student("bob")
    fill_in(notebook_of(bob), "right/as-in-the-lesson")
    run(bob, "nbgrader", "submit", NAME, "--student", "bob")
    run(course, "nbgrader", "collect", NAME, "--update")
    printed = run(course, "autograder", "grade", NAME, "--force")
    assert "ada: kept the manual score 1.5 for weight_change_is_measured\n" in printed
    assert "bob: kept the manual score 1.5 for weight_change_is_measured; the answer has" in printed
    assert flagged(course, "ada") == set()
    assert flagged(course, "bob") == {"weight_change_is_measured"}
    with gradebook(course) as book:
        assert book.find_submission(NAME, "bob").score == 17.5
        assert book.find_comment("weight_change", NAME, NAME, "bob").comment == COMMENT


def shown_config(course: Path) -> Config:
    """What formgrader's server reads from nbgrader_config.py."""
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = COURSE_ID
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "assignments"
    return config
