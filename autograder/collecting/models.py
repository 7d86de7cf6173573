"""What collecting passes on: who handed in which file, what is taken, and what is left."""

from __future__ import annotations

import dataclasses
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Literal

Lms = Literal["canvas", "moodle", "brightspace", "gradescope"]
"""The learning management systems whose archives are read."""


@dataclasses.dataclass(frozen=True)
class Person:
    """One student, as a learning management system names them.

    Attributes:
        lms: The system.
        id: The id that the archive carries.
        name: The name that it carries, or nothing.
        ids: What else a roster may know the student by, such as an e-mail address.
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
        info: Where zipfile finds it.
        unfit: Why it is not read; "" if it may be.
    """

    path: str
    info: zipfile.ZipInfo = dataclasses.field(repr=False, compare=False)
    unfit: str = ""


@dataclasses.dataclass(frozen=True)
class HandedIn:
    """One file that one student handed in.

    Attributes:
        person: Whose it is.
        member: Where it is.
        file: Its name as the student gave it.
        attempt: A number that is larger for a newer attempt of the same student.
        order: A number that is larger for a file that came later in the same attempt.
        submitted_at: When the attempt was handed in; None if the archive does not say.
        late: Whether the archive marks it as late.
    """

    person: Person
    member: Member
    file: str
    attempt: int
    order: int = 0
    submitted_at: datetime | None = None
    late: bool = False


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one archive holds.

    Attributes:
        archive: The archive.
        lms: The system that made it.
        files: What students handed in.
        strange: Members that are nobody's, though the system itself did not put them there.
    """

    archive: Path
    lms: Lms
    files: tuple[HandedIn, ...]
    strange: tuple[Member, ...]


@dataclasses.dataclass(frozen=True)
class Left:
    """One file that stays in the archive.

    Attributes:
        archive: The archive.
        member: Its full name there.
        whose: The student, as a person reads it; "" if it is nobody's.
        why: Why it is not collected.
        settled: Whether nobody need look at it, because what counts was collected.
    """

    archive: Path
    member: str
    whose: str
    why: str
    settled: bool = False


@dataclasses.dataclass(frozen=True)
class Take:
    """One file that is to become a student's submission.

    Attributes:
        student: The id in the course.
        assignment: The assignment's name.
        archive: The archive.
        handed_in: The file.
    """

    student: str
    assignment: str
    archive: Path
    handed_in: HandedIn

    def left(self, why: str, *, settled: bool = False) -> Left:
        """The same file, which is not taken after all."""
        return leave(self.archive, self.handed_in, why, settled=settled)


def leave(archive: Path, file: HandedIn, why: str, *, settled: bool = False) -> Left:
    """One student's file that stays in the archive."""
    return Left(archive, file.member.path, str(file.person), why, settled)
