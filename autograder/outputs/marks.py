"""What leaves the grader for one student and one assignment: a mark, or why there is none."""

from __future__ import annotations

from enum import Enum

from pydantic import BaseModel, ConfigDict

from autograder.results import Grade, Outcome, Review


class MarkStatus(str, Enum):
    """Whether there is a mark."""

    GRADED = "graded"
    GRADER_ERROR = "grader_error"
    NOT_GRADED = "not_graded"
    MISSING = "missing"


class Mark(BaseModel):
    """One student's mark for one assignment.

    Attributes:
        student: The student's id.
        assignment: The assignment's name.
        status: Whether there is a mark; what was not graded, or not handed in, has none.
        score: Points with manual marks, extra credit and late penalty; None without a mark.
        max_score: Points that can be earned.
        late_penalty: Points off for a late submission, which `score` is without.
        needs_manual_grade: Whether nbgrader asks a person to grade a cell that is worth points.
        is_partial: Whether points that a person owes are missing from `score`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str
    assignment: str
    status: MarkStatus
    score: float | None
    max_score: float
    late_penalty: float = 0
    needs_manual_grade: bool = False
    is_partial: bool = False

    @property
    def text(self) -> str:
        """The score as a number, or "" without a mark."""
        return "" if self.score is None else format_points(self.score)


def mark_of(grade: Grade, review: Review | None) -> Mark:
    """The mark of a submission that was graded.

    A grader error is no mark, whatever an earlier attempt got, unless a person has marked every
    check.

    Args:
        grade: The newest Grade.
        review: What people added in the gradebook, if it has the submission.
    """
    by_hand = review is not None and review.replaces(grade)
    if grade.outcome is Outcome.GRADER_ERROR and not by_hand:
        return no_mark(grade.student, grade.assignment, grade.max_score, MarkStatus.GRADER_ERROR)
    return Mark(
        student=grade.student,
        assignment=grade.assignment,
        status=MarkStatus.GRADED,
        score=grade.score if review is None else review.score,
        max_score=grade.max_score,
        late_penalty=0 if review is None else review.late_penalty,
        needs_manual_grade=review is not None and review.needs_manual_grade,
        is_partial=review is not None and review.is_partial,
    )


def no_mark(
    student: str, assignment: str, max_score: float, status: MarkStatus = MarkStatus.MISSING
) -> Mark:
    """Why a student has no mark."""
    return Mark(
        student=student, assignment=assignment, status=status, score=None, max_score=max_score
    )


def format_points(points: float) -> str:
    """Points as a plain number with a decimal point and at most four decimals."""
    return f"{points:.4f}".rstrip("0").rstrip(".")
