"""Grades in nbgrader's gradebook, read back through nbgrader itself."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.filters import markdown2html
from nbgrader import api
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import event

from autograder.course import Assignment
from autograder.errors import GradebookError
from autograder.gradebook import GradebookWriter, reviews
from autograder.results import Grade, Outcome, Review, SandboxRecord, Verdict

NAME = "01-first-training"
CHECKS = {"compiles": 1.0, "loss_goes_down": 3.0, "weights_change": 2.5}
SOLUTION_CELLS = ("build", "train")
DUE = datetime(2027, 2, 15, 23, 59, tzinfo=timezone(timedelta(hours=1)))
SUBMITTED = datetime(2027, 2, 15, 23, 58, 30, tzinfo=timezone(timedelta(hours=1)))
# nbgrader's add_submission queries before it adds the submission that it has just linked.
NBGRADER_FLUSHES_EARLY = pytest.mark.filterwarnings(
    "ignore:Object of type <Submitted.*> not in session"
)


def assignment(checks: Mapping[str, float] = CHECKS, due: datetime | None = DUE) -> Assignment:
    """The assignment that course.yml would describe."""
    return Assignment(name=NAME, title="First training", due=due, checks=dict(checks))


def verdict(name: str, points: float, outcome: Outcome = Outcome.PASSED) -> Verdict:
    """What one check found; all its points when it passed."""
    passed = outcome is Outcome.PASSED
    return Verdict(
        name=name,
        outcome=outcome,
        points=points if passed else 0,
        max_points=points,
        message=f"What {name} found.",
        hint="" if passed else f"How to mend {name}.",
    )


def grade(student: str = "ada", checks: Mapping[str, float] = CHECKS, **outcomes: Outcome) -> Grade:
    """A Grade in which every check passed but the named ones; a grader error takes the score."""
    verdicts = tuple(
        verdict(name, points, outcomes.get(name, Outcome.PASSED)) for name, points in checks.items()
    )
    error = Outcome.GRADER_ERROR in outcomes.values()
    return Grade(
        student=student,
        assignment=NAME,
        outcome=next(iter(outcomes.values()), Outcome.PASSED),
        score=None if error else sum(found.points for found in verdicts),
        max_score=sum(checks.values()),
        checks=verdicts,
        seeds={},
        sandbox=SandboxRecord(tier="full"),
        environment={},
        submission_sha256="0" * 64,
        course_sha256="0" * 64,
        seconds=1.0,
    )


def nbgrader_cell(name: str, source: str, kind: str, **metadata: Any) -> Any:
    """One nbgrader cell; kind is "solution", "grade", "locked", "answer" or "task"."""
    flags = {
        "grade": kind in ("grade", "answer"),
        "solution": kind in ("solution", "answer"),
        "locked": kind in ("grade", "locked"),
        "task": kind == "task",
    }
    points = {"points": metadata["points"]} if "points" in metadata else {}
    new = nbformat.v4.new_markdown_cell if kind in ("answer", "task") else nbformat.v4.new_code_cell
    cell = new(source, id=name)
    cell.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, **flags, **points}
    if not flags["task"]:
        cell.metadata["nbgrader"]["cell_type"] = cell.cell_type
    return cell


def source_notebook(checks: Mapping[str, float] = CHECKS, *extra: Any) -> Any:
    """A source version: each check stands below the solution cell that it examines."""
    answer = "### BEGIN SOLUTION\nright = True\n### END SOLUTION"
    graded = [
        nbgrader_cell(name, f"check('{name}')", "grade", points=points)
        for name, points in checks.items()
    ]
    cells = [
        nbformat.v4.new_markdown_cell("# First training", id="intro"),
        nbgrader_cell("data", "x = 1", "locked"),
        nbgrader_cell("build", answer, "solution"),
        graded[0],
        nbgrader_cell("train", answer, "solution"),
        *graded[1:],
        *extra,
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


class Course:
    """A course folder that both programs work on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "gradebook.db"
        self.directory = CourseDirectory(
            root=str(root),
            db_url=f"sqlite:///{self.database}",
            source_directory="solutions",
            release_directory="assignments",
            assignment_id=NAME,
        )

    def generate_assignment(self, source: Any) -> Any:
        """Run `nbgrader generate_assignment`; return the release version."""
        folder = self.root / "solutions" / NAME
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(source, folder / f"{NAME}.ipynb")
        GenerateAssignment(coursedir=self.directory, force=True).start()
        return nbformat.read(self.root / "assignments" / NAME / f"{NAME}.ipynb", 4)

    def record(self, *grades: Grade, **options: Any) -> tuple[str, ...]:
        """Record Grades; return the notices of them all."""
        submitted_at = options.pop("submitted_at", None)
        rubric = options.pop("assignment", assignment())
        cells = options.pop("solution_cells", SOLUTION_CELLS)
        changed = options.pop("changed", ())
        with GradebookWriter(self.database, rubric, cells, **options) as writer:
            return tuple(
                notice
                for given in grades
                for notice in writer.record(given, submitted_at, changed=changed)
            )

    @contextmanager
    def nbgrader(self) -> Iterator[Any]:
        """Show nbgrader's own view of the gradebook."""
        with api.Gradebook(f"sqlite:///{self.database}", "") as gradebook:
            yield gradebook

    def mark(self, check: str, score: float, student: str = "ada") -> None:
        """Enter a manual score, as formgrader does."""
        with self.nbgrader() as gradebook:
            row = gradebook.find_grade(check, NAME, NAME, student)
            row.manual_score, row.needs_manual_grade = score, False
            gradebook.db.commit()

    def auto_scores(self, student: str = "ada") -> dict[str, tuple[float | None, bool]]:
        """Each check's automatic score, and whether it needs a manual one."""
        with self.nbgrader() as gradebook:
            submission = gradebook.find_submission_notebook(NAME, NAME, student)
            return {row.name: (row.auto_score, row.needs_manual_grade) for row in submission.grades}

    def comment(self, cell: str, student: str = "ada") -> str | None:
        """The automatic comment on a solution cell."""
        with self.nbgrader() as gradebook:
            found: str | None = gradebook.find_comment(cell, NAME, NAME, student).auto_comment
            return found

    def dump(self) -> list[str]:
        """Everything that the database holds."""
        with closing(sqlite3.connect(self.database)) as connection:
            return list(connection.iterdump())

    def named_rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """What the database says, with names in place of random ids."""
        queries = {
            "assignment": "SELECT name, duedate, course_id FROM assignment",
            "notebook": "SELECT name, kernelspec FROM notebook",
            "cells": """SELECT name, type, max_score, grade_cells.cell_type
                FROM base_cell LEFT JOIN grade_cells ON grade_cells.id = base_cell.id""",
            "sources": "SELECT name, cell_type, locked, source, checksum FROM source_cell",
            "student": "SELECT id, first_name, last_name, email, lms_user_id FROM student",
            "submission": "SELECT student_id, timestamp, extension FROM submitted_assignment",
            "submitted": "SELECT flagged, late_submission_penalty FROM submitted_notebook",
            "grade": """SELECT name, type, auto_score, manual_score, extra_credit,
                needs_manual_grade FROM grade JOIN base_cell ON base_cell.id = cell_id""",
            "comment": """SELECT name, type, auto_comment, manual_comment
                FROM comment JOIN base_cell ON base_cell.id = cell_id""",
        }
        with closing(sqlite3.connect(self.database)) as connection:
            return {
                table: sorted(connection.execute(query).fetchall(), key=repr)
                for table, query in queries.items()
            }


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """An empty course folder."""
    return Course(tmp_path)


