"""Plan collecting: which file becomes which student's submission, and which stay behind."""

from __future__ import annotations

import dataclasses
import os
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from autograder.collecting.choosing import Candidate, assignment_of, choose
from autograder.collecting.formats import FORMATS
from autograder.collecting.matching import student_on
from autograder.collecting.models import (
    ArchiveContents,
    Leftover,
    Person,
    PlannedSubmission,
    leftover,
)
from autograder.collecting.roster import Roster
from autograder.errors import CollectError, UncollectedError
from autograder.submissions import MAX_FILE_BYTES, folder_name_problem

MAX_UNPACKED_BYTES = 8 * 2**30
"""The most that one run reads from archives."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """What collecting will do.

    Attributes:
        submissions: The files that become submissions, sorted by assignment and student.
        leftovers: The files that stay in their archives.
    """

    submissions: tuple[PlannedSubmission, ...]
    leftovers: tuple[Leftover, ...]


def make_plan(
    archives: Sequence[ArchiveContents],
    assignments: Collection[str],
    requested: str | None,
    roster: Roster | None,
    submitted: Path,
) -> Plan:
    """Choose each student's file, and find the student's id in the course.

    Args:
        archives: The archives' contents.
        assignments: The course's assignments.
        requested: The assignment of all archives; None takes it from the file names.
        roster: The class list; without one, the archives' own ids are used.
        submitted: The folder of submissions, which need not exist.

    Raises:
        CollectError: If an archive's assignment is unclear, or there is too much to read.
    """
    by_assignment: dict[str, list[ArchiveContents]] = {}
    for contents in archives:
        name = assignment_of(contents, assignments, requested)
        by_assignment.setdefault(name, []).append(contents)
    submissions: list[PlannedSubmission] = []
    leftovers: list[Leftover] = []
    for assignment, its_archives in by_assignment.items():
        candidates, not_chosen = choose(its_archives, assignment, assignments)
        leftovers += not_chosen
        for candidate in candidates:
            planned = _plan_one(candidate, assignment, roster)
            if isinstance(planned, Leftover):
                leftovers.append(planned)
            else:
                submissions.append(planned)
    submissions, ambiguous = _separate_ambiguous(submissions, _folders(submitted))
    leftovers += ambiguous
    size = sum(min(s.file.member.info.file_size, MAX_FILE_BYTES) for s in submissions)
    if size > MAX_UNPACKED_BYTES:
        raise CollectError(
            f"The notebooks have {size / 2**30:.1f} GB unpacked; the limit is "
            f"{MAX_UNPACKED_BYTES // 2**30} GB at a time.",
            "No class submits that much: check the archive, or collect it in parts.",
        )
    return Plan(
        submissions=tuple(sorted(submissions, key=lambda s: (s.assignment, s.student))),
        leftovers=tuple(sorted(leftovers, key=lambda file: (file.superseded, file.member))),
    )


def _plan_one(
    candidate: Candidate, assignment: str, roster: Roster | None
) -> PlannedSubmission | Leftover:
    """A chosen file with its student's id, or as a leftover if there is none."""
    try:
        student = _student_id(candidate.file.person, roster)
    except UncollectedError as error:
        return leftover(candidate.archive, candidate.file, error.message)
    return PlannedSubmission(student, assignment, candidate.archive, candidate.file)


def _student_id(person: Person, roster: Roster | None) -> str:
    """The course's id of a person.

    Raises:
        UncollectedError: If there is none that can be a folder's name.
    """
    student = person.id
    if roster is not None:
        student = student_on(roster, person, FORMATS[person.lms].roster_keys)
    if not student:
        raise UncollectedError("the archive has no id for this student; pass a roster (--roster)")
    if problem := folder_name_problem(student):
        raise UncollectedError(f"{student!r} is not a student id: it {problem}")
    return student


def _separate_ambiguous(
    submissions: Sequence[PlannedSubmission], folders: Collection[str]
) -> tuple[list[PlannedSubmission], list[Leftover]]:
    """Set aside submissions whose id could also be somebody else's."""
    persons: dict[tuple[str, str], set[Person]] = {}
    spellings: dict[str, set[str]] = {}
    for folder in folders:
        spellings.setdefault(_normalize(folder), set()).add(folder)
    for submission in submissions:
        key = _normalize(submission.student)
        persons.setdefault((submission.assignment, key), set()).add(submission.file.person)
        spellings.setdefault(key, set()).add(submission.student)
    clear, ambiguous = [], []
    for submission in submissions:
        reason = _ambiguity(submission, persons, spellings)
        if reason:
            ambiguous.append(submission.leftover(reason))
        else:
            clear.append(submission)
    return clear, ambiguous


def _ambiguity(
    submission: PlannedSubmission,
    persons: Mapping[tuple[str, str], Collection[Person]],
    spellings: Mapping[str, Collection[str]],
) -> str:
    """Why a submission's id could also be somebody else's, or ""."""
    student = submission.student
    key = _normalize(student)
    names = sorted(map(str, persons[submission.assignment, key]))
    if len(names) > 1:
        return f"{' and '.join(names)} would both be {student!r}; a roster may tell them apart"
    ids = sorted(spellings[key])
    if len(ids) > 1:
        return f"{' and '.join(map(repr, ids))} differ only in case or Unicode form"
    return ""


def _normalize(student: str) -> str:
    """An id as grading compares it."""
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
