"""Grades on disk: written whole or not at all, and found again by the next run.

A Grade is `grades/ASSIGNMENT/STUDENT.json`. `STUDENT.recorded` beside it says that the notebook,
the report and the gradebook have been written from it too.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from pydantic import ValidationError

from autograder.results import Grade, Outcome


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the former one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Delete what graders that were killed left half written below a folder."""
    for partial in folder.rglob(".*.partial"):
        owner = partial.name.split(".")[-2]
        if owner.isdigit() and not Path("/proc", owner).exists():
            partial.unlink(missing_ok=True)


class Journal:
    """The Grades of one assignment.

    Args:
        folder: `grades/ASSIGNMENT` in the course folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, student: str) -> Grade | None:
        """The Grade on disk, or None if there is none that can be read."""
        try:
            return Grade.model_validate_json(self._path(student).read_bytes())
        except (OSError, ValidationError):
            return None

    def students(self) -> list[str]:
        """Everybody who has a Grade, sorted."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def finished(self, student: str, submission_sha256: str, course_sha256: str) -> Grade | None:
        """The Grade of this very submission by this very course, if it stands.

        A `grader_error` never stands, nor does a Grade that was made without walls.
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
        """Put a Grade on disk."""
        data = grade.model_dump_json(indent=1).encode() + b"\n"
        write_atomically(self._path(grade.student), data)

    def is_recorded(self, grade: Grade) -> bool:
        """Whether everything that is made from this Grade has been written."""
        try:
            return self._mark(grade.student).read_text("ascii") == _digest(grade)
        except (OSError, UnicodeDecodeError):
            return False

    def mark_recorded(self, grade: Grade) -> None:
        """Note that everything that is made from this Grade has been written."""
        write_atomically(self._mark(grade.student), _digest(grade).encode("ascii"))

    def _path(self, student: str) -> Path:
        return self._folder / f"{student}.json"

    def _mark(self, student: str) -> Path:
        return self._folder / f"{student}.recorded"


def _digest(grade: Grade) -> str:
    return hashlib.sha256(grade.model_dump_json().encode()).hexdigest()
