"""Write Grades to nbgrader's gradebook, a few submissions in one transaction."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy.orm import Session
from typing_extensions import Self

from autograder.course import Assignment
from autograder.errors import GradebookError
from autograder.feedback import title_of, told_once, words_for_student
from autograder.outputs.gradebook.cells import notebook_cells, save_cells
from autograder.outputs.gradebook.database import lock, open_gradebook
from autograder.outputs.gradebook.explaining import explained_errors, repeated_on_conflict
from autograder.outputs.gradebook.late_penalties import PenaltyUpdate, PenaltyWriter
from autograder.outputs.gradebook.review import find_automatic_scores, find_reviews
from autograder.outputs.gradebook.rows import (
    get_or_add,
    naive_utc,
    rows_by_cell,
    submitted_notebooks,
)
from autograder.results import Grade, Outcome, Review, Verdict, clean
from autograder.submissions import Notebook

_COMMENT_WIDTH = 88
_LOOK_AGAIN = "; the answer has changed since, so look again"
_GRADED = (api.GradeCell, api.TaskCell)
_COMMENTED = (api.SolutionCell, api.TaskCell)


@dataclasses.dataclass(frozen=True)
class Attempt:
    """A graded attempt, as the gradebook stores it.

    Attributes:
        grade: Its Grade.
        submitted_at: When it was submitted, in UTC if it has no time zone. None keeps the
            gradebook's time.
        changed: Solution cells whose answer differs from that of the previous Grade.
        answered: Solution cells that are not as released.
    """

    grade: Grade
    submitted_at: datetime | None = None
    changed: Collection[str] = ()
    answered: Collection[str] = ()


class GradebookWriter:
    """Writes the Grades of one assignment to nbgrader's gradebook; a context manager.

    Each `record` and each `record_all` is one transaction: after a crash the gradebook has either a
    submission's old marks or its new ones, never a mixture.

    Args:
        database: Path of an SQLite file, or a URL such as "postgresql+psycopg://host/gradebook".
        assignment: The assignment, whose checks are nbgrader's grade cells.
        solution_cells: Ids of the notebook's solution cells, in the notebook's order.
        release: The release version as an nbformat-4 notebook, with the kernel and the cell
            sources that `nbgrader generate_assignment` stores. Without it, nbgrader cannot generate
            the assignment after a Grade is recorded, unless it did so before.
        course_id: The course, as in nbgrader_config.py.
    """

    def __init__(
        self,
        database: Path | str,
        assignment: Assignment,
        solution_cells: Sequence[str],
        *,
        release: Notebook | None = None,
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
        answered: Collection[str] = (),
    ) -> tuple[str, ...]:
        """Record one Grade, as `record_all` does."""
        return self.record_all([Attempt(grade, submitted_at, changed, answered)])[0]

    @repeated_on_conflict
    def record_all(self, attempts: Sequence[Attempt]) -> list[tuple[str, ...]]:
        """Record a few Grades at once; recording them again changes nothing.

        What a person entered stays: manual scores and comments, extra credit. The late penalty is
        left to `update_late_penalties`.
        Where there is no mark, the automatic scores are removed, and nbgrader asks for manual ones.

        Args:
            attempts: One for each student.

        Returns:
            Notices of each: that the attempt before had points, where this one has no mark; each
            manual score that was kept, and whether a person should look again.

        Raises:
            GradebookError: If a Grade does not fit the rubric, or the gradebook cannot be written.
                Nothing is recorded then.
        """
        for attempt in attempts:
            _require_same_rubric(attempt.grade, self._assignment)
        session: Session = self._gradebook.db()
        with explained_errors(self._database), session.begin():
            lock(session.connection())
            notebook = self._notebook(session)
            cells = save_cells(session, notebook, self._cells, self._assignment)
            times = {attempt.grade.student: attempt.submitted_at for attempt in attempts}
            submissions = submitted_notebooks(session, notebook, times)
            ids = [submissions[attempt.grade.student] for attempt in attempts]
            scores = rows_by_cell(session, api.Grade, ids, cells, _GRADED)
            comments = rows_by_cell(session, api.Comment, ids, cells, _COMMENTED)
            return [
                self._write(attempt, scores[id_], comments[id_])
                for attempt, id_ in zip(attempts, ids, strict=True)
            ]

    def _write(
        self, attempt: Attempt, scores: Mapping[str, Any], comments: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Set the rows of one submission; returns its notices."""
        grade = attempt.grade
        auto_comments = _comments(grade, self._cells.answers)
        for name in self._cells.solution_cells:
            comments[name].auto_comment = auto_comments.get(name)
        checks = {name: scores[name] for name in self._assignment.checks}
        removed = _write_scores(_marks(grade), checks)
        for name in self._cells.written:
            _leave_to_a_person(scores[name], answered=name in attempt.answered)
        if grade.flags:
            _ask_for_a_look(checks)
        return removed + _keep_manual_entries(scores, comments, attempt.changed)

    def holds(self, grade: Grade) -> bool:
        """Whether the gradebook has the automatic scores of a Grade, and no others."""
        return bool(self.held([grade]))

    def held(self, grades: Sequence[Grade]) -> frozenset[str]:
        """Students of whose Grades the gradebook has the automatic scores, and no others."""
        students = [grade.student for grade in grades]
        with explained_errors(self._database):
            session = self._gradebook.db()
            recorded = find_automatic_scores(session, self._assignment.name, students)
        return frozenset(
            grade.student
            for grade in grades
            if self._has_marks(recorded[grade.student], _marks(grade))
        )

    def _has_marks(self, recorded: Mapping[str, float], marks: Mapping[str, float]) -> bool:
        return all(recorded.get(name) == marks.get(name) for name in self._assignment.checks)

    def reviews(self, students: Sequence[str]) -> dict[str, Review | None]:
        """What people added to each student's submission; None if none is recorded."""
        with explained_errors(self._database):
            return find_reviews(self._gradebook.db(), self._assignment.name, students)

    @repeated_on_conflict
    def update_late_penalties(
        self, penalties: PenaltyWriter, students: Sequence[str]
    ) -> PenaltyUpdate:
        """Bring students' penalties up to date; those of other assignments are only computed."""
        with explained_errors(self._database):
            return penalties.update(self._gradebook.db(), students, self._assignment.name)

    def _notebook(self, session: Session) -> Any:
        """The row of the notebook, with its assignment up to date."""
        name, due = self._assignment.name, self._assignment.due
        assignment = get_or_add(
            session, api.Assignment, {"name": name}, {"course_id": self._course_id}
        )
        # Before, it was recorded without a course.
        assignment.course_id = assignment.course_id or self._course_id
        # Without a due date in course.yml, nbgrader's own due date stays.
        if due is not None:
            assignment.duedate = naive_utc(due)
        return get_or_add(
            session,
            api.Notebook,
            {"name": name, "assignment_id": assignment.id},
            {"kernelspec": self._cells.kernelspec},
        )


