"""`autograder grade`: a class, its table, and where the reports are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import SOME_WITHOUT_MARK, SUCCESS, Bar, err, out, print_error
from autograder.course import load_course
from autograder.errors import SubmissionError
from autograder.journal import write_atomically
from autograder.plain_text import clean_line
from autograder.results import Grade, Outcome


def grade(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ASSIGNMENT]...",
            help="Such as 01-first-training; all that something was handed in for, unless told.",
        ),
    ] = None,
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
    from autograder.batch import grade_class, handed_in  # noqa: PLC0415 - its imports are slow
    from autograder.class_grader import Options  # noqa: PLC0415 - as above

    course = load_course()
    options = Options(
        submitted=submitted or course.root / "submitted",
        students=tuple(student or ()),
        force=force,
        unsafe=unsafe,
        practice_seeds=practice_seeds,
        **({} if workers is None else {"workers": workers}),
    )
    rubrics = [course.assignment(name) for name in assignments or handed_in(course, options)]
    every: list[Grade] = []
    refused = 0
    for rubric in rubrics:
        with _Report() as report:
            grades = grade_class(course, rubric, options, report.step, report.refuse)
        _print_class(grades)
        if not practice_seeds:
            place = course.root / "feedback" / "STUDENT" / rubric.name / f"{rubric.name}.html"
            out.print(f"Reports: {place}", markup=False, soft_wrap=True)
        every += grades
        refused += report.refused
    if json_file is not None:
        listed = [found.model_dump(mode="json") for found in every]
        write_atomically(json_file, (json.dumps(listed, indent=1) + "\n").encode())
    if practice_seeds:
        out.print("Graded with the practice seeds: nothing was recorded.")
    else:
        out.print(f"Gradebook: {course.gradebook}", markup=False, soft_wrap=True)
    raise typer.Exit(_status(every, refused))


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


class _Report(Bar):
    """A progress bar on a terminal, a line a submission elsewhere."""

    def __init__(self) -> None:
        super().__init__("Starting TensorFlow")
        self.refused = 0

    def refuse(self, error: SubmissionError) -> None:
        """Say which folder is not graded, and why."""
        self.refused += 1
        print_error(error.message, error.tip)

    def step(self, progress: object) -> None:
        """Show one finished submission."""
        from autograder.batch import Progress as Step  # noqa: PLC0415 - as in grade

        assert isinstance(progress, Step)  # noqa: S101 - narrows a lazily imported type
        found = progress.grade
        if err.is_terminal:
            self.show("Grading", progress.done, progress.total)
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
