"""Open nbgrader's database: create it, check its schema, explain its errors."""

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
from autograder.results import make_private

_RUN_AGAIN = "run the same command again; finished Grades are kept."
_ERRORS = {
    "is locked": ("is locked by another program", f"Let that program finish, then {_RUN_AGAIN}"),
    "unable to open": (
        "cannot be opened or created",
        f"Check that its folder exists and that you can write to it, then {_RUN_AGAIN}",
    ),
    "readonly": (
        "is read-only",
        f"Check that you can write to the file and its folder, then {_RUN_AGAIN}",
    ),
    "not a database": ("is not a database", "Move that file away, or name the right one."),
    "malformed": ("is damaged", "Restore it from a backup, or move it away to start over."),
    "disk is full": ("is on a full disk", f"Free some space, then {_RUN_AGAIN}"),
}
"""What SQLite reports, what it means, what to do."""
_PASSES = ("is locked", "disk is full", "disk I/O error", "could not connect", "starting up")
"""What databases report that may be over in a moment."""
_OTHER_ERROR = (
    "cannot be used",
    f"Check the address and that the database is running, then {_RUN_AGAIN}",
)


def database_url(database: Path | str) -> URL:
    """The SQLAlchemy URL of a gradebook.

    Args:
        database: Path of an SQLite file, or a URL as text.

    Returns:
        The URL; a path in it keeps every character.
    """
    if isinstance(database, str) and "://" in database:
        return make_url(database)
    return URL.create("sqlite", database=str(Path(database).absolute()))


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
        file = _file(url)
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


def lock(connection: Connection) -> None:
    """Block other writers until the transaction ends, so that what is read stays valid."""
    if connection.dialect.name == "sqlite":
        # Python's driver would begin the transaction only at the first write, after the reads.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def explained_errors(database: Path | str) -> Iterator[None]:
    """Turn the errors of the database's libraries into a GradebookError.

    Args:
        database: The gradebook as the person named it.

    Yields:
        Nothing; use the database inside.

    Raises:
        GradebookError: Says what is wrong with the gradebook, and what to do.
    """
    try:
        yield
    except (SQLAlchemyError, ImportError, api.InvalidEntry) as error:
        reason = str(getattr(error, "orig", None) or error).strip(" .\n")
        matches = (entry for phrase, entry in _ERRORS.items() if phrase in reason)
        problem, tip = next(matches, _OTHER_ERROR)
        raise GradebookError(
            f"The gradebook {_display_name(database)} {problem}: {reason}.",
            tip,
            passes=any(phrase in reason for phrase in _PASSES),
        ) from error


def _display_name(database: Path | str) -> str:
    """The gradebook's name for messages, without a password."""
    try:
        url = database_url(database)
    except SQLAlchemyError:
        return "address"
    file = _file(url)
    return url.render_as_string(hide_password=True) if file is None else str(file)


def _file(url: URL) -> Path | None:
    """The file of an SQLite database; None for any other."""
    is_file = url.get_backend_name() == "sqlite" and url.database and not url.query
    return Path(str(url.database)) if is_file else None


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
    for name, table in api.Base.metadata.tables.items():
        if missing := set(table.columns.keys()) - columns.get(name, set()):
            raise GradebookError(
                f"The gradebook {_display_name(database)} was made by an older nbgrader: its table "
                f'"{name}" lacks {", ".join(sorted(missing))}.',
                "Run `nbgrader db upgrade` in the course folder, which makes a backup; "
                f"then {_RUN_AGAIN}",
            )


def _create(connection: Connection, *, stamped: bool) -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow, and rarely needed

    api.Base.metadata.create_all(connection)
    if not stamped:
        head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
