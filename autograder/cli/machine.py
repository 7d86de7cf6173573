"""`autograder doctor`, what this machine can do for grading; `autograder lab`, a student's Lab."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import BAD_USAGE, SUCCESS, out, print_error
from autograder.course import load_course
from autograder.errors import CourseError, NoCourseError


def doctor() -> None:
    """Show how well this machine confines submissions, and what mends what is missing."""
    from autograder.doctor import can_grade, examine  # noqa: PLC0415 - its imports are slow

    course = None
    try:
        course = load_course()
    except NoCourseError:
        pass  # a line of the table says so; before there is a course that is as it should be
    except CourseError as error:
        print_error(error.message, error.tip)
    facts = examine(course)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for fact in facts:
        colour = "green" if fact.good else "red"
        mark = "ok" if fact.good else "look"
        table.add_row(Text(mark, style=colour), fact.what, Text(fact.found))
        if fact.mend:
            table.add_row("", "", Text(f"mend: {fact.mend}", style="bold"))
    out.print(table)
    raise typer.Exit(SUCCESS if can_grade(facts) else BAD_USAGE)


def lab(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(help="For jupyter lab, behind --, such as -- --no-browser."),
    ] = None,
) -> None:
    """Start JupyterLab as students have it, on the release versions, in the folder lab/."""
    from autograder.lab import prepare_lab, start_lab  # noqa: PLC0415 - it needs nbgrader

    home = prepare_lab(load_course())
    out.print(f"{home} is a student's folder: open 01-first-training there.", markup=False)
    start_lab(home, arguments or ())
