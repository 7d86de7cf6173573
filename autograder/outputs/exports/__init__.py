"""Marks in the files that other programs import."""

from __future__ import annotations

from autograder.outputs.exports.filling import Change, Filled, fill
from autograder.outputs.exports.plain import (
    grades_as_junit,
    marks_as_csv,
    marks_as_json,
    totals_as_csv,
    totals_as_json,
)
from autograder.outputs.exports.systems import SYSTEMS

__all__ = [
    "SYSTEMS",
    "Change",
    "Filled",
    "fill",
    "grades_as_junit",
    "marks_as_csv",
    "marks_as_json",
    "totals_as_csv",
    "totals_as_json",
]
