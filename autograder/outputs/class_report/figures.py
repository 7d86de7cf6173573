"""The report's figures as CSV files, which spreadsheets open without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.outputs.class_report.class_data import ClassData
from autograder.outputs.class_report.curves import CurveGroup
from autograder.outputs.class_report.needs import Need
from autograder.outputs.class_report.overview import Overview
from autograder.outputs.class_report.words import late_words, status_words
from autograder.outputs.marks import format_points
from autograder.results import CsvFile, csv_bytes

SCORES = "scores.csv"
CHECKS = "checks.csv"
MISCONCEPTIONS = "misconceptions.csv"
NEEDS = "needs.csv"
CURVES = "loss-curves.csv"
FILES = {
    SCORES: "one line per student and assignment; without a mark, the score is empty",
    CHECKS: "how often each check was passed",
    MISCONCEPTIONS: "one line per student and misconception",
    NEEDS: "who needs help first, and why",
    CURVES: "median and spread of the loss in each group",
}
"""The files, with what is in them."""


def scores(data: ClassData) -> bytes:
    """Every entry."""
    headings = [
        *("student", "name", "assignment", "status", "outcome", "score", "max_score"),
        *("late", "late_penalty", "checks_passed", "checks", "flags"),
    ]
    rows = (
        [
            entry.student,
            data.names.get(entry.student, ""),
            assignment.name,
            entry.mark.status.value,
            entry.outcome.value if entry.outcome else status_words(entry),
            entry.mark.text,
            format_points(entry.mark.max_score),
            late_words(entry),
            format_points(entry.mark.late_penalty),
            str(entry.checks_passed) if entry.checks else "",
            str(len(entry.checks)) if entry.checks else "",
            " ".join(entry.flags),
        ]
        for assignment in data.assignments
        for entry in assignment.entries.values()
    )
    return _csv(headings, rows)


def checks(overviews: Sequence[Overview]) -> bytes:
    """Every check."""
    headings = ["assignment", "check", "title", "points", "graded", "passed", "percent"]
    headings += ["own_mistake", "only_follows", "not_attempted"]
    rows = (
        [
            overview.data.name,
            rate.name,
            rate.title,
            format_points(rate.points),
            str(rate.graded),
            str(rate.passed),
            "" if rate.percent is None else f"{rate.percent:g}",
            *map(str, (rate.own, rate.follows, rate.stubs)),
        ]
        for overview in overviews
        for rate in overview.rates
    )
    return _csv(headings, rows)


def misconceptions(overviews: Sequence[Overview]) -> bytes:
    """Every misconception with everybody who has it."""
    headings = ["assignment", "function", "advice", "checks", "follow", "students", "student"]
    rows = (
        [
            overview.data.name,
            shared.function,
            shared.advice,
            "; ".join(shared.checks),
            "; ".join(shared.follows),
            str(len(shared.students)),
            student,
        ]
        for overview in overviews
        for shared in overview.shared
        for student in shared.students
    )
    return _csv(headings, rows)


def needs(data: ClassData, found: Sequence[Need]) -> bytes:
    """Everybody who needs help, in order."""
    headings = ["place", "student", "name", "missing", "only_stubs", "repeated", "lost", "first"]
    rows = (
        [
            str(place),
            need.student,
            data.names.get(need.student, ""),
            " ".join(need.missing),
            " ".join(need.blank),
            " ".join(need.repeated),
            format_points(need.lost),
            need.troubles[0].advice if need.troubles else "",
        ]
        for place, need in enumerate(found, 1)
    )
    return _csv(headings, rows)


def curves(groups: Sequence[tuple[str, Sequence[CurveGroup]]]) -> bytes:
    """Every group of loss curves."""
    headings = ["assignment", "group", "advice", "students", "epoch", "low", "median", "high"]
    rows = (
        [
            name,
            group.heading,
            group.advice,
            str(group.students),
            *(f"{value:.6g}" for value in (epoch, *values)),
        ]
        for name, in_assignment in groups
        for group in in_assignment
        for epoch, *values in zip(group.epochs, group.low, group.median, group.high, strict=True)
    )
    return _csv(headings, rows)


def _csv(headings: list[str], rows: Iterable[list[str]]) -> bytes:
    whole = [[_whole_characters(cell) for cell in row] for row in rows]
    return csv_bytes(CsvFile(Path(), headings, whole, ",", "\r\n", has_bom=True))


def _whole_characters(text: str) -> str:
    """Text that a file can hold: an id may come from a name on a disk that is no text."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
