"""Grades on disk: written whole or not at all, and reused by the next run.

A Grade is `grades/ASSIGNMENT/STUDENT.json`. `STUDENT.recorded` beside it means that the notebook,
the report and the gradebook have been written from it too. `STUDENT.kept` means that a person let
the Grade stay although the course has changed since.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from autograder.course import Course
from autograder.results import Grade, Outcome, write_atomically


class GradeStore:
    """The Grades of one assignment.

    Args:
        folder: `grades/ASSIGNMENT` in the course folder.

    Attributes:
        assignment: The assignment's name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.assignment = folder.name

    def path(self, student: str) -> Path:
        """The file of a student's Grade, whether or not it exists."""
        return self._folder / f"{student}.json"

    def read(self, student: str) -> Grade | None:
        """The Grade on disk; None if there is none, or it is not this student's."""
        try:
            grade = Grade.model_validate_json(self.path(student).read_bytes())
        except (OSError, ValidationError):
            return None
        is_own = (grade.student, grade.assignment) == (student, self._folder.name)
        return grade if is_own else None

    def is_damaged(self, student: str) -> bool:
        """Whether the file in the place of a Grade is none, or another student's."""
        return self.path(student).exists() and self.read(student) is None

    def written_at(self, student: str) -> float:
        """When the Grade was written, in seconds since 1970; 0 if there is none."""
        try:
            return self.path(student).stat().st_mtime
        except OSError:
            return 0.0

    def students(self) -> list[str]:
        """Students who have a Grade, sorted."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def finished(self, student: str, submission_sha256: str, course_sha256: str) -> Grade | None:
        """The Grade of exactly this submission by exactly this course, if there is one.

        A `grader_error` does not count, nor does a Grade that was made without a sandbox.
        """
        grade = self.read(student)
        if (
            grade is None
            or grade.outcome is Outcome.GRADER_ERROR
            or grade.sandbox.tier == "unsafe"
            or grade.submission_sha256 != submission_sha256
        ):
            return None
        is_current = grade.course_sha256 == course_sha256
        return grade if is_current or self.is_kept(grade, course_sha256) else None

    def is_kept(self, grade: Grade, course_sha256: str) -> bool:
        """Whether a person decided that this Grade stays under a course that has changed since."""
        try:
            return self._kept_path(grade.student).read_text("ascii") == _keeping(
                grade, course_sha256
            )
        except (OSError, UnicodeDecodeError):
            return False

    def mark_kept(self, grade: Grade, course_sha256: str) -> None:
        """Let this Grade stay under another course than the one that it was made by."""
        data = _keeping(grade, course_sha256).encode("ascii")
        write_atomically(self._kept_path(grade.student), data, private=True)

    def write(self, grade: Grade) -> None:
        """Write a Grade to disk."""
        data = grade.model_dump_json(indent=1).encode() + b"\n"
        write_atomically(self.path(grade.student), data, private=True)

    def write_log(self, student: str, text: str) -> None:
        """Write what broke while a student was graded, for those who can fix it."""
        log = self._folder / f"{student}.log"
        write_atomically(log, text.encode("utf-8", "replace"), private=True)

    def is_recorded(self, grade: Grade) -> bool:
        """Whether everything that is made from this Grade has been written."""
        try:
            return self._record_path(grade.student).read_text("ascii") == grade_digest(grade)
        except (OSError, UnicodeDecodeError):
            return False

    def mark_recorded(self, grade: Grade) -> None:
        """Mark everything that is made from this Grade as written."""
        write_atomically(self._record_path(grade.student), grade_digest(grade).encode("ascii"))

    def _kept_path(self, student: str) -> Path:
        return self._folder / f"{student}.kept"

    def _record_path(self, student: str) -> Path:
        return self._folder / f"{student}.recorded"


def graded_assignments(course: Course) -> list[str]:
    """Names of the course's assignments that have Grades, in its order."""
    root = course.root / "grades"
    return [name for name in course.assignments if GradeStore(root / name).students()]


def grade_digest(grade: Grade) -> str:
    """SHA-256 in hexadecimal of everything in a Grade."""
    return hashlib.sha256(grade.model_dump_json().encode()).hexdigest()


def _keeping(grade: Grade, course_sha256: str) -> str:
    return f"{grade_digest(grade)} {course_sha256}"
