"""A class as the class report sees it: every assignment with everybody's entry."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import datetime

from autograder.course import Assignment
from autograder.outputs.class_report.entry import Entry


@dataclasses.dataclass(frozen=True)
class Source:
    """Which Grades a page was made from.

    Attributes:
        grades: How many there are.
        fingerprint: The beginning of a digest of all of them; another one means other marks.
        newest: When the newest one was written; None without any.
        courses: How many versions of the course they were graded by.
        unreadable: Files in the place of Grades that cannot be read, by student.
    """

    grades: int
    fingerprint: str
    newest: datetime | None
    courses: int
    unreadable: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class AssignmentData:
    """One assignment with everybody's entry.

    Attributes:
        assignment: The assignment.
        entries: By student, sorted: everybody with a Grade, and everybody else on the roster.
        source: The Grades.
        not_listed: Who handed in and is not on the roster; empty if no roster is known.
    """

    assignment: Assignment
    entries: Mapping[str, Entry]
    source: Source
    not_listed: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The assignment's name."""
        return self.assignment.name


@dataclasses.dataclass(frozen=True)
class ClassData:
    """The whole class.

    Attributes:
        title: The course's title.
        assignments: Those that are reported, in the order of the course.
        made_at: When the report is made, with an offset.
        names: Names by student; empty unless a person asked for names.
        has_roster: Whether it is known who is enrolled.
    """

    title: str
    assignments: tuple[AssignmentData, ...]
    made_at: datetime
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    has_roster: bool = False

    @property
    def students(self) -> list[str]:
        """Everybody in any of the assignments, sorted."""
        return sorted({student for data in self.assignments for student in data.entries})

    def entries_of(self, student: str) -> Iterator[tuple[AssignmentData, Entry]]:
        """A student's entries, in the order of the course."""
        for data in self.assignments:
            entry = data.entries.get(student)
            if entry is not None:
                yield data, entry