def test_recorded_grades_export_with_the_same_scores(course: Course, tmp_path: Path) -> None:
    """`nbgrader export` writes the Grade's score, its maximum and the times in naive UTC."""
    grades = [grade("ada"), grade("bob", loss_goes_down=Outcome.FAILED)]
    course.record(*grades, submitted_at=SUBMITTED)
    exporter = CsvExportPlugin()
    exporter.to = str(tmp_path / "grades.csv")
    with course.nbgrader() as gradebook:
        exporter.export(gradebook)
    rows = list(csv.DictReader((tmp_path / "grades.csv").read_text().splitlines()))
    assert {row["student_id"]: float(row["score"]) for row in rows} == {"ada": 6.5, "bob": 3.5}
    assert {float(row["max_score"]) for row in rows} == {6.5}
    assert {row["duedate"] for row in rows} == {"2027-02-15 22:59:00"}
    assert {row["timestamp"] for row in rows} == {"2027-02-15 22:58:30"}


def test_recorded_grades_show_in_nbgraders_summaries(course: Course) -> None:
    """The joined queries of nbgrader find every submission, its score and its failed tests."""
    course.record(grade("ada"), grade("bob", weights_change=Outcome.TIMEOUT))
    with course.nbgrader() as gradebook:
        submissions = {row["student"]: row for row in gradebook.submission_dicts(NAME)}
        notebooks = {row["student"]: row for row in gradebook.notebook_submission_dicts(NAME, NAME)}
    assert submissions["ada"]["code_score"] == submissions["ada"]["max_code_score"] == 6.5
    assert (submissions["bob"]["score"], submissions["bob"]["needs_manual_grade"]) == (4.0, False)
    assert {name: row["failed_tests"] for name, row in notebooks.items()} == {"ada": 0, "bob": 1}


