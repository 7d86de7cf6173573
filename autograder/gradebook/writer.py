"""Writes Grades into nbgrader's gradebook, one transaction a submission."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import Self

from autograder.course import Assignment
from autograder.errors import GradebookError
from autograder.gradebook.cells import Key, notebook_cells, save_cells
from autograder.gradebook.database import explained, lock, open_gradebook
from autograder.gradebook.review import find_review
from autograder.plain_text import clean
from autograder.results import Grade, Outcome, Review, Verdict

_COMMENT_WIDTH = 88
_AGAIN = "; the answer has changed since, so look again"
_GRADED = (api.GradeCell, api.TaskCell)
_COMMENTED = (api.SolutionCell, api.TaskCell)


class GradebookWriter:
    """Writes the Grades of one assignment into nbgrader's gradebook.

    Use it as a context manager. Each `record` is one transaction: after a crash the gradebook holds
    a submission's former marks or its new ones, never a mixture.

    Args:
        database: Path of an SQLite file, or a URL such as "postgresql://host/gradebook".
        assignment: The assignment, whose checks are nbgrader's grade cells.
        solution_cells: Ids of the notebook's solution cells, in the notebook's order.
        release: The release version as an nbformat-4 notebook. From it come the kernel and the
            cell sources that `nbgrader generate_assignment` stores. Without it nbgrader refuses to
            generate the assignment once a Grade is recorded, unless it did so before.
        course_id: The course, as in nbgrader_config.py.
    """

    def __init__(
        self,
        database: Path | str,
        assignment: Assignment,
        solution_cells: Sequence[str],
        *,
        release: Mapping[str, Any] | None = None,
        course_id: str = "",
    ) -> None:
        self._database = database
        self._assignment = assignment
        self._cells = notebook_cells(release, solution_cells, assignment)
        self._course_id = course_id
        self._gradebook: Any = None

    def __enter__(self) -> Self:
        self._gradebook = open_gradebook(self._database, self._course_id)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._gradebook.close()

    def record(
        self,
        grade: Grade,
        submitted_at: datetime | None = None,
        *,
        changed: Collection[str] = (),
    ) -> tuple[str, ...]:
        """Record one Grade; recording it again changes nothing.

        What a person entered stays: manual scores and comments, extra credit, the late penalty.
        Where the grader could make no mark, the former one stays and a manual one is asked for.

        Args:
            grade: The submission's Grade.
            submitted_at: When it was handed in; UTC if it has no time zone. None keeps the time
                that the gradebook has.
            changed: Solution cells whose answer is another than when the former Grade was recorded.

        Returns:
            A notice for each manual score that was kept, and whether it wants a second look.

        Raises:
            GradebookError: If the Grade does not fit the rubric, or the gradebook cannot be
                written. Nothing is recorded then.
        """
        _refuse_misfit(grade, self._assignment)
        said = _comments(grade, self._cells.answers)
        session: Session = self._gradebook.db()
        with explained(self._database), session.begin():
            lock(session.connection())
            notebook = self._notebook(session)
            cells = save_cells(session, notebook, self._cells, self._assignment)
            submission = _submission(session, notebook, grade.student, submitted_at)
            scores = _rows_by_cell(session, api.Grade, submission, cells, _GRADED)
            comments = _rows_by_cell(session, api.Comment, submission, cells, _COMMENTED)
            for name in self._cells.solution_cells:
                comments[name].auto_comment = said.get(name)
            _write_scores(grade, {name: scores[name] for name in self._assignment.checks})
            return _kept(scores, comments, changed)

    def review(self, student: str) -> Review | None:
        """What people added to a student's submission; None if none is recorded."""
        with explained(self._database):
            return find_review(self._gradebook.db(), self._assignment.name, student)

    def _notebook(self, session: Session) -> Any:
        """The row of the notebook, with its assignment up to date."""
        name, due = self._assignment.name, self._assignment.due
        assignment = _found_or_added(
            session, api.Assignment, {"name": name}, {"course_id": self._course_id}
        )
        # Without a due date in course.yml the one that a person gave nbgrader stays.
        if due is not None:
            assignment.duedate = _naive_utc(due)
        return _found_or_added(
            session,
            api.Notebook,
            {"name": name, "assignment_id": assignment.id},
            {"kernelspec": self._cells.kernelspec},
        )


