"""The whole command, for instructors, course authors and students."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder import __version__
from autograder.cli import (
    allocating,
    archiving,
    assistant,
    author,
    collecting,
    comments,
    exporting,
    grading,
    history,
    machine,
    people,
    regrading,
    similarity,
    student,
    watching,
)
from autograder.cli.console import out, show_log
from autograder.cli.help import Command, Commands
from autograder.cli.main import run, show_tracebacks
from autograder.course import Assignment, Course

if TYPE_CHECKING:
    from autograder.feedback import Answer

app = typer.Typer(
    cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)
_STUDENTS, _GRADING, _MARKING = "Students", "Collect and grade", "Mark and hand out"
_DATA, _AUTHORS, _MACHINE = "Keep and delete", "Write assignments", "This machine"
for section, commands in {
    _STUDENTS: (student.check,),
    _GRADING: (
        people.roster,
        collecting.collect,
        grading.grade,
        watching.watch,
        regrading.regrade,
        history.history,
    ),
    _MARKING: (
        assistant.report,
        allocating.allocate,
        allocating.agreement,
        similarity.similarity,
        assistant.feedback,
        exporting.export,
    ),
    _DATA: (archiving.archive, archiving.restore, people.forget),
    _AUTHORS: (author.new, author.release, author.selftest, author.calibrate, author.schema),
    _MACHINE: (machine.lab, machine.doctor),
}.items():
    for command in commands:
        app.command(cls=Command, rich_help_panel=section)(command)
app.add_typer(comments.comments, name="comments", rich_help_panel=_MARKING)


def _print_version(value: bool) -> None:  # noqa: FBT001 - typer passes the option's value
    if value:
        out.print(f"autograder {__version__}")
        raise typer.Exit


@app.callback()
def autograder(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_print_version, is_eager=True
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            help="Show the traceback of an unexpected error, and why a running watcher is not "
            "used.",
        ),
    ] = False,
) -> None:
    """Grade a TensorFlow class: train every submission and look at its weights."""
    show_tracebacks(enabled=debug)
    show_log(enabled=debug)
    context.obj = _served_answers


def _served_answers(course: Course, assignment: Assignment, path: Path) -> Sequence[Answer] | None:
    """Let a running watcher answer `check`."""
    from autograder.cli.served_check import served_answers  # noqa: PLC0415 - slow to import

    return served_answers(course, assignment, path)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    run(app, arguments)