def test_formgrader_lists_a_recorded_submission_as_autograded(course: Course) -> None:
    """Formgrader's API takes the submission for its own, given the folders that it looks at."""
    course.record(grade(), submitted_at=SUBMITTED)
    for step in ("submitted", "autograded"):
        folder = course.root / step / "ada" / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text("{}")
        (folder / "timestamp.txt").write_text("2027-02-15 22:58:30 UTC")
    formgrader = NbGraderAPI(coursedir=course.directory)
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
def test_recorded_rows_are_those_of_nbgraders_own_methods(course: Course, tmp_path: Path) -> None:
    """Our transaction leaves what nbgrader's update_or_create methods leave, row by row."""
    given = grade()
    course.record(given, submitted_at=SUBMITTED)
    other = Course(tmp_path / "other")
    other.root.mkdir()
    with GradebookWriter(other.database, assignment(), ()):
        pass  # creates the tables
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
        for found in given.checks:
            row = gradebook.find_grade(found.name, NAME, NAME, "ada")
            row.auto_score, row.needs_manual_grade = found.points, False
        gradebook.db.commit()
    assert course.named_rows() == other.named_rows()


def test_foreign_keys_of_recorded_rows_all_hold(course: Course) -> None:
    """PostgreSQL would take the rows: no foreign key points nowhere."""
    course.record(grade(), release=source_notebook())
    with closing(sqlite3.connect(course.database)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_recording_a_grade_again_changes_nothing(course: Course) -> None:
    """The second recording of one Grade leaves every row as it was, manual scores too."""
    given = grade(loss_goes_down=Outcome.FAILED)
    course.record(given, submitted_at=SUBMITTED, release=source_notebook())
    course.mark("loss_goes_down", 2)
    before = course.dump()
    course.record(given, submitted_at=SUBMITTED, release=source_notebook())
    assert course.dump() == before


def test_a_better_submission_raises_the_score(course: Course) -> None:
    """A later Grade replaces the automatic scores and clears the comment."""
    course.record(grade(loss_goes_down=Outcome.FAILED))
    course.record(grade())
    assert course.auto_scores() == {name: (points, False) for name, points in CHECKS.items()}
    assert course.comment("train") is None


def test_a_manual_score_is_kept_and_told(course: Course) -> None:
    """Neither a manual score nor extra credit is touched, and the notice names score and check."""
    course.record(grade(loss_goes_down=Outcome.FAILED))
    course.mark("loss_goes_down", 2)
    with course.nbgrader() as gradebook:
        gradebook.find_grade("compiles", NAME, NAME, "ada").extra_credit = 0.5
        gradebook.db.commit()
    notices = course.record(grade(loss_goes_down=Outcome.FAILED))
    assert notices == ("kept the manual score 2 for loss_goes_down",)
    with course.nbgrader() as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 1 + 0.5 + 2 + 2.5
        assert gradebook.find_submission(NAME, "ada").needs_manual_grade is False


def test_a_manual_score_on_a_changed_automatic_score_wants_a_look(course: Course) -> None:
    """As in nbgrader's SaveAutoGrades, a person is asked again when the automatic score moved."""
    course.record(grade(loss_goes_down=Outcome.FAILED))
    course.mark("loss_goes_down", 2)
    course.record(grade())
    assert course.auto_scores()["loss_goes_down"] == (3.0, True)
    with course.nbgrader() as gradebook:
        assert gradebook.find_grade("loss_goes_down", NAME, NAME, "ada").score == 2


def test_a_manual_score_of_a_changed_answer_wants_a_look(course: Course) -> None:
    """The score stays, whatever the automatic one says; the flag and the notice ask for a look."""
    course.record(grade())
    course.mark("loss_goes_down", 2)
    (notice,) = course.record(grade(), changed=["build"])
    assert notice.startswith("kept the manual score 2 for loss_goes_down; the answer has changed")
    assert course.auto_scores()["loss_goes_down"] == (3.0, True)
    course.record(grade())
    assert course.auto_scores()["loss_goes_down"] == (3.0, True)  # until somebody has looked


def test_a_comment_under_a_changed_answer_is_told(course: Course) -> None:
    """The comment stays, and only that under the answer that changed is named."""
    course.record(grade())
    with course.nbgrader() as gradebook:
        for cell in SOLUTION_CELLS:
            gradebook.find_comment(cell, NAME, NAME, "ada").manual_comment = "Well done."
        gradebook.db.commit()
    (notice,) = course.record(grade(), changed=["train"])
    assert notice.startswith("kept the comment under train; the answer has changed")


def test_what_people_added_is_read_back(course: Course) -> None:
    """Manual marks, comments, extra credit and late penalty, and nbgrader's own total."""
    course.record(grade(loss_goes_down=Outcome.FAILED), grade("bob"))
    course.mark("loss_goes_down", 2)
    with course.nbgrader() as gradebook:
        gradebook.find_comment("train", NAME, NAME, "ada").manual_comment = " Well done.\n"
        gradebook.find_grade("compiles", NAME, NAME, "ada").extra_credit = 0.5
        gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty = 1
        gradebook.db.commit()
    with reviews(course.database, NAME) as review_of:
        assert review_of("ada") == Review(
            score=1 + 0.5 + 2 + 2.5 - 1,
            max_score=6.5,
            marks={"loss_goes_down": (2, 3)},
            comments={"train": "Well done."},
            extra_credit=0.5,
            late_penalty=1,
        )
        bob = review_of("bob")
        assert bob is not None
        assert bob.is_empty
        assert review_of("eve") is None


def test_a_manual_comment_is_kept(course: Course) -> None:
    """A teaching assistant's comment stands over the automatic one."""
    course.record(grade())
    with course.nbgrader() as gradebook:
        gradebook.find_comment("train", NAME, NAME, "ada").manual_comment = "Well done."
        gradebook.db.commit()
    course.record(grade(loss_goes_down=Outcome.FAILED))
    with course.nbgrader() as gradebook:
        assert gradebook.find_comment("train", NAME, NAME, "ada").comment == "Well done."


def test_a_grader_error_leaves_no_mark(course: Course) -> None:
    """Where the grader failed no score is written, and each check asks for a manual one."""
    course.record(grade(compiles=Outcome.GRADER_ERROR))
    assert course.auto_scores() == dict.fromkeys(CHECKS, (None, True))


def test_a_grader_error_keeps_the_former_marks(course: Course) -> None:
    """A failed regrading zeroes nothing; the next good one settles it."""
    course.record(grade())
    course.record(grade(compiles=Outcome.GRADER_ERROR))
    assert course.auto_scores() == {name: (points, True) for name, points in CHECKS.items()}
    course.record(grade())
    assert course.auto_scores() == {name: (points, False) for name, points in CHECKS.items()}


def test_a_grade_without_verdicts_leaves_no_mark(course: Course) -> None:
    """A grader that failed before the first check still leaves rows to mark by hand."""
    course.record(grade(checks={}, x=Outcome.GRADER_ERROR))
    assert course.auto_scores() == dict.fromkeys(CHECKS, (None, True))


def test_no_submission_time_keeps_the_known_one(course: Course) -> None:
    """As in nbgrader, a regrading without a time leaves the time; UTC is meant where none is."""
    course.record(grade(), submitted_at=datetime(2027, 2, 16))  # noqa: DTZ001 - the point
    course.record(grade())
    with course.nbgrader() as gradebook:
        submission = gradebook.find_submission(NAME, "ada")
        assert submission.timestamp == datetime(2027, 2, 16)  # noqa: DTZ001 - as nbgrader has it
        assert submission.total_seconds_late == 61 * 60


def test_a_course_without_due_date_leaves_nbgraders(course: Course) -> None:
    """A due date that somebody entered in formgrader is not taken away."""
    course.record(grade())
    course.record(grade(), assignment=assignment(due=None))
    with course.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).duedate == datetime(2027, 2, 15, 22, 59)  # noqa: DTZ001


