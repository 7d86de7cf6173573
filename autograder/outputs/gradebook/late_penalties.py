"""Late penalties in nbgrader's gradebook: computed anew each time, so that none is outdated."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.course import Course, extended_due_dates
from autograder.lateness import LatePenalty, LateSubmission, late_penalties
from autograder.outputs.gradebook.database import lock, open_gradebook
from autograder.outputs.gradebook.explaining import explained_errors, repeated_on_conflict
from autograder.outputs.gradebook.late_plugin import NbgraderPlugin, nbgrader_plugin
from autograder.outputs.gradebook.stored import (
    StoredNotebook,
    find_grades,
    find_notebooks,
    own_columns,
    parts,
)

Key = tuple[str, str]
"""A student and an assignment."""


@dataclasses.dataclass(frozen=True)
class PenaltyChange:
    """A penalty that changed.

    Attributes:
        before: Points off before.
        after: Points off now.
        score: Points after the penalty, as nbgrader adds them up.
    """

    before: float
    after: float
    score: float


@dataclasses.dataclass(frozen=True)
class PenaltyUpdate:
    """What became of the late penalties.

    Attributes:
        penalties: What late submissions cost by the course's policy; without a plugin of nbgrader's
            all late ones, also those that cost nothing.
        changes: The penalties that changed; in a dry run, that would.
        without_time: Submissions of which nobody knows when they were handed in, although lateness
            costs something there.
        plugin: The late-submission plugin of nbgrader's that decided in place of the policy, or "".
    """

    penalties: Mapping[Key, LatePenalty]
    changes: Mapping[Key, PenaltyChange]
    without_time: tuple[Key, ...] = ()
    plugin: str = ""


@dataclasses.dataclass(frozen=True)
class _Row:
    """One submission in the gradebook."""

    id: str
    student: str
    assignment: str
    submitted_at: datetime | None
    extension: timedelta | None
    due: datetime | None
    earned: float
    max_score: float
    penalty: float | None

    @property
    def key(self) -> Key:
        return self.student, self.assignment

    def change_to(self, points: float) -> PenaltyChange:
        return PenaltyChange(self.penalty or 0.0, points, max(0.0, self.earned - points))


class PenaltyWriter:
    """Keeps the late penalties of a course's gradebook up to date.

    Args:
        course: The course, for its policy, due dates and extensions.
        database: The gradebook, as for `GradebookWriter`.

    Raises:
        GradebookError: If nbgrader's settings cannot be read, which may name a plugin.
    """

    def __init__(self, course: Course, database: Path | str) -> None:
        self._course = course
        self._database = database
        self._plugin = nbgrader_plugin(course.root)

    def update(
        self,
        session: Session,
        students: Collection[str] = (),
        assignment: str | None = None,
        *,
        dry_run: bool = False,
    ) -> PenaltyUpdate:
        """Compute the penalties, and write those that differ.

        A penalty depends on the other assignments too, because of the slack days, so all of a
        student's are computed.

        Args:
            session: The gradebook's, without an open transaction.
            students: Whose; default: everybody's.
            assignment: The one whose penalties are written; default: all.
            dry_run: Write nothing; a plugin of nbgrader's, which only writes, is not asked then.
        """
        if self._plugin is not None and dry_run:
            return PenaltyUpdate({}, {}, plugin=self._plugin.name)
        if self._plugin is not None:
            return self._update_by_plugin(session, self._plugin, students, assignment)
        with session.begin():
            due_dates = _outdated_due_dates(session, self._course)
            update, outdated = self._compare(session, students, assignment)
        if dry_run or not (due_dates or outdated):  # nothing is locked then, or has to be writable
            return update
        with session.begin():
            lock(session.connection())
            write_due_dates(session, self._course)
            update, outdated = self._compare(session, students, assignment)
            for row_id, points in outdated.items():
                _set_penalty(session, row_id, points)
        return update

    def _compare(
        self, session: Session, students: Collection[str], assignment: str | None
    ) -> tuple[PenaltyUpdate, dict[str, float]]:
        """The penalties as they must be, and those that differ, by the id of the row."""
        rows = _read(session, self._course, students)
        penalties = _penalties(rows, self._course)
        points = {key: penalty.points for key, penalty in penalties.items()}
        outdated = [
            row
            for row in rows
            if assignment in (None, row.assignment)
            if (row.penalty or 0.0) != points.get(row.key, 0.0)
        ]
        update = PenaltyUpdate(
            penalties,
            {row.key: row.change_to(points.get(row.key, 0.0)) for row in outdated},
            tuple(_without_time(rows, self._course)),
        )
        return update, {row.id: points.get(row.key, 0.0) for row in outdated}

    def _update_by_plugin(
        self,
        session: Session,
        plugin: NbgraderPlugin,
        students: Collection[str],
        assignment: str | None,
    ) -> PenaltyUpdate:
        with session.begin():
            lock(session.connection())
            write_due_dates(session, self._course)
            before = {row.key: row for row in _read(session, self._course, students)}
        for row in before.values():
            if assignment not in (None, row.assignment):
                continue
            if _is_late_for_nbgrader(row) or row.penalty is not None:
                plugin.assign(self._database, row.student, row.assignment)
        with session.begin():
            after = _read(session, self._course, students)
        changes = {
            row.key: before[row.key].change_to(row.penalty or 0.0)
            for row in after
            if (before[row.key].penalty or 0.0) != (row.penalty or 0.0)
        }
        return PenaltyUpdate({}, changes, plugin=plugin.name)


@repeated_on_conflict
def update_late_penalties(
    course: Course, database: Path | str, course_id: str = "", *, dry_run: bool = False
) -> PenaltyUpdate:
    """Bring the late penalties in the gradebook up to date.

    They follow the policy, due dates, extensions and marks as they are now.

    Args:
        course: The course.
        database: As for `GradebookWriter`.
        course_id: As for `GradebookWriter`.
        dry_run: Write nothing.

    Raises:
        GradebookError: If the gradebook cannot be read or written.
    """
    writer = PenaltyWriter(course, database)
    with explained_errors(database), open_gradebook(database, course_id) as gradebook:
        return writer.update(gradebook.db(), dry_run=dry_run)


def student_penalty(
    session: Session, course: Course, student: str, assignment: str
) -> LatePenalty | None:
    """The penalty of one submission, from an open transaction; None if it is on time."""
    return _penalties(_read(session, course, [student]), course).get((student, assignment))


def write_due_dates(session: Session, course: Course) -> None:
    """Write the course's due dates to the gradebook, in the open transaction."""
    for assignment, due in _outdated_due_dates(session, course):
        assignment.duedate = due


