"""Let `nbgrader export` write marks as CSV without a number where there is no mark.

In nbgrader_config.py:

    c.ExportApp.plugin_class = "autograder.drop_in.MarksAsCsv"

nbgrader's own CSV gives 0.0 to a submission that could not be graded and to a student who handed in
nothing, does not quote, and lets formulas through.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.plugins import ExportPlugin
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.course import FILE_NAME, load_course
from autograder.errors import AutograderError
from autograder.grading.grade_store import GradeStore, graded_assignments
from autograder.grading.late_work import update_late_work
from autograder.outputs import MarkStatus
from autograder.outputs.gradebook import (
    StoredNotebook,
    StoredSubmission,
    find_submissions,
    notebooks_of,
    own_columns,
    parts,
)
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
        session = gradebook.db()
        assignments, chosen = set(map(str, self.assignment)), set(map(str, self.student))
        students = [
            student
            for student in _all_rows(session, api.Student, "last_name", "first_name")
            if not chosen or student.id in chosen
        ]
        for assignment in _all_rows(session, api.Assignment, "duedate", "name"):
            if assignments and assignment.name not in assignments:
                continue
            without_mark = []
            notebooks = notebooks_of(session, assignment.id)
            points = math.fsum(notebook.max_score for notebook in notebooks)
            checks = frozenset(_checks(session, notebooks))
            for some in parts(students):
                submissions = _submissions(session, assignment.id, notebooks, some)
                for student in some:
                    submission = submissions.get(student.id)
                    status = self._status(assignment.name, student.id, submission, checks)
                    if status != MarkStatus.GRADED.value:
                        without_mark.append(f"{clean_line(student.id, 80)} ({status})")
                    yield _row(assignment, points, student, submission, status)
            if without_mark:
                self.log.warning("%s: no mark for %s", assignment.name, ", ".join(without_mark))

    def _status(
        self, assignment: str, student: str, submission: _Submission | None, checks: frozenset[str]
    ) -> str:
        if submission is None:
            return MarkStatus.MISSING.value
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        by_hand = {grade.name for grade in grades if grade.manual_score is not None}
        stored = self._stored_grade(assignment, student)
        if stored is not None and stored.outcome is Outcome.GRADER_ERROR:
            names = {verdict.name for verdict in stored.checks}
            if not names or not names <= by_hand:
                return MarkStatus.GRADER_ERROR.value
        unmarked = {
            grade.name
            for grade in grades
            if grade.auto_score is None and grade.manual_score is None and grade.max_score
        }
        if unmarked & checks:
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


@dataclasses.dataclass(frozen=True)
class _Submission:
    """A student's submission of an assignment.

    Attributes:
        submitted_at: When it was submitted, as nbgrader has it; None if that is not known.
        notebooks: Its notebooks.
    """

    submitted_at: datetime | None
    notebooks: tuple[StoredSubmission, ...]


def _all_rows(session: Session, kind: Any, *order: str) -> Sequence[Any]:
    """Rows of nbgrader's, in its order, without its sums, each of which reads other tables."""
    query = select(kind).options(own_columns(kind))
    return session.scalars(query.order_by(*(getattr(kind, name) for name in order))).all()


def _checks(session: Session, notebooks: Sequence[StoredNotebook]) -> Iterator[str]:
    """Names of the cells that a program marks; answers and tasks are for people."""
    for notebook in notebooks:
        answers, cells = api.SolutionCell, api.GradeCell
        solutions = select(answers.name).where(answers.notebook_id == notebook.id)
        names = select(cells.name).where(
            cells.notebook_id == notebook.id, cells.cell_type == "code"
        )
        yield from set(session.scalars(names)) - set(session.scalars(solutions))


def _submissions(
    session: Session,
    assignment_id: str,
    notebooks: Sequence[StoredNotebook],
    students: Sequence[Any],
) -> dict[str, _Submission]:
    """Submissions of a part of a class, by student."""
    ids = [student.id for student in students]
    submitted = api.SubmittedAssignment
    times = session.execute(
        select(submitted.student_id, submitted.timestamp).where(
            submitted.assignment_id == assignment_id, submitted.student_id.in_(ids)
        )
    ).all()
    found = [find_submissions(session, notebook, ids) for notebook in notebooks]
    return {
        student: _Submission(time, tuple(own[student] for own in found if student in own))
        for student, time in times
    }


def _row(
    assignment: Any, points: float, student: Any, submission: _Submission | None, status: str
) -> list[str]:
    details = (student.id, student.last_name, student.first_name, student.email)
    scores: tuple[object, ...] = _NO_SCORES
    if submission is not None and status == MarkStatus.GRADED.value:
        penalty = math.fsum(notebook.late_penalty for notebook in submission.notebooks)
        score = math.fsum(notebook.score for notebook in submission.notebooks)
        scores = (score, penalty, max(0.0, score - penalty))
    return [
        escape_formula(assignment.name),
        str(assignment.duedate or ""),
        str((submission and submission.submitted_at) or ""),
        *(escape_formula(text or "") for text in details),
        *map(str, scores),
        str(points),
        status,
    ]
