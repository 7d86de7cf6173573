"""Who of the roster handed in an assignment, who did not, and who is not on it."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import SubmissionError
from autograder.grading.grade_store import GradeStore
from autograder.outputs import Mark, MarkStatus, no_mark
from autograder.outputs.gradebook import find_gradebook, read_students, roster_of
from autograder.submissions import find_submissions


@dataclasses.dataclass(frozen=True)
class Attendance:
    """A roster beside what was handed in for one assignment.

    Attributes:
        roster: Ids of the students who are enrolled; empty if no roster is known.
        handed_in: Ids of those who handed in something, whether or not it can be graded.
    """

    roster: frozenset[str]
    handed_in: frozenset[str]

    @property
    def missing(self) -> list[str]:
        """Who is on the roster and handed in nothing, sorted."""
        return sorted(self.roster - self.handed_in)

    @property
    def not_listed(self) -> list[str]:
        """Who handed in and is not on the roster, sorted; empty if no roster is known."""
        return sorted(self.handed_in - self.roster) if self.roster else []


def read_roster_of(course: Course) -> frozenset[str]:
    """Ids of the students on the roster in the gradebook; empty if none is known.

    Raises:
        GradebookError: If the gradebook cannot be read.
    """
    location = find_gradebook(course)
    if location.is_missing:
        return frozenset()
    return roster_of(read_students(location.database, location.course_id))


def attendance(
    course: Course, assignment: str, roster: frozenset[str], submitted: Path | None = None
) -> Attendance:
    """Compare a roster with what was handed in for an assignment.

    Args:
        course: The course.
        assignment: The assignment's name.
        roster: Ids of those who are enrolled.
        submitted: The folder of submissions; default: `submitted/`.
    """
    folder = submitted or course.root / "submitted"
    graded = GradeStore(course.root / "grades" / assignment).students()
    return Attendance(roster, frozenset(graded) | _handed_in(folder, assignment))


def without_marks(
    course: Course, assignment: Assignment, roster: frozenset[str]
) -> dict[str, Mark]:
    """Why students of a roster have no Grade for an assignment, by student.

    Args:
        course: The course.
        assignment: The assignment.
        roster: Ids of those who are enrolled.
    """
    graded = GradeStore(course.root / "grades" / assignment.name).students()
    handed_in = attendance(course, assignment.name, roster).handed_in
    return {
        student: no_mark(
            student,
            assignment.name,
            assignment.max_score,
            MarkStatus.NOT_GRADED if student in handed_in else MarkStatus.MISSING,
        )
        for student in sorted(roster.difference(graded))
    }


def _handed_in(submitted: Path, assignment: str) -> set[str]:
    try:
        students = {file.student for file in find_submissions(submitted, assignment)}
        folders = [entry.name for entry in os.scandir(submitted) if entry.is_dir()]
    except (OSError, SubmissionError):  # there is no such folder
        return set()
    return students | {name for name in folders if _has_entries(submitted / name / assignment)}


def _has_entries(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False
