"""Who is enrolled, as a roster tells it; what cannot be used is told with its line."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from autograder.collecting.roster import Roster, RosterRow
from autograder.submissions import folder_name_problem

MOST_CHARACTERS = 128
"""What nbgrader's gradebook holds of an id, a name or an address."""
_DETAILS = ("first_name", "last_name", "email", "lms_user_id")


@dataclasses.dataclass(frozen=True)
class Enrolled:
    """One student, with nbgrader's names; "" where the roster says nothing.

    Attributes:
        student: The course's id.
        first_name: The first name.
        last_name: The last name, or the whole name where the roster does not divide it.
        email: The e-mail address.
        lms_user_id: The learning management system's own id.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def details(self) -> dict[str, str]:
        """What the roster says beside the id."""
        values = {name: getattr(self, name) for name in _DETAILS}
        return {name: value for name, value in values.items() if value}


@dataclasses.dataclass(frozen=True)
class Enrollment:
    """What a roster says.

    Attributes:
        students: Who is enrolled, sorted by id.
        problems: What of the file was not used, as sentences that begin with its line.
    """

    students: tuple[Enrolled, ...]
    problems: tuple[str, ...]


def enrollment(roster: Roster) -> Enrollment:
    """Everybody on a roster whose id is clear.

    An id that two rows claim is nobody's. An address or an id of the system that two students share
    is left out for both, and so is what nbgrader's gradebook cannot hold.
    """
    problems: list[tuple[int, str]] = []
    usable = []
    for row in roster.rows:
        if reason := _row_problem(row, roster.id_column):
            problems.append((row.line, f"line {row.line}: {reason}"))
        else:
            usable.append(row)
    students = {}
    for rows in _alike(usable):
        distinct = {_enrolled(row) for row in rows}
        if len(distinct) == 1:  # such as one row per section
            students[rows[0].line] = distinct.pop()
        else:
            problems.append((rows[0].line, _collision(rows)))
    for name, what in (("email", "the e-mail address"), ("lms_user_id", "the LMS's id")):
        _leave_out_shared(students, name, what, problems)
    for line, student in students.items():
        for name in [n for n, value in student.details.items() if len(value) > MOST_CHARACTERS]:
            students[line] = dataclasses.replace(students[line], **{name: ""})
            words = name.replace("_", " ")
            reason = f"the {words} of {student.student!r} has more than {MOST_CHARACTERS}"
            problems.append((line, f"line {line}: {reason} characters, and is left out."))
    return Enrollment(
        students=tuple(sorted(students.values(), key=lambda student: student.student)),
        problems=tuple(text for _, text in sorted(problems)),
    )


def _row_problem(row: RosterRow, id_column: str) -> str:
    """Why a row lists nobody, as a sentence; "" if it does."""
    if row.overlong:
        return "it has more cells than there are headings; a name with a comma must be in quotes."
    if not row.student:
        return f"{row.name.strip(' ,') or row.email} has no id in the column {id_column!r}."
    if problem := folder_name_problem(row.student):
        return f"{row.student!r} cannot be an id: it {problem}."
    if len(row.student) > MOST_CHARACTERS:
        return f"{row.student!r} cannot be an id: it has more than {MOST_CHARACTERS} characters."
    return ""


def _enrolled(row: RosterRow) -> Enrolled:
    return Enrolled(row.student, *(getattr(row, name) for name in _DETAILS))


def _collision(rows: Sequence[RosterRow]) -> str:
    lines = " and ".join(str(row.line) for row in rows)
    ids = sorted({row.student for row in rows})
    if len(ids) > 1:
        return f"lines {lines}: {' and '.join(map(repr, ids))} differ only in case or Unicode form."
    return f"lines {lines}: {ids[0]!r} is listed with different names or addresses."


def _leave_out_shared(
    students: dict[int, Enrolled], name: str, what: str, problems: list[tuple[int, str]]
) -> None:
    """Leave out a detail that should be one student's, where several have the same."""
    lines_of: dict[str, list[int]] = defaultdict(list)
    for line, student in students.items():
        if value := getattr(student, name):
            lines_of[_normalize(value)].append(line)
    for lines in filter(lambda lines: len(lines) > 1, lines_of.values()):
        value = getattr(students[lines[0]], name)
        owners = " and ".join(repr(students[line].student) for line in lines)
        listed = " and ".join(map(str, lines))
        text = f"lines {listed}: {owners} share {what} {value!r}, which is left out."
        problems.append((lines[0], text))
        for line in lines:
            students[line] = dataclasses.replace(students[line], **{name: ""})


def _alike(rows: Sequence[RosterRow]) -> list[list[RosterRow]]:
    """Rows in groups of the same id, whatever its case."""
    groups: dict[str, list[RosterRow]] = defaultdict(list)
    for row in rows:
        groups[_normalize(row.student)].append(row)
    return list(groups.values())


def _normalize(text: str) -> str:
    """Text as grading compares ids."""
    return unicodedata.normalize("NFKC", text).casefold()
