"""Choose from what archives hold: for each student the newest attempt's one notebook."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from autograder.collecting.models import HandedIn, Left, Person, Reading, leave
from autograder.errors import CollectError

KINDS = (".ipynb", ".py")
_COPY = re.compile(r"(?:[ _]?\([0-9]+\)|-[0-9]+|-Copy[0-9]+| - Copy)$", re.IGNORECASE)
"""What browsers, Canvas, JupyterLab and Windows add to the name of a second copy."""


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The one file of a student that counts.

    Attributes:
        archive: The archive.
        file: The file.
    """

    archive: Path
    file: HandedIn


def told(file: str, assignments: Collection[str]) -> str:
    """The assignment that a file's name tells of; "" if it tells of none.

    Args:
        file: A notebook's or Python file's name, perhaps of a second copy.
        assignments: The course's assignments.
    """
    path = PurePosixPath(file)
    stem = path.stem if path.suffix.lower() in KINDS else ""
    while stem.casefold() not in assignments:
        shorter = _COPY.sub("", stem).strip()
        if shorter == stem:
            return ""
        stem = shorter
    return stem.casefold()


def assignment_of(reading: Reading, assignments: Collection[str], asked: str | None) -> str:
    """The assignment that an archive is of.

    Args:
        reading: What it holds.
        assignments: The course's assignments.
        asked: The one that was named, if any.

    Raises:
        CollectError: If none was named and the files' names do not tell one.
    """
    if asked is not None:
        return asked
    names = sorted({told(file.file, assignments) for file in reading.files} - {""})
    if len(names) == 1:
        return names[0]
    what = f"tell of {' and '.join(names)}" if names else "tell of no assignment of this course"
    raise CollectError(
        f"{reading.archive}: the files' names {what}.",
        f"Say which one it is: --assignment {(names or list(assignments))[0]}",
    )


def choose(
    readings: Sequence[Reading], assignment: str, assignments: Collection[str]
) -> tuple[list[Chosen], list[Left]]:
    """Choose each student's file.

    Args:
        readings: What the archives of one assignment hold.
        assignment: The assignment.
        assignments: The course's assignments.

    Returns:
        One file a student who handed in one that can be told, and all others with a reason.
    """
    left = [
        Left(reading.archive, member.path, "", member.unfit or "its name does not tell whose it is")
        for reading in readings
        for member in reading.strange
    ]
    theirs: dict[Person, list[Chosen]] = {}
    for reading in readings:
        for file in reading.files:
            theirs.setdefault(file.person, []).append(Chosen(reading.archive, file))
    chosen = []
    for files in theirs.values():
        best, why = _best(files, assignment, assignments)
        if best is not None:
            chosen.append(best)
        left += [_rest(one, best, why, assignment, assignments) for one in files if one != best]
    return chosen, left


def _best(
    files: Sequence[Chosen], assignment: str, assignments: Collection[str]
) -> tuple[Chosen | None, str]:
    """The file of a student that counts, or None and why there is none."""
    newest = max(one.file.attempt for one in files)
    fitting = [one for one in files if one.file.attempt == newest and _suffix(one) in KINDS]
    named = [one for one in fitting if told(one.file.file, assignments) == assignment]
    if named:  # of copies in one attempt, the one that came last
        last = max(one.file.order for one in named)
        fitting = [one for one in named if one.file.order == last]
    else:
        fitting = [one for one in fitting if not told(one.file.file, assignments)]
    fitting = [one for one in fitting if _suffix(one) == KINDS[0]] or fitting
    if not fitting:
        return None, "the newest attempt holds no notebook and no Python file"
    if len({(one.file.member.info.CRC, one.file.member.info.file_size) for one in fitting}) > 1:
        names = " and ".join(sorted({one.file.member.path for one in fitting}))
        return None, f"{names} came together, and nothing tells which one counts"
    unfit = fitting[0].file.member.unfit
    return (None, f"the file that counts is not read: {unfit}") if unfit else (fitting[0], "")


def _rest(
    one: Chosen, best: Chosen | None, why: str, assignment: str, assignments: Collection[str]
) -> Left:
    """Why a file that does not count is left."""
    other = told(one.file.file, assignments)
    if other not in ("", assignment):
        return leave(one.archive, one.file, f"its name tells of {other}")
    if one.file.member.unfit:
        return leave(one.archive, one.file, one.file.member.unfit)
    if best is None:
        if _suffix(one) not in KINDS:
            why = f"it is no notebook and no Python file{_unpack(one)}"
        return leave(one.archive, one.file, why)
    if one.file.attempt < best.file.attempt:
        return leave(one.archive, one.file, "a newer attempt counts", settled=True)
    beside = f"{best.file.file} of the same attempt counts"
    return leave(one.archive, one.file, beside, settled=True)


def _suffix(one: Chosen) -> str:
    return PurePosixPath(one.file.file).suffix.lower()


def _unpack(one: Chosen) -> str:
    return "; a zip in the zip is not opened" if _suffix(one) == ".zip" else ""
