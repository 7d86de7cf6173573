"""Change comments and enter marks as a person would, all of it in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.course import Assignment
from autograder.outputs.gradebook.cells import NotebookCells, notebook_cells
from autograder.outputs.gradebook.database import writing
from autograder.outputs.gradebook.explaining import repeated_on_conflict
from autograder.submissions import Notebook, grade_id, is_solution

Place = tuple[str, str]
"""A student, and a cell of the notebook."""

_STUDENTS_AT_ONCE = 500


def answer_cells(release: Notebook, assignment: Assignment) -> Mapping[str, str]:
    """For each check, the solution cell that comments about it stand under.

    Args:
        release: The release version.
        assignment: The assignment, for its checks.
    """
    return _cells(release, assignment).answers


def hand_graded_cells(release: Notebook, assignment: Assignment) -> Mapping[str, float]:
    """The most points of each cell that only a person can grade: answers in words, and tasks.

    Cells without points are left out: they get a comment at most.

    Args:
        release: The release version.
        assignment: The assignment.
    """
    tasks = {
        cell["metadata"]["nbgrader"]["grade_id"]: float(cell["metadata"]["nbgrader"]["points"])
        for cell in release["cells"]
        if cell["metadata"].get("nbgrader", {}).get("task")
    }
    cells = {**_cells(release, assignment).written, **tasks}
    return {name: points for name, points in cells.items() if points > 0}


def _cells(release: Notebook, assignment: Assignment) -> NotebookCells:
    solutions = [grade_id(cell) for cell in release["cells"] if is_solution(cell)]
    return notebook_cells(release, solutions, assignment)


@repeated_on_conflict
def change_comments(
    database: Path | str,
    assignment: str,
    changes: Mapping[Place, Callable[[str], str]],
    course_id: str = "",
) -> dict[Place, tuple[str, str]]:
    """Change comments that people wrote.

    Args:
        database: As for `GradebookWriter`.
        assignment: The assignment's name.
        changes: What makes the new comment of the one that is there, which may be "". They are
            called while nobody else writes, and again if the database asks for another attempt.
        course_id: The course, as in nbgrader_config.py.

    Returns:
        Each comment before and after; nothing for a place that the gradebook does not have.

    Raises:
        GradebookError: If the gradebook cannot be written. Nothing is changed then.
    """
    with writing(database, course_id) as session:
        return {
            place: _change(row, changes[place])
            for row, place in _rows(session, api.Comment, assignment, changes)
        }


@repeated_on_conflict
def enter_marks(
    database: Path | str, assignment: str, marks: Mapping[Place, float], course_id: str = ""
) -> dict[Place, float | None]:
    """Enter manual marks where nobody has entered one; a mark that is there stays.

    An automatic mark that is the same is left alone, unless it waits for a person.

    Args:
        database: As for `GradebookWriter`.
        assignment: The assignment's name.
        marks: The points.
        course_id: The course, as in nbgrader_config.py.

    Returns:
        The mark that stays, or None where the new one was entered; nothing for a place that the
        gradebook does not have.

    Raises:
        GradebookError: If the gradebook cannot be written. Nothing is entered then.
    """
    with writing(database, course_id) as session:
        return {
            place: _enter(row, marks[place])
            for row, place in _rows(session, api.Grade, assignment, marks)
        }


def _enter(row: Any, points: float) -> float | None:
    if row.manual_score is not None:
        return float(row.manual_score)
    if row.auto_score == points and not row.needs_manual_grade:
        return points
    row.manual_score, row.needs_manual_grade = points, False
    return None


def _change(row: Any, change: Callable[[str], str]) -> tuple[str, str]:
    before = row.manual_comment or ""
    after = change(before)
    if after != before:
        row.manual_comment = after or None
    return before, after


def _rows(
    session: Session, kind: Any, assignment: str, places: Mapping[Place, object]
) -> Iterator[tuple[Any, Place]]:
    """The rows of these places, comments or grades, each with its place."""
    students = iter(sorted({student for student, _ in places}))
    submitted = api.SubmittedAssignment
    while some := list(islice(students, _STUDENTS_AT_ONCE)):
        query = (
            select(kind, submitted.student_id, api.BaseCell.name)
            .join(api.BaseCell, kind.cell_id == api.BaseCell.id)
            .join(api.SubmittedNotebook, kind.notebook_id == api.SubmittedNotebook.id)
            .join(submitted, api.SubmittedNotebook.assignment_id == submitted.id)
            .join(api.Notebook, api.SubmittedNotebook.notebook_id == api.Notebook.id)
            .where(api.Notebook.name == assignment, submitted.student_id.in_(some))
            .with_for_update(of=kind)
        )
        for row, student, cell in session.execute(query).all():
            if (student, cell) in places:
                yield row, (student, cell)