def _penalties(rows: Iterable[_Row], course: Course) -> dict[Key, LatePenalty]:
    by_student: dict[str, list[LateSubmission]] = {}
    order = list(course.assignments)
    for row in sorted(rows, key=lambda row: order.index(row.assignment)):
        by_student.setdefault(row.student, []).append(_late_submission(row, course))
    return {
        (student, name): penalty
        for student, submissions in by_student.items()
        for name, penalty in late_penalties(
            submissions, course.late.slack_days, course.zone
        ).items()
    }


def _late_submission(row: _Row, course: Course) -> LateSubmission:
    extended = extended_due_dates(
        course.extensions, row.student, row.assignment, row.due, course.zone
    )
    if row.due is not None and row.extension is not None:
        extended += (row.due + row.extension,)
    return LateSubmission(
        assignment=row.assignment,
        earned=row.earned,
        max_score=row.max_score,
        submitted_at=row.submitted_at,
        due=row.due,
        extended_due=extended,
        rules=course.late_rules(course.assignment(row.assignment)),
    )


def _is_late_for_nbgrader(row: _Row) -> bool:
    """Whether nbgrader, which knows only its own extensions, asks its plugin for a penalty."""
    if row.due is None or row.submitted_at is None:
        return False
    return row.submitted_at > row.due + (row.extension or timedelta())