def _require_same_rubric(grade: Grade, assignment: Assignment) -> None:
    """Raise on a Grade of another assignment or another rubric."""
    graded = {verdict.name: verdict.max_points for verdict in grade.checks}
    is_same = grade.score is None or graded == dict(assignment.checks)
    if grade.assignment == assignment.name and is_same:
        return
    expected = ", ".join(f"{name} {points:g}" for name, points in assignment.checks.items())
    actual = ", ".join(f"{name} {points:g}" for name, points in graded.items())
    raise GradebookError(
        f"{grade.student}/{grade.assignment}: this Grade does not fit {assignment.name}.\n"
        f"The rubric has {expected}; the Grade has {actual or 'no checks'}.",
        "Grade the submission again.",
    )


def _write_scores(marks: Mapping[str, float], rows: Mapping[str, Any]) -> tuple[str, ...]:
    """Set each check's automatic score, or remove it: an old one is not this submission's.

    Args:
        marks: The automatic score of each check that has one.
        rows: nbgrader's rows, by the check's name.

    Returns:
        A notice if points of an earlier attempt were removed.
    """
    before = {name: row.auto_score for name, row in rows.items()}
    for name, row in rows.items():
        if row.auto_score != marks.get(name):
            row.auto_score = marks.get(name)
            # As in nbgrader: a manual score on top of a new automatic one needs a second look.
            row.needs_manual_grade = name not in marks or row.manual_score is not None
        elif row.manual_score is None:
            row.needs_manual_grade = name not in marks
    removed = [before[name] for name in rows if name not in marks and before[name] is not None]
    notice = (
        f"could not be graded, so it has no mark; the {sum(removed):g} points of the attempt "
        "before do not count for it"
    )
    return (notice,) if removed else ()


