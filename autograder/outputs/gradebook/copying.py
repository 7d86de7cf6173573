"""Copy nbgrader's gradebook into one SQLite file, while others use it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from nbgrader import api
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.engine import URL

from autograder.outputs.gradebook.address import database_url
from autograder.outputs.gradebook.explaining import explained_errors

_ROWS_AT_ONCE = 1_000


def copy_gradebook(database: Path | str, target: Path) -> None:
    """Write a consistent copy of the gradebook; whoever writes meanwhile is in it whole or not.

    SQLite copies its own file by its online backup. From any other database, nbgrader's tables are
    read in one transaction.

    Args:
        database: As for `GradebookWriter`.
        target: An SQLite file, which does not exist.

    Raises:
        GradebookError: If the gradebook cannot be read.
    """
    with explained_errors(database):
        url = database_url(database)
        if url.get_backend_name() == "sqlite":
            _back_up(url, target)
        else:
            _copy_tables(url, target)


def _back_up(url: URL, target: Path) -> None:
    engine = create_engine(url)
    try:
        with engine.connect() as connection, closing(sqlite3.connect(target)) as copy:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101 - for the type checker
            source.backup(copy)
    finally:
        engine.dispose()


def _copy_tables(url: URL, target: Path) -> None:
    # Otherwise each table would be read as of another moment.
    engine = create_engine(url, isolation_level="REPEATABLE READ")
    copy = create_engine(URL.create("sqlite", database=str(target)))
    try:
        with engine.connect() as source, copy.begin() as connection:
            api.Base.metadata.create_all(connection)
            for table in api.Base.metadata.sorted_tables:
                rows = source.execute(select(table))
                while part := rows.fetchmany(_ROWS_AT_ONCE):
                    connection.execute(table.insert(), [dict(row._mapping) for row in part])  # noqa: SLF001 - SQLAlchemy's public name
            _copy_version(source, connection)
    finally:
        engine.dispose()
        copy.dispose()


def _copy_version(source: Connection, target: Connection) -> None:
    """Copy the version of the schema, which nbgrader reads before an upgrade."""
    head = source.scalar(text("SELECT version_num FROM alembic_version"))
    target.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    target.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
