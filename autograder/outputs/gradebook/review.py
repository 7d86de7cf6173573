"""Read what people added to a submission in nbgrader's gradebook: marks, comments, extra credit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from autograder.course import Course
from autograder.outputs.gradebook.database import open_gradebook
from autograder.outputs.gradebook.explaining import explained_errors
from autograder.outputs.gradebook.location import find_gradebook
from autograder.outputs.gradebook.stored import (
    StoredSubmission,
    find_notebook,
    find_submissions,
    parts,
)
from autograder.results import Review


class ReviewReader:
    """Reads what people added to an assignment's submissions.

    Args:
        session: The gradebook's, without an open transaction.
        assignment: The assignment's name.
    """

    def __init__(self, session: Session, assignment: str) -> None:
        self._session = session
        self._assignment = assignment

    def __call__(self, student: str) -> Review | None:
        """A student's review; None if the gradebook has no submission."""
        return find_review(self._session, self._assignment, student)

    def each(self, students: Iterable[str]) -> Iterator[tuple[str, Review | None]]:
        """Each student with the review, in the same order; much faster for a class.

        Only a few are in memory at a time, and the gradebook is not locked in between.
        """
        for part in parts(students):
            yield from find_reviews(self._session, self._assignment, part).items()


@contextmanager
def reviews(database: Path | str, assignment: str, course_id: str = "") -> Iterator[ReviewReader]:
    """Open the gradebook to read what people added to an assignment's submissions.

    Args:
        database: As for `GradebookWriter`.
        assignment: The assignment's name.
        course_id: The course, as in nbgrader_config.py.

    Yields:
        What reads a student's review, or those of a class.

    Raises:
        GradebookError: If the gradebook cannot be read.
    """
    with explained_errors(database), open_gradebook(database, course_id) as gradebook:
        yield ReviewReader(gradebook.db(), assignment)


def each_review(
    course: Course, assignment: str, students: Iterable[str]
) -> Iterator[tuple[str, Review | None]]:
    """Each student with what people added in the gradebook; nothing if there is no gradebook.

    Args:
        course: The course.
        assignment: The assignment's name.
        students: Their ids.
    """
    location = find_gradebook(course)
    if location.is_missing:
        yield from ((student, None) for student in students)
        return
    with reviews(location.database, assignment, location.course_id) as reader:
        yield from reader.each(students)


def find_review(session: Session, assignment: str, student: str) -> Review | None:
    """The review of one submission; None if the gradebook has no such submission."""
    return find_reviews(session, assignment, [student])[student]


def find_reviews(
    session: Session, assignment: str, students: Sequence[str]
) -> dict[str, Review | None]:
    """The review of each student's submission; None if the gradebook has no such submission."""
    with session.begin():
        found = _submissions(session, assignment, students)
    return {s: _review(found[s]) if s in found else None for s in students}


def find_automatic_scores(
    session: Session, assignment: str, students: Sequence[str]
) -> dict[str, dict[str, float]]:
    """The automatic score of each graded cell, by student; empty if there is no submission."""
    with session.begin():
        found = _submissions(session, assignment, students)
    return {
        student: {
            grade.name: grade.auto_score
            for grade in (found[student].grades if student in found else ())
            if grade.auto_score is not None
        }
        for student in students
    }


def _submissions(
    session: Session, assignment: str, students: Sequence[str]
) -> dict[str, StoredSubmission]:
    notebook = find_notebook(session, assignment)
    return {} if notebook is None else find_submissions(session, notebook, students)


def _review(submission: StoredSubmission) -> Review:
    # A cell without points gets a comment at most, so no mark waits for it.
    waiting = [
        grade for grade in submission.grades if grade.needs_manual_grade and grade.max_score > 0
    ]
    return Review(
        score=max(0.0, submission.score - submission.late_penalty),
        max_score=submission.max_score,
        marks={
            grade.name: (float(grade.manual_score), grade.max_score)
            for grade in submission.grades
            if grade.manual_score is not None
        },
        comments=dict(submission.comments),
        extra_credit=sum(float(grade.extra_credit or 0) for grade in submission.grades),
        late_penalty=submission.late_penalty,
        needs_manual_grade=bool(waiting),
        is_partial=any(
            grade.auto_score is None and grade.manual_score is None for grade in waiting
        ),
    )
