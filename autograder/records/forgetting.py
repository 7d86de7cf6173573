"""Forget a student: list what is kept, delete it, and verify that nothing is left."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from autograder.course import Course
from autograder.errors import RecordsError
from autograder.outputs.gradebook import database_url, file_of, find_gradebook, read_students
from autograder.records.inventory import Item, delete, inventory
from autograder.records.traces import Trace, find_traces


@dataclasses.dataclass(frozen=True)
class Kept:
    """What a course has about a student.

    Attributes:
        student: The student's id.
        items: What can be deleted, in that order.
        words: What names the student: the id and, as the gradebook has them, e-mail and name.
    """

    student: str
    items: tuple[Item, ...]
    words: tuple[str, ...]


def find_kept(course: Course, student: str) -> Kept:
    """What a course keeps about a student.

    Args:
        course: The course.
        student: The student's id, which is one name, not a path.

    Raises:
        RecordsError: If no folder could have that name.
        GradebookError: If the gradebook cannot be read.
    """
    if not student or student.startswith(".") or set(student) & set("/\\\0"):
        raise RecordsError(
            f"{student!r} cannot be a student's id: it leads to other folders.",
            "Name one id, as it stands in submitted/.",
        )
    return Kept(student, tuple(inventory(course, student)), _words(course, student))


def forget(kept: Kept, course: Course, on_deleted: Callable[[Item], None]) -> None:
    """Delete what is kept; killed at any moment, the next call continues.

    What cannot be deleted does not stop the rest.

    Args:
        kept: From `find_kept`.
        course: The course.
        on_deleted: Called after each deletion.

    Raises:
        RecordsError: If something is there afterwards.
        GradebookError: If the gradebook cannot be written.
    """
    results = [_try_to_delete(item, kept.student, on_deleted) for item in kept.items]
    if failed := list(filter(None, results)):
        raise RecordsError(
            "Not everything could be deleted.\n" + "\n".join(failed),
            "Change who may write there, and run the same command again.",
        )
    if remaining := inventory(course, kept.student):
        raise RecordsError(
            f"{remaining[0].path} was written while {kept.student!r} was deleted.",
            "Run the same command again once no grader runs.",
        )


def _try_to_delete(item: Item, student: str, on_deleted: Callable[[Item], None]) -> str:
    """Delete one thing; return why it cannot be deleted, or ""."""
    try:
        delete(item, student)
    except OSError as error:
        return f"{error.filename or item.path}: {error.strerror}"
    on_deleted(item)
    return ""


def traces_of(kept: Kept, course: Course) -> list[Trace]:
    """Files of the course folder that name the student, and are not among what is deleted."""
    location = find_gradebook(course)
    live = file_of(database_url(location.database))
    traces = find_traces(course.root, kept.words, live)
    return [trace for trace in traces if not _is_among(trace, kept.items)]


def _is_among(trace: Trace, items: Sequence[Item]) -> bool:
    paths = {item.path for item in items}
    return trace.path in paths or not paths.isdisjoint(trace.path.parents)


def _words(course: Course, student: str) -> tuple[str, ...]:
    location = find_gradebook(course)
    rows = {} if location.is_missing else read_students(location.database, location.course_id)
    row = rows.get(student)
    if row is None:
        return (student,)
    last, first = row.details.get("last_name", ""), row.details.get("first_name", "")
    names = (f"{first} {last}", f"{last}, {first}") if first and last else ()
    return tuple(filter(None, (student, row.details.get("email", ""), *names)))
