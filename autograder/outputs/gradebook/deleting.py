"""Delete everything about one student from nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import Connection, Select, Table, create_engine, func, select

from autograder.outputs.gradebook.address import database_url
from autograder.outputs.gradebook.database import lock
from autograder.outputs.gradebook.explaining import explained_errors

_TABLES = ("comment", "grade", "submitted_notebook", "submitted_assignment", "student")
"""The tables with rows about a student, those that refer to others first."""
_CLEANUP = tuple(f"VACUUM {name}" for name in _TABLES)
_SQLITE_CLEANUP = ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")


def count_rows(database: Path | str, student: str) -> dict[str, int]:
    """How many rows each table has about a student, without those that have none.

    Args:
        database: As for `GradebookWriter`; it exists.
        student: The student's id.

    Raises:
        GradebookError: If the gradebook cannot be read.
    """
    with explained_errors(database):
        engine = create_engine(database_url(database))
        try:
            with engine.connect() as connection:
                return _count(connection, student)
        finally:
            engine.dispose()


def delete_student(database: Path | str, student: str) -> None:
    """Delete a student with all submissions, marks and comments, in one transaction.

    What was deleted is overwritten in an SQLite file. Backups, and PostgreSQL's log, are not.

    Args:
        database: As for `GradebookWriter`; it exists.
        student: The student's id.

    Raises:
        GradebookError: If the gradebook cannot be written.
    """
    with explained_errors(database):
        engine = create_engine(database_url(database))
        is_sqlite = engine.dialect.name == "sqlite"
        try:
            with engine.connect() as connection:
                if is_sqlite:
                    connection.exec_driver_sql("PRAGMA secure_delete = ON")
                    connection.rollback()
                with connection.begin():
                    lock(connection)
                    for name in _TABLES:
                        table = _table(name)
                        key = table.c.id
                        connection.execute(table.delete().where(key.in_(_ids(name, student))))
            # Pages that earlier changes freed may have older versions of the rows.
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for command in _SQLITE_CLEANUP if is_sqlite else _CLEANUP:
                    connection.exec_driver_sql(command)
        finally:
            engine.dispose()


def _count(connection: Connection, student: str) -> dict[str, int]:
    counts = {
        name: connection.scalar(
            select(func.count())
            .select_from(_table(name))
            .where(_table(name).c.id.in_(_ids(name, student)))
        )
        for name in reversed(_TABLES)
    }
    return {name: count for name, count in counts.items() if count}


def _ids(name: str, student: str) -> Select[Any]:
    """The query of the keys of a table's rows about a student."""
    assignments, notebooks = _table("submitted_assignment"), _table("submitted_notebook")
    own_assignments = select(assignments.c.id).where(assignments.c.student_id == student)
    own_notebooks = select(notebooks.c.id).where(notebooks.c.assignment_id.in_(own_assignments))
    table = _table(name)
    queries = {
        "student": select(table.c.id).where(table.c.id == student),
        "submitted_assignment": own_assignments,
        "submitted_notebook": own_notebooks,
    }
    if name in queries:
        return queries[name]
    return select(table.c.id).where(table.c.notebook_id.in_(own_notebooks))


def _table(name: str) -> Table:
    table: Table = api.Base.metadata.tables[name]
    return table
