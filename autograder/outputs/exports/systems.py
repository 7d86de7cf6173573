"""How Canvas, Moodle and Brightspace read the files that they import."""

from __future__ import annotations

import dataclasses
import re

from autograder.course import Assignment
from autograder.outputs.exports.filling import FileRules, title_matches
from autograder.outputs.exports.worksheet import age, find_worksheet, is_participant
from autograder.outputs.marks import Mark, format_points
from autograder.results import CsvFile

_CANVAS_COLUMN = re.compile(r"(.*\S)\s*\((\d+)\)")
_BRIGHTSPACE_COLUMN = re.compile(r"(.*\S)\s+(?:Points|Numerator) Grade\b.*", re.IGNORECASE)
_POINTS_POSSIBLE = "points possible"
_NO_STUDENT = re.compile(r"\s*(?:Muted|Manual Posting.*)?\s*", re.IGNORECASE)
"""Every cell of the row below the headings that says which columns students do not see yet."""


def _is_canvas_column(heading: str, assignment: Assignment) -> bool:
    """Whether a heading is `Title (id)`; without the id, Canvas would make a new assignment."""
    match = _CANVAS_COLUMN.fullmatch(heading.strip())
    return match is not None and title_matches(match[1], assignment)


def _is_canvas_student(_table: CsvFile, row: list[str]) -> bool:
    """Whether a row is a student's.

    Canvas also writes rows of maxima, of columns that are posted manually, and of a test student.
    """
    if all(_NO_STUDENT.fullmatch(cell) for cell in row) or _is_maxima(row):
        return False
    return row[0].strip() != "Student, Test" and [c.strip() for c in row[:2]] != ["Student", "Test"]


def _is_maxima(row: list[str]) -> bool:
    return _POINTS_POSSIBLE in row[0].casefold()


def _kept_by_canvas(cell: str) -> str:
    return "excused in Canvas, and stays so" if cell.strip().casefold() == "ex" else ""


def _canvas_problem(table: CsvFile, _row: list[str], column: int, mark: Mark) -> str:
    maxima = [r[column] for r in table.rows if _is_maxima(r)]
    if any("read only" in text.casefold() for text in maxima):
        return "Canvas ignores this column: it is read-only"
    return next((p for text in maxima if (p := _other_maximum(text, mark, "Canvas"))), "")


def _is_moodle_column(heading: str, _assignment: Assignment) -> bool:
    return heading.strip().casefold() == "grade"


def _is_moodle_student(_table: CsvFile, row: list[str]) -> bool:
    return is_participant(row[0])


def _moodle_rules(table: CsvFile) -> FileRules:
    """The rules for a worksheet, which may be in any language."""
    worksheet = find_worksheet(table)
    if worksheet is None:
        return MOODLE
    heading = table.headings[worksheet.grade]
    return dataclasses.replace(
        MOODLE,
        required=(),
        is_mark_column=lambda text, _assignment: text == heading,
        problem=lambda _table, row, _column, mark: worksheet.problem(row, mark),
        number=worksheet.number,
        note=age(table),
    )


def _is_brightspace_column(heading: str, assignment: Assignment) -> bool:
    match = _BRIGHTSPACE_COLUMN.fullmatch(heading.strip())
    return match is not None and title_matches(match[1], assignment)


def _is_brightspace_student(table: CsvFile, row: list[str]) -> bool:
    return bool(table.cell(row, "OrgDefinedId", "Username"))


def _brightspace_problem(table: CsvFile, row: list[str], column: int, mark: Mark) -> str:
    end = table.column("End-of-Line Indicator")
    if end is not None and row[end].strip() != "#":
        return "the row does not end with #, so a program may have shifted its cells"
    maximum = re.search(r"MaxPoints:\s*([\d.]+)", table.headings[column])
    return _other_maximum(maximum[1], mark, "Brightspace") if maximum else ""


def _other_maximum(text: str, mark: Mark, system: str) -> str:
    maximum = _number(text)
    if mark.score is None or maximum is None or maximum == mark.max_score:
        return ""
    return (
        f"{system} counts this out of {format_points(maximum)} points, the course out of "
        f"{format_points(mark.max_score)}"
    )


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


CANVAS = FileRules(
    name="Canvas",
    required=(("Student", "LastName"), ("ID",)),
    id_columns=("SIS Login ID", "SIS User ID", "Integration ID", "ID"),
    is_mark_column=_is_canvas_column,
    is_student=_is_canvas_student,
    problem=_canvas_problem,
    kept=_kept_by_canvas,
)
"""Canvas' gradebook export.

Source:
    Canvas' gradebook_importer.rb.
"""
MOODLE = FileRules(
    name="Moodle",
    required=(("Identifier",), ("Grade",), ("Maximum Grade",)),
    id_columns=("ID number", "Username", "Email address"),
    is_mark_column=_is_moodle_column,
    is_student=_is_moodle_student,
    problem=lambda _table, _row, _column, _mark: "",
    for_table=_moodle_rules,
)
"""The offline grading worksheet of one Moodle assignment.

Source:
    Moodle's assign/feedback/offline/importgradeslib.php.
"""
BRIGHTSPACE = FileRules(
    name="Brightspace",
    required=(("OrgDefinedId", "Username"),),
    id_columns=("OrgDefinedId", "Username"),
    is_mark_column=_is_brightspace_column,
    is_student=_is_brightspace_student,
    problem=_brightspace_problem,
)
"""Brightspace's gradebook export, with a column such as "Homework Points Grade"."""
SYSTEMS = {rules.name.lower(): rules for rules in (CANVAS, MOODLE, BRIGHTSPACE)}
