"""The students' part of the command: `check`, and `fetch` in the student's package."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder.cli.console import CHECK_FAILED, SUCCESS, err, out
from autograder.cli.help import Command
from autograder.cli.main import run
from autograder.course import Assignment, Course, fetch_assignment, student_course
from autograder.results import Outcome
from autograder.submissions import find_own_file
from autograder.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from autograder.feedback import Answer

AnswerSource = Callable[[Course, Assignment, Path], "Sequence[Answer] | None"]
"""Another way to answer, which the instructor's command has; None if it cannot."""
_WORDS = {"✓": "[passed]", "✗": "[failed]", "–": "-", "…": "...", "→": "->", "−": "-", "×": "x"}  # noqa: RUF001
"""Signs that we print and that not every console has."""
_ENCODING_ERRORS = "autograder.spelled_out"


def check(
    context: typer.Context,
    assignment: Annotated[
        str,
        typer.Argument(metavar="ASSIGNMENT", help="The assignment, such as 01-first-training."),
    ],
    name: Annotated[
        str | None,
        typer.Argument(metavar="CHECK", help="One check, such as loss_goes_down; default: all."),
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Your notebook or Python file; default: the one in this folder."
        ),
    ] = None,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where in your code exceptions were raised.")
    ] = False,
) -> None:
    """Check your own notebook, as its check cells do. This gives no marks."""
    from autograder.feedback import render_answers_text  # noqa: PLC0415 - slow to import

    _spell_out_signs()
    course = student_course()
    rubric = course.assignment(assignment)
    names = rubric.checks_named(name)
    path = file or _own_file(course, assignment)
    with err.status(f"Running {path.name}, and training"):
        source: AnswerSource | None = context.find_root().obj
        answers = None if source is None or traceback else source(course, rubric, path)
        if answers is None:
            answers = _answers(course, rubric, path)
    answers = [answer for answer in answers if answer.verdict.name in names]
    text = render_answers_text(answers, tracebacks=traceback)
    out.print(text, markup=False, soft_wrap=True)
    passed = all(answer.verdict.outcome is Outcome.PASSED for answer in answers)
    raise typer.Exit(SUCCESS if passed else CHECK_FAILED)


def fetch(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training; default: all."),
    ] = None,
    *,
    here: Annotated[
        bool, typer.Option("--here", help="Into this folder, not one of the assignment's name.")
    ] = False,
) -> None:
    """Copy released notebooks and their data into this folder. No file of yours is replaced."""
    course = student_course()
    for name in assignments or course.assignments:
        folder = Path() if here else Path(name)
        fetched = fetch_assignment(course, course.assignment(name).name, folder)
        for path in fetched.written:
            out.print(f"Made {path}.", markup=False, soft_wrap=True)
        for path in fetched.kept:
            out.print(
                f"Kept your {path}, which differs from the released one. To get that too, rename "
                "yours and fetch again.",
                markup=False,
                soft_wrap=True,
            )
        if not fetched.written and not fetched.kept:
            out.print(f"{name} is as released.", markup=False, soft_wrap=True)


def _spell_out_signs() -> None:
    """Let the output have words for signs that its encoding lacks, such as cp1252 on Windows."""
    codecs.register_error(_ENCODING_ERRORS, _spelled_out)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ENCODING_ERRORS)


def _spelled_out(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start : error.end]
    return "".join(_WORDS.get(character, "?") for character in characters), error.end


def _own_file(course: Course, assignment: str) -> Path:
    """The student's file; if it is a copy by its name, this says which one is checked."""
    path = find_own_file(Path(), assignment, course.assignments)
    if path.stem != assignment:
        err.print(f"Checking {path}.", markup=False, soft_wrap=True)
    return path


def _answers(course: Course, rubric: Assignment, path: Path) -> Sequence[Answer]:
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # the same arithmetic as in grading
    import_tensorflow()
    from autograder.exercises import configure_tensorflow  # noqa: PLC0415 - it needs TensorFlow
    from autograder.student import self_check_file  # noqa: PLC0415 - as above

    configure_tensorflow()
    with contextlib.redirect_stdout(io.StringIO()):  # progress bars, and what cells print
        return self_check_file(course, rubric, path)


def main() -> NoReturn:
    """Run the command of the student's package and exit."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback(help="Fetch the notebooks of this course, and check your answers.")(_no_options)
    app.command(cls=Command)(fetch)
    app.command(cls=Command)(check)
    run(app)


def _no_options() -> None:
    """The command has no options of its own."""
