"""A class list: from what a learning management system calls a student to the course's own id."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.collecting.models import Person
from autograder.errors import CollectError, UncollectedError

LARGEST_ROSTER = 50 * 2**20
ID_COLUMNS = (
    "student_id",
    "sis login id",
    "username",
    "id number",
    "orgdefinedid",
    "sid",
    "student id",
    "sis user id",
    "email address",
    "email",
)
"""Columns that may hold the course's id; the first that is there is taken."""
_FULL_NAMES = ("student", "full name", "name", "student name")
_FIRST_NAMES = ("first name", "firstname")
_LAST_NAMES = ("last name", "surname", "lastname")
_AS_CSV = "Export it again as CSV in UTF-8, with the line of headings."


@dataclasses.dataclass(frozen=True)
class _Row:
    """One student of the list.

    Attributes:
        cells: Its values by heading, in lower case.
        student: The course's id, or nothing.
    """

    cells: Mapping[str, str]
    student: str

    @property
    def name(self) -> str:
        whole = _first(self.cells, _FULL_NAMES)
        return whole or f"{_first(self.cells, _LAST_NAMES)}, {_first(self.cells, _FIRST_NAMES)}"


class Roster:
    """A class list.

    Args:
        rows: Its rows.
        id_column: The heading of the course's ids.
    """

    def __init__(self, rows: Sequence[Mapping[str, str]], id_column: str) -> None:
        self.id_column = id_column
        self._rows = [_Row(row, _unmarked(row.get(id_column, ""))) for row in rows]

    def student(self, person: Person, keys: Sequence[str]) -> str:
        """The course's id of a person.

        Args:
            person: Whom an archive names.
            keys: The columns that hold ids of that system.

        Raises:
            UncollectedError: If it is in no row or in several, and why.
        """
        known = {_key(text) for text in (person.id, *person.ids) if text}
        by_id = [row for row in self._rows if known & _keys(row, keys)]
        # where ids can be compared a name proves nothing
        compared = any(_keys(row, keys) for row in self._rows) and person.lms != "brightspace"
        found = by_id or ([] if compared else [r for r in self._rows if _same_name(person, r)])
        if not found:
            raise UncollectedError("the roster does not have this student")
        if len(found) > 1:
            raise UncollectedError(f"the roster has {len(found)} students who may be this one")
        if not found[0].student:
            raise UncollectedError(
                f"the roster's column {self.id_column!r} is empty for this student"
            )
        return found[0].student


def read_roster(path: Path, id_column: str | None = None) -> Roster:
    """Read a class list, such as the gradebook that a system exports.

    Args:
        path: A CSV file with a line of headings.
        id_column: The heading of the course's ids; one of `ID_COLUMNS` unless told.

    Raises:
        CollectError: If it cannot be read, or has no such column.
    """
    text = _text(path)
    lines = text.lstrip("\r\n").splitlines()
    if not lines:
        raise CollectError(f"{path} is empty.", _AS_CSV)
    delimiter = max(",;\t", key=lines[0].count)
    try:
        table = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error as error:
        raise CollectError(f"{path} is no CSV file: {error}.", _AS_CSV) from error
    headings = [heading.strip().casefold() for heading in table[0]]
    chosen = _id_column(path, table[0], id_column)
    rows = [dict(zip(headings, map(str.strip, row), strict=False)) for row in table[1:]]
    return Roster(rows, chosen)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_ROSTER + 1)
        if len(data) > LARGEST_ROSTER:
            raise CollectError(f"{path} is too large for a class list.", _AS_CSV)
        utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except OSError as error:
        raise CollectError(
            f"{path} cannot be read: {error.strerror}.", "Give the path of the class list."
        ) from error
    except UnicodeDecodeError as error:
        raise CollectError(f"{path} is not in UTF-8: {error}.", _AS_CSV) from error


def _id_column(path: Path, headings: Sequence[str], asked: str | None) -> str:
    have = [heading.strip().casefold() for heading in headings]
    wanted = ID_COLUMNS if asked is None else (asked.strip().casefold(),)
    for column in wanted:
        if column in have:
            return column
    lacking = "column of student ids" if asked is None else f"column {asked!r}"
    raise CollectError(
        f"{path} has no {lacking}; it has {', '.join(headings)}.",
        "Name the column of the course's ids with --id-column.",
    )


def _keys(row: _Row, columns: Sequence[str]) -> set[str]:
    return {_key(row.cells[column]) for column in columns if row.cells.get(column)}


def _key(text: str) -> str:
    """An id to compare: Moodle's worksheet writes "Participant 1815", Brightspace "#1815"."""
    return re.sub(r"^participant\s+", "", _unmarked(text).casefold())


def _unmarked(text: str) -> str:
    return text.strip().removeprefix("#")


def _same_name(person: Person, row: _Row) -> bool:
    if person.lms == "canvas":
        return bool(person.name) and _squeezed(row.name) == _squeezed(person.name)
    return bool(person.name) and _words(row.name) == _words(person.name)


def _words(name: str) -> list[str]:
    """A name's words, whichever of them comes first."""
    return sorted(re.findall(r"[^\s,]+", unicodedata.normalize("NFKC", name).casefold()))


def _squeezed(name: str) -> str:
    """A name as Canvas puts it into a file's name."""
    return re.sub(r"[^\w]", "", unicodedata.normalize("NFKC", name).casefold())


def _first(cells: Mapping[str, str], columns: Sequence[str]) -> str:
    return next((cells[column] for column in columns if cells.get(column)), "")
