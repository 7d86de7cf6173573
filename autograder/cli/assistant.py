"""The teaching assistant's commands: `feedback` and `report`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

import typer

from autograder.cli.comments import update_comments
from autograder.cli.console import INCOMPLETE, SUCCESS, Bar, count, err, out
from autograder.cli.options import GradedAssignments, Names, OnlyStudents
from autograder.course import Course, load_course
from autograder.errors import SubmissionError
from autograder.lateness import LatePenalty
from autograder.results import clean_line


def feedback(
    assignments: GradedAssignments = None,
    *,
    student: OnlyStudents = None,
    names: Names = False,
) -> None:
    """Write students' reports again, with manual marks and comments from the gradebook."""
    from autograder.grading import (  # noqa: PLC0415 - its imports are slow
        graded_assignments,
        update_late_work,
    )

    course = load_course()
    chosen = assignments or graded_assignments(course)
    if not chosen:
        raise SubmissionError(
            f"Nothing has been graded in {course.root} yet.", "Grade first: autograder grade."
        )
    late = update_late_work(course, ())
    for name in chosen:
        update_comments(course, course.assignment(name).name, student or ())
        written, reviewed = _write_reports(course, name, student or (), late, names=names)
        out.print(
            f"{name}: wrote {count(written, 'report')}, {reviewed} with manual marks or comments.\n"
            f"Give them to students: nbgrader release_feedback {name}",
            markup=False,
        )
    raise typer.Exit(SUCCESS)


def report(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ASSIGNMENT",
            help="Report only on these, such as 01-first-training; default: all with Grades.",
        ),
    ] = None,
    *,
    names: Names = False,
) -> None:
    """Make the class report in report/: scores, misconceptions, and who needs help first."""
    from autograder.grading import graded_assignments, read_class  # noqa: PLC0415 - slow to import
    from autograder.outputs.class_report import write_class_report  # noqa: PLC0415 - as above

    course = load_course()
    chosen = list(dict.fromkeys(assignments or graded_assignments(course)))
    with Bar("reading Grades") as bar:
        data = read_class(course, chosen, names=names, on_grade=bar.show)
    written = write_class_report(course.root, data)
    for sentence in written.summary:
        out.print(sentence, markup=False, soft_wrap=True)
    unreadable = [(a.name, student) for a in data.assignments for student in a.source.unreadable]
    for assignment, student in unreadable:
        err.print(
            f"ERROR grades/{assignment}/{clean_line(student, 80)}.json is not a Grade.\n"
            f"TIP   Delete it, and grade again: autograder grade {assignment}.",
            markup=False,
            soft_wrap=True,
        )
    out.print(f"{count(written.files, 'file')}. Open {written.index}", markup=False, soft_wrap=True)
    raise typer.Exit(INCOMPLETE if unreadable else SUCCESS)


def _write_reports(
    course: Course,
    name: str,
    students: Collection[str],
    late: Mapping[tuple[str, str], LatePenalty],
    *,
    names: bool,
) -> tuple[int, int]:
    """Write an assignment's reports.

    Returns:
        The number of reports, and of those with manual marks or comments.
    """
    from autograder.grading import GradeStore  # noqa: PLC0415 - its imports are slow
    from autograder.outputs import (  # noqa: PLC0415 - as above
        History,
        find_gradebook,
        reviews,
        write_report,
    )
    from autograder.outputs.gradebook import read_students  # noqa: PLC0415 - as above

    assignment, store = course.assignment(name), GradeStore(course.root / "grades" / name)
    graded = store.students()
    for student in students:
        if student not in graded:
            raise SubmissionError(
                f"{student!r} has no Grade for {name}.",
                f"Grade first: autograder grade {name} --student {student}.",
            )
    written = reviewed = 0
    location = find_gradebook(course)
    rows = read_students(location.database, location.course_id) if names else {}
    history = History(course.root, name)
    with reviews(location.database, name, location.course_id) as reader:
        for student, review in reader.each(students or graded):
            grade = store.read(student)
            if grade is None:
                continue
            history.observe(grade, review)
            row = rows.get(student)
            penalty, full_name = late.get((student, name)), row.name if row else ""
            write_report(course, assignment, grade, review, late=penalty, name=full_name)
            written += 1
            reviewed += review is not None and not review.is_empty
    return written, reviewed
