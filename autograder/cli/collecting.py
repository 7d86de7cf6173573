"""`autograder collect`: from a learning management system's zip to nbgrader's layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import SOME_LEFT, SUCCESS, err, out
from autograder.collecting.models import Left, Lms
from autograder.course import load_course
from autograder.plain_text import clean_line

if TYPE_CHECKING:
    from autograder.collecting.collecting import Collected


def collect(
    archives: Annotated[
        list[Path],
        typer.Argument(metavar="ARCHIVE", help="Zips of submissions, as they were downloaded."),
    ],
    *,
    assignment: Annotated[
        str | None, typer.Option(help="What they are of; told by the files' names unless told.")
    ] = None,
    submitted: Annotated[
        Path | None, typer.Option(help="The folder of the class; submitted/ unless told.")
    ] = None,
    lms: Annotated[
        Lms | None, typer.Option("--from", help="Where they come from; seen by their names.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="A CSV of the class, from their ids to the course's own.")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(help="The roster's column of the course's ids.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Show what it would do; write nothing.")] = False,
) -> None:
    """Collect what Canvas, Moodle, Brightspace or Gradescope packed into submitted/."""
    from autograder.collecting import collecting  # noqa: PLC0415 - its imports are slow

    course = load_course()
    request = collecting.Request(
        archives=tuple(archives),
        submitted=submitted or course.root / "submitted",
        assignment=None if assignment is None else course.assignment(assignment).name,
        lms=lms,
        roster=roster,
        id_column=id_column,
        dry_run=dry_run,
    )
    found = collecting.collect(request, course.assignments)
    for name in dict.fromkeys(one.take.assignment for one in found.collected):
        _print_collected(name, [one for one in found.collected if one.take.assignment == name])
    settled = [one for one in found.left if one.settled]
    unsettled = [one for one in found.left if not one.settled]
    _print_left("Not needed:", settled, several=len(archives) > 1)
    _print_left("Left in the archive:", unsettled, several=len(archives) > 1)
    changes = Counter(one.change.value for one in found.collected)
    counted = ", ".join(f"{number} {change}" for change, number in changes.items()) or "nothing"
    out.print(f"{request.submitted}: {counted}.", markup=False, soft_wrap=True)
    if dry_run:
        out.print("This was a dry run: nothing was written.")
    raise typer.Exit(_status(unsettled))


def _status(unsettled: Sequence[Left]) -> int:
    """The exit status; says that somebody must look."""
    if not unsettled:
        return SUCCESS
    plural = "s were" if len(unsettled) > 1 else " was"
    err.print(
        f"ERROR {len(unsettled)} file{plural} left in the archive; what was collected stands.\n"
        "TIP   Mend the reason, or put the file at submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb "
        "yourself.",
        markup=False,
        soft_wrap=True,
    )
    return SOME_LEFT


def _print_collected(assignment: str, collected: Sequence[Collected]) -> None:
    table = Table(title=f"{assignment}: {len(collected)} submissions")
    table.add_column("student")
    table.add_column("handed in by", overflow="fold")
    table.add_column("as", overflow="fold")
    timed = any(one.take.handed_in.submitted_at for one in collected)
    if timed:
        table.add_column("at")
    table.add_column("outcome")
    for one in collected:
        file = one.take.handed_in
        table.add_row(
            Text(clean_line(one.take.student)),
            Text(clean_line(str(file.person))),
            Text(clean_line(file.file)),
            *((_clock(file.submitted_at),) if timed else ()),
            f"{one.change.value}{', late' if file.late else ''}",
        )
    out.print(table)


def _clock(moment: datetime | None) -> str:
    """A time on this computer's clock, as `timestamp.txt` has it in UTC."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else ""


def _print_left(heading: str, files: Iterable[Left], *, several: bool) -> None:
    for number, one in enumerate(files):
        if number == 0:
            out.print(heading)
        whose = f", {clean_line(one.whose)}" if one.whose else ""
        archive = f"{clean_line(one.archive.name)}: " if several else ""
        out.print(
            f"  {archive}{clean_line(one.member, 400)}{whose}: {clean_line(one.why, 1000)}.",
            markup=False,
            soft_wrap=True,
        )
