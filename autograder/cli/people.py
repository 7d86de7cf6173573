"""The commands about the people of a course: `roster` and `forget`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import INCOMPLETE, SUCCESS, count, err, out
from autograder.collecting import enrollment, read_roster
from autograder.course import Course, load_course
from autograder.errors import CollectError
from autograder.results import clean_line

if TYPE_CHECKING:
    from autograder.grading import Attendance
    from autograder.outputs.gradebook import Student, StudentChange
    from autograder.records import Item

_MOST_NAMES = 40


def roster(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="A CSV file with the class, as your system exports it; default: compare only.",
        ),
    ] = None,
    *,
    id_column: Annotated[
        str | None,
        typer.Option(
            metavar="HEADING", help="The file's column with your ids; default: a usual one."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
) -> None:
    """Fill names and addresses into the gradebook, and list who handed in nothing."""
    from autograder.grading import read_roster_of  # noqa: PLC0415 - slow to import

    course = load_course()
    problems: Sequence[str] = ()
    if file is None:
        listed = read_roster_of(course)
    else:
        listed, problems = _fill(course, file, id_column, dry_run=dry_run)
    if not listed:
        raise CollectError(
            "The gradebook has no roster yet.", "Name one: autograder roster gradebook.csv."
        )
    _print_attendance(course, course.assignments, listed)
    if problems:
        err.print(
            f"ERROR {count(len(problems), 'problem')} in {file}, see above; everything else was "
            "read.\nTIP   Correct these lines and run the same command again.",
            markup=False,
            soft_wrap=True,
        )
    raise typer.Exit(INCOMPLETE if problems else SUCCESS)


def forget(
    student: Annotated[
        str, typer.Argument(metavar="STUDENT", help="The student's id, as in submitted/.")
    ],
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete what is listed; it cannot be undone.")
    ] = False,
) -> None:
    """List everything that is kept about a student, and delete it."""
    from autograder.records import find_kept, traces_of  # noqa: PLC0415 - slow to import
    from autograder.records import forget as delete  # noqa: PLC0415 - as above

    course = load_course()
    kept = find_kept(course, student)
    name = clean_line(student, 80)
    traces = traces_of(kept, course)
    for item in () if yes else kept.items:
        _print(f"{clean_line(str(item.path), 1000)}: {clean_line(item.what, 400)}")
    if yes:
        delete(kept, course, _print_deleted)
    if traces:
        _print(f"{name} is also named here, perhaps. Look, and change it yourself:")
    for trace in traces[:_MOST_NAMES]:
        _print(f"  {clean_line(str(trace.path), 1000)}: {clean_line(trace.where, 200)}")
    if len(traces) > _MOST_NAMES:
        _print(f"  and {count(len(traces) - _MOST_NAMES, 'more file')}")
    if not kept.items:
        _print(f"Nothing is kept about {name}.")
    elif yes:
        _print(f"Everything about {name} that can be deleted was deleted.")
    else:
        _print("Nothing was deleted. To delete what is listed first, add --yes.")
    raise typer.Exit(INCOMPLETE if yes and traces else SUCCESS)


def _print_deleted(item: Item) -> None:
    what = "the rows in " if item.gradebook else ""
    _print(f"Deleted {what}{clean_line(str(item.path), 1000)}")


def _print(line: str) -> None:
    out.print(line, markup=False, soft_wrap=True)


def print_attendance(
    course: Course, assignments: Iterable[str], submitted: Path | None = None
) -> None:
    """Print who handed in nothing, and who is not on the roster; nothing if no roster is known.

    Args:
        course: The course.
        assignments: Names of assignments.
        submitted: The folder of submissions; default: `submitted/`.
    """
    from autograder.grading import read_roster_of  # noqa: PLC0415 - slow to import

    _print_attendance(course, assignments, read_roster_of(course), submitted)


def _print_attendance(
    course: Course,
    assignments: Iterable[str],
    listed: frozenset[str],
    submitted: Path | None = None,
) -> None:
    from autograder.grading import attendance  # noqa: PLC0415 - slow to import

    for name in assignments if listed else ():
        compared = attendance(course, name, listed, submitted)
        if compared.handed_in:
            out.print(_attendance(name, compared), markup=False, soft_wrap=True)


def _attendance(assignment: str, compared: Attendance) -> str:
    """Who of the roster handed in, in one to three sentences."""
    listed = len(compared.roster)
    present = listed - len(compared.missing)
    line = f"{assignment}: {present} of {count(listed, 'student')} on the roster handed in."
    if compared.missing:
        line += f" Nothing from {_names(compared.missing)}."
    if compared.not_listed:
        line += f" Not on the roster: {_names(compared.not_listed)}."
    return line


def _fill(
    course: Course, file: Path, id_column: str | None, *, dry_run: bool
) -> tuple[frozenset[str], Sequence[str]]:
    """Write a roster into the gradebook.

    Returns:
        Ids of those on the roster, and the problems of the file.
    """
    from autograder.outputs.gradebook import (  # noqa: PLC0415 - slow to import
        changes_by,
        fill_students,
        find_gradebook,
        roster_of,
        spelled_as_known,
    )

    read = enrollment(read_roster(file, id_column))
    before = _students(course)
    folder = course.root / "submitted"
    folders = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    enrolled = [spelled_as_known(student, {*before, *folders}) for student in read.students]
    if dry_run:
        changes = changes_by(before, enrolled)
        listed = roster_of(before) | {student.student for student in enrolled}
    else:
        location = find_gradebook(course)
        changes = fill_students(location.database, enrolled, location.course_id)
        listed = roster_of(_students(course))
    _print_changes(changes)
    for problem in read.problems:
        err.print(f"{file}, {clean_line(problem, 400)}", markup=False, soft_wrap=True)
    new = sum(change.column == "roster" for change in changes)
    details = len(changes) - new
    out.print(
        f"{file}: {count(len(enrolled), 'student')}; {new} new on the roster, "
        f"{count(details, 'detail')} {'would be ' if dry_run else ''}changed.",
        markup=False,
        soft_wrap=True,
    )
    if dry_run:
        out.print("This was a dry run: nothing was written.")
    return listed, read.problems


def _students(course: Course) -> dict[str, Student]:
    """The gradebook's students; empty if there is no gradebook yet."""
    from autograder.outputs.gradebook import (  # noqa: PLC0415 - slow to import
        find_gradebook,
        read_students,
    )

    location = find_gradebook(course)
    return {} if location.is_missing else read_students(location.database, location.course_id)


def _print_changes(changes: Sequence[StudentChange]) -> None:
    table = Table("student", "column", "before", "after", box=None, pad_edge=False)
    for change in changes:
        cells = (change.student, change.column, change.before, change.after)
        table.add_row(*(Text(clean_line(cell, 60)) for cell in cells))
    if changes:
        out.print(table)


def _names(students: Sequence[str]) -> str:
    """Some ids in a sentence."""
    shown = ", ".join(clean_line(student, 80) for student in students[:_MOST_NAMES])
    more = len(students) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