def _refuse_misfit(grade: Grade, assignment: Assignment) -> None:
    """Keep a Grade out that was made for another assignment or by another rubric."""
    graded = {verdict.name: verdict.max_points for verdict in grade.checks}
    fits = grade.score is None or graded == dict(assignment.checks)
    if grade.assignment == assignment.name and fits:
        return
    wanted = ", ".join(f"{name} {points:g}" for name, points in assignment.checks.items())
    found = ", ".join(f"{name} {points:g}" for name, points in graded.items())
    raise GradebookError(
        f"{grade.student}/{grade.assignment}: this Grade does not fit {assignment.name}.\n"
        f"The rubric has {wanted}; the Grade has {found or 'no checks'}.",
        "Grade the submission again.",
    )


def _submission(
    session: Session, notebook: Any, student: str, submitted_at: datetime | None
) -> Any:
    """The row of the submitted notebook."""
    _found_or_added(session, api.Student, {"id": student}, {})
    submission = _found_or_added(
        session,
        api.SubmittedAssignment,
        {"assignment_id": notebook.assignment_id, "student_id": student},
        {},
    )
    if submitted_at is not None:
        submission.timestamp = _naive_utc(submitted_at)
    return _found_or_added(
        session,
        api.SubmittedNotebook,
        {"notebook_id": notebook.id, "assignment_id": submission.id},
        {},
    )


def _found_or_added(
    session: Session, kind: Any, key: Mapping[str, Any], others: Mapping[str, Any]
) -> Any:
    row = session.scalar(select(kind).filter_by(**key))
    if row is None:
        row = kind(**key, **others)
        session.add(row)
        session.flush()
    return row


def _rows_by_cell(
    session: Session,
    kind: Any,
    submission: Any,
    cells: Mapping[Key, str],
    cell_kinds: Sequence[Any],
) -> dict[str, Any]:
    """The submission's rows of one kind by the name of their cell, one for each cell."""
    known = {
        row.cell_id: row
        for row in session.scalars(select(kind).where(kind.notebook_id == submission.id))
    }
    rows = {}
    for (cell_kind, name), cell_id in cells.items():
        if cell_kind in cell_kinds:
            rows[name] = known.get(cell_id) or kind(cell_id=cell_id, notebook_id=submission.id)
    session.add_all(rows.values())
    return rows


def _write_scores(grade: Grade, rows: Mapping[str, Any]) -> None:
    """Set each check's automatic score."""
    marks = {
        verdict.name: verdict.points
        for verdict in grade.checks
        if grade.score is not None and verdict.outcome is not Outcome.GRADER_ERROR
    }
    for name, row in rows.items():
        if name not in marks:
            row.needs_manual_grade = True
        elif row.auto_score != marks[name]:
            row.auto_score = marks[name]
            # As in nbgrader: a manual score on another automatic one wants a second look.
            row.needs_manual_grade = row.manual_score is not None
        elif row.manual_score is None:
            row.needs_manual_grade = False


def _kept(
    scores: Mapping[str, Any], comments: Mapping[str, Any], changed: Collection[str]
) -> tuple[str, ...]:
    """Tell what people entered and stays; ask for a second look where the answer is another.

    A check looks at all answers, since it trains what they make together; a graded answer is its
    own.
    """
    notices = []
    for name, row in scores.items():
        if row.manual_score is None:
            continue
        again = name in changed if name in comments else bool(changed)
        row.needs_manual_grade = row.needs_manual_grade or again
        notices.append(f"kept the manual score {row.manual_score:g} for {name}{_AGAIN * again}")
    for name, row in comments.items():
        if row.manual_comment and name in changed:
            notices.append(f"kept the comment under {name}{_AGAIN}")
    return tuple(notices)


def _comments(grade: Grade, answers: Mapping[str, str]) -> dict[str, str]:
    """What to say under each solution cell: the checks of it that did not pass.

    nbgrader reads comments as Markdown, so each is an indented block, where nothing is markup.
    """
    said: dict[str, list[str]] = {}
    for verdict in grade.checks:
        if verdict.outcome is not Outcome.PASSED and verdict.name in answers:
            said.setdefault(answers[verdict.name], []).append(_comment(verdict))
    return {cell: "\n\n".join(comments) for cell, comments in said.items()}


def _comment(verdict: Verdict) -> str:
    lines = clean(f"{verdict.name}: {verdict.message}\n{verdict.hint}").rstrip().split("\n")
    wrapped = (textwrap.wrap(line, _COMMENT_WIDTH, break_long_words=False) for line in lines)
    return textwrap.indent("\n".join(part for parts in wrapped for part in parts), "    ")


def _naive_utc(moment: datetime) -> datetime:
    """As nbgrader stores it."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
