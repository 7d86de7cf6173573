"""A gradebook's address: the path of an SQLite file, or a URL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError


def database_url(database: Path | str) -> URL:
    """The SQLAlchemy URL of a gradebook.

    Args:
        database: Path of an SQLite file, or a URL as text.

    Returns:
        The URL; a path in it keeps every character.
    """
    if isinstance(database, str) and "://" in database:
        url = make_url(database)
        # SQLAlchemy 2.0 would load psycopg2, 2.1 loads psycopg.
        return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    return URL.create("sqlite", database=str(Path(database).absolute()))


def display_name(database: Path | str) -> str:
    """The gradebook's name for messages, without a password."""
    try:
        url = database_url(database)
    except SQLAlchemyError:
        return "address"
    file = file_of(url)
    return url.render_as_string(hide_password=True) if file is None else str(file)


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database; None for any other."""
    is_file = url.get_backend_name() == "sqlite" and url.database and not url.query
    return Path(str(url.database)) if is_file else None
