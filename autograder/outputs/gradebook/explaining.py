"""What is wrong with a gradebook in words, and whether it passes."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from nbgrader import api
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from typing_extensions import ParamSpec

from autograder.errors import GradebookError
from autograder.outputs.gradebook.address import display_name

RUN_AGAIN = "run the same command again; finished Grades are kept."
_ERRORS = {
    "is locked": ("is locked by another program", f"Let that program finish, then {RUN_AGAIN}"),
    "lock timeout": ("is locked by another program", f"Let that program finish, then {RUN_AGAIN}"),
    "unable to open": (
        "cannot be opened or created",
        f"Check that its folder exists and that you can write to it, then {RUN_AGAIN}",
    ),
    "readonly": (
        "is read-only",
        f"Check that you can write to the file and its folder, then {RUN_AGAIN}",
    ),
    "not a database": ("is not a database", "Move that file away, or name the right one."),
    "malformed": ("is damaged", "Restore it from a backup, or move it away to start over."),
    "disk is full": ("is on a full disk", f"Free some space, then {RUN_AGAIN}"),
    "permission denied": (
        "must not be written",
        "Make your user the database's owner: `ALTER DATABASE name OWNER TO user` in psql.",
    ),
    "dialects:postgres": (
        "needs another address",
        "Write postgresql+psycopg:// in place of postgres://, which SQLAlchemy does not know.",
    ),
}
"""What a database reports, what it means, what to do."""
_REFUSALS = {
    "password": (
        "wants another password",
        "Put it into ~/.pgpass (host:port:database:user:password, mode 600) or into PGPASSWORD.",
    ),
    "does not exist": (
        "is not there",
        "Create it on the server: `createuser USER`, then `createdb --owner USER DATABASE`.",
    ),
}
"""The same of a server that refuses a connection."""
_PASSES = ("is locked", "disk is full", "disk I/O error")
"""What SQLite reports that may be over in a moment."""
_UNREACHABLE = (
    "cannot be reached",
    f"Ask it with `pg_isready -h HOST`, start it with `systemctl start postgresql`; {RUN_AGAIN}",
)
_OTHER_ERROR = (
    "cannot be used",
    f"Check the address and that the database is running, then {RUN_AGAIN}",
)
_STATES_THAT_PASS = re.compile(r"08...|53...|55P03|57P0[1-3]|25P03|25006|40...")
"""PostgreSQL's errors that may be over in a moment: connection, disk, lock, shutdown, conflict.

Source:
    PostgreSQL's manual, appendix A.
"""
_CONFLICTS = re.compile(r"40001|40P01|23503|23505|42P07|42710")
"""PostgreSQL's errors where another writer was first: deadlock, key, table that exists."""
_ATTEMPTS = 5
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class _ConflictError(GradebookError):
    """Another program wrote the same rows first; a new transaction sees them."""


@contextlib.contextmanager
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
        is_unreachable = _is_unreachable(error)
        entries = _ERRORS | (_REFUSALS if is_unreachable else {})
        matches = (entry for phrase, entry in entries.items() if phrase in reason)
        problem, tip = next(matches, _UNREACHABLE if is_unreachable else _OTHER_ERROR)
        passes = (
            any(phrase in reason for phrase in _PASSES)
            or bool(_STATES_THAT_PASS.fullmatch(_state(error)))
            or (is_unreachable and tip is _UNREACHABLE[1])
            or _is_conflict(error)
        )
        kind = _ConflictError if _is_conflict(error) else GradebookError
        raise kind(
            f"The gradebook {display_name(database)} {problem}: {reason}.", tip, passes=passes
        ) from error


def _state(error: BaseException | None) -> str:
    """PostgreSQL's code of an error, "" for none."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def _is_unreachable(error: BaseException) -> bool:
    """Whether a server could not be asked: it is away, starts, or went away."""
    state = _state(error)
    of_postgresql = hasattr(getattr(error, "orig", None), "sqlstate")
    is_connection = isinstance(error, OperationalError) and not state
    return of_postgresql and (is_connection or state.startswith(("08", "57P")))


def _is_conflict(error: BaseException | None) -> bool:
    return isinstance(error, StaleDataError) or bool(_CONFLICTS.fullmatch(_state(error)))


def repeated_on_conflict(
    transaction: Callable[Parameters, Result],
) -> Callable[Parameters, Result]:
    """Repeat a transaction that failed because another program wrote the same rows first.

    nbgrader and formgrader take no lock; a new transaction sees what they wrote.

    Args:
        transaction: Raises a GradebookError if it fails, and then has written nothing.
    """

    @functools.wraps(transaction)
    def repeat(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        for _ in range(_ATTEMPTS - 1):
            with contextlib.suppress(_ConflictError):
                return transaction(*args, **kwargs)
        return transaction(*args, **kwargs)

    return repeat
