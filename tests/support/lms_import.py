"""What learning management systems take from a file: readers by their own import rules.

They share no code with the exports that they check.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re


def read_canvas(data: bytes, column: str) -> dict[str, float | None]:
    """Scores by Canvas id, as Canvas' gradebook_importer.rb takes them.

    An assignment's column ends in its id; any other title would create an assignment, which is an
    error here. A row of "Points Possible" is no student. A blank cell is no score.
    """
    assert re.search(r"\(\d+\)$", column), "Canvas would create an assignment"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    scores = {}
    for row in rows:
        if "Points Possible" in row["Student"] or all(map(_says_nothing, row.values())):
            continue
        # "EX" is no number: the student is excused.
        text = row[column].strip().replace(",", ".")
        scores[row["ID"]] = float(text) if text and text.upper() != "EX" else None
    return scores


def _says_nothing(cell: str) -> bool:
    return bool(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE))


@dataclasses.dataclass(frozen=True)
class MoodleSite:
    """A Moodle site's language, as its importgradeslib.php asks for it.

    Attributes:
        identifier: `recordid`.
        participant: `hiddenuser`.
        grade: The heading of the grades.
        modified: `lastmodifiedgrade`.
        no: What a locked row says.
        decimal: The decimal separator.
        months: Whether PHP's strtotime reads its dates, which it does in English.
    """

    identifier: str = "Identifier"
    participant: str = "Participant "
    grade: str = "Grade"
    modified: str = "Last modified (grade)"
    no: str = "No"
    decimal: str = "."
    reads_dates: bool = True


GERMAN = MoodleSite(
    "ID",
    "Teilnehmer/in",
    "Bewertung",
    "Zuletzt geändert (Bewertung)",
    "Nein",
    ",",
    reads_dates=False,
)
SPANISH = MoodleSite(
    "Identificador",
    "Participante",
    "Calificación",
    "Última modificación (calificación)",
    "No",
    ",",
    reads_dates=False,
)


def read_moodle(
    data: bytes, site: MoodleSite = MoodleSite(), *, maximum: float = 18, delimiter: str = ","
) -> dict[str, float]:
    """Grades by identifier, as Moodle's importgradeslib.php and its caller take them.

    Rows without a grade, with one that is out of range, locked ones, and graded ones whose date is
    older than the site's are skipped silently; a date that cannot be read is that of 1970.
    """
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))
    headings = rows[0]
    identifier, grade, modified = (
        headings.index(name) for name in (site.identifier, site.grade, site.modified)
    )
    grades = {}
    for row in rows[1:]:
        text = row[grade].strip()
        was_graded = row[modified] != "-"
        if not text or text == "-" or site.no in row or (was_graded and not site.reads_dates):
            continue
        number = float(text.replace(site.decimal, "."))
        if 0 <= number <= maximum:
            grades[row[identifier][len(site.participant) :]] = number
    return grades


def read_brightspace(data: bytes, item: str) -> dict[str, float]:
    """Points by OrgDefinedId, as Brightspace takes them from a column "<item> Points Grade"."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    (column,) = (h for h in reader.fieldnames or () if h.startswith(f"{item} Points Grade"))
    return {row["OrgDefinedId"].lstrip("#"): float(row[column]) for row in reader if row[column]}
