"""A roster: the students of a course, in a file that a learning management system exported.

The file is a CSV with headings. Which of its columns has what is told by their headings, so that
Canvas' gradebook, Moodle's grading worksheet and participants, Brightspace's grades, Gradescope's
roster and grades, and a table of your own are all read by the same rules.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.errors import CollectError
from autograder.results import CsvFile, read_csv

ID_COLUMNS = (
    "student_id",
    "sis login id",
    "username",
    "id number",
    "orgdefinedid",
    "sid",
    "student id",
    "sis user id",
)
"""Columns that may have the course's id; the first one that has any is used."""
_EMAIL_COLUMNS = ("email address", "email", "e-mail")
_FIRST_NAMES = ("first name", "firstname", "first_name", "given name")
_LAST_NAMES = ("last name", "surname", "lastname", "last_name", "family name")
_CANVAS_NAME = "student"
_FULL_NAMES = ("full name", "name", "student name")
_LMS_USER_IDS = ("lms_user_id", "lms user id", "canvas user id", "canvas id", "user id")
_POINTS_POSSIBLE = "points possible"
_TEST_STUDENT = ("student, test", "test student")


@dataclasses.dataclass(frozen=True)
class RosterRow:
    """One student of a roster.

    Attributes:
        line: The line of the file that the row begins on.
        cells: Its values, by heading in lower case.
        student: The course's id, or "".
        overlong: Whether it has more cells than there are headings.
    """

    line: int
    cells: Mapping[str, str]
    student: str
    overlong: bool = False

    @property
    def first_name(self) -> str:
        """The first name, or "" if only a whole name is listed."""
        return self._first(_FIRST_NAMES) or self._canvas_name[1]

    @property
    def last_name(self) -> str:
        """The last name; a whole name that has no parts of its own stays whole."""
        return self._first(_LAST_NAMES) or self._canvas_name[0] or self._first(_FULL_NAMES)

    @property
    def name(self) -> str:
        """The name as it is listed, or "Last, First"."""
        full_name = self._first((_CANVAS_NAME, *_FULL_NAMES))
        return full_name or f"{self._first(_LAST_NAMES)}, {self._first(_FIRST_NAMES)}"

    @property
    def email(self) -> str:
        """The e-mail address, or ""."""
        return self._first(_EMAIL_COLUMNS)

    @property
    def lms_user_id(self) -> str:
        """The learning management system's own id, by which it accepts marks, or "".

        Moodle's `Identifier` is none: it differs from assignment to assignment.
        """
        own_id = self.cells.get("id", "") if _is_canvas(self.cells) else ""
        return self._first(_LMS_USER_IDS) or own_id

    @property
    def is_student(self) -> bool:
        """Whether it is a student's row; Canvas and Gradescope list other things, too."""
        name = self.cells.get(_CANVAS_NAME, "").casefold()
        role = self.cells.get("role", "").casefold()
        if role not in ("", "student", "learner") or name in (_POINTS_POSSIBLE, *_TEST_STUDENT):
            return False
        return bool(self.student or self.last_name or self.first_name or self.email)

    @property
    def _canvas_name(self) -> tuple[str, str]:
        """Last and first name of Canvas' "Last, First"."""
        last, _, first = self.cells.get(_CANVAS_NAME, "").partition(",")
        return last.strip(), first.strip()

    def _first(self, columns: Sequence[str]) -> str:
        return next((self.cells[column] for column in columns if self.cells.get(column)), "")


@dataclasses.dataclass(frozen=True)
class Roster:
    """The students of a course.

    Attributes:
        path: Where they were read.
        id_column: The column of the course's ids, in lower case.
        rows: The file's rows that are students'.
    """

    path: Path
    id_column: str
    rows: tuple[RosterRow, ...]


def read_roster(path: Path, id_column: str | None = None) -> Roster:
    """Read a roster, such as the gradebook that a system exports.

    Args:
        path: A CSV file with a line of headings.
        id_column: The column of the course's ids; default: the first of `ID_COLUMNS` that has any,
            else one called "id", else the e-mail address. The `ID` of a table with a column
            `Student` is Canvas' own, and is taken last.

    Raises:
        CsvError: If it cannot be read.
        CollectError: If it has no such column, or no students.
    """
    table = read_csv(path)
    headings = [heading.strip().casefold() for heading in table.headings]
    column = _find_id_column(table, headings, id_column)
    width = max(len(headings), min(map(len, table.rows), default=0))  # a comma may end each row
    rows = []
    for line, row in zip(table.lines, table.rows, strict=True):
        cells = dict(zip(headings, map(_text, row), strict=False))
        overlong = len(row) > width or any(row[len(headings) :])
        rows.append(RosterRow(line, cells, strip_hash(cells.get(column, "")), overlong))
    students = tuple(row for row in rows if row.is_student)
    if not students:
        raise CollectError(
            f"{path} lists no students: it has nothing but headings.",
            "Export it again once the students are enrolled.",
        )
    return Roster(path, column, students)


def strip_hash(text: str) -> str:
    """An id without the "#" that Brightspace writes before it."""
    return text.strip().removeprefix("#")


def _find_id_column(table: CsvFile, headings: Sequence[str], requested: str | None) -> str:
    if requested is not None:
        names: tuple[str, ...] = (requested.strip().casefold(),)
    elif _is_canvas(headings):
        names = (*ID_COLUMNS, *_EMAIL_COLUMNS, "id")
    else:
        names = (*ID_COLUMNS, "id", *_EMAIL_COLUMNS)
    existing = [name for name in names if name in headings]
    for name in existing:
        if any(row[headings.index(name)].strip() for row in table.rows):
            return name
    if existing:
        return existing[0]
    missing = "column of student ids" if requested is None else f"column {requested!r}"
    raise CollectError(
        f"{table.path} has no {missing}; it has {', '.join(table.headings)}.",
        "Name the column of the course's ids with --id-column.",
    )


def _is_canvas(headings: Sequence[str] | Mapping[str, str]) -> bool:
    return _CANVAS_NAME in headings or ("lastname" in headings and "firstname" in headings)


def _text(cell: str) -> str:
    """A cell as one line without control characters, which databases refuse."""
    words = re.sub(r"\s+", " ", cell).strip()
    return "".join(c for c in words if unicodedata.category(c) != "Cc")
