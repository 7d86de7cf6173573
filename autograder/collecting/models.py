"""Data of collecting: students' files in an archive, planned submissions, leftovers."""

from __future__ import annotations

import dataclasses
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Literal

Lms = Literal["canvas", "moodle", "brightspace", "gradescope"]
"""The learning management systems whose archives can be read."""


@dataclasses.dataclass(frozen=True)
class Person:
    """One student, as a learning management system names them.

    Attributes:
        lms: The system.
        id: The id in the archive.
        name: The name in the archive, or "".
        ids: Further ids that a roster may list, such as an email address.
    """

    lms: Lms
    id: str
    name: str = ""
    ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id


@dataclasses.dataclass(frozen=True)
class Member:
    """One file of an archive.

    Attributes:
        path: Its full name in the archive, decoded, with forward slashes.
        info: zipfile's entry for it.
        problem: Why it cannot be read, or "".
    """

    path: str
    info: zipfile.ZipInfo = dataclasses.field(repr=False, compare=False)
    problem: str = ""


@dataclasses.dataclass(frozen=True)
class StudentFile:
    """One file that one student submitted.

    Attributes:
        person: The student.
        member: The file in the archive.
        name: The file's name as the student gave it.
        attempt: A number that is larger for a newer attempt of the same student.
        order: A number that is larger for a later file of the same attempt.
        submitted_at: When the attempt was submitted; None if the archive does not say.
        late: Whether the archive marks it as late.
    """

    person: Person
    member: Member
    name: str
    attempt: int
    order: int = 0
    submitted_at: datetime | None = None
    late: bool = False


@dataclasses.dataclass(frozen=True)
class ArchiveContents:
    """The contents of one archive.

    Attributes:
        archive: The archive.
        lms: The system that made it.
        files: Students' files.
        unrecognized: Members that belong to no student, nor to the system itself.
    """

    archive: Path
    lms: Lms
    files: tuple[StudentFile, ...]
    unrecognized: tuple[Member, ...]


@dataclasses.dataclass(frozen=True)
class Leftover:
    """One file that stays in its archive.

    Attributes:
        archive: The archive.
        member: The file's full name in it.
        owner: The student, for messages, or "".
        reason: Why it is not collected.
        superseded: Whether another file of the student counts, so that nobody needs to act.
    """

    archive: Path
    member: str
    owner: str
    reason: str
    superseded: bool = False


@dataclasses.dataclass(frozen=True)
class PlannedSubmission:
    """One file that will be a student's submission.

    Attributes:
        student: The id in the course.
        assignment: The assignment's name.
        archive: The archive.
        file: The file in it.
    """

    student: str
    assignment: str
    archive: Path
    file: StudentFile

    def leftover(self, reason: str) -> Leftover:
        """The same file, which stays in the archive after all."""
        return leftover(self.archive, self.file, reason)


def leftover(
    archive: Path, file: StudentFile, reason: str, *, superseded: bool = False
) -> Leftover:
    """One student's file that stays in the archive."""
    return Leftover(archive, file.member.path, str(file.person), reason, superseded)
