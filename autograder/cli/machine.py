"""`autograder doctor` examines this machine; `autograder lab` starts a student's JupyterLab."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import BAD_USAGE, SUCCESS, out, print_error
from autograder.course import load_course
from autograder.errors import CourseError, NoCourseError


def doctor() -> None:
    """Show how well this machine can confine submissions, and how to fix what is missing."""
    from autograder.grading import can_grade, examine  # noqa: PLC0415 - its imports are slow

    course = None
    try:
        course = load_course()
    except NoCourseError:
        pass  # not an error: there may be no course yet, and a line of the table says so
    except CourseError as error:
        print_error(error.message, error.tip)
    facts = examine(course)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for fact in facts:
        mark, color = ("ok", "green") if fact.ok else ("fix", "red")
        table.add_row(Text(mark, style=color), fact.name, Text(fact.value))
        if fact.fix:
            table.add_row("", "", Text(f"Fix: {fact.fix}", style="bold"))
    out.print(table)
    raise typer.Exit(SUCCESS if can_grade(facts) else BAD_USAGE)


def lab(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ARGUMENT", help="Passed to jupyter lab; type -- first: -- --no-browser."
        ),
    ] = None,
) -> None:
    """Start JupyterLab as a student has it, in lab/, with the release versions to fetch."""
    from autograder.authoring import prepare_lab, start_lab  # noqa: PLC0415 - it needs nbgrader

    home = prepare_lab(load_course())
    out.print(
        f"Starting JupyterLab in {home}, which is set up as a student's folder.", markup=False
    )
    start_lab(home, arguments or ())
