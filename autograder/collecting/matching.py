"""Find whom a learning management system's archive means on a roster."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from autograder.collecting.models import Person
from autograder.collecting.roster import Roster, RosterRow, strip_hash
from autograder.errors import UncollectedError


def student_on(roster: Roster, person: Person, keys: Sequence[str]) -> str:
    """The course's id of a person.

    Args:
        roster: The students of the course.
        person: A student in an archive.
        keys: The columns with ids of that system.

    Raises:
        UncollectedError: If no row matches, or several do.
    """
    ids = {_normalize_id(text) for text in (person.id, *person.ids) if text}
    matches = [row for row in roster.rows if ids & _ids(row, keys)]
    # Where ids can be compared, an equal name proves nothing.
    comparable = any(_ids(row, keys) for row in roster.rows) and person.lms != "brightspace"
    if not matches and not comparable:
        matches = [row for row in roster.rows if _same_name(person, row)]
    if not matches:
        raise UncollectedError("the roster does not list this student")
    if len(matches) > 1:
        raise UncollectedError(f"the roster lists {len(matches)} students who could be this one")
    if not matches[0].student:
        raise UncollectedError(
            f"the roster's column {roster.id_column!r} is empty for this student"
        )
    return matches[0].student


def _ids(row: RosterRow, columns: Sequence[str]) -> set[str]:
    return {_normalize_id(row.cells[column]) for column in columns if row.cells.get(column)}


def _normalize_id(text: str) -> str:
    """An id to compare: Moodle's worksheet writes "Participant 1815", Brightspace "#1815"."""
    return re.sub(r"^participant\s+", "", strip_hash(text).casefold())


def _same_name(person: Person, row: RosterRow) -> bool:
    if person.lms == "canvas":
        return bool(person.name) and _letters(row.name) == _letters(person.name)
    return bool(person.name) and _sorted_words(row.name) == _sorted_words(person.name)


def _sorted_words(name: str) -> list[str]:
    """A name's words, in whichever order they are written."""
    return sorted(re.findall(r"[^\s,]+", unicodedata.normalize("NFKC", name).casefold()))


def _letters(name: str) -> str:
    """A name as Canvas writes it in a file's name."""
    return re.sub(r"[^\w]", "", unicodedata.normalize("NFKC", name).casefold())