def _without_time(rows: Iterable[_Row], course: Course) -> Iterable[Key]:
    for row in rows:
        rules = course.late_rules(course.assignment(row.assignment))
        costs = rules.percent or rules.close_after_days is not None
        if costs and row.due is not None and row.submitted_at is None:
            yield row.key


def _outdated_due_dates(session: Session, course: Course) -> list[tuple[Any, datetime]]:
    """Assignments whose due date is not the one in course.yml, with that one as nbgrader has it."""
    query = select(api.Assignment).options(own_columns(api.Assignment))
    rows = session.scalars(query).all()
    outdated = []
    for row in rows:
        known = course.assignments.get(row.name)
        if known is None or known.due is None:
            continue
        due = known.due.astimezone(timezone.utc).replace(tzinfo=None)
        if row.duedate != due:
            outdated.append((row, due))
    return outdated


def _read(session: Session, course: Course, students: Collection[str]) -> list[_Row]:
    """The rows of submissions, with points where lateness may cost some."""
    notebooks = find_notebooks(session, course.assignments)
    rows = [
        row
        for part in (parts(students) if students else [None])
        for row in _read_times(session, course, notebooks, part)
    ]
    late = [row for row in rows if row.penalty is not None or _may_be_late(row, course)]
    earned: dict[str, float] = {}
    for some in parts(row.id for row in late):
        grades = find_grades(session, notebooks.values(), some)
        earned |= {id_: math.fsum(grade.score for grade in own) for id_, own in grades.items()}
    return [dataclasses.replace(row, earned=earned.get(row.id, 0.0)) for row in rows]


def _read_times(
    session: Session,
    course: Course,
    notebooks: Mapping[str, StoredNotebook],
    students: Collection[str] | None,
) -> Iterator[_Row]:
    """The rows of submissions, sorted by student, without points."""
    by_id = {notebook.id: (name, notebook) for name, notebook in notebooks.items()}
    notebook, submitted = api.SubmittedNotebook, api.SubmittedAssignment
    query = (
        select(
            notebook.id,
            notebook.notebook_id,
            submitted.student_id,
            submitted.timestamp,
            submitted.extension,
            api.Assignment.duedate,
            notebook.late_submission_penalty,
        )
        .join(submitted, notebook.assignment_id == submitted.id)
        .join(api.Assignment, submitted.assignment_id == api.Assignment.id)
        .where(notebook.notebook_id.in_(list(by_id)))
        .where(submitted.assignment_id.in_([own.assignment_id for own in notebooks.values()]))
        .order_by(submitted.student_id)
    )
    if students is not None:
        query = query.where(submitted.student_id.in_(list(students)))
    for id_, of, student, submitted_at, extension, due, penalty in session.execute(query):
        name, stored = by_id[of]
        known = course.assignments[name].due
        yield _Row(
            id=id_,
            student=student,
            assignment=name,
            submitted_at=_in_utc(submitted_at),
            extension=extension,
            # The course's own date, whose zone the report shows.
            due=_in_utc(due) if known is None else known,
            earned=0.0,
            max_score=stored.max_score,
            penalty=None if penalty is None else float(penalty),
        )


def _may_be_late(row: _Row, course: Course) -> bool:
    """Whether a submission came after any due date that may count for it."""
    late = _late_submission(row, course)
    due = [moment for moment in (late.due, *late.extended_due) if moment is not None]
    return late.submitted_at is not None and any(late.submitted_at > moment for moment in due)


def _set_penalty(session: Session, row_id: str, points: float) -> None:
    notebook = session.get_one(api.SubmittedNotebook, row_id)
    # As nbgrader has it: nothing, and not 0, where there is no penalty.
    notebook.late_submission_penalty = points or None


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=timezone.utc)