def remove_scores(rows: Mapping[str, Any]) -> tuple[str, ...]:
    """Remove automatic scores, which belong to an attempt before; ask for manual ones.

    Args:
        rows: nbgrader's rows of one submission, by the name of the cell.

    Returns:
        A notice if there were points.
    """
    return _write_scores({}, rows)


def _marks(grade: Grade) -> dict[str, float]:
    """The automatic score of each check that has one."""
    return {
        verdict.name: verdict.points
        for verdict in grade.checks
        if grade.score is not None and verdict.outcome is not Outcome.GRADER_ERROR
    }


def _leave_to_a_person(row: Any, *, answered: bool) -> None:
    """As nbgrader does: an answer in words waits for a person, and a missing one is 0 points."""
    row.auto_score = None if answered else 0.0
    row.needs_manual_grade = answered and row.manual_score is None


def _ask_for_a_look(rows: Mapping[str, Any]) -> None:
    """Let nbgrader ask for a manual grade of the first check, unless a person has given one."""
    if all(row.manual_score is None for row in rows.values()):
        next(iter(rows.values())).needs_manual_grade = True


def _keep_manual_entries(
    scores: Mapping[str, Any], comments: Mapping[str, Any], changed: Collection[str]
) -> tuple[str, ...]:
    """Report manual entries, which stay; flag those whose answer has changed.

    A check depends on all answers, because they train one model; a graded answer only on itself.
    """
    notices = []
    for name, row in scores.items():
        if row.manual_score is None:
            continue
        is_changed = name in changed if name in comments else bool(changed)
        row.needs_manual_grade = row.needs_manual_grade or is_changed
        suffix = _LOOK_AGAIN if is_changed else ""
        notices.append(f"kept the manual score {row.manual_score:g} for {name}{suffix}")
    for name, row in comments.items():
        if row.manual_comment and name in changed:
            notices.append(f"kept the comment under {name}{_LOOK_AGAIN}")
    return tuple(notices)


def _comments(grade: Grade, answers: Mapping[str, str]) -> dict[str, str]:
    """The comment on each solution cell: the checks about it that did not pass.

    nbgrader reads comments as Markdown, so each check is an indented block, which has no markup.
    """
    by_cell: dict[str, list[str]] = {}
    cells = set(answers.values())
    for verdict in told_once(grade.checks):
        if verdict.outcome is not Outcome.PASSED and verdict.name in answers:
            cell = verdict.about if verdict.about in cells else answers[verdict.name]
            by_cell.setdefault(cell, []).append(_comment(verdict))
    return {cell: "\n\n".join(comments) for cell, comments in by_cell.items()}


def _comment(verdict: Verdict) -> str:
    message, hint = words_for_student(verdict)
    lines = clean(f"{title_of(verdict)}: {message}\n{hint}").rstrip().split("\n")
    wrapped = (textwrap.wrap(line, _COMMENT_WIDTH, break_long_words=False) for line in lines)
    return textwrap.indent("\n".join(part for parts in wrapped for part in parts), "    ")
