"""Grades on disk: written whole or not at all, and reused by the next run.

A Grade is `grades/ASSIGNMENT/STUDENT.json`. `STUDENT.recorded` beside it means that the notebook,
the report and the gradebook have been written from it too.
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
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, student: str) -> Grade | None:
        """The Grade on disk; None if there is none, or it is not this student's."""
        try:
            grade = Grade.model_validate_json(self._path(student).read_bytes())
        except (OSError, ValidationError):
            return None
        is_own = (grade.student, grade.assignment) == (student, self._folder.name)
        return grade if is_own else None

    def damaged(self) -> list[Path]:
        """Files in the place of Grades that are none, or another student's or assignment's."""
        return [self._path(student) for student in self.students() if self.read(student) is None]

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
            or grade.course_sha256 != course_sha256
        ):
            return None
        return grade

    def write(self, grade: Grade) -> None:
        """Write a Grade to disk."""
        data = grade.model_dump_json(indent=1).encode() + b"\n"
        write_atomically(self._path(grade.student), data, private=True)

    def write_log(self, student: str, text: str) -> None:
        """Write what broke while a student was graded, for those who can fix it."""
        log = self._folder / f"{student}.log"
        write_atomically(log, text.encode("utf-8", "replace"), private=True)

    def is_recorded(self, grade: Grade) -> bool:
        """Whether everything that is made from this Grade has been written."""
        try:
            return self._record_path(grade.student).read_text("ascii") == _digest(grade)
        except (OSError, UnicodeDecodeError):
            return False

    def mark_recorded(self, grade: Grade) -> None:
        """Mark everything that is made from this Grade as written."""
        write_atomically(self._record_path(grade.student), _digest(grade).encode("ascii"))

    def _path(self, student: str) -> Path:
        return self._folder / f"{student}.json"

    def _record_path(self, student: str) -> Path:
        return self._folder / f"{student}.recorded"


def graded_assignments(course: Course) -> list[str]:
    """Names of the course's assignments that have Grades, in its order."""
    root = course.root / "grades"
    return [name for name in course.assignments if GradeStore(root / name).students()]


def _digest(grade: Grade) -> str:
    return hashlib.sha256(grade.model_dump_json().encode()).hexdigest()
