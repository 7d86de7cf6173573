"""Gradescope: `export gradescope-autograder`, and the program of that package."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from autograder.cli.console import SUCCESS, out
from autograder.cli.help import Command
from autograder.cli.main import run
from autograder.course import Assignment, Course, load_course
from autograder.errors import (
    ExportError,
    SandboxUnavailableError,
    SubmissionError,
    UnfitMachineError,
)
from autograder.results import Grade, clean_line, write_atomically
from autograder.submissions import SubmittedFile, find_uploaded

HOME: Final = Path("/autograder")
"""Where Gradescope has `submission/`, `submission_metadata.json` and `results/`."""
_NOT_GRADED: Final = "Nothing was graded, and there is no score."
_GRADE_ELSEWHERE: Final = (
    "Download the submissions, and grade them on a machine that has a sandbox: autograder collect, "
    "autograder grade. docs/gradescope.md says what the sandbox needs."
)
_LARGER_CONTAINER: Final = (
    "Choose a container with more memory and processor under Configure Autograder, and choose "
    "Rerun Autograder."
)


def export_package(
    course: Course, assignments: list[str], out_file: Path | None, *, unsafe: bool, dry_run: bool
) -> None:
    """Write the zip that an instructor uploads to Gradescope, and say how it protects marks."""
    from autograder.authoring.gradescope_package import (  # noqa: PLC0415 - slow to import
        make_gradescope_package,
    )

    if len(assignments) != 1:
        raise ExportError(
            "An autograder of Gradescope grades one assignment.",
            f"Name it: autograder export gradescope-autograder {next(iter(course.assignments))}.",
        )
    rubric = course.assignment(assignments[0])
    if dry_run:
        raise ExportError("This export changes no marks.", "Leave out --dry-run.")
    path = make_gradescope_package(course, rubric.name, out_file, unsafe=unsafe)
    holds = (
        "It holds no solution, no held-out data and no key, because on Gradescope submissions will "
        "run without a sandbox. Marks are those of the students' own check, and can be forged."
        if unsafe
        else "It holds the solution, the held-out data and a key: show it to no student. "
        "Submissions are graded only where the sandbox can be built, and refused elsewhere."
    )
    out.print(f"Wrote {path}", markup=False, soft_wrap=True)
    out.print(holds, soft_wrap=True)
    out.print(
        f"On Gradescope, set {rubric.max_score:g} autograder points, upload it under Configure "
        "Autograder, and test it with a submission before students do."
    )


def grade_upload(
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="The assignment of this package.")
    ],
    *,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run without a sandbox, with the practice seeds.")
    ] = False,
    home: Annotated[Path, typer.Option(metavar="DIR", help="Gradescope's folder.")] = HOME,
) -> None:
    """Grade what one student or group uploaded to Gradescope, and write results.json."""
    began = time.monotonic()
    from autograder.outputs.gradescope import (  # noqa: PLC0415 - slow to import
        grade_as_results,
        read_metadata,
        refusal_as_results,
    )

    course = load_course()
    rubric = course.assignment(assignment)
    metadata = read_metadata(home / "submission_metadata.json")
    try:
        file = find_uploaded(home / "submission", rubric.name)
        grade = _grade(course, rubric, file, unsafe=unsafe)
    except SubmissionError as error:
        data = refusal_as_results(rubric, error, metadata, time.monotonic() - began)
        out.print(f"Nothing was graded: {clean_line(error.message, 500)}", markup=False)
    else:
        data = grade_as_results(grade, metadata, time.monotonic() - began, unsafe=unsafe)
        _show(grade)
    write_atomically(home / "results" / "results.json", data)
    raise typer.Exit(SUCCESS)


def _grade(course: Course, rubric: Assignment, file: SubmittedFile, *, unsafe: bool) -> Grade:
    from autograder.grading import grade_single  # noqa: PLC0415 - slow to import

    try:
        return grade_single(course, rubric, file, unsafe=unsafe)
    except SandboxUnavailableError as error:
        raise SandboxUnavailableError(f"{error.message} {_NOT_GRADED}", _GRADE_ELSEWHERE) from error
    except UnfitMachineError as error:
        raise UnfitMachineError(f"{error.message} {_NOT_GRADED}", _LARGER_CONTAINER) from error


def _show(grade: Grade) -> None:
    """What staff alone see: how it was confined, and why to look at it."""
    score = f"{grade.score:g}/{grade.max_score:g}"
    out.print(
        f"{grade.assignment}: {score}, {grade.outcome.value}. Tier: {grade.sandbox.tier}. "
        f"Seeds: {grade.seeds.get('kind', 'none')}.",
        markup=False,
    )
    for flag in grade.flags:
        out.print(f"Look at it: {clean_line(flag, 1000)}", markup=False, soft_wrap=True)


def main() -> NoReturn:
    """Run the program of the package and exit."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(cls=Command)(grade_upload)
    run(app)


if __name__ == "__main__":
    main()
