"""Opens nbgrader's database: creates it, checks its schema, explains what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nbgrader import api
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import GradebookError

_RUN_AGAIN = "run the same command again; finished Grades are kept."
_FAULTS = {
    "is locked": ("is locked by another program", f"Let that program finish and {_RUN_AGAIN}"),
    "unable to open": (
        "cannot be opened or created",
        f"Check that its folder exists and that you may write there, and {_RUN_AGAIN}",
    ),
    "readonly": (
        "may only be read",
        f"Check that you may write the file and its folder, and {_RUN_AGAIN}",
    ),
    "not a database": ("is no database", "Move that file away, or name the right one."),
    "malformed": ("is damaged", "Put its last good copy back, or move it away to begin anew."),
    "disk is full": ("has no room left on its disk", f"Make room and {_RUN_AGAIN}"),
}
"""What SQLite says, what that means, what to do."""
_OTHER_FAULT = (
    "cannot be used",
    f"Check the address, and that the database answers; {_RUN_AGAIN}",
)


def database_url(database: Path | str) -> URL:
    """The SQLAlchemy URL of a gradebook.

    Args:
        database: Path of an SQLite file, or a URL as text.

    Returns:
        The URL; of a path it holds every character as it stands.
    """
    if isinstance(database, str) and "://" in database:
        return make_url(database)
    return URL.create("sqlite", database=str(Path(database).absolute()))


def open_gradebook(database: Path | str, course_id: str) -> api.Gradebook:
    """Open nbgrader's gradebook, creating it where there is none.

    Args:
        database: Path of an SQLite file, or a URL as text.
        course_id: The course, as nbgrader knows it.

    Returns:
        nbgrader's Gradebook; the caller closes it.

    Raises:
        GradebookError: If it cannot be opened, or its schema is too old.
    """
    with explained(database):
        url = database_url(database)
        engine = create_engine(url)
        try:
            with engine.begin() as connection:
                lock(connection)
                _prepare(connection, database, course_id)
        finally:
            engine.dispose()
        return api.Gradebook(url, course_id)


def lock(connection: Connection) -> None:
    """Keep other writers out until the transaction ends, so that what is read stays true."""
    if connection.dialect.name == "sqlite":
        # Python's driver would begin only at the first write, after the reading.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def explained(database: Path | str) -> Iterator[None]:
    """Turn what the database layers raise into a GradebookError.

    Args:
        database: The gradebook as the person named it.

    Yields:
        Nothing; the database is used inside.

    Raises:
        GradebookError: Says what is wrong with this gradebook, and what to do.
    """
    try:
        yield
    except (SQLAlchemyError, ImportError, api.InvalidEntry) as error:
        reason = str(getattr(error, "orig", None) or error).strip(" .\n")
        found = (fault for sign, fault in _FAULTS.items() if sign in reason)
        what, tip = next(found, _OTHER_FAULT)
        raise GradebookError(f"The gradebook {_shown(database)} {what}: {reason}.", tip) from error


def _shown(database: Path | str) -> str:
    """The gradebook's name for a message, without a password."""
    try:
        url = database_url(database)
    except SQLAlchemyError:
        return "address"
    is_file = url.get_backend_name() == "sqlite" and url.database and not url.query
    return str(url.database) if is_file else url.render_as_string(hide_password=True)


def _prepare(connection: Connection, database: Path | str, course_id: str) -> None:
    """Create the schema, or check it, in the transaction that is open.

    nbgrader creates a database in several transactions and runs the `alembic` program in between,
    which a virtual environment that is not activated does not offer; so it finds it ready instead.
    """
    columns = {
        table: {column["name"] for column in found}
        for (_, table), found in inspect(connection).get_multi_columns().items()
    }
    tables = api.Base.metadata.tables
    if columns.keys() & tables.keys():
        _refuse_old_schema(columns, database)
    else:
        _create(connection, stamped="alembic_version" in columns)
    course = tables["course"]
    # The assignment's foreign key needs it; nbgrader itself leaves the course "" out.
    if not connection.scalar(course.select().where(course.c.id == course_id).exists().select()):
        connection.execute(course.insert().values(id=course_id))


def _refuse_old_schema(columns: Mapping[str, set[str]], database: Path | str) -> None:
    for name, table in api.Base.metadata.tables.items():
        if missing := set(table.columns.keys()) - columns.get(name, set()):
            raise GradebookError(
                f"The gradebook {_shown(database)} was made by an older nbgrader: its table "
                f'"{name}" lacks {", ".join(sorted(missing))}.',
                "Run `nbgrader db upgrade` in the course folder, which keeps a copy; "
                f"then {_RUN_AGAIN}",
            )


def _create(connection: Connection, *, stamped: bool) -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow, and seldom needed

    api.Base.metadata.create_all(connection)
    if not stamped:
        head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
