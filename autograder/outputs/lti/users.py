"""The platform's ids of the course's students."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import ExportError
from autograder.results import read_csv

_USER_COLUMNS = ("lti_user_id", "lms_user_id", "user_id", "ID")
"""Columns that may have the platform's ids; "ID" is Canvas', whose scores take its own ids too."""
_STUDENT_COLUMNS = (
    "student_id",
    "SIS Login ID",
    "Username",
    "ID number",
    "OrgDefinedId",
    "SIS User ID",
    "Email address",
    "Email",
)


def read_users(path: Path, id_column: str | None = None) -> dict[str, str]:
    """The platform's id of each student of a class list, by the course's id.

    Args:
        path: A CSV file with a column of the course's ids and one of the platform's.
        id_column: The heading of the course's ids; default: the first of the usual ones.

    Raises:
        CsvError: If it cannot be read.
        ExportError: If it lacks a column, or lists a student twice.
    """
    table = read_csv(path)
    users = table.column(*_USER_COLUMNS)
    students = table.column(*(_STUDENT_COLUMNS if id_column is None else (id_column,)))
    if users is None or students is None:
        missing = f'"{_USER_COLUMNS[0]}"' if users is None else "with the course's ids"
        headings = ", ".join(f'"{heading}"' for heading in table.headings)
        raise ExportError(
            f"{path} has no column {missing}; it has {headings}.",
            "The list needs the platform's user ids below lti_user_id, and the course's ids, "
            "whose column --id-column names.",
        )
    found: dict[str, str] = {}
    for row in table.rows:
        student, user = row[students].strip().removeprefix("#"), row[users].strip()
        if not student or not user:
            continue
        if found.setdefault(student, user) != user:
            raise ExportError(
                f"{path} has two platform ids for {student}: {found[student]} and {user}.",
                "Delete the wrong row.",
            )
    return found
