"""What students have of the command: `check`."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder.cli.console import SUCCESS, SURPRISE, err, out
from autograder.cli.mishaps import run
from autograder.course import Assignment, Course, course_file, load_course
from autograder.errors import SubmissionError
from autograder.quiet import import_tensorflow
from autograder.results import Outcome

if TYPE_CHECKING:
    from autograder.feedback.answers import Answer


def check(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as 01-first-training.")],
    name: Annotated[
        str | None, typer.Argument(help="One check, such as loss_goes_down; all unless told.")
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help="Your notebook or Python file, if it lies elsewhere.")
    ] = None,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where in your code an exception came from.")
    ] = False,
) -> None:
    """Check your own notebook, as its cells `check(...)` do; no marks are made."""
    from autograder.feedback.answers import render_answers_text  # noqa: PLC0415 - slow to import

    course = load_course(course_file())
    rubric = course.assignment(assignment)
    names = rubric.checks_named(name)
    path = file or _handed_out(assignment)
    with err.status(f"Running {path.name}, and training"):
        answers = _answers(course, rubric, path)
    chosen = [answer for answer in answers if answer.verdict.name in names]
    text = render_answers_text(chosen, tracebacks=traceback)
    out.print(text, markup=False, soft_wrap=True)
    passed = all(answer.verdict.outcome is Outcome.PASSED for answer in chosen)
    raise typer.Exit(SUCCESS if passed else SURPRISE)


def _handed_out(assignment: str) -> Path:
    """The student's file: here, or in the assignment's folder below."""
    names = [f"{assignment}.ipynb", f"{assignment}.py"]
    places = [folder / name for folder in (Path(), Path(assignment)) for name in names]
    for path in places:
        if path.is_file():
            return path
    raise SubmissionError(
        f"There is no {names[0]} in {Path.cwd()}, nor in a folder {assignment} below it.",
        f"Go to your notebook's folder, or name it: autograder check {assignment} --file FILE.",
    )


def _answers(course: Course, rubric: Assignment, path: Path) -> tuple[Answer, ...]:
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # the arithmetic by which marks are made
    import_tensorflow()
    from autograder.practice import practise_file  # noqa: PLC0415 - it needs TensorFlow
    from autograder.sandbox.child import settle  # noqa: PLC0415 - as above

    settle()
    with contextlib.redirect_stdout(io.StringIO()):  # progress bars, and what cells print
        return practise_file(course, rubric, path)


def main() -> NoReturn:
    """Run the command of the student's package and exit."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback(help="Check the assignments of the course that this folder belongs to.")(_nothing)
    app.command()(check)
    run(app)


def _nothing() -> None:
    """A callback of its own, so that `check` stays a word that is typed."""
