"""Read what people added to a submission in nbgrader's gradebook: marks, comments, extra credit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.outputs.gradebook.database import open_gradebook
from autograder.outputs.gradebook.explaining import explained_errors
from autograder.results import Review


@contextmanager
def reviews(
    database: Path | str, assignment: str, course_id: str = ""
) -> Iterator[Callable[[str], Review | None]]:
    """Open the gradebook to read what people added to an assignment's submissions.

    Args:
        database: As for `GradebookWriter`.
        assignment: The assignment's name.
        course_id: The course, as in nbgrader_config.py.

    Yields:
        A function that returns a student's review, or None if the gradebook has no submission.

    Raises:
        GradebookError: If the gradebook cannot be read.
    """
    with explained_errors(database), open_gradebook(database, course_id) as gradebook:
        yield lambda student: find_review(gradebook.db(), assignment, student)


def find_review(session: Session, assignment: str, student: str) -> Review | None:
    """The review of one submission; None if the gradebook has no such submission."""
    with session.begin():
        notebook = session.scalar(_submission(assignment, student))
        return None if notebook is None else _review(notebook)


def find_automatic_scores(session: Session, assignment: str, student: str) -> dict[str, float]:
    """The automatic score of each graded cell of one submission; empty if there is none."""
    with session.begin():
        notebook = session.scalar(_submission(assignment, student))
        grades = () if notebook is None else notebook.grades
        return {grade.name: grade.auto_score for grade in grades if grade.auto_score is not None}


def _submission(assignment: str, student: str) -> Any:
    """The query of one submission."""
    submitted = api.SubmittedAssignment
    return (
        select(api.SubmittedNotebook)
        .join(api.Notebook, api.SubmittedNotebook.notebook_id == api.Notebook.id)
        .join(submitted, api.SubmittedNotebook.assignment_id == submitted.id)
        .where(api.Notebook.name == assignment, submitted.student_id == student)
    )


def _review(notebook: Any) -> Review:
    # A cell without points gets a comment at most, so no mark waits for it.
    waiting = [
        grade for grade in notebook.grades if grade.needs_manual_grade and grade.max_score > 0
    ]
    return Review(
        score=max(0.0, float(notebook.score) - float(notebook.late_submission_penalty or 0)),
        max_score=float(notebook.max_score),
        marks={
            grade.name: (float(grade.manual_score), float(grade.max_score))
            for grade in notebook.grades
            if grade.manual_score is not None
        },
        comments={
            comment.name: comment.manual_comment.strip()
            for comment in notebook.comments
            if comment.manual_comment and comment.manual_comment.strip()
        },
        extra_credit=sum(float(grade.extra_credit or 0) for grade in notebook.grades),
        late_penalty=float(notebook.late_submission_penalty or 0),
        needs_manual_grade=bool(waiting),
        is_partial=any(
            grade.auto_score is None and grade.manual_score is None for grade in waiting
        ),
    )
