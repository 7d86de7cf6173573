"""`autograder collect`: unpack a learning management system's archives into nbgrader's layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import INCOMPLETE, SUCCESS, count, err, out
from autograder.collecting import Collected, Leftover, Lms, Request
from autograder.collecting import collect as collect_archives
from autograder.course import load_course
from autograder.results import clean_line


def collect(
    archives: Annotated[
        list[Path],
        typer.Argument(metavar="ARCHIVE", help="Zips of submissions, as downloaded."),
    ],
    *,
    assignment: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The assignment; default: as the file names in the zips say."
        ),
    ] = None,
    submitted: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where to put submissions; default: submitted/."),
    ] = None,
    lms: Annotated[
        Lms | None,
        typer.Option(
            "--from",
            metavar="SYSTEM",
            help="canvas, moodle, brightspace or gradescope; default: as the file names say.",
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="A class list that maps the system's ids to yours."),
    ] = None,
    id_column: Annotated[
        str | None,
        typer.Option(
            metavar="HEADING", help="The roster's column with your ids; default: a usual one."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
) -> None:
    """Unpack submissions from Canvas, Moodle, Brightspace or Gradescope into submitted/."""
    course = load_course()
    request = Request(
        archives=tuple(archives),
        submitted=submitted or course.root / "submitted",
        assignment=None if assignment is None else course.assignment(assignment).name,
        lms=lms,
        roster=roster,
        id_column=id_column,
        dry_run=dry_run,
    )
    result = collect_archives(request, course.assignments)
    for name in dict.fromkeys(file.submission.assignment for file in result.collected):
        _print_collected(name, [f for f in result.collected if f.submission.assignment == name])
    superseded = [file for file in result.leftovers if file.superseded]
    remaining = [file for file in result.leftovers if not file.superseded]
    _print_leftovers("Not needed:", superseded, several=len(archives) > 1)
    _print_leftovers("Left in the archive:", remaining, several=len(archives) > 1)
    changes = Counter(file.change.value for file in result.collected)
    summary = ", ".join(f"{number} {change}" for change, number in changes.items()) or "nothing"
    out.print(f"{request.submitted}: {summary}.", markup=False, soft_wrap=True)
    if dry_run:
        out.print("This was a dry run: nothing was written.")
    raise typer.Exit(_status(remaining))


def _status(remaining: Sequence[Leftover]) -> int:
    """The exit status; reports files that need a person's attention."""
    if not remaining:
        return SUCCESS
    subject = f"{len(remaining)} files were" if len(remaining) > 1 else "1 file was"
    err.print(
        f"ERROR {subject} left in the archive; everything else was collected.\n"
        "TIP   Fix the reason, or put the file at submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb "
        "yourself.",
        markup=False,
        soft_wrap=True,
    )
    return INCOMPLETE


def _print_collected(assignment: str, collected: Sequence[Collected]) -> None:
    table = Table(title=f"{assignment}: {count(len(collected), 'submission')}")
    table.add_column("student")
    table.add_column("submitted by", overflow="fold")
    table.add_column("file", overflow="fold")
    has_times = any(row.submission.file.submitted_at for row in collected)
    if has_times:
        table.add_column("submitted at")
    table.add_column("change")
    for row in collected:
        file = row.submission.file
        table.add_row(
            Text(clean_line(row.submission.student)),
            Text(clean_line(str(file.person))),
            Text(clean_line(file.name)),
            *((_local_time(file.submitted_at),) if has_times else ()),
            f"{row.change.value}{', late' if file.late else ''}",
        )
    out.print(table)


def _local_time(moment: datetime | None) -> str:
    """A time on this computer's clock; `timestamp.txt` has it in UTC."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else ""


def _print_leftovers(heading: str, files: Iterable[Leftover], *, several: bool) -> None:
    for number, file in enumerate(files):
        if number == 0:
            out.print(heading)
        owner = f", {clean_line(file.owner)}" if file.owner else ""
        archive = f"{clean_line(file.archive.name)}: " if several else ""
        out.print(
            f"  {archive}{clean_line(file.member, 400)}{owner}: {clean_line(file.reason, 1000)}.",
            markup=False,
            soft_wrap=True,
        )
