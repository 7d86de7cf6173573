"""Fill marks into the file that a learning management system exported, by that system's rules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from autograder.course import Assignment
from autograder.errors import ExportError
from autograder.outputs.marks import Mark, MarkStatus, no_mark
from autograder.results import CsvFile, csv_bytes, read_csv

Marks = Mapping[str, Mark]
"""The marks of one assignment, by student."""


@dataclasses.dataclass(frozen=True)
class Change:
    """What an export does to one row of the file.

    Attributes:
        student: The course's id; as the file spells it if the course does not know it.
        column: The heading.
        before: The value in the file.
        after: The value that is written, "" for none.
        remark: Why there is no mark, or why the system would skip the row; "" if all is well.
    """

    student: str
    column: str
    before: str
    after: str
    remark: str = ""


@dataclasses.dataclass(frozen=True)
class Filled:
    """A file that is ready to import.

    Attributes:
        data: Its bytes.
        changes: One per student and assignment, in the file's order.
        not_listed: Students with a mark whom the file does not list.
        note: What to know before importing it, or "".
    """

    data: bytes
    changes: tuple[Change, ...]
    not_listed: tuple[str, ...]
    note: str = ""


@dataclasses.dataclass(frozen=True)
class FileRules:
    """How one system writes and reads its file.

    Attributes:
        name: The system, such as "Canvas".
        required: Headings without which it cannot import the file; each a choice of spellings.
        id_columns: Headings that may have the course's ids; the first that exists is used.
        is_mark_column: Whether a heading is the column of an assignment.
        is_student: Whether a row is a student's.
        problem: What the system would do with a mark, or with none, that nobody expects, or ""; it
            sees the row as it was exported.
        kept: Why a cell stays as it is, or "".
        number: Points as the system reads them.
        for_table: The rules for one file, if they depend on it.
        note: What to know before importing the file, or "".
    """

    name: str
    required: tuple[tuple[str, ...], ...]
    id_columns: tuple[str, ...]
    is_mark_column: Callable[[str, Assignment], bool]
    is_student: Callable[[CsvFile, list[str]], bool]
    problem: Callable[[CsvFile, list[str], int, Mark], str]
    kept: Callable[[str], str] = lambda _cell: ""
    number: Callable[[str], str] = lambda points: points
    for_table: Callable[[CsvFile], FileRules] | None = None
    note: str = ""


def fill(
    rules: FileRules,
    path: Path,
    assignments: Sequence[tuple[Assignment, Marks]],
    columns: Mapping[str, str],
    id_column: str | None = None,
) -> Filled:
    """Fill marks into an exported file; everything else in it stays.

    Args:
        rules: The system's.
        path: The file that it exported.
        assignments: Assignments with their marks.
        columns: Headings by assignment, where they differ from the assignment's title.
        id_column: The heading of the course's ids; default: the first of the system's that exists.

    Raises:
        ExportError: If the file cannot be read, is not that system's, or has no column for an
            assignment.
    """
    table = read_csv(path)
    if rules.for_table is not None:
        rules = rules.for_table(table)
    for choice in rules.required:
        if table.column(*choice) is None:
            raise ExportError(
                f"{path} is not a file that {rules.name} imports: it has no column "
                f'"{choice[0]}", only {_listed(table.headings)}.',
                f"Export it from {rules.name} again, for this assignment.",
            )
    students = frozenset(student for _, marks in assignments for student in marks)
    ids = _id_column(rules, table, id_column, students)
    changes: list[Change] = []
    not_listed: set[str] = set()
    for assignment, marks in assignments:
        column = _mark_column(rules, table, assignment, columns.get(assignment.name))
        listed: set[str] = set()
        for row in table.rows:
            if not rules.is_student(table, row):
                continue
            student = _course_id(row[ids], marks)
            listed.add(student)
            mark = marks.get(student) or no_mark(student, assignment.name, assignment.max_score)
            before, remark = row[column], rules.kept(row[column])
            if not remark:
                remark = rules.problem(table, row, column, mark) or _remark(mark)
                row[column] = rules.number(mark.text)
            changes.append(Change(student, table.headings[column], before, row[column], remark))
        not_listed |= {name for name, mark in marks.items() if mark.score is not None} - listed
    return Filled(csv_bytes(table), tuple(changes), tuple(sorted(not_listed)), rules.note)


def _remark(mark: Mark) -> str:
    if mark.status is MarkStatus.MISSING:
        return "nothing was handed in"
    if mark.status is MarkStatus.NOT_GRADED:
        return "handed in, and not graded yet"
    return "not graded, so no mark" if mark.status is MarkStatus.GRADER_ERROR else ""


def _id_column(
    rules: FileRules, table: CsvFile, requested: str | None, students: frozenset[str]
) -> int:
    names = rules.id_columns if requested is None else (requested,)
    for name in names:
        column = table.column(name)
        if column is not None and any(row[column].strip() for row in table.rows):
            return column
    if requested is None and (column := _column_of(students, table)) is not None:
        return column
    missing = "a column with the course's ids" if requested is None else f'a column "{requested}"'
    raise ExportError(
        f"{table.path} does not have {missing}; it has {_listed(table.headings)}.",
        "Name the column of the course's ids with --id-column.",
    )


def _column_of(students: frozenset[str], table: CsvFile) -> int | None:
    """The one column that has the most ids of the course, whatever the language of its heading."""
    counts = [
        sum(row[n].strip() in students for row in table.rows) for n in range(len(table.headings))
    ]
    best = max(counts, default=0)
    return counts.index(best) if best and counts.count(best) == 1 else None


def _mark_column(
    rules: FileRules, table: CsvFile, assignment: Assignment, requested: str | None
) -> int:
    if requested is not None:
        column = table.column(requested)
        if column is not None:
            return column
        looked_for = f'"{requested}"'
    else:
        found = [
            n for n, text in enumerate(table.headings) if rules.is_mark_column(text, assignment)
        ]
        if len(found) == 1:
            return found[0]
        looked_for = f'for "{assignment.title}"' if not found else f"alone for {assignment.title}"
    raise ExportError(
        f"{table.path} has no column {looked_for}; it has {_listed(table.headings)}. "
        f"A column of another name would make a new assignment in {rules.name}, or be ignored.",
        f"Create the assignment in {rules.name} and export again, or name its column: "
        f'--column "{assignment.name}=HEADING".',
    )


def _course_id(text: str, marks: Marks) -> str:
    """A cell's student id. Some systems write "#" before it; case matters only between two ids."""
    plain = text.strip().removeprefix("#")
    if plain in marks:
        return plain
    similar = [student for student in marks if student.casefold() == plain.casefold()]
    return similar[0] if len(similar) == 1 else plain


def _listed(headings: Sequence[str]) -> str:
    return ", ".join(f'"{heading}"' for heading in headings)


def title_matches(text: str, assignment: Assignment) -> bool:
    """Whether a heading's title is the assignment's title or name, whatever its case."""
    plain = re.sub(r"\s+", " ", text).strip().casefold()
    return plain in (assignment.title.casefold(), assignment.name.casefold())
