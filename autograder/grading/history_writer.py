"""Write Grades to disk so that no mark is ever replaced without being in the history."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.grading.grade_store import GradeStore
from autograder.outputs.history import FOUND, History
from autograder.results import Grade


class HistoryWriter:
    """Writes Grades, each with its entry in the history; threads may share it.

    Args:
        store: The Grades.
        history: The history of the same assignment.
        by: What writes, such as "autograder grade".
        courses: What decides a mark, by name, for each digest of the course that is known.
    """

    def __init__(
        self,
        store: GradeStore,
        history: History,
        by: str,
        courses: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._store = store
        self._history = history
        self._by = by
        self._courses = courses

    def write(self, grade: Grade, reason: str = "") -> None:
        """Write a Grade to disk, and enter first the one that it replaces, then itself.

        After a crash in between, `confirm` makes up for it.

        Args:
            grade: The Grade.
            reason: Why it was graded again, if a person said.

        Raises:
            OSError: If it cannot be written.
        """
        replaced = self._store.read(grade.student)
        if replaced is not None and replaced != grade:
            self._history.record_grade(replaced, by=FOUND)
        self._store.write(grade)
        self.confirm(grade, reason)

    def confirm(self, grade: Grade, reason: str = "") -> None:
        """Enter a Grade that is on disk, unless the history has it.

        Raises:
            OSError: If the history cannot be written.
        """
        course = self._courses.get(grade.course_sha256)
        self._history.record_grade(grade, by=self._by, reason=reason, course=course)
