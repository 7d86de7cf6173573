"""One entry of a mark's history: everything that answers an appeal, except the pictures."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict

from autograder.results import Grade, Outcome, Review


class InsertedComment(BaseModel):
    """A comment of `comments.yml` in a report.

    Attributes:
        key: Its key.
        cell: The cell that it is written under.
        text: The text as it was inserted; "" in an entry that ends it.
        by: Who inserted it, as the command was told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    cell: str
    text: str
    by: str = ""


class Entry(BaseModel):
    """What a student's mark for one assignment became, and by what.

    Attributes:
        number: 1 for the first entry.
        at: When the entry was written, in UTC.
        by: What changed the mark, such as "autograder grade".
        reason: Why, in the words of whoever applied it; "" if nobody said.
        grade: The Grade, without evidence, summary and time; None in an entry about the gradebook.
        course: What decides the mark besides the submission, by name, such as
            {"threshold accuracy": "0.9"}; empty if it is not known.
        review: What people added in the gradebook; None in an entry about a Grade.
        inserted: The reusable comment that the entry is about; None in any other.
        score: The mark after this entry; None if there is none.
        max_score: Points that can be earned.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    at: AwareDatetime
    by: str
    reason: str = ""
    grade: Grade | None = None
    course: dict[str, str] = {}
    review: Review | None = None
    inserted: InsertedComment | None = None
    score: float | None
    max_score: float


def without_evidence(grade: Grade) -> Grade:
    """A Grade as the history keeps it: without evidence, summary, and what differs by chance."""
    checks = tuple(check.model_copy(update={"evidence": {}}) for check in grade.checks)
    return grade.model_copy(update={"checks": checks, "seconds": 0.0, "training": None})


def is_same_review(one: Review | None, other: Review | None) -> bool:
    """Whether people have added the same; nothing is the same as no review."""
    return _additions(one) == _additions(other)


def _additions(review: Review | None) -> Review | None:
    """A review without the sums, which follow from the Grade too."""
    if review is None or review.is_empty:
        return None
    return review.model_copy(update={"score": 0.0, "max_score": 0.0})


def total(grade: Grade, review: Review | None) -> float | None:
    """The mark: as nbgrader adds up automatic and manual marks.

    Args:
        grade: The Grade.
        review: What people added in the gradebook.

    Returns:
        Points, at least 0; None if the grader failed and no person has marked every check.
    """
    marks = {} if review is None else {name: points for name, (points, _) in review.marks.items()}
    automatic = {check.name: check.points for check in grade.checks}
    if grade.outcome is Outcome.GRADER_ERROR and not automatic.keys() <= marks.keys():
        return None
    points = sum({**automatic, **marks}.values())
    if review is not None:
        points += review.extra_credit - review.late_penalty
    return max(0.0, points)
