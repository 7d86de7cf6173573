"""Choose from archives: for each student, the one notebook of the newest attempt."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from autograder.collecting.models import (
    ArchiveContents,
    Leftover,
    Person,
    StudentFile,
    leftover,
)
from autograder.errors import CollectError
from autograder.submissions import SUFFIXES, assignment_in_name, split_name


@dataclasses.dataclass(frozen=True)
class Candidate:
    """One file that may become a student's submission.

    Attributes:
        archive: The archive.
        file: The file in it.
    """

    archive: Path
    file: StudentFile


def assignment_of(
    contents: ArchiveContents, assignments: Collection[str], requested: str | None
) -> str:
    """The assignment that an archive belongs to.

    Args:
        contents: The archive's contents.
        assignments: The course's assignments.
        requested: The assignment that a person named, if any.

    Raises:
        CollectError: If nobody named one, and the file names do not say.
    """
    if requested is not None:
        return requested
    names = sorted({assignment_in_name(file.name, assignments) for file in contents.files} - {""})
    if len(names) == 1:
        return names[0]
    named = " and ".join(names) or "no assignment of this course"
    raise CollectError(
        f"{contents.archive}: the file names do not say which assignment this is; they name "
        f"{named}.",
        f"Name it: --assignment {(names or list(assignments))[0]}",
    )


def choose(
    archives: Sequence[ArchiveContents], assignment: str, assignments: Collection[str]
) -> tuple[list[Candidate], list[Leftover]]:
    """Choose each student's file.

    Args:
        archives: Contents of the archives of one assignment.
        assignment: The assignment.
        assignments: The course's assignments.

    Returns:
        One file per student whose file is clear, and all other files with a reason.
    """
    leftovers = [
        Leftover(
            archive=contents.archive,
            member=member.path,
            owner="",
            reason=member.problem or "its name does not say whose it is",
        )
        for contents in archives
        for member in contents.unrecognized
    ]
    by_person: dict[Person, list[Candidate]] = {}
    for contents in archives:
        for file in contents.files:
            by_person.setdefault(file.person, []).append(Candidate(contents.archive, file))
    chosen = []
    for candidates in by_person.values():
        best, reason = _best(candidates, assignment, assignments)
        if best is not None:
            chosen.append(best)
        leftovers += [
            _leftover(candidate, best, reason, assignment, assignments)
            for candidate in candidates
            if candidate != best
        ]
    return chosen, leftovers


def _best(
    candidates: Sequence[Candidate], assignment: str, assignments: Collection[str]
) -> tuple[Candidate | None, str]:
    """The file of a student that counts; or None, and why no file does."""
    newest = max(c.file.attempt for c in candidates)
    fitting = [c for c in candidates if c.file.attempt == newest and _suffix(c) in SUFFIXES]
    named = [c for c in fitting if assignment_in_name(c.file.name, assignments) == assignment]
    if named:  # of several copies in one attempt, the last one
        last = max(c.file.order for c in named)
        fitting = [c for c in named if c.file.order == last]
    else:
        fitting = [c for c in fitting if not assignment_in_name(c.file.name, assignments)]
    fitting = [c for c in fitting if _suffix(c) == SUFFIXES[0]] or fitting
    if not fitting:
        return None, "the newest attempt contains no notebook or Python file"
    if len({(c.file.member.info.CRC, c.file.member.info.file_size) for c in fitting}) > 1:
        names = " and ".join(sorted({c.file.member.path for c in fitting}))
        return None, f"{names} were submitted together, and nothing says which one counts"
    problem = fitting[0].file.member.problem
    return (
        (None, f"the file that counts cannot be read: {problem}") if problem else (fitting[0], "")
    )


def _leftover(
    candidate: Candidate,
    best: Candidate | None,
    reason: str,
    assignment: str,
    assignments: Collection[str],
) -> Leftover:
    """Explain why a file does not count.

    Args:
        candidate: The file.
        best: The student's file that counts, if any.
        reason: Why there is none.
        assignment: The assignment.
        assignments: The course's assignments.
    """
    file, member = candidate.file, candidate.file.member
    other = assignment_in_name(file.name, assignments)
    if other not in ("", assignment):
        return leftover(candidate.archive, file, f"it is named after {other}")
    if member.problem:
        return leftover(candidate.archive, file, member.problem)
    if best is None:
        if _suffix(candidate) not in SUFFIXES:
            reason = f"it is neither a notebook nor a Python file{_zip_note(candidate)}"
        return leftover(candidate.archive, file, reason)
    if file.attempt < best.file.attempt:
        return leftover(candidate.archive, file, "a newer attempt counts", superseded=True)
    reason = f"{best.file.name} of the same attempt counts"
    return leftover(candidate.archive, file, reason, superseded=True)


def _suffix(candidate: Candidate) -> str:
    return split_name(candidate.file.name)[1] or PurePosixPath(candidate.file.name).suffix.lower()


def _zip_note(candidate: Candidate) -> str:
    return "; zips inside the zip are not opened" if _suffix(candidate) == ".zip" else ""