def test_comments_stand_under_the_cell_that_the_check_examines(course: Course) -> None:
    """Each failed check is explained under the solution cell before it."""
    failed = [verdict(name, points, Outcome.FAILED) for name, points in CHECKS.items()]
    given = grade().model_copy(update={"checks": tuple(failed)})
    course.record(given, release=source_notebook())
    assert course.comment("build") == (
        "    compiles: What compiles found.\n    How to mend compiles."
    )
    assert course.comment("train") == (
        "    loss_goes_down: What loss_goes_down found.\n    How to mend loss_goes_down.\n\n"
        "    weights_change: What weights_change found.\n    How to mend weights_change."
    )


def test_comments_without_a_release_version_stand_under_the_last_cell(course: Course) -> None:
    """Where the order of the cells is unknown, the last answer carries the comments."""
    course.record(grade(compiles=Outcome.FAILED))
    assert course.comment("build") is None
    assert "What compiles found." in (course.comment("train") or "")


def test_an_assignment_without_solution_cells_is_recorded(course: Course) -> None:
    """Without a solution cell there is no comment, but there is a score."""
    course.record(grade(compiles=Outcome.FAILED), solution_cells=())
    assert course.auto_scores()["compiles"] == (0.0, False)


def test_markup_in_a_comment_is_inert(course: Course) -> None:
    """Comments are rendered as Markdown by nbgrader; what a student smuggled in stays text."""
    hostile = "<script>alert(1)</script>\n[x](javascript:alert(1)) ```\n\n<img onerror=x>\x1b[2J"
    given = grade(compiles=Outcome.FAILED)
    worse = given.checks[0].model_copy(update={"message": hostile})
    course.record(given.model_copy(update={"checks": (worse, *given.checks[1:])}))
    page = markdown2html(course.comment("train"))
    assert page.count("<pre>") == 1
    assert not [tag for tag in ("<script", "<img", "<a ", "href", "\x1b") if tag in page]


