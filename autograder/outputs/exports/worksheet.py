"""Moodle's offline grading worksheet, in whichever language the site writes it.

Source:
    Moodle's assign/gradingtable.php, which writes it, and assign/feedback/offline, which reads it.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime

from autograder.outputs.marks import Mark, MarkStatus, format_points
from autograder.results import CsvFile

_PARTICIPANT = re.compile(r"\D*\d+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NONE = ("", "-")
_NO = ("no", "nein", "non", "nee", "não", "nie", "nej", "ne")
_YES = ("yes", "ja", "oui", "sí", "sì", "sim", "tak")
_MODIFIED = (
    "last modified (grade)",
    "zuletzt geändert (bewertung)",
    "dernière modification (note)",
    "última modificación (calificación)",
    "ultima modifica (valutazione)",
    "última atualização (avaliação)",
    "laatst gewijzigd (beoordeling)",
)
"""`lastmodifiedgrade` of Moodle's English, German, French, Spanish, Italian, Portuguese, Dutch."""
_DATE = "%A, %d %B %Y, %I:%M %p"
_UPDATE_ANYWAY = "unless its import is told to update records that changed there since"


@dataclasses.dataclass(frozen=True)
class Worksheet:
    """Where a worksheet has what.

    Attributes:
        grade: The position of the grades' column.
        maximum: That of the maximum.
        changeable: That of whether a grade can be changed; None if unknown.
        modified: That of when a grade was changed last; None if unknown.
        decimal_comma: Whether numbers have a comma, as the site's language writes them.
    """

    grade: int
    maximum: int
    changeable: int | None
    modified: int | None
    decimal_comma: bool

    def number(self, points: str) -> str:
        """Points as the site reads them."""
        return points.replace(".", ",") if self.decimal_comma else points

    def problem(self, row: list[str], mark: Mark) -> str:
        """Why Moodle would skip a row, without a word, or count it otherwise; "" if neither."""
        before = row[self.grade].strip()
        if mark.score is None:
            kept = f"; Moodle keeps its {before}" if before not in _NONE else ""
            return (_WITHOUT_MARK.get(mark.status, "no mark") + kept) if kept else ""
        maximum = _points(row[self.maximum])
        if self.changeable is not None and row[self.changeable].strip().casefold() in _NO:
            return "Moodle will skip this row: its grade is locked"
        if maximum is not None and mark.score > maximum:
            return f"Moodle will skip this row: its maximum is {format_points(maximum)}"
        if self._date_is_unreadable(row) and _points(before) != mark.score:
            return f"Moodle will skip this row, whose date it cannot read, {_UPDATE_ANYWAY}"
        if maximum is not None and maximum != mark.max_score:
            return (
                f"Moodle counts this out of {format_points(maximum)} points, the course out of "
                f"{format_points(mark.max_score)}"
            )
        return ""

    def _date_is_unreadable(self, row: list[str]) -> bool:
        """Whether the row was graded, and its date is not in English, which alone PHP reads."""
        if self.modified is None:
            return False
        text = row[self.modified].strip()
        return text not in _NONE and _date(text) is None


_WITHOUT_MARK = {
    MarkStatus.MISSING: "nothing was handed in",
    MarkStatus.NOT_GRADED: "handed in, and not graded yet",
    MarkStatus.GRADER_ERROR: "not graded, so no mark",
}


def is_participant(text: str) -> bool:
    """Whether a cell of the first column is a participant's, such as "Participant 17"."""
    return bool(_PARTICIPANT.fullmatch(text.strip()))


def find_worksheet(table: CsvFile) -> Worksheet | None:
    """Find a worksheet's columns by their English names, or by what is in them.

    In every language the participants come first, and the grades right before the maximum, which is
    the same number in every row.

    Returns:
        The columns, or None if the file is no such worksheet.
    """
    rows = [row for row in table.rows if is_participant(row[0])]
    if not rows:
        return None
    grade, maximum = table.column("Grade"), table.column("Maximum Grade")
    if grade is None or maximum is None:
        maxima = [n for n in range(2, len(table.headings)) if _is_maximum(rows, n)]
        if len(maxima) != 1:
            return None
        grade, maximum = maxima[0] - 1, maxima[0]
    changeable = table.column("Grade can be changed")
    return Worksheet(
        grade=grade,
        maximum=maximum,
        changeable=_changeable(rows, maximum + 1) if changeable is None else changeable,
        modified=table.column(*_MODIFIED),
        decimal_comma="," in rows[0][maximum],
    )


def _is_maximum(rows: list[list[str]], column: int) -> bool:
    """Whether a column has the same number in every row, after one with numbers or nothing."""
    values = {row[column].strip() for row in rows}
    before = {row[column - 1].strip() for row in rows}
    return (
        len(values) == 1
        and bool(_NUMBER.fullmatch(values.pop()))
        and all(text in _NONE or _NUMBER.fullmatch(text) for text in before)
    )


def _changeable(rows: list[list[str]], first: int) -> int | None:
    """The column after the maximum that has one or two words; None if there is none."""
    for column in range(first, min(first + 2, len(rows[0]))):
        words = {row[column].strip().casefold() for row in rows}
        if len(words) <= 2 and words & {*_NO, *_YES}:  # noqa: PLR2004 - yes and no
            return column
    return None


def _points(text: str) -> float | None:
    plain = text.strip()
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def _date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), _DATE)  # noqa: DTZ007 - the site's own time
    except ValueError:
        return None


def age(table: CsvFile) -> str:
    """How old a worksheet is, and what that means."""
    made = datetime.fromtimestamp(table.path.stat().st_mtime).astimezone()
    return (
        f"{table.path} is from {made:%Y-%m-%d %H:%M}. Moodle will skip, without a word, the rows "
        f"of students who were graded there after it was exported, {_UPDATE_ANYWAY}."
    )
