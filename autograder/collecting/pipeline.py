"""Collect archives: read all of them, make a plan, and only then write."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path

from autograder.collecting.archive import Archive, open_archive
from autograder.collecting.formats import FORMATS, read_archive
from autograder.collecting.models import Leftover, Lms, PlannedSubmission
from autograder.collecting.planning import make_plan
from autograder.collecting.roster import read_roster
from autograder.collecting.storing import Change, store
from autograder.errors import UncollectedError
from autograder.results import delete_partial_files


@dataclasses.dataclass(frozen=True)
class Request:
    """What to collect, and how.

    Attributes:
        archives: The zips.
        submitted: The folder of submissions.
        assignment: Their assignment; default: as the file names say.
        lms: The system that made them; default: as the names in them say.
        roster: A class list, or None.
        id_column: The roster's column of the course's ids; default: as `read_roster`.
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
        submission: The file, and the student that it belongs to.
        change: What that changed.
    """

    submission: PlannedSubmission
    change: Change


@dataclasses.dataclass(frozen=True)
class Result:
    """The result of collecting; every file of every archive is in one of the two.

    Attributes:
        collected: Sorted by assignment and student.
        leftovers: Files that stay in the archives; those that need a person's attention first.
    """

    collected: tuple[Collected, ...]
    leftovers: tuple[Leftover, ...]


def collect(request: Request, assignments: Collection[str]) -> Result:
    """Put each student's newest notebook where nbgrader looks for it.

    Args:
        request: What to collect.
        assignments: The course's assignments.

    Returns:
        What was collected and what was not.

    Raises:
        CollectError: If an archive, the roster or the folder is unusable. Then nothing is written,
            unless writing itself failed.
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
            delete_partial_files(request.submitted)
        collected, leftovers = _store_all(plan.submissions, archives, request)
    leftovers += plan.leftovers
    return Result(collected, tuple(sorted(leftovers, key=lambda file: file.superseded)))


def _store_all(
    submissions: tuple[PlannedSubmission, ...], archives: Mapping[Path, Archive], request: Request
) -> tuple[tuple[Collected, ...], list[Leftover]]:
    results = [_store(s, archives[s.archive], request) for s in submissions]
    collected = tuple(result for result in results if isinstance(result, Collected))
    return collected, [result for result in results if isinstance(result, Leftover)]


def _store(
    submission: PlannedSubmission, archive: Archive, request: Request
) -> Collected | Leftover:
    try:
        data = archive.read(submission.file.member)
        change = store(submission, data, request.submitted, dry_run=request.dry_run)
    except UncollectedError as error:
        return submission.leftover(error.message)
    return Collected(submission, change)