@pytest.mark.parametrize("first", ["generated", "recorded"])
def test_generating_the_assignment_does_not_clash(course: Course, first: str) -> None:
    """`nbgrader generate_assignment` works before and after, and both leave the same rows."""
    source = source_notebook()
    with GradebookWriter(course.database, assignment(), ()):
        pass  # nbgrader would run the alembic program to create the tables
    release = course.generate_assignment(source)
    if first == "recorded":
        course.database.unlink()
    course.record(grade(), release=release)
    recorded = course.named_rows()
    course.generate_assignment(source)
    assert course.named_rows() == recorded


def test_sources_that_nbgrader_stored_are_left_alone(course: Course) -> None:
    """Hidden tests, which only nbgrader's copy of the source holds, stay in the gradebook."""
    source = source_notebook()
    source.cells[3].source += "\n### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS"
    with GradebookWriter(course.database, assignment(), ()):
        pass
    release = course.generate_assignment(source)
    course.record(grade(), release=release)
    with course.nbgrader() as gradebook:
        assert "secret" in gradebook.find_source_cell("compiles", NAME, NAME).source


def test_changed_points_are_updated(course: Course) -> None:
    """As in nbgrader's SaveCells, the points of a check may change at any time."""
    course.record(grade())
    checks = {**CHECKS, "compiles": 4.0}
    course.record(grade(checks=checks), assignment=assignment(checks))
    with course.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).max_score == 9.5
        assert gradebook.find_submission(NAME, "ada").score == 9.5


