"""How Canvas, Moodle and Brightspace read the files that they import."""

from __future__ import annotations

import re

from autograder.course import Assignment
from autograder.outputs.exports.filling import FileRules, title_matches
from autograder.outputs.marks import Mark, format_points
from autograder.results import CsvFile

_CANVAS_COLUMN = re.compile(r"(.*\S)\s*\((\d+)\)")
_BRIGHTSPACE_COLUMN = re.compile(r"(.*\S)\s+(?:Points|Numerator) Grade\b.*", re.IGNORECASE)
_POINTS_POSSIBLE = "points possible"


def _is_canvas_column(heading: str, assignment: Assignment) -> bool:
    """Whether a heading is `Title (id)`; without the id, Canvas would make a new assignment."""
    match = _CANVAS_COLUMN.fullmatch(heading.strip())
    return match is not None and title_matches(match[1], assignment)


def _is_canvas_student(_table: CsvFile, row: list[str]) -> bool:
    """Whether a row is a student's: Canvas also writes rows of maxima, and of a test student."""
    return row[0].strip().casefold() != _POINTS_POSSIBLE and row[0].strip() != "Student, Test"


def _canvas_problem(table: CsvFile, _row: list[str], column: int, mark: Mark) -> str:
    maxima = [r[column] for r in table.rows if r[0].strip().casefold() == _POINTS_POSSIBLE]
    return next((p for text in maxima if (p := _other_maximum(text, mark, "Canvas"))), "")


def _is_moodle_column(heading: str, _assignment: Assignment) -> bool:
    return heading.strip().casefold() == "grade"


def _is_moodle_student(table: CsvFile, row: list[str]) -> bool:
    return bool(re.fullmatch(r"\D*\d+", table.cell(row, "Identifier")))


def _moodle_problem(table: CsvFile, row: list[str], _column: int, mark: Mark) -> str:
    if table.cell(row, "Grade can be changed").casefold() == "no":
        return "Moodle will skip this row: its grade is locked"
    maximum = _number(table.cell(row, "Maximum Grade", "Maximum grade"))
    if maximum is not None and mark.score is not None and mark.score > maximum:
        return f"Moodle will skip this row: its maximum is {format_points(maximum)}"
    return _other_maximum(table.cell(row, "Maximum Grade", "Maximum grade"), mark, "Moodle")


def _is_brightspace_column(heading: str, assignment: Assignment) -> bool:
    match = _BRIGHTSPACE_COLUMN.fullmatch(heading.strip())
    return match is not None and title_matches(match[1], assignment)


def _is_brightspace_student(table: CsvFile, row: list[str]) -> bool:
    return bool(table.cell(row, "OrgDefinedId", "Username"))


def _brightspace_problem(table: CsvFile, _row: list[str], column: int, mark: Mark) -> str:
    maximum = re.search(r"MaxPoints:\s*([\d.]+)", table.headings[column])
    return _other_maximum(maximum[1], mark, "Brightspace") if maximum else ""


def _other_maximum(text: str, mark: Mark, system: str) -> str:
    maximum = _number(text)
    if maximum is None or maximum == mark.max_score:
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
)
"""Canvas' gradebook export.

Source:
    Canvas' gradebook_importer.rb.
"""
MOODLE = FileRules(
    name="Moodle",
    required=(("Identifier",), ("Grade",), ("Last modified (grade)",)),
    id_columns=("ID number", "Username", "Email address"),
    is_mark_column=_is_moodle_column,
    is_student=_is_moodle_student,
    problem=_moodle_problem,
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
