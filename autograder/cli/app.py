"""The whole command: what instructors, authors and students type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import typer

from autograder.cli import assistant, author, collecting, grading, machine, student
from autograder.cli.mishaps import run

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Grade a TensorFlow class: train every submission, look at its weights.",
)
for command in (
    collecting.collect,
    grading.grade,
    assistant.feedback,
    student.check,
    machine.lab,
    author.new,
    author.release,
    author.selftest,
    author.calibrate,
    author.schema,
    machine.doctor,
):
    app.command()(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    run(app, arguments)