def test_a_renamed_check_replaces_the_former_before_any_submission(course: Course) -> None:
    """While nobody has submitted, cells follow the rubric, and nbgrader still agrees."""
    with GradebookWriter(course.database, assignment(), ()):
        pass
    course.generate_assignment(source_notebook())
    checks = {"compiles": 1.0, "loss_falls": 3.0, "weights_change": 2.5}
    source = source_notebook(checks)
    course.record(grade(checks=checks), assignment=assignment(checks), release=source)
    with course.nbgrader() as gradebook:
        notebook = gradebook.find_notebook(NAME, NAME)
        assert {cell.name for cell in notebook.grade_cells} == set(checks)
        assert {cell.name for cell in notebook.source_cells} == {"data", *SOLUTION_CELLS, *checks}
    course.generate_assignment(source)


def test_a_renamed_check_is_refused_once_there_are_submissions(course: Course) -> None:
    """As in nbgrader's SaveCells, marks of other students are not dropped by the way."""
    course.record(grade("bob"))
    before = course.dump()
    checks = {"compiles": 1.0, "loss_falls": 3.0, "weights_change": 2.5}
    with pytest.raises(GradebookError, match="Gone: loss_goes_down") as error:
        course.record(grade(checks=checks), assignment=assignment(checks))
    assert "New: loss_falls." in error.value.message
    assert f"nbgrader db assignment remove {NAME} --force" in error.value.tip
    assert course.dump() == before


def test_cells_that_a_person_marks_stay(course: Course) -> None:
    """Written answers and tasks in the notebook are no checks: they wait for a manual score."""
    written = nbgrader_cell("explain", "Why?", "answer", points=2)
    task = nbgrader_cell("draw", "Draw it.", "task", points=1)
    with GradebookWriter(course.database, assignment(), ()):
        pass
    release = course.generate_assignment(source_notebook(CHECKS, written, task))
    course.record(grade(), solution_cells=(*SOLUTION_CELLS, "explain"), release=release)
    assert course.auto_scores() == {
        **{name: (points, False) for name, points in CHECKS.items()},
        "explain": (None, True),
        "draw": (None, True),
    }
    with course.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).max_score == 9.5
        assert gradebook.find_comment("draw", NAME, NAME, "ada").comment is None


@pytest.mark.parametrize(
    "given",
    [
        grade().model_copy(update={"assignment": "02-other"}),
        grade(checks={"compiles": 1.0}),
        grade(checks={**CHECKS, "compiles": 9.0}),
    ],
    ids=["other assignment", "missing checks", "other points"],
)
def test_a_grade_of_another_rubric_is_refused(course: Course, given: Grade) -> None:
    """A Grade that the rubric did not make is not recorded."""
    with pytest.raises(GradebookError, match="does not fit 01-first-training"):
        course.record(given)


