"""The command that answers an appeal: `history`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.console import INCOMPLETE, SUCCESS, count, out, print_error
from autograder.course import Course, load_course
from autograder.errors import SubmissionError
from autograder.results import clean, clean_line

if TYPE_CHECKING:
    from autograder.outputs.history import Record

_MESSAGE_LENGTH = 1000


def history(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The student's id.")],
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training.")
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the entries as JSON, with all details.")
    ] = False,
) -> None:
    """Show how a student's mark came about: every change, when and by what; newest last."""
    from autograder.outputs import History  # noqa: PLC0415 - slow to import
    from autograder.submissions import id_problem  # noqa: PLC0415 - as above

    course = load_course()
    name = course.assignment(assignment).name
    if problem := id_problem(student):
        raise SubmissionError(f"{student!r} is not a student: an id {problem}.", "Check the id.")
    note_changes(course, name, [student])
    record = History(course.root, name).read(student)
    if not (record.entries or record.problems):
        raise SubmissionError(
            f"{student} has no Grade and no history for {name}.",
            f"Grade first: autograder grade {name} --student {student}.",
        )
    if as_json:
        rows = [entry.model_dump(mode="json") for entry in record.entries]
        out.file.write(json.dumps(rows, indent=1) + "\n")
    else:
        _show(student, name, record)
    for problem in record.problems:
        print_error(problem, "Compare the file with a backup.")
    raise typer.Exit(INCOMPLETE if record.problems else SUCCESS)


def note_changes(course: Course, assignment: str, students: Iterable[str] = ()) -> None:
    """Enter into the history what it does not have yet of Grades and manual marks.

    Args:
        course: The course.
        assignment: The assignment's name.
        students: Their ids; default: everybody with a Grade.
    """
    from autograder.grading import GradeStore  # noqa: PLC0415 - its imports are slow
    from autograder.outputs import History, each_review  # noqa: PLC0415 - as above

    store, marks = GradeStore(course.root / "grades" / assignment), History(course.root, assignment)
    for student, review in each_review(course, assignment, students or store.students()):
        grade = store.read(student)
        if grade is not None:
            marks.observe(grade, review)


def _show(student: str, assignment: str, record: Record) -> None:
    from autograder.outputs.history import describe  # noqa: PLC0415 - as above

    changes = count(len(record.entries), "change")
    out.print(f"{clean_line(student)}, {assignment}: {changes}", markup=False, soft_wrap=True)
    for headline, *details in describe(record.entries):
        out.print(clean_line(headline, _MESSAGE_LENGTH), markup=False, soft_wrap=True)
        for line in details:
            text = clean(line, _MESSAGE_LENGTH).replace("\n", "\n     ")
            out.print(f"   {text}", markup=False, soft_wrap=True)
