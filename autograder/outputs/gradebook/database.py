"""Open nbgrader's database: create it, check its schema, take turns in writing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nbgrader import api
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.orm import Session

from autograder.errors import GradebookError
from autograder.outputs.gradebook.address import database_url, display_name, file_of
from autograder.outputs.gradebook.explaining import (
    RUN_AGAIN,
    explained_errors,
    repeated_on_conflict,
)
from autograder.results import make_private

_LOCK = 7_242_015
"""Any number: the advisory lock that our writers take turns with."""
_LOCK_TIMEOUT = "20s"


@repeated_on_conflict
def open_gradebook(database: Path | str, course_id: str) -> api.Gradebook:
    """Open nbgrader's gradebook; create it if there is none.

    Args:
        database: Path of an SQLite file, or a URL as text.
        course_id: The course's id in nbgrader.

    Returns:
        nbgrader's Gradebook; the caller closes it.

    Raises:
        GradebookError: If it cannot be opened, or its schema is too old.
    """
    with explained_errors(database):
        url = database_url(database)
        file = file_of(url)
        is_new = file is not None and not file.exists()
        engine = create_engine(url)
        try:
            with engine.begin() as connection:
                lock(connection)
                _prepare(connection, database, course_id)
        finally:
            engine.dispose()
        if file is not None and is_new:
            make_private(file)
        return api.Gradebook(url, course_id)


@contextmanager
def writing(database: Path | str, course_id: str) -> Iterator[Session]:
    """One transaction in which none of our other writers writes.

    Args:
        database: Path of an SQLite file, or a URL as text; it is created if there is none.
        course_id: The course's id in nbgrader.

    Yields:
        A session, which is committed at the end.

    Raises:
        GradebookError: If the gradebook cannot be written. Nothing is written then.
    """
    with explained_errors(database), open_gradebook(database, course_id) as gradebook:
        session: Session = gradebook.db()
        with session.begin():
            lock(session.connection())
            yield session


def lock(connection: Connection) -> None:
    """Block our other writers until the transaction ends, so that what is read stays valid.

    On SQLite it blocks every writer. On PostgreSQL, nbgrader can write meanwhile: lock rows that
    it changes, and see `repeated_on_conflict`.
    """
    if connection.dialect.name == "sqlite":
        # Python's driver would begin the transaction only at the first write, after the reads.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _prepare(connection: Connection, database: Path | str, course_id: str) -> None:
    """Create the schema or check it, in the open transaction.

    nbgrader would create the database in several transactions and run the `alembic` program in
    between, which is not on the path unless the virtual environment is activated.
    """
    columns = {
        table: {column["name"] for column in table_columns}
        for (_, table), table_columns in inspect(connection).get_multi_columns().items()
    }
    tables = api.Base.metadata.tables
    if columns.keys() & tables.keys():
        _require_current_schema(columns, database)
    else:
        _create(connection, stamped="alembic_version" in columns)
    course = tables["course"]
    # The assignment's foreign key needs it; nbgrader itself does not create the course "".
    if not connection.scalar(course.select().where(course.c.id == course_id).exists().select()):
        connection.execute(course.insert().values(id=course_id))


def _require_current_schema(columns: Mapping[str, set[str]], database: Path | str) -> None:
    is_file = file_of(database_url(database)) is not None
    backup = "which makes a backup" if is_file else "after a backup with `pg_dump`"
    for name, table in api.Base.metadata.tables.items():
        if missing := set(table.columns.keys()) - columns.get(name, set()):
            raise GradebookError(
                f"The gradebook {display_name(database)} was made by an older nbgrader: its table "
                f'"{name}" lacks {", ".join(sorted(missing))}.',
                f"Run `nbgrader db upgrade` in the course folder, {backup}; then {RUN_AGAIN}",
            )


def _create(connection: Connection, *, stamped: bool) -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow, and rarely needed

    api.Base.metadata.create_all(connection)
    if not stamped:
        head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
