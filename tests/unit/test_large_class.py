"""What a submission costs does not depend on how many others there are."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from courses import NAME, ROOT
from grades import make_rubric_grade
from nbgrader import api
from sqlalchemy import Connection, Engine, create_engine, event

from autograder.course import Course, load_course
from autograder.drop_in import MarksAsCsv
from autograder.outputs.gradebook import (
    Attempt,
    GradebookWriter,
    PenaltyWriter,
    reviews,
    update_late_penalties,
)
from autograder.results import Grade, Outcome

LATE = datetime(2027, 2, 17, 10, 0, tzinfo=timezone.utc)
POLICY = "\nlate: {percent_per_day: 10, slack_days: 0}\nassignments:"
LARGE = ("grade", "comment", "submitted_notebook", "submitted_assignment", "student")
"""Tables that grow with the class."""


@dataclasses.dataclass(frozen=True)
class Statement:
    """A statement that was executed."""

    text: str
    parameters: Any

    def scans(self, connection: Connection) -> list[str]:
        """The large tables that SQLite reads whole for it."""
        if self.text.split()[0] not in ("SELECT", "UPDATE", "DELETE"):
            return []
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {self.text}", self.parameters)
        words = [row[3].split() for row in plan]
        return [line[1] for line in words if line[0] == "SCAN" and line[1] in LARGE]


@contextlib.contextmanager
def statements() -> Iterator[list[Statement]]:
    """Note what is executed meanwhile, on any database."""
    noted: list[Statement] = []

    def note(*arguments: Any) -> None:
        _, _, text, parameters, _, many = arguments
        noted.append(Statement(text, parameters[0] if many else parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Class:
    """A gradebook that fills.

    Attributes:
        course: A course with a late policy.
        database: The gradebook.
    """

    def __init__(self, root: Path) -> None:
        for name in ("solutions", "assignments"):
            (root / name).symlink_to(ROOT / name)
        text = (ROOT / "course.yml").read_text()
        (root / "course.yml").write_text(text.replace("\nassignments:", POLICY, 1))
        self.course: Course = load_course(root)
        self.database = root / "gradebook.db"
        self._assignment = self.course.assignment(NAME)
        self._size = 0

    def grow(self, size: int) -> None:
        """Record Grades until the class has so many."""
        with self.writer() as writer:
            for number in range(self._size, size):
                writer.record(self.grade(f"s{number}"), LATE)
        self._size = size
        update_late_penalties(self.course, self.database)

    def writer(self) -> GradebookWriter:
        """What writes the gradebook."""
        return GradebookWriter(self.database, self._assignment, ["build_model", "train_model"])

    def grade(self, student: str) -> Grade:
        """A Grade in which one check failed."""
        failed = {next(iter(self._assignment.checks)): Outcome.FAILED}
        return make_rubric_grade(self._assignment.checks, failed, student=student)

    def record_one(self, student: str) -> list[Statement]:
        """Everything that the gradebook is asked and told for one submission."""
        penalties = PenaltyWriter(self.course, self.database)
        with self.writer() as writer, statements() as noted:
            assert not writer.holds(self.grade(student))
            writer.record(self.grade(student), LATE)
            assert writer.update_late_penalties(penalties, [student]).changes
            assert writer.holds(self.grade(student))
            assert writer.reviews([student])[student] is not None
        return noted

    def record_together(self, students: Sequence[str]) -> list[Statement]:
        """What the gradebook is asked and told for students who finish at about the same time."""
        penalties = PenaltyWriter(self.course, self.database)
        with self.writer() as writer, statements() as noted:
            writer.record_all([Attempt(self.grade(student), LATE) for student in students])
            assert len(writer.update_late_penalties(penalties, students).changes) == len(students)
            assert len(writer.held([self.grade(student) for student in students])) == len(students)
            assert all(writer.reviews(students).values())
        return noted

    def read_all(self) -> list[Statement]:
        """Everything that the gradebook is asked for a class that is graded."""
        students = [f"s{number}" for number in range(self._size)]
        with statements() as noted, reviews(self.database, NAME) as reader:
            assert all(review is not None for _, review in reader.each(students))
        return noted


@pytest.fixture
def group(tmp_path: Path) -> Class:
    """An empty class."""
    return Class(tmp_path)


def test_record_takes_as_many_statements_in_a_large_class(group: Class) -> None:
    """And so do the reviews of a whole class, up to those that one query reads."""
    counts = []
    for size in (3, 30):
        group.grow(size)
        counts.append((len(group.record_one(f"new-{size}")), len(group.read_all())))
    assert counts[0] == counts[1]


def test_submissions_recorded_together_share_their_statements(group: Class) -> None:
    """All but the one by which nbgrader's row of a late submission is read."""
    group.grow(3)
    alone, together = (
        [statement for statement in noted if "submitted_notebook.id = ?" not in statement.text]
        for noted in (group.record_together(["a"]), group.record_together(["b", "c", "d", "e"]))
    )
    assert [s.text.split()[:3] for s in alone] == [s.text.split()[:3] for s in together]


def test_nothing_that_grows_with_the_class_is_read_whole(group: Class) -> None:
    """The tables have no index but their keys, so each query must name a whole key."""
    group.grow(3)
    noted = group.record_one("new") + group.read_all()
    engine = create_engine(f"sqlite:///{group.database}")
    with engine.connect() as connection:
        scans = {s.text: scans for s in noted if (scans := s.scans(connection))}
        assert Statement("SELECT id FROM grade WHERE notebook_id = ?", ("x",)).scans(connection)
    engine.dispose()
    assert scans == {}


def test_export_of_nbgraders_reads_nothing_whole_but_the_students(group: Class) -> None:
    """And as many submissions as one query reads take as many statements as one does."""
    counts = []
    for size in (3, 30):
        group.grow(size)
        with api.Gradebook(f"sqlite:///{group.database}") as gradebook, statements() as noted:
            MarksAsCsv(to=str(group.database.with_name("grades.csv"))).export(gradebook)
        counts.append(len(noted))
    assert counts[0] == counts[1]
    engine = create_engine(f"sqlite:///{group.database}")
    with engine.connect() as connection:
        scans = {table for s in noted for table in s.scans(connection)}
    engine.dispose()
    assert scans == {"student"}
