"""The teaching assistant's command: `feedback`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

import typer

from autograder.cli.console import SUCCESS, out
from autograder.course import Course, load_course
from autograder.errors import SubmissionError
from autograder.journal import Journal


def feedback(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ASSIGNMENT]...",
            help="Such as 01-first-training; all graded ones unless told.",
        ),
    ] = None,
    *,
    student: Annotated[
        list[str] | None, typer.Option(help="This student only; may be repeated.")
    ] = None,
) -> None:
    """Write the reports again, with the marks and comments that people added in the gradebook."""
    course = load_course()
    names = assignments or [name for name in course.assignments if _graded(course, name)]
    if not names:
        raise SubmissionError(
            f"Nothing has been graded in {course.root} yet.", "Grade first: autograder grade."
        )
    for name in names:
        written, reviewed = _write_reports(course, name, student or ())
        out.print(
            f"{name}: wrote {written} reports, {reviewed} with marks or comments of people.\n"
            f"Hand them out: nbgrader release_feedback {name}",
            markup=False,
        )
    raise typer.Exit(SUCCESS)


def _graded(course: Course, name: str) -> list[str]:
    return Journal(course.root / "grades" / name).students()


def _write_reports(course: Course, name: str, only: Collection[str]) -> tuple[int, int]:
    """Write an assignment's reports; how many, and how many of them with something of people."""
    from autograder.gradebook import reviews  # noqa: PLC0415 - it imports nbgrader
    from autograder.recording import write_report  # noqa: PLC0415 - as above

    assignment, journal = course.assignment(name), Journal(course.root / "grades" / name)
    graded = journal.students()
    for wanted in only:
        if wanted not in graded:
            raise SubmissionError(
                f"There is no Grade of {wanted!r} for {name}.",
                f"Grade first: autograder grade {name} --student {wanted}.",
            )
    written = reviewed = 0
    with reviews(course.gradebook, name) as review_of:
        for found in filter(None, map(journal.read, only or graded)):
            review = review_of(found.student)
            write_report(course, assignment, found, review)
            written += 1
            reviewed += review is not None and not review.is_empty
    return written, reviewed
