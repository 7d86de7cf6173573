"""Marking sheets: what each assistant gives the shared submissions, in a CSV file of their own.

nbgrader's gradebook has room for one mark a cell. Where several people mark the same submission,
each fills in a sheet, without seeing the others'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.errors import AllocationError, CsvError
from autograder.marking.allocation import FOLDER
from autograder.results import CsvFile, csv_bytes, read_csv, write_atomically

Place = tuple[str, str]
"""A student, and a graded cell."""
Sheet = Mapping[Place, float]
"""The points that one assistant gave; without what they have not marked yet."""

_HEADINGS = ("student", "cell", "points", "of")


def sheets_folder(root: Path, assignment: str) -> Path:
    """Where an assignment's marking sheets are, each by the name of its assistant.

    Args:
        root: The course folder.
        assignment: The assignment's name.
    """
    return root / FOLDER / assignment


def write_sheet(path: Path, students: Iterable[str], cells: Mapping[str, float]) -> None:
    """Write an empty line for each shared submission and cell; what is filled in stays.

    Args:
        path: The assistant's sheet; it may exist.
        students: Whose submissions are shared.
        cells: The most points of each cell that a person marks.

    Raises:
        CsvError: If a sheet is there and cannot be read.
    """
    rows = _rows(read_csv(path)) if path.exists() else {}
    places = [(student, cell) for student in sorted(students) for cell in cells]
    added = [place for place in places if place not in rows]
    if not added and path.exists():
        return
    rows |= {(s, c): [s, c, "", f"{cells[c]:g}"] for s, c in added}
    table = CsvFile(path, list(_HEADINGS), list(rows.values()), ",", "\n", has_bom=False)
    write_atomically(path, csv_bytes(table), private=True)


def read_sheets(root: Path, assignment: str) -> dict[str, Sheet]:
    """Read an assignment's sheets, by assistant.

    Args:
        root: The course folder.
        assignment: The assignment's name.

    Raises:
        CsvError: If a file cannot be read.
        AllocationError: If points are not a number of points that the cell can have.
    """
    paths = sorted(sheets_folder(root, assignment).glob("*.csv"))
    return {path.stem: _read_sheet(path) for path in paths}


def _read_sheet(path: Path) -> Sheet:
    table = read_csv(path)
    points: dict[Place, float] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        text, place = table.cell(row, "points"), _place(table, row)
        if not text:
            continue
        value, most = _number(text), _number(table.cell(row, "of"))
        if place in points:
            problem = f"marks {place[1]} of {place[0]} a second time"
        elif value is None or most is None or not 0 <= value <= most:
            problem = f'has the points "{text}"; expected a number from 0 to {most or 0:g}'
        else:
            points[place] = value
            continue
        raise AllocationError(
            f"{path}, line {line}: {problem}.", "Correct the line; leave it empty if in doubt."
        )
    return points


def has_student(path: Path, student: str) -> bool:
    """Whether an allocation or a sheet has lines about a student; False if it is no table."""
    try:
        table = read_csv(path)
    except CsvError:
        return False
    return any(table.cell(row, "student") == student for row in table.rows)


def remove_student(path: Path, student: str) -> None:
    """Remove a student's lines from an allocation or a sheet."""
    table = read_csv(path)
    table.rows = [row for row in table.rows if table.cell(row, "student") != student]
    write_atomically(path, csv_bytes(table), private=True)


def _rows(table: CsvFile) -> dict[Place, list[str]]:
    return {_place(table, row): [table.cell(row, name) for name in _HEADINGS] for row in table.rows}


def _place(table: CsvFile, row: list[str]) -> Place:
    return table.cell(row, "student"), table.cell(row, "cell")


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
