"""The students of nbgrader's gradebook: their names and addresses, and who is on the roster.

nbgrader's own table of students is the roster. A row with nothing but an id, and a submission, is
what grading makes of somebody whom no roster listed.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from autograder.collecting import Enrolled
from autograder.outputs.gradebook.database import open_gradebook, writing
from autograder.outputs.gradebook.explaining import explained_errors, repeated_on_conflict

_DETAILS = ("first_name", "last_name", "email", "lms_user_id")


@dataclasses.dataclass(frozen=True)
class Student:
    """A student's row.

    Attributes:
        id: The student's id.
        details: First and last name, e-mail address and LMS id, by nbgrader's names; without what
            the gradebook does not have.
        listed: Whether a roster or a person entered them.
        submissions: How many assignments the gradebook has submissions of.
    """

    id: str
    details: Mapping[str, str]
    listed: bool
    submissions: int

    @property
    def name(self) -> str:
        """First and last name, or ""."""
        parts = (self.details.get("first_name", ""), self.details.get("last_name", ""))
        return " ".join(filter(None, parts))


@dataclasses.dataclass(frozen=True)
class StudentChange:
    """What a roster changes in the gradebook.

    Attributes:
        student: The student's id.
        column: nbgrader's name of it, or "roster" for a student who becomes listed.
        before: The value in the gradebook, or "".
        after: The value that is written.
    """

    student: str
    column: str
    before: str
    after: str


def read_students(database: Path | str, course_id: str = "") -> dict[str, Student]:
    """The gradebook's students, by id.

    Args:
        database: As for `GradebookWriter`.
        course_id: The course, as in nbgrader_config.py.

    Raises:
        GradebookError: If the gradebook cannot be read.
    """
    with explained_errors(database), open_gradebook(database, course_id) as gradebook:
        session: Session = gradebook.db()
        with session.begin():
            return _students(session)


def roster_of(students: Mapping[str, Student]) -> frozenset[str]:
    """Ids of those on the roster; empty if no roster is known.

    Where nobody has a name or an address, whoever has no submission was entered by a person, and
    then so may the others have been: all are on the roster.
    """
    listed = {student.id for student in students.values() if student.listed}
    entered = {student.id for student in students.values() if not student.submissions}
    if not listed:
        return frozenset(students) if entered else frozenset()
    return frozenset(listed | entered)


def changes_by(
    students: Mapping[str, Student], enrolled: Iterable[Enrolled]
) -> tuple[StudentChange, ...]:
    """What a roster changes; nothing is ever removed, and no blank replaces a value.

    Args:
        students: Those of the gradebook.
        enrolled: Those of the roster.
    """
    changes = []
    for entry in enrolled:
        row = students.get(entry.student)
        if row is None or not row.listed:
            changes.append(StudentChange(entry.student, "roster", "", "listed"))
        details = {} if row is None else row.details
        changes += [
            StudentChange(entry.student, column, details.get(column, ""), value)
            for column, value in entry.details.items()
            if details.get(column) != value
        ]
    return tuple(changes)


@repeated_on_conflict
def fill_students(
    database: Path | str, enrolled: Iterable[Enrolled], course_id: str = ""
) -> tuple[StudentChange, ...]:
    """Write a roster into the gradebook, in one transaction; writing it again changes nothing.

    Args:
        database: As for `GradebookWriter`; it is created if there is none.
        enrolled: Those of the roster.
        course_id: The course, as in nbgrader_config.py.

    Returns:
        What changed.

    Raises:
        GradebookError: If the gradebook cannot be written. Nothing is written then.
    """
    with writing(database, course_id) as session:
        changes = changes_by(_students(session), enrolled)
        for change in changes:
            _apply(session, change)
    return changes


def spelled_as_known(enrolled: Enrolled, known: Collection[str]) -> Enrolled:
    """A student of the roster, with the id as the course spells it; only the case may differ."""
    if enrolled.student in known:
        return enrolled
    alike = [name for name in known if _normalize(name) == _normalize(enrolled.student)]
    return dataclasses.replace(enrolled, student=alike[0]) if len(alike) == 1 else enrolled


def _students(session: Session) -> dict[str, Student]:
    submitted = api.SubmittedAssignment
    counts: dict[str, int] = dict(
        session.execute(
            select(submitted.student_id, func.count()).group_by(submitted.student_id)
        ).all()
    )
    return {row.id: _student(row, counts.get(row.id, 0)) for row in session.scalars(_ALL)}


_ALL = select(api.Student).order_by(api.Student.id)


def _student(row: Any, submissions: int) -> Student:
    values = {name: getattr(row, name) for name in _DETAILS}
    return Student(
        id=row.id,
        details={name: value for name, value in values.items() if value},
        listed=any(value is not None for value in values.values()),
        submissions=submissions,
    )


def _apply(session: Session, change: StudentChange) -> None:
    row = session.get(api.Student, change.student)
    if row is None:
        row = api.Student(id=change.student)
        session.add(row)
    if change.column in _DETAILS:
        setattr(row, change.column, change.after)
    elif row.last_name is None:
        row.last_name = ""  # by which a row with nothing but an id is told to be listed


def _normalize(text: str) -> str:
    """An id as grading compares it."""
    return unicodedata.normalize("NFKC", text).casefold()
