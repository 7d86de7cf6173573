"""Let `nbgrader export` write marks as CSV without a number where there is no mark.

In nbgrader_config.py:

    c.ExportApp.plugin_class = "autograder.drop_in.MarksAsCsv"

nbgrader's own CSV gives 0.0 to a submission that could not be graded and to a student who handed in
nothing, does not quote, and lets formulas through.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.plugins import ExportPlugin

from autograder.course import FILE_NAME, load_course
from autograder.errors import AutograderError
from autograder.grading.grade_store import GradeStore, graded_assignments
from autograder.grading.late_work import update_late_work
from autograder.outputs import MarkStatus
from autograder.results import Grade, Outcome, clean_line, escape_formula, write_atomically

_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status"),
)
"""nbgrader's columns, and why there is no score."""
_NO_SCORES = ("", "", "")
_DEFAULT_FILE = "grades.csv"


class MarksAsCsv(ExportPlugin):  # type: ignore[misc] # nbgrader is not typed
    """Writes a line for each assignment and student: a mark, or a blank with its status.

    The status is `graded`; or `missing`, if nothing was handed in; `grader_error`, if the grader
    failed; `not_graded`, if a check has no score; `needs_manual_grade`, if a person has not marked
    an answer yet.
    """

    def export(self, gradebook: Any) -> None:
        """Write the file that `--to` names; default: grades.csv.

        Args:
            gradebook: nbgrader's Gradebook.
        """
        self._update_late_penalties()
        path = Path(self.to or _DEFAULT_FILE)
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        writer.writerows(self._rows(gradebook))
        write_atomically(path, text.getvalue().encode(), private=True)
        self.log.info("Exported marks to %s", path)

    def _update_late_penalties(self) -> None:
        """Compute late penalties anew, so that no outdated one is exported."""
        root = self._root()
        if root is None or not (root / FILE_NAME).exists():
            return
        try:
            course = load_course(root)
            update_late_work(course, graded_assignments(course), self.log.info)
        except AutograderError as error:
            self.log.warning("Late penalties may be outdated: %s %s", error.message, error.tip)

    def _rows(self, gradebook: Any) -> Iterator[list[str]]:
        assignments, students = set(map(str, self.assignment)), set(map(str, self.student))
        for assignment in gradebook.assignments:
            if assignments and assignment.name not in assignments:
                continue
            rows = gradebook.assignment_submissions(assignment.name)
            submissions = {row.student_id: row for row in rows}
            without_mark = []
            for student in gradebook.students:
                if students and student.id not in students:
                    continue
                submission = submissions.get(student.id)
                status = self._status(assignment.name, student.id, submission)
                if status != MarkStatus.GRADED.value:
                    without_mark.append(f"{clean_line(student.id, 80)} ({status})")
                yield _row(assignment, student, submission, status)
            if without_mark:
                self.log.warning("%s: no mark for %s", assignment.name, ", ".join(without_mark))

    def _status(self, assignment: str, student: str, submission: Any) -> str:
        if submission is None:
            return MarkStatus.MISSING.value
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        by_hand = {grade.name for grade in grades if grade.manual_score is not None}
        stored = self._stored_grade(assignment, student)
        if stored is not None and stored.outcome is Outcome.GRADER_ERROR:
            checks = {verdict.name for verdict in stored.checks}
            if not checks or not checks <= by_hand:
                return MarkStatus.GRADER_ERROR.value
        unmarked = [
            grade
            for grade in grades
            if grade.auto_score is None and grade.manual_score is None and grade.max_score
        ]
        if any(map(_is_check, unmarked)):
            return MarkStatus.NOT_GRADED.value
        return "needs_manual_grade" if unmarked else MarkStatus.GRADED.value

    def _stored_grade(self, assignment: str, student: str) -> Grade | None:
        """The newest Grade, if this grader made one: the gradebook has no room for its outcome."""
        root = self._root()
        return None if root is None else GradeStore(root / "grades" / assignment).read(student)

    def _root(self) -> Path | None:
        """The course folder; None outside nbgrader's own program."""
        coursedir = getattr(self.parent, "coursedir", None)
        return None if coursedir is None else Path(coursedir.root)


def _is_check(grade: Any) -> bool:
    """Whether a program marks a cell; answers and tasks are for people."""
    answers = {cell.name for cell in grade.notebook.notebook.solution_cells}
    is_task = isinstance(grade.cell, api.TaskCell)
    return not is_task and grade.cell_type == "code" and grade.name not in answers


def _row(assignment: Any, student: Any, submission: Any, status: str) -> list[str]:
    details = (student.id, student.last_name, student.first_name, student.email)
    scores: tuple[object, ...] = _NO_SCORES
    if status == MarkStatus.GRADED.value:
        penalty = float(submission.late_submission_penalty or 0)
        score = float(submission.score)
        scores = (score, penalty, max(0.0, score - penalty))
    return [
        escape_formula(assignment.name),
        str(assignment.duedate or ""),
        str((submission and submission.timestamp) or ""),
        *(escape_formula(text or "") for text in details),
        *map(str, scores),
        str(assignment.max_score),
        status,
    ]
