"""The history of one assignment's marks: what was recorded, and what people changed since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from autograder.outputs.history.entry import (
    Entry,
    InsertedComment,
    is_same_review,
    total,
    without_evidence,
)
from autograder.outputs.history.journal import Journal, Record
from autograder.results import Grade, Review

A_PERSON = "a person, in the gradebook"
"""Who a manual mark is by: nbgrader's gradebook does not store which person."""
FOUND = "a Grade in grades/ that the history did not have"
"""What an entry is by if its Grade is older than the history, or was put there by hand."""
_INSERTED = b'"inserted"'
_LATE_PENALTY = "a late penalty, in the gradebook"


class History:
    """The history of one assignment's marks.

    Args:
        course_root: The course folder; the history is `history/ASSIGNMENT/STUDENT.jsonl` in it.
        assignment: The assignment's name.
    """

    def __init__(self, course_root: Path, assignment: str) -> None:
        self._assignment = assignment
        self._folder = course_root / "history" / assignment

    def read(self, student: str) -> Record:
        """A student's entries, oldest first.

        Raises:
            OSError: If the file cannot be read.
        """
        return self._journal(student).read()

    def record_grade(
        self, grade: Grade, *, by: str, reason: str = "", course: Mapping[str, str] | None = None
    ) -> Entry | None:
        """Add an entry for a Grade, unless the newest Grade in the history is the same.

        Args:
            grade: The Grade.
            by: What recorded it, such as "autograder grade".
            reason: Why it was graded again, if a person said.
            course: What decides the mark besides the submission, by name, if that is known.

        Returns:
            The entry; None if nothing was added.

        Raises:
            OSError: If the history cannot be written.
        """
        kept = without_evidence(grade)

        def next_entry(record: Record) -> Entry | None:
            if _last_grade(record) == kept:
                return None
            return Entry(
                number=_next_number(record),
                at=datetime.now(timezone.utc),
                by=by,
                reason=reason,
                grade=kept,
                course=dict(course or {}),
                score=total(kept, _last_review(record)),
                max_score=kept.max_score,
            )

        return self._journal(grade.student).append(next_entry)

    def record_review(self, grade: Grade, review: Review | None, *, by: str = "") -> Entry | None:
        """Add an entry for what people added or removed in the gradebook since the last one.

        Args:
            grade: The student's newest Grade, which the history has.
            review: What the gradebook has now.
            by: What changed it; default: a person, or a late penalty, as the changes say.

        Returns:
            The entry; None if nothing was added.

        Raises:
            OSError: If the history cannot be written.
        """
        if review is None or (review.is_empty and not self.read(grade.student).entries):
            return None  # the gradebook has no submission: it may have been deleted

        def next_entry(record: Record) -> Entry | None:
            last = _last_review(record)
            if is_same_review(last, review):
                return None
            return Entry(
                number=_next_number(record),
                at=datetime.now(timezone.utc),
                by=by or (_LATE_PENALTY if _is_only_the_penalty(last, review) else A_PERSON),
                review=review,
                score=total(grade, review),
                max_score=review.max_score,
            )

        return self._journal(grade.student).append(next_entry)

    def record_decision(self, grade: Grade, *, by: str, reason: str = "") -> Entry | None:
        """Add an entry for a decision that leaves the mark as it is, unless it is the newest.

        Args:
            grade: The Grade that stays.
            by: What was decided.
            reason: Why, if a person said.

        Returns:
            The entry; None if nothing was added.

        Raises:
            OSError: If the history cannot be written.
        """

        def next_entry(record: Record) -> Entry | None:
            newest = record.entries[-1] if record.entries else None
            if newest is not None and (newest.by, newest.reason) == (by, reason):
                return None
            return Entry(
                number=_next_number(record),
                at=datetime.now(timezone.utc),
                by=by,
                reason=reason,
                score=total(grade, _last_review(record)),
                max_score=grade.max_score,
            )

        return self._journal(grade.student).append(next_entry)

    def record_comment(
        self, grade: Grade, review: Review | None, inserted: InsertedComment, *, by: str
    ) -> Entry | None:
        """Add an entry for a reusable comment that was inserted, updated or removed.

        Args:
            grade: The student's newest Grade, which the history has.
            review: What the gradebook has afterwards.
            inserted: The comment.
            by: What did it, such as "autograder comments add never-fits, ana".

        Raises:
            OSError: If the history cannot be written.
        """

        def next_entry(record: Record) -> Entry:
            return Entry(
                number=_next_number(record),
                at=datetime.now(timezone.utc),
                by=by,
                review=review,
                inserted=inserted,
                score=total(grade, review),
                max_score=grade.max_score,
            )

        return self._journal(grade.student).append(next_entry)

    def inserted(self) -> dict[str, dict[tuple[str, str], InsertedComment]]:
        """The reusable comments that were inserted, by student, and by key and cell.

        Raises:
            OSError: If a file cannot be read.
        """
        comments = {}
        for path in sorted(self._folder.glob("*.jsonl")):
            if _INSERTED in path.read_bytes():  # few have one, and parsing all would be slow
                newest = {
                    (entry.inserted.key, entry.inserted.cell): entry.inserted
                    for entry in self.read(path.stem).entries
                    if entry.inserted is not None
                }
                comments[path.stem] = {k: comment for k, comment in newest.items() if comment.text}
        return comments

    def observe(self, grade: Grade, review: Review | None) -> None:
        """Add what is not in the history yet of a Grade on disk and of the gradebook.

        Args:
            grade: The student's Grade in `grades/`.
            review: What the gradebook has; None if it has no submission.

        Raises:
            OSError: If the history cannot be written.
        """
        self.record_grade(grade, by=FOUND)
        self.record_review(grade, review)

    def _journal(self, student: str) -> Journal:
        return Journal(self._folder / f"{student}.jsonl", f"{student}/{self._assignment}")


def _next_number(record: Record) -> int:
    return record.entries[-1].number + 1 if record.entries else 1


def _last_grade(record: Record) -> Grade | None:
    return next((e.grade for e in reversed(record.entries) if e.grade is not None), None)


def _last_review(record: Record) -> Review | None:
    return next((e.review for e in reversed(record.entries) if e.review is not None), None)


def _is_only_the_penalty(last: Review | None, review: Review) -> bool:
    before = last or Review(score=0, max_score=0)
    return is_same_review(before.model_copy(update={"late_penalty": review.late_penalty}), review)
