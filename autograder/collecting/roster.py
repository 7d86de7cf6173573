"""A class list, which maps a learning management system's students to the course's ids."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.collecting.models import Person
from autograder.errors import CollectError, UncollectedError
from autograder.results import read_csv

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
"""Columns that may have the course's id; the first one that exists is used."""
_FULL_NAMES = ("student", "full name", "name", "student name")
_FIRST_NAMES = ("first name", "firstname")
_LAST_NAMES = ("last name", "surname", "lastname")


@dataclasses.dataclass(frozen=True)
class _Row:
    """One student of the list.

    Attributes:
        cells: Its values, by heading in lower case.
        student: The course's id, or "".
    """

    cells: Mapping[str, str]
    student: str

    @property
    def name(self) -> str:
        full_name = _first(self.cells, _FULL_NAMES)
        return full_name or f"{_first(self.cells, _LAST_NAMES)}, {_first(self.cells, _FIRST_NAMES)}"


class Roster:
    """A class list.

    Args:
        rows: Its rows, by heading in lower case.
        id_column: The column of the course's ids.
    """

    def __init__(self, rows: Sequence[Mapping[str, str]], id_column: str) -> None:
        self.id_column = id_column
        self._rows = [_Row(row, _strip_hash(row.get(id_column, ""))) for row in rows]

    def student(self, person: Person, keys: Sequence[str]) -> str:
        """The course's id of a person.

        Args:
            person: A student in an archive.
            keys: The columns with ids of that system.

        Raises:
            UncollectedError: If no row matches, or several do.
        """
        ids = {_normalize_id(text) for text in (person.id, *person.ids) if text}
        matches = [row for row in self._rows if ids & _ids(row, keys)]
        # Where ids can be compared, an equal name proves nothing.
        comparable = any(_ids(row, keys) for row in self._rows) and person.lms != "brightspace"
        if not matches and not comparable:
            matches = [row for row in self._rows if _same_name(person, row)]
        if not matches:
            raise UncollectedError("the roster does not list this student")
        if len(matches) > 1:
            raise UncollectedError(
                f"the roster lists {len(matches)} students who could be this one"
            )
        if not matches[0].student:
            raise UncollectedError(
                f"the roster's column {self.id_column!r} is empty for this student"
            )
        return matches[0].student


def read_roster(path: Path, id_column: str | None = None) -> Roster:
    """Read a class list, such as the gradebook that a system exports.

    Args:
        path: A CSV file with a line of headings.
        id_column: The column of the course's ids; default: the first of `ID_COLUMNS`.

    Raises:
        CsvError: If it cannot be read.
        CollectError: If it has no such column.
    """
    table = read_csv(path)
    headings = [heading.strip().casefold() for heading in table.headings]
    column = _find_id_column(path, table.headings, id_column)
    rows = [dict(zip(headings, map(str.strip, row), strict=False)) for row in table.rows]
    return Roster(rows, column)


def _find_id_column(path: Path, headings: Sequence[str], requested: str | None) -> str:
    columns = [heading.strip().casefold() for heading in headings]
    for name in ID_COLUMNS if requested is None else (requested.strip().casefold(),):
        if name in columns:
            return name
    missing = "column of student ids" if requested is None else f"column {requested!r}"
    raise CollectError(
        f"{path} has no {missing}; it has {', '.join(headings)}.",
        "Name the column of the course's ids with --id-column.",
    )


def _ids(row: _Row, columns: Sequence[str]) -> set[str]:
    return {_normalize_id(row.cells[column]) for column in columns if row.cells.get(column)}


def _normalize_id(text: str) -> str:
    """An id to compare: Moodle's worksheet writes "Participant 1815", Brightspace "#1815"."""
    return re.sub(r"^participant\s+", "", _strip_hash(text).casefold())


def _strip_hash(text: str) -> str:
    return text.strip().removeprefix("#")


def _same_name(person: Person, row: _Row) -> bool:
    if person.lms == "canvas":
        return bool(person.name) and _letters(row.name) == _letters(person.name)
    return bool(person.name) and _sorted_words(row.name) == _sorted_words(person.name)


def _sorted_words(name: str) -> list[str]:
    """A name's words, in whichever order they are written."""
    return sorted(re.findall(r"[^\s,]+", unicodedata.normalize("NFKC", name).casefold()))


def _letters(name: str) -> str:
    """A name as Canvas writes it in a file's name."""
    return re.sub(r"[^\w]", "", unicodedata.normalize("NFKC", name).casefold())


def _first(cells: Mapping[str, str], columns: Sequence[str]) -> str:
    return next((cells[column] for column in columns if cells.get(column)), "")