def test_a_record_that_breaks_off_leaves_the_gradebook_as_it_was(course: Course) -> None:
    """A failure after the last row was sent undoes the whole record, and the next one works."""
    course.record(grade("bob"))
    before = course.dump()

    def break_off(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with GradebookWriter(course.database, assignment(), SOLUTION_CELLS) as writer:
        session = writer._gradebook.db
        event.listen(session, "before_commit", break_off)
        with pytest.raises(KeyboardInterrupt):
            writer.record(grade("ada"))
        event.remove(session, "before_commit", break_off)
        assert course.dump() == before
        writer.record(grade("ada"))
    assert len(course.auto_scores()) == 3


def test_a_record_is_one_commit(course: Course) -> None:
    """There is no moment at which half a submission is in the gradebook."""
    commits: list[object] = []
    with GradebookWriter(course.database, assignment(), SOLUTION_CELLS) as writer:
        event.listen(writer._gradebook.engine, "commit", commits.append)
        writer.record(grade())
    assert len(commits) == 1


def test_a_new_gradebook_needs_no_alembic_program(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the virtual environment is not activated, the gradebook is created all the same."""
    monkeypatch.setenv("PATH", "")
    course.record(grade())
    assert course.auto_scores()["compiles"] == (1.0, False)


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("alembic", path=os.path.dirname(sys.executable)) is None,  # noqa: PTH120 - a PATH
    reason="alembic has no program here",
)
def test_a_new_gradebook_has_nbgraders_schema(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and schema version are those that nbgrader creates itself."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    with GradebookWriter(course.database, assignment(), ()):
        pass
    other = Course(tmp_path / "other")
    other.root.mkdir()
    with other.nbgrader():
        pass
    ours, theirs = course.dump(), other.dump()
    assert [line for line in ours if '"course" VALUES' not in line] == theirs


def test_an_empty_file_becomes_a_gradebook(course: Course) -> None:
    """An empty file, as SQLite leaves it after a crash, is filled."""
    course.database.touch()
    course.record(grade())
    assert len(course.auto_scores()) == 3


def test_odd_characters_in_the_path_are_taken_as_they_stand(tmp_path: Path) -> None:
    """A path is a path: no character of it is read as part of a URL."""
    database = tmp_path / "Ü?mode=ro&x #1 %20.db"
    with GradebookWriter(database, assignment(), ()) as writer:
        writer.record(grade())
    assert [path.name for path in tmp_path.iterdir()] == [database.name]


def test_a_locked_gradebook_is_told(course: Course) -> None:
    """While another program writes, the message says so and what to do."""
    course.record(grade("bob"))
    url = f"sqlite:///{course.database}?timeout=0"
    with (
        GradebookWriter(url, assignment(), SOLUTION_CELLS) as writer,
        closing(sqlite3.connect(course.database, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookError, match="is locked by another program") as error:
            writer.record(grade())
        assert "finished Grades are kept" in error.value.tip
        other.execute("ROLLBACK")
        writer.record(grade())


def test_a_file_that_is_no_database_is_told(course: Course) -> None:
    """The message names the file, and the file is left as it is."""
    course.database.write_text("student,score\n" * 100)
    with pytest.raises(GradebookError, match=r"gradebook\.db is no database"):
        course.record(grade())
    assert course.database.read_text().startswith("student,score")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """A gradebook in a folder that is not there cannot be created."""
    database = tmp_path / "missing" / "gradebook.db"
    with (
        pytest.raises(GradebookError, match="cannot be opened or created"),
        GradebookWriter(database, assignment(), ()),
    ):
        pass


def test_a_read_only_gradebook_is_told(course: Course) -> None:
    """A gradebook that may not be written is no place for a Grade."""
    course.record(grade())
    url = f"sqlite:///file:{course.database}?mode=ro&uri=true"
    with (
        pytest.raises(GradebookError, match="may only be read"),
        GradebookWriter(url, assignment(), SOLUTION_CELLS) as writer,
    ):
        writer.record(grade("bob"))


def test_an_old_schema_is_told(course: Course) -> None:
    """A gradebook of an older nbgrader is not touched; the tip says how to upgrade it."""
    with closing(sqlite3.connect(course.database)) as connection:
        connection.execute("CREATE TABLE assignment (id, name, duedate)")
        connection.execute("CREATE TABLE alembic_version (version_num)")
    before = course.dump()
    with pytest.raises(GradebookError, match='"assignment" lacks course_id') as error:
        course.record(grade())
    assert "nbgrader db upgrade" in error.value.tip
    assert course.dump() == before


def test_an_address_that_leads_nowhere_is_told_without_its_password() -> None:
    """An unknown kind of database is the person's to mend; the password stays out of the log."""
    with (
        pytest.raises(GradebookError, match="cannot be used") as error,
        GradebookWriter("nosuch://teacher:hunter2@host/grades", assignment(), ()),
    ):
        pass
    assert "host/grades" in error.value.message
    assert "hunter2" not in error.value.message


def test_an_address_that_is_none_is_told() -> None:
    """Text that only looks like an address is told as such."""
    with (
        pytest.raises(GradebookError, match="cannot be used"),
        GradebookWriter("://nothing", assignment(), ()),
    ):
        pass
