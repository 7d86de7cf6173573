"""The `autograder` command: it alone prints and exits."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text
from typing_extensions import Self

from autograder.course import load_course, write_course_schema
from autograder.errors import AutograderError, CourseError, SubmissionError
from autograder.journal import write_atomically
from autograder.plain_text import clean, clean_line
from autograder.results import Grade, Outcome

SUCCESS, BAD_USAGE, SOME_WITHOUT_MARK, INTERRUPTED = 0, 2, 3, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Grade a TensorFlow class: train every submission, look at its weights.",
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@app.callback()
def _root() -> None:
    """Keep `grade` a command of its own even while it is the only one."""


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as 01-first-training.")],
    *,
    submitted: Annotated[
        Path | None, typer.Option(help="The folder of the class; submitted/ unless told.")
    ] = None,
    student: Annotated[
        list[str] | None, typer.Option(help="Grade this student only; may be repeated.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the list of Grades to this file.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Submissions at a time; one a core.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Grade again what is graded already.")] = False,
    unsafe: Annotated[
        bool, typer.Option(help="Run without walls: only submissions that you have read.")
    ] = False,
    practice_seeds: Annotated[
        bool, typer.Option(help="Show what the student's own check saw; no mark is kept.")
    ] = False,
) -> None:
    """Grade a class: train each submission in the sandbox, check it, record the marks."""
    from autograder.batch import Options, grade_class  # noqa: PLC0415 - its imports are slow

    course = load_course()
    rubric = course.assignment(assignment)
    options = Options(
        submitted=submitted or course.root / "submitted",
        students=tuple(student or ()),
        force=force,
        unsafe=unsafe,
        practice_seeds=practice_seeds,
        **({} if workers is None else {"workers": workers}),
    )
    with _Report() as report:
        grades = grade_class(course, rubric, options, report.step, report.refuse)
    if json_file is not None:
        listed = [found.model_dump(mode="json") for found in grades]
        write_atomically(json_file, (json.dumps(listed, indent=1) + "\n").encode())
    _print_class(grades)
    if practice_seeds:
        out.print("Graded with the practice seeds: nothing was recorded.")
        raise typer.Exit(_status(grades, report.refused))
    reports = course.root / "feedback" / "STUDENT" / assignment / f"{assignment}.html"
    out.print(f"Reports: {reports}", markup=False, soft_wrap=True)
    out.print(f"Gradebook: {course.gradebook}", markup=False, soft_wrap=True)
    raise typer.Exit(_status(grades, report.refused))


def _status(grades: Sequence[Grade], refused: int) -> int:
    """The exit status of a batch, some of whose folders were refused; says who has no mark."""
    without = [found.student for found in grades if found.score is None]
    if not without:
        return SOME_WITHOUT_MARK if refused else SUCCESS
    err.print(
        f"ERROR {len(without)} without a mark, through no fault of theirs: "
        f"{', '.join(clean_line(name) for name in without)}.\n"
        "TIP   Run the same command again: it grades only these.",
        markup=False,
    )
    return SOME_WITHOUT_MARK


@app.command()
def schema() -> None:
    """Write course.schema.json, by which editors check course.yml as it is typed."""
    path = load_course().root / "course.schema.json"
    write_course_schema(path)
    out.print(f"Wrote {path}.", markup=False)


@app.command()
def doctor() -> None:
    """Show how well this machine confines submissions, and what mends what is missing."""
    from autograder.doctor import can_grade, examine  # noqa: PLC0415 - its imports are slow

    try:
        course = load_course()
    except CourseError as error:
        course = None
        _print_error(error.message, error.tip)
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


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; every mishap ends as a message, never as a traceback."""
    try:
        status = app(args=arguments, standalone_mode=False)
    except AutograderError as error:
        _print_error(error.message, error.tip)
        status = BAD_USAGE
    except KeyboardInterrupt:
        _print_error("Stopped.", "What was graded is kept; the same command goes on from there.")
        status = INTERRUPTED
    except typer.Abort:
        status = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last line before a person's terminal
        status = _print_unexpected(error)
    sys.exit(status if isinstance(status, int) else SUCCESS)


class _Report:
    """A progress bar on a terminal, a line a submission elsewhere."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=err,
        )
        self._task = self._bar.add_task("Starting TensorFlow", total=None)
        self.refused = 0

    def __enter__(self) -> Self:
        if err.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if err.is_terminal:
            self._bar.stop()

    def refuse(self, error: SubmissionError) -> None:
        """Say which folder is not graded, and why."""
        self.refused += 1
        _print_error(error.message, error.tip)

    def step(self, progress: object) -> None:
        """Show one finished submission."""
        from autograder.batch import Progress as Step  # noqa: PLC0415 - as in grade

        assert isinstance(progress, Step)  # noqa: S101 - narrows a lazily imported type
        found = progress.grade
        if err.is_terminal:
            self._bar.update(
                self._task, description="Grading", total=progress.total, completed=progress.done
            )
        else:
            how = "" if progress.graded else " (graded before)"
            err.print(
                f"[{progress.done}/{progress.total}] {clean_line(found.student)}: "
                f"{_score(found)}, {found.outcome.value}{how}",
                markup=False,
                soft_wrap=True,
            )
        for notice in progress.notices:
            err.print(f"{clean_line(found.student)}: {clean_line(notice)}", markup=False)


def _print_class(grades: Sequence[Grade]) -> None:
    table = Table(title=f"{grades[0].assignment}: {len(grades)} submissions")
    table.add_column("student")
    table.add_column("score", justify="right")
    table.add_column("outcome")
    table.add_column("first thing to mend", overflow="fold")
    for found in grades:
        table.add_row(
            Text(clean_line(found.student)),
            _score(found),
            found.outcome.value,
            Text(_first_trouble(found)),
        )
    out.print(table)


def _score(found: Grade) -> str:
    return "no mark" if found.score is None else f"{found.score:g}/{found.max_score:g}"


def _first_trouble(found: Grade) -> str:
    for verdict in found.checks:
        if verdict.outcome is not Outcome.PASSED:
            return clean_line(f"{verdict.name}: {verdict.message}", limit=400)
    return ""


def _print_error(message: str, tip: str) -> None:
    err.print(f"ERROR {clean(message, 20_000)}", markup=False, soft_wrap=True)
    if tip:
        err.print(f"TIP   {clean(tip)}", markup=False, soft_wrap=True)


def _print_unexpected(error: Exception) -> int:
    """Usage errors come from the command line's library; the rest is a defect of ours."""
    show = getattr(error, "show", None)
    if callable(show):
        show()
        return BAD_USAGE
    _print_error(
        f"Something went wrong in the grader itself: {type(error).__name__}: {error}",
        "Please report it. Finished Grades are kept; the same command goes on from there.",
    )
    return BAD_USAGE
