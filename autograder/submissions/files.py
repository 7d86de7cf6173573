"""Read submitted files, each once, with a size limit, and never through a link."""

from __future__ import annotations

import dataclasses
import os
import re
import stat
from datetime import datetime, timezone
from pathlib import Path

from autograder.errors import SubmissionError

MAX_FILE_BYTES = 20 * 2**20
"""Size of the largest submission that is read."""

Identity = tuple[int, int]
"""A file's device and inode."""
_MAX_ID_BYTES = 200  # file names are made from a student's id
ASK_FOR_FILE = "Ask the student to hand in the notebook file itself."


@dataclasses.dataclass(frozen=True)
class SubmittedFile:
    """One student's file for one assignment, not yet opened.

    Attributes:
        student: The student's id: the name of the folder.
        path: A notebook or a Python file; from `find_submissions` without links in it.
        identity: Its device and inode, as found; None if it was not looked at.
        notices: Which file was taken, if it is not the expected one, as sentences.
        renamed: Whether its name or place is not the expected one.
        problem: Why it must not be read, if so.
    """

    student: str
    path: Path
    identity: Identity | None = None
    notices: tuple[str, ...] = ()
    renamed: bool = False
    problem: SubmissionError | None = None


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


def read_regular_file(path: Path, identity: Identity | None = None) -> bytes:
    """Read a file once, so that the bytes that are hashed are the bytes that are graded.

    Args:
        path: A regular file. Its last name is no symbolic link.
        identity: The device and inode that it had when it was found; then no other name of the path
            is a link either, and the file may have further hard links. None: it has just one.

    Returns:
        Its bytes, at most `MAX_FILE_BYTES`.

    Raises:
        SubmissionError: If it is not a regular file, another one than was found, or too large.
    """
    try:
        descriptor = _open(path) if identity is None else _open_without_links(path)
    except OSError as error:
        reason = "it is a link" if path.is_symlink() else error.strerror
        raise SubmissionError(f"{path.name} cannot be opened: {reason}.", ASK_FOR_FILE) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{path.name} is not a regular file.", ASK_FOR_FILE)
        if status.st_nlink != 1 and identity is None:
            raise SubmissionError(f"{path.name} has several hard links.", ASK_FOR_FILE)
        if identity not in (None, (status.st_dev, status.st_ino)):
            raise SubmissionError(f"{path.name} was replaced while it was read.", "Grade again.")
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


_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def _open(path: Path, folder: int | None = None) -> int:
    return os.open(path, _FLAGS, dir_fd=folder)


def _open_without_links(path: Path) -> int:
    """Open an absolute path of which no part is a symbolic link; one that is, raises OSError."""
    folder = os.open("/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in path.parts[1:-1]:
            inner = os.open(
                name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder
            )
            os.close(folder)
            folder = inner
        return _open(Path(path.name), folder)
    finally:
        os.close(folder)


def identity_of(path: Path) -> Identity | None:
    """A file's device and inode; None if it is gone or cannot be looked at.

    Args:
        path: The file; a link is not followed.
    """
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


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
