"""Rows of nbgrader's tables for a few submissions at once; they are added where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.outputs.gradebook.cells import Key
from autograder.outputs.gradebook.stored import by_key, own_columns


def submitted_notebooks(
    session: Session, notebook: Any, submitted_at: Mapping[str, datetime | None]
) -> dict[str, str]:
    """The id of each student's submitted notebook, whose row is added if there is none.

    Args:
        session: With an open transaction.
        notebook: nbgrader's row of the notebook.
        submitted_at: When each student submitted; None keeps the gradebook's time.
    """
    students = list(submitted_at)
    _get_or_add_each(session, api.Student, "id", students, {})
    assignments = _get_or_add_each(
        session,
        api.SubmittedAssignment,
        "student_id",
        students,
        {"assignment_id": notebook.assignment_id},
    )
    for student, moment in submitted_at.items():
        if moment is not None:
            assignments[student].timestamp = naive_utc(moment)
    ids = {student: assignments[student].id for student in students}
    notebooks = _get_or_add_each(
        session, api.SubmittedNotebook, "assignment_id", ids.values(), {"notebook_id": notebook.id}
    )
    return {student: notebooks[id_].id for student, id_ in ids.items()}


def _get_or_add_each(
    session: Session, kind: Any, column: str, values: Iterable[str], others: Mapping[str, Any]
) -> dict[str, Any]:
    """The row of each value of a column, added if there is none.

    Args:
        session: With an open transaction.
        kind: nbgrader's class of the rows.
        column: Together with `others` it names one row.
        values: What the column has in each row.
        others: What other columns have in all of them.
    """
    wanted = list(values)
    query = select(kind).filter_by(**others).where(getattr(kind, column).in_(wanted))
    existing = session.scalars(query.options(own_columns(kind)))
    rows = {getattr(row, column): row for row in existing}
    added = {value: kind(**{column: value}, **others) for value in wanted if value not in rows}
    session.add_all(added.values())
    session.flush()
    return rows | added


def get_or_add(
    session: Session, kind: Any, key: Mapping[str, Any], defaults: Mapping[str, Any]
) -> Any:
    """The row with these columns, added with the others too if there is none."""
    row = session.scalar(select(kind).options(own_columns(kind)).filter_by(**key))
    if row is None:
        row = kind(**key, **defaults)
        session.add(row)
        session.flush()
    return row


def rows_by_cell(
    session: Session,
    kind: Any,
    submissions: Sequence[str],
    cells: Mapping[Key, str],
    cell_kinds: Sequence[Any],
) -> dict[str, dict[str, Any]]:
    """The rows of one kind by the submission's id and the cell's name, added if there are none."""
    ids = {name: id_ for (cell_kind, name), id_ in cells.items() if cell_kind in cell_kinds}
    # PostgreSQL: a person who marks in formgrader waits until this transaction is written.
    query = by_key(select(kind), kind, ids.values(), submissions).with_for_update(of=kind)
    existing = {
        (row.notebook_id, row.cell_id): row
        for row in session.scalars(query.options(own_columns(kind)))
    }
    rows = {
        submission: {
            name: existing.get((submission, id_)) or kind(cell_id=id_, notebook_id=submission)
            for name, id_ in ids.items()
        }
        for submission in submissions
    }
    session.add_all(row for own in rows.values() for row in own.values())
    return rows


def naive_utc(moment: datetime) -> datetime:
    """A time as nbgrader stores it."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
