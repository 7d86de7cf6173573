"""Grades in nbgrader's gradebook, read back through nbgrader itself."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from gradebooks import (
    CHECKS,
    DUE,
    NAME,
    SOLUTION_CELLS,
    SUBMITTED,
    GradebookFolder,
    graded,
    make_assignment,
    source_notebook,
)
from grades import make_grade
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin

from autograder.errors import GradebookError
from autograder.results import Grade, Outcome

# nbgrader's add_submission queries before it adds the submission that it has just linked.
NBGRADER_FLUSHES_EARLY = pytest.mark.filterwarnings(
    "ignore:Object of type <Submitted.*> not in session"
)


def test_recorded_grades_are_exported_by_nbgrader(
    course_folder: GradebookFolder, tmp_path: Path
) -> None:
    """`nbgrader export` writes the Grade's score, its maximum and the times in naive UTC."""
    grades = [graded("ada"), graded("bob", loss_goes_down=Outcome.FAILED)]
    course_folder.record(*grades, submitted_at=SUBMITTED)
    exporter = CsvExportPlugin()
    exporter.to = str(tmp_path / "grades.csv")
    with course_folder.nbgrader() as gradebook:
        exporter.export(gradebook)
    rows = list(csv.DictReader((tmp_path / "grades.csv").read_text().splitlines()))
    assert {row["student_id"]: float(row["score"]) for row in rows} == {"ada": 6.5, "bob": 3.5}
    assert {float(row["max_score"]) for row in rows} == {6.5}
    assert {row["duedate"] for row in rows} == {"2027-02-15 22:59:00"}
    assert {row["timestamp"] for row in rows} == {"2027-02-15 22:58:30"}


def test_recorded_grades_show_in_nbgraders_summaries(course_folder: GradebookFolder) -> None:
    """The joined queries of nbgrader find every submission, its score and its failed tests."""
    course_folder.record(graded("ada"), graded("bob", weights_change=Outcome.TIMEOUT))
    with course_folder.nbgrader() as gradebook:
        submissions = {row["student"]: row for row in gradebook.submission_dicts(NAME)}
        notebooks = {row["student"]: row for row in gradebook.notebook_submission_dicts(NAME, NAME)}
    assert submissions["ada"]["code_score"] == submissions["ada"]["max_code_score"] == 6.5
    assert (submissions["bob"]["score"], submissions["bob"]["needs_manual_grade"]) == (4.0, False)
    assert {name: row["failed_tests"] for name, row in notebooks.items()} == {"ada": 0, "bob": 1}


def test_formgrader_lists_a_recorded_submission_as_autograded(
    course_folder: GradebookFolder,
) -> None:
    """Formgrader's API takes the submission for its own, given the folders that it looks at."""
    course_folder.record(graded(), submitted_at=SUBMITTED)
    for step in ("submitted", "autograded"):
        place = course_folder.root / step / "ada" / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text("{}")
        (place / "timestamp.txt").write_text("2027-02-15 22:58:30 UTC")
    formgrader = NbGraderAPI(coursedir=course_folder.directory)
    (submission,) = formgrader.get_submissions(NAME)
    assert (submission["student"], submission["score"], submission["autograded"]) == (
        "ada",
        6.5,
        True,
    )
    (notebook,) = formgrader.get_notebook_submissions(NAME, NAME)
    assert (notebook["student"], notebook["score"], notebook["index"]) == ("ada", 6.5, 0)
    assert formgrader.get_notebooks(NAME)[0]["average_score"] == 6.5


@NBGRADER_FLUSHES_EARLY
def test_recorded_rows_are_those_of_nbgraders_own_methods(
    course_folder: GradebookFolder, tmp_path: Path
) -> None:
    """Our transaction leaves what nbgrader's update_or_create methods leave, row by row."""
    grade = graded()
    course_folder.record(grade, submitted_at=SUBMITTED)
    (tmp_path / "other").mkdir()
    other = GradebookFolder(tmp_path / "other")
    other.create()
    with other.nbgrader() as gradebook:
        gradebook.update_or_create_student("ada")
        gradebook.update_or_create_assignment(NAME, duedate=DUE)
        gradebook.update_or_create_notebook(NAME, NAME, kernelspec="{}")
        for name, points in CHECKS.items():
            gradebook.update_or_create_grade_cell(
                name, NAME, NAME, max_score=points, cell_type="code"
            )
        for name in SOLUTION_CELLS:
            gradebook.update_or_create_solution_cell(name, NAME, NAME)
        gradebook.update_or_create_submission(NAME, "ada", timestamp=SUBMITTED)
        for verdict in grade.checks:
            row = gradebook.find_grade(verdict.name, NAME, NAME, "ada")
            row.auto_score, row.needs_manual_grade = verdict.points, False
        gradebook.db.commit()
    assert course_folder.named_rows() == other.named_rows()


