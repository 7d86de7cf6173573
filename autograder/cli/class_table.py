"""A class as `autograder grade` shows it: its table, its sums, and the file of its Grades.

Of each Grade only what the table shows stays in memory; a class of thousands would not fit.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
import textwrap
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from autograder.cli.console import count, out
from autograder.results import Grade, Outcome, clean_line, replaced_file


@dataclasses.dataclass(frozen=True)
class ClassRow:
    """What is shown of one Grade.

    Attributes:
        student: The student's id.
        score: The points.
        outcome: How it came out.
        problem: The first thing to fix, or "".
        has_mark: Whether there is a mark.
        flagged: Whether a person should look at it.
    """

    student: str
    score: str
    outcome: str
    problem: str
    has_mark: bool
    flagged: bool


def class_row(grade: Grade) -> ClassRow:
    """What is shown of a Grade."""
    return ClassRow(
        student=grade.student,
        score=score_text(grade),
        outcome=grade.outcome.value,
        problem=_first_problem(grade),
        has_mark=grade.score is not None,
        flagged=bool(grade.flags),
    )


def score_text(grade: Grade) -> str:
    """The points, such as "16/18"."""
    return "no mark" if grade.score is None else f"{grade.score:g}/{grade.max_score:g}"


def _first_problem(grade: Grade) -> str:
    for verdict in grade.checks:
        if verdict.outcome is not Outcome.PASSED:
            return clean_line(f"{verdict.name}: {verdict.message}", limit=400)
    return ""


def print_table(assignment: str, rows: Sequence[ClassRow]) -> None:
    """Print a class, sorted by student."""
    table = Table(title=f"{assignment}: {count(len(rows), 'submission')}")
    table.add_column("student")
    table.add_column("score", justify="right")
    table.add_column("outcome")
    table.add_column("first thing to fix", overflow="fold")
    for row in sorted(rows, key=lambda row: row.student):
        table.add_row(Text(clean_line(row.student)), row.score, row.outcome, Text(row.problem))
    out.print(table)


class GradesFile:
    """Collects Grades as they finish, for a JSON file that has them sorted.

    Meanwhile they are in a temporary file, which nobody else can open.

    Args:
        path: The JSON file; None collects nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this object
        weakref.finalize(self, self._file.close)
        self._places: list[tuple[tuple[int, str], int, int]] = []

    def add(self, assignment: int, grade: Grade) -> None:
        """Take a Grade.

        Args:
            assignment: Which of the assignments it is of; by this they are sorted first.
            grade: The Grade.
        """
        if self._path is not None:
            text = json.dumps(grade.model_dump(mode="json"), indent=1)
            data = textwrap.indent(text, " ").encode()
            self._places.append(((assignment, grade.student), self._file.tell(), len(data)))
            self._file.write(data)

    def write(self) -> None:
        """Write the list of all Grades to the file.

        Raises:
            OSError: If it cannot be written.
        """
        if self._path is None:
            return
        with replaced_file(self._path, private=True) as file:
            file.write(b"[")
            for number, data in enumerate(self._sorted()):
                file.write(b",\n" if number else b"\n")
                file.write(data)
            file.write(b"\n]\n" if self._places else b"]\n")

    def _sorted(self) -> Iterable[bytes]:
        for _, start, length in sorted(self._places):
            self._file.seek(start)
            yield self._file.read(length)
