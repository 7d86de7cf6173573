"""Find submitted files, and read each once: no links, with a size limit."""

from __future__ import annotations

import dataclasses
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

from autograder.errors import SubmissionError

MAX_FILE_BYTES = 20 * 2**20
"""Size of the largest submission that is read."""

_MAX_ID_BYTES = 200  # file names are made from a student's id
_ASK_FOR_FILE = "Ask the student to hand in the notebook file itself."


@dataclasses.dataclass(frozen=True)
class SubmittedFile:
    """One student's file for one assignment, not yet opened.

    Attributes:
        student: The student's id: the name of the folder.
        path: A notebook, or a Python file of the same stem.
    """

    student: str
    path: Path


def find_submissions(
    submitted: Path,
    assignment: str,
    students: Sequence[str] = (),
    on_refused: Callable[[SubmissionError], None] = lambda _error: None,
) -> list[SubmittedFile]:
    """Find `STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb` (or `.py`) under a folder.

    Args:
        submitted: The folder of submissions.
        assignment: The assignment's name.
        students: Ids to keep; empty keeps all.
        on_refused: Called for each submission in a folder whose name is not a student id.

    Returns:
        One file per student with a submission, sorted by id.

    Raises:
        SubmissionError: If the folder or a requested student does not exist, or if two ids differ
            only in case or Unicode form.
    """
    try:
        names = sorted(
            entry.name for entry in os.scandir(submitted) if entry.is_dir(follow_symlinks=False)
        )
    except OSError as error:
        raise SubmissionError(
            f"{submitted} cannot be read as a folder of submissions: {error.strerror}.",
            "It contains STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb; name it with --submitted DIR.",
        ) from error
    _require_distinct_ids(names)
    for student in students:
        if student not in names:
            raise SubmissionError(
                f"{submitted} has no folder for the student {student!r}.",
                f"Name one of its folders, such as {names[0]}." if names else "It has no folders.",
            )
    files = [
        SubmittedFile(name, path)
        for name in names
        if not students or name in students
        for path in [_notebook_or_python(submitted / name / assignment, assignment)]
        if path is not None
    ]
    for file in files:
        if problem := id_problem(file.student):
            on_refused(
                SubmissionError(
                    f"{file.student!r} was not graded: a student id {problem}.",
                    "Rename the student's folder and grade again; only this folder is graded then.",
                )
            )
    return [file for file in files if not id_problem(file.student)]


def id_problem(name: str) -> str:
    """Why a folder's name cannot be a student id, as the end of a sentence; "" if it can.

    Ids are shown on terminals, pages and in spreadsheets, so an id must not have an effect there.

    Source:
        OWASP, CSV injection: cells that begin with = + - @.
    """
    if name.startswith(("=", "+", "-", "@")):
        return f"must not begin with {name[0]}, which begins a formula in spreadsheets"
    if name != name.strip() or not all(character.isprintable() for character in name):
        return "must not contain line breaks or control characters, nor begin or end with a space"
    if len(name.encode("utf-8", "replace")) > _MAX_ID_BYTES:
        return f"must have at most {_MAX_ID_BYTES} bytes"
    return ""


def read_regular_file(path: Path) -> bytes:
    """Read a file once, so that the bytes that are hashed are the bytes that are graded.

    Args:
        path: A regular file; neither a symbolic link nor one of several hard links.

    Returns:
        Its bytes, at most `MAX_FILE_BYTES`.

    Raises:
        SubmissionError: If it is not a regular file, or too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = "it is a link" if path.is_symlink() else error.strerror
        raise SubmissionError(f"{path.name} cannot be opened: {reason}.", _ASK_FOR_FILE) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise SubmissionError(
                f"{path.name} is not a regular file, or has several hard links.", _ASK_FOR_FILE
            )
        if status.st_size > MAX_FILE_BYTES:
            raise SubmissionError(
                f"{path.name} has {status.st_size / 2**20:.0f} MB; the limit is "
                f"{MAX_FILE_BYTES // 2**20} MB.",
                "Clear the notebook's outputs (Kernel > Restart and Clear Outputs), save it and "
                "hand it in again.",
            )
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    finally:
        os.close(descriptor)


def read_timestamp(path: Path) -> datetime | None:
    """The time in nbgrader's `timestamp.txt`; None if there is none."""
    try:
        text = path.read_text("utf-8").strip()[:64]
    except (OSError, UnicodeDecodeError):
        return None
    text = re.sub(r"\s*(UTC|Z)$", "+00:00", text)
    # Python 3.10 only reads three or six digits of a second.
    text = re.sub(r"\.\d+", lambda fraction: fraction[0].ljust(7, "0")[:7], text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _notebook_or_python(folder: Path, assignment: str) -> Path | None:
    for suffix in (".ipynb", ".py"):
        path = folder / f"{assignment}{suffix}"
        if os.path.lexists(path):
            return path
    return None


def _require_distinct_ids(names: Sequence[str]) -> None:
    by_key: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFKC", name).casefold()
        if key in by_key:
            raise SubmissionError(
                f"The student ids {by_key[key]!r} and {name!r} differ only in case or in "
                "Unicode form.",
                "Rename one of the two folders so that the ids are clearly different.",
            )
        by_key[key] = name
