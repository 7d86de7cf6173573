"""A course folder that nbgrader and we both work on, with one assignment of three checks."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import nbformat
from grades import make_rubric_grade
from nbgrader import api
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.course import Assignment
from autograder.outputs.gradebook import GradebookWriter
from autograder.results import Grade, Outcome

NAME = "01-first-training"
CHECKS: Mapping[str, float] = {"compiles": 1.0, "loss_goes_down": 3.0, "weights_change": 2.5}
SOLUTION_CELLS = ("build", "train")
_ZONE = timezone(timedelta(hours=1))
DUE = datetime(2027, 2, 15, 23, 59, tzinfo=_ZONE)
SUBMITTED = datetime(2027, 2, 15, 23, 58, 30, tzinfo=_ZONE)

_ROWS = {
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


def make_assignment(checks: Mapping[str, float] = CHECKS, due: datetime | None = DUE) -> Assignment:
    """The assignment as course.yml would describe it."""
    return Assignment(name=NAME, title="First training", due=due, checks=dict(checks))


def graded(
    student: str = "ada", checks: Mapping[str, float] = CHECKS, **outcomes: Outcome
) -> Grade:
    """A Grade in which every check passed but the named ones."""
    return make_rubric_grade(checks, outcomes, student=student)


def nbgrader_cell(name: str, source: str, kind: str, **metadata: Any) -> Any:
    """One nbgrader cell.

    Args:
        name: Its id.
        source: What it holds.
        kind: "solution", "grade", "locked", "answer" or "task".
        metadata: `points`, if it has any.
    """
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
    """A source version: each check is below the solution cell that it examines.

    Args:
        checks: The rubric; the first check examines "build", the others "train".
        extra: Further cells.
    """
    answer = "### BEGIN SOLUTION\nright = True\n### END SOLUTION"
    first, *others = [
        nbgrader_cell(name, f"check('{name}')", "grade", points=points)
        for name, points in checks.items()
    ]
    cells = [
        nbformat.v4.new_markdown_cell("# First training", id="intro"),
        nbgrader_cell("data", "x = 1", "locked"),
        nbgrader_cell("build", answer, "solution"),
        first,
        nbgrader_cell("train", answer, "solution"),
        *others,
        *extra,
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def record_class(url: str, name: str, students: Sequence[str]) -> None:
    """Record Grades of an assignment, as one of several graders does.

    Args:
        url: The gradebook.
        name: The assignment's name; its checks are always the same.
        students: Whose Grades; each has full marks.
    """
    assignment = make_assignment().model_copy(update={"name": name})
    with GradebookWriter(url, assignment, SOLUTION_CELLS) as writer:
        for student in students:
            writer.record(graded(student).model_copy(update={"assignment": name}))


class GradebookFolder:
    """A course folder with a gradebook, which is not there before it is written.

    Attributes:
        root: The folder.
        database: The gradebook's file.
        address: The gradebook, as the writer takes it.
        url: The gradebook, as nbgrader takes it.
        course_id: The course's id in nbgrader.
        directory: The folder as nbgrader is configured for it.

    Args:
        root: An existing folder.
        url: A database in place of the file.
        course_id: The course's id in nbgrader.
    """

    def __init__(self, root: Path, url: str = "", course_id: str = "") -> None:
        self.root = root
        self.database = root / "gradebook.db"
        self.address: Path | str = url or self.database
        self.url = url or f"sqlite:///{self.database}"
        self.course_id = course_id
        self.directory = CourseDirectory(
            root=str(root),
            course_id=course_id,
            db_url=self.url,
            source_directory="solutions",
            release_directory="assignments",
            assignment_id=NAME,
        )

    def create(self) -> None:
        """Create the tables, as nbgrader would with the alembic program at hand."""
        with self.writer():
            pass

    def writer(
        self,
        assignment: Assignment | None = None,
        solution_cells: Sequence[str] = SOLUTION_CELLS,
        release: Any = None,
    ) -> GradebookWriter:
        """What writes to the gradebook."""
        return GradebookWriter(
            self.address,
            assignment or make_assignment(),
            solution_cells,
            release=release,
            course_id=self.course_id,
        )

    def generate_assignment(self, source: Any) -> Any:
        """Run `nbgrader generate_assignment`; return the release version."""
        folder = self.root / "solutions" / NAME
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(source, folder / f"{NAME}.ipynb")
        GenerateAssignment(coursedir=self.directory, force=True).start()
        return nbformat.read(self.root / "assignments" / NAME / f"{NAME}.ipynb", 4)

    def record(
        self,
        *grades: Grade,
        submitted_at: datetime | None = None,
        assignment: Assignment | None = None,
        solution_cells: Sequence[str] = SOLUTION_CELLS,
        release: Any = None,
        changed: Collection[str] = (),
        answered: Collection[str] = (),
    ) -> tuple[str, ...]:
        """Record Grades; return the notices of them all."""
        with self.writer(assignment, solution_cells, release) as writer:
            return tuple(
                notice
                for grade in grades
                for notice in writer.record(grade, submitted_at, changed=changed, answered=answered)
            )

    @contextmanager
    def nbgrader(self) -> Iterator[Any]:
        """Show nbgrader's own view of the gradebook."""
        with api.Gradebook(self.url, self.course_id) as gradebook:
            yield gradebook

    def mark(self, check: str, score: float, student: str = "ada") -> None:
        """Enter a manual score, as formgrader does."""
        with self.nbgrader() as gradebook:
            row = gradebook.find_grade(check, NAME, NAME, student)
            row.manual_score, row.needs_manual_grade = score, False
            gradebook.db.commit()

    def write_comment(self, cell: str, words: str, student: str = "ada") -> None:
        """Enter a comment on a solution cell, as formgrader does."""
        with self.nbgrader() as gradebook:
            gradebook.find_comment(cell, NAME, NAME, student).manual_comment = words
            gradebook.db.commit()

    def auto_scores(self, student: str = "ada") -> dict[str, tuple[float | None, bool]]:
        """Each check's automatic score, and whether it needs a manual one."""
        with self.nbgrader() as gradebook:
            submission = gradebook.find_submission_notebook(NAME, NAME, student)
            return {row.name: (row.auto_score, row.needs_manual_grade) for row in submission.grades}

    def auto_comment(self, cell: str, student: str = "ada") -> str | None:
        """The automatic comment on a solution cell."""
        with self.nbgrader() as gradebook:
            comment: str | None = gradebook.find_comment(cell, NAME, NAME, student).auto_comment
            return comment

    def dump(self) -> list[str]:
        """Everything that the database holds."""
        with closing(sqlite3.connect(self.database)) as connection:
            return list(connection.iterdump())

    def named_rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """What the database says, with names in place of random ids."""
        with closing(sqlite3.connect(self.database)) as connection:
            return {
                table: sorted(connection.execute(query).fetchall(), key=repr)
                for table, query in _ROWS.items()
            }
