"""What learning management systems take from a file: readers by their own import rules.

They share no code with the exports that they check.
"""

from __future__ import annotations

import csv
import io
import re


def read_canvas(data: bytes, column: str) -> dict[str, float | None]:
    """Scores by Canvas id, as Canvas' gradebook_importer.rb takes them.

    An assignment's column ends in its id; any other title would create an assignment, which is an
    error here. A row of "Points Possible" is no student. A blank cell is no score.
    """
    assert re.search(r"\(\d+\)$", column), "Canvas would create an assignment"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    students = [row for row in rows if row["Student"].strip().lower() != "points possible"]
    return {row["ID"]: float(row[column]) if row[column] else None for row in students if row["ID"]}


def read_moodle(data: bytes) -> dict[str, float]:
    """Grades by identifier, as Moodle's importgradeslib.php takes them.

    Rows without a grade, with one that is out of range, and locked ones are skipped silently.
    """
    grades = {}
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"))):
        grade = row["Grade"].strip()
        if not grade or grade == "-" or row["Grade can be changed"] == "No":
            continue
        if 0 <= float(grade) <= float(row["Maximum Grade"]):
            grades[row["Identifier"].removeprefix("Participant ")] = float(grade)
    return grades


def read_brightspace(data: bytes, item: str) -> dict[str, float]:
    """Points by OrgDefinedId, as Brightspace takes them from a column "<item> Points Grade"."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    (column,) = (h for h in reader.fieldnames or () if h.startswith(f"{item} Points Grade"))
    return {row["OrgDefinedId"].lstrip("#"): float(row[column]) for row in reader if row[column]}
