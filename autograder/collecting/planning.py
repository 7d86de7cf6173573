"""From archives to a plan: which file becomes which student's submission, and what is left."""

from __future__ import annotations

import dataclasses
import os
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from autograder.collecting.choosing import Chosen, assignment_of, choose
from autograder.collecting.formats import FORMATS
from autograder.collecting.models import Left, Person, Reading, Take, leave
from autograder.collecting.roster import Roster
from autograder.errors import CollectError, UncollectedError
from autograder.submissions.files import LARGEST_FILE, why_no_id

MOST_UNPACKED = 8 * 2**30
"""Bytes that one run reads from archives."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """What collecting would do.

    Attributes:
        takes: The files that become submissions, sorted by assignment and student.
        left: The files that stay where they are.
    """

    takes: tuple[Take, ...]
    left: tuple[Left, ...]


def make_plan(
    readings: Sequence[Reading],
    assignments: Collection[str],
    asked: str | None,
    roster: Roster | None,
    submitted: Path,
) -> Plan:
    """Choose each student's file, and find the student's id in the course.

    Args:
        readings: What the archives hold.
        assignments: The course's assignments.
        asked: The one that the archives are of; told by the files' names if None.
        roster: The class list; without one, the archive's own ids are taken.
        submitted: The folder of the class, which need not exist.

    Raises:
        CollectError: If an archive's assignment cannot be told, or there is too much to read.
    """
    by_assignment: dict[str, list[Reading]] = {}
    for reading in readings:
        by_assignment.setdefault(assignment_of(reading, assignments, asked), []).append(reading)
    takes: list[Take] = []
    left: list[Left] = []
    for assignment, its_readings in by_assignment.items():
        chosen, not_chosen = choose(its_readings, assignment, assignments)
        left += not_chosen
        tried = [_take(one, assignment, roster) for one in chosen]
        takes += [one for one in tried if isinstance(one, Take)]
        left += [one for one in tried if isinstance(one, Left)]
    takes, unclear = _apart(takes, _folders(submitted))
    size = sum(min(take.handed_in.member.info.file_size, LARGEST_FILE) for take in takes)
    if size > MOST_UNPACKED:
        raise CollectError(
            f"The notebooks have {size / 2**30:.1f} GB unpacked; at most "
            f"{MOST_UNPACKED // 2**30} GB are read at a time.",
            "No class hands in so much: look into the archive, or collect it in parts.",
        )
    return Plan(
        takes=tuple(sorted(takes, key=lambda take: (take.assignment, take.student))),
        left=tuple(sorted((*left, *unclear), key=lambda one: (one.settled, one.member))),
    )


def _take(one: Chosen, assignment: str, roster: Roster | None) -> Take | Left:
    """A chosen file with its student's id, or why there is none."""
    try:
        student = _student(one.file.person, roster)
    except UncollectedError as error:
        return leave(one.archive, one.file, error.message)
    return Take(student, assignment, one.archive, one.file)


def _student(person: Person, roster: Roster | None) -> str:
    """The course's id of a person.

    Raises:
        UncollectedError: If there is none that can name a folder.
    """
    student = person.id
    if roster is not None:
        student = roster.student(person, FORMATS[person.lms].roster_keys)
    if not student:
        raise UncollectedError("the archive has no id of this student; a roster may (--roster)")
    if why := _why_no_folder(student):
        raise UncollectedError(f"{student!r} is no student's id: it {why}")
    return student


def _why_no_folder(student: str) -> str:
    """What makes text unfit for an id that names a folder; "" if nothing does."""
    if "/" in student or "\\" in student or student.startswith("."):
        return "may not hold slashes or begin with a dot, which lead to other folders"
    return why_no_id(student)


def _apart(takes: Sequence[Take], folders: Collection[str]) -> tuple[list[Take], list[Left]]:
    """Set aside whom an id does not tell from somebody else."""
    persons: dict[tuple[str, str], set[Person]] = {}
    spellings: dict[str, set[str]] = {}
    for folder in folders:
        spellings.setdefault(_plain(folder), set()).add(folder)
    for take in takes:
        key = take.assignment, _plain(take.student)
        persons.setdefault(key, set()).add(take.handed_in.person)
        spellings.setdefault(_plain(take.student), set()).add(take.student)
    clear, unclear = [], []
    for take in takes:
        why = _why_unclear(take, persons, spellings)
        if why:
            unclear.append(take.left(why))
        else:
            clear.append(take)
    return clear, unclear


def _why_unclear(
    take: Take,
    persons: Mapping[tuple[str, str], Collection[Person]],
    spellings: Mapping[str, Collection[str]],
) -> str:
    plain = _plain(take.student)
    same = sorted(map(str, persons[take.assignment, plain]))
    if len(same) > 1:
        return f"{' and '.join(same)} would both be {take.student!r}; a roster may tell them apart"
    written = sorted(spellings[plain])
    if len(written) > 1:
        return f"{' and '.join(map(repr, written))} differ only in how they are written"
    return ""


def _plain(student: str) -> str:
    """An id by which grading tells folders apart."""
    return unicodedata.normalize("NFKC", student).casefold()


def _folders(submitted: Path) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(submitted)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CollectError(
            f"{submitted} cannot be read as a folder of submissions: {error.strerror}.",
            "Name another with --submitted DIR.",
        ) from error
