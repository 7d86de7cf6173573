"""Collect archives: read all of them, make a plan, and only then write."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection as Names
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from autograder.collecting.archive import Archive, open_archive
from autograder.collecting.formats import FORMATS, read_archive
from autograder.collecting.models import Left, Lms, Take
from autograder.collecting.planning import make_plan
from autograder.collecting.roster import read_roster
from autograder.collecting.storing import Change, store
from autograder.errors import UncollectedError
from autograder.journal import sweep


@dataclasses.dataclass(frozen=True)
class Request:
    """What to collect, and how.

    Attributes:
        archives: The zips.
        submitted: The folder of the class.
        assignment: What they are of; told by the files' names if None.
        lms: The system that made them; told by the members' names if None.
        roster: A class list, or None.
        id_column: The roster's heading of the course's ids, if it is not the usual one.
        dry_run: Write nothing.
    """

    archives: tuple[Path, ...]
    submitted: Path
    assignment: str | None = None
    lms: Lms | None = None
    roster: Path | None = None
    id_column: str | None = None
    dry_run: bool = False


@dataclasses.dataclass(frozen=True)
class Collected:
    """One file that was collected.

    Attributes:
        take: The file, and whose submission it is.
        change: What that changed.
    """

    take: Take
    change: Change


@dataclasses.dataclass(frozen=True)
class Collection:
    """What came of it: every file of every archive is in one of the two.

    Attributes:
        collected: Sorted by assignment and student.
        left: What stays in the archives, what somebody must look at first.
    """

    collected: tuple[Collected, ...]
    left: tuple[Left, ...]


def collect(request: Request, assignments: Names[str]) -> Collection:
    """Put each student's newest notebook where nbgrader looks for it.

    Args:
        request: What to collect.
        assignments: The course's assignments.

    Returns:
        What was collected, and what was left and why.

    Raises:
        CollectError: If an archive, the roster or the folder is unusable; nothing is written then,
            unless it was the writing that failed.
    """
    formats = list(FORMATS.values()) if request.lms is None else [FORMATS[request.lms]]
    roster = None if request.roster is None else read_roster(request.roster, request.id_column)
    with ExitStack() as stack:
        archives = {
            path: stack.enter_context(open_archive(path))
            for path in dict.fromkeys(request.archives)
        }
        plan = make_plan(
            [read_archive(archive, formats) for archive in archives.values()],
            assignments,
            request.assignment,
            roster,
            request.submitted,
        )
        if not request.dry_run:
            sweep(request.submitted)
        collected, left = _carry_out(plan.takes, archives, request)
    return Collection(collected, tuple(sorted((*left, *plan.left), key=lambda one: one.settled)))


def _carry_out(
    takes: tuple[Take, ...], archives: Mapping[Path, Archive], request: Request
) -> tuple[tuple[Collected, ...], list[Left]]:
    results = [_carry_out_one(take, archives[take.archive], request) for take in takes]
    collected = tuple(result for result in results if isinstance(result, Collected))
    return collected, [result for result in results if isinstance(result, Left)]


def _carry_out_one(take: Take, archive: Archive, request: Request) -> Collected | Left:
    try:
        data = archive.read(take.handed_in.member)
        change = store(take, data, request.submitted, dry_run=request.dry_run)
    except UncollectedError as error:
        return take.left(error.message)
    return Collected(take, change)