def test_foreign_keys_of_recorded_rows_all_hold(course_folder: GradebookFolder) -> None:
    """PostgreSQL would take the rows: every foreign key has its row."""
    course_folder.record(graded(), release=source_notebook())
    with closing(sqlite3.connect(course_folder.database)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_grade_recorded_twice_changes_nothing(course_folder: GradebookFolder) -> None:
    """The second recording of one Grade leaves every row as it was, manual scores too."""
    grade = graded(loss_goes_down=Outcome.FAILED)
    course_folder.record(grade, submitted_at=SUBMITTED, release=source_notebook())
    course_folder.mark("loss_goes_down", 2)
    before = course_folder.dump()
    course_folder.record(grade, submitted_at=SUBMITTED, release=source_notebook())
    assert course_folder.dump() == before


def test_better_submission_raises_the_score(course_folder: GradebookFolder) -> None:
    """A later Grade replaces the automatic scores and clears the comment."""
    course_folder.record(graded(loss_goes_down=Outcome.FAILED))
    course_folder.record(graded())
    assert course_folder.auto_scores() == {name: (points, False) for name, points in CHECKS.items()}
    assert course_folder.auto_comment("train") is None


def test_grader_error_leaves_no_mark(course_folder: GradebookFolder) -> None:
    """Where the grader failed no score is written, and each check asks for a manual one."""
    course_folder.record(graded(compiles=Outcome.GRADER_ERROR))
    assert course_folder.auto_scores() == dict.fromkeys(CHECKS, (None, True))


def test_grader_error_removes_the_former_marks(course_folder: GradebookFolder) -> None:
    """They are of another attempt; what a person entered stays, and the next Grade settles it."""
    course_folder.record(graded())
    course_folder.mark("compiles", 0.5)
    notices = course_folder.record(graded(compiles=Outcome.GRADER_ERROR))
    assert course_folder.auto_scores() == dict.fromkeys(CHECKS, (None, True))
    assert "the 6.5 points of the attempt before do not count" in notices[0]
    assert notices[1] == "kept the manual score 0.5 for compiles"
    course_folder.record(graded())
    scores = {name: (points, False) for name, points in CHECKS.items()}
    assert course_folder.auto_scores() == scores | {"compiles": (1, True)}


FLAGGED = graded().model_copy(update={"flags": ("The code reaches beyond the notebook.",)})


def test_flagged_grade_asks_for_a_look(course_folder: GradebookFolder) -> None:
    """The marks stand, and formgrader lists the submission for a person to look at."""
    course_folder.record(FLAGGED)
    first = next(iter(CHECKS))
    assert course_folder.auto_scores() == {n: (p, n == first) for n, p in CHECKS.items()}
    with course_folder.nbgrader() as gradebook:
        submission = gradebook.find_submission(NAME, "ada")
        assert (submission.score, submission.needs_manual_grade) == (sum(CHECKS.values()), True)


def test_flagged_grade_that_somebody_marked_is_settled(course_folder: GradebookFolder) -> None:
    """Recorded again, it asks nobody: a person has looked and entered a score."""
    course_folder.record(FLAGGED)
    course_folder.mark("compiles", 1)
    course_folder.record(FLAGGED)
    assert not any(needed for _, needed in course_folder.auto_scores().values())


def test_grade_without_flags_asks_no_longer(course_folder: GradebookFolder) -> None:
    """What a new submission is not flagged for, nobody has to look at."""
    course_folder.record(FLAGGED)
    course_folder.record(graded())
    assert course_folder.auto_scores() == {name: (points, False) for name, points in CHECKS.items()}


def test_grade_without_verdicts_leaves_no_mark(course_folder: GradebookFolder) -> None:
    """A grader that failed before the first check still leaves rows to mark by hand."""
    course_folder.record(make_grade(outcome=Outcome.GRADER_ERROR))
    assert course_folder.auto_scores() == dict.fromkeys(CHECKS, (None, True))


def test_regrading_without_a_time_keeps_the_known_one(course_folder: GradebookFolder) -> None:
    """As in nbgrader the time of submission stays; a time without a zone is in UTC."""
    moment = datetime(2027, 2, 16)  # noqa: DTZ001 - as nbgrader has it
    course_folder.record(graded(), submitted_at=moment)
    course_folder.record(graded())
    with course_folder.nbgrader() as gradebook:
        submission = gradebook.find_submission(NAME, "ada")
        assert submission.timestamp == moment
        assert submission.total_seconds_late == 61 * 60


def test_assignment_without_a_due_date_keeps_nbgraders(course_folder: GradebookFolder) -> None:
    """A due date that somebody entered in formgrader is not taken away."""
    course_folder.record(graded())
    course_folder.record(graded(), assignment=make_assignment(due=None))
    with course_folder.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).duedate == datetime(2027, 2, 15, 22, 59)  # noqa: DTZ001 - as nbgrader has it


@pytest.mark.parametrize(
    "grade",
    [
        graded().model_copy(update={"assignment": "02-other"}),
        graded(checks={"compiles": 1.0}),
        graded(checks={**CHECKS, "compiles": 9.0}),
    ],
    ids=["other assignment", "missing checks", "other points"],
)
def test_grade_of_another_rubric_is_refused(course_folder: GradebookFolder, grade: Grade) -> None:
    """A Grade that the rubric did not make is not recorded."""
    with pytest.raises(GradebookError, match="does not fit 01-first-training"):
        course_folder.record(grade)
