"""Read submitted files, each once, with a size limit, and never through a link."""

from __future__ import annotations

import dataclasses
import errno
import os
import re
import stat
from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.errors import MachineError, SubmissionError

MAX_FILE_BYTES = 20 * 2**20
"""Size of the largest submission that is read."""

Identity = tuple[int, int]
"""A file's device and inode."""
_MAX_TIMESTAMP_BYTES = 1_000
_MAX_ID_BYTES = 200  # file names are made from a student's id
_LINK = (errno.ELOOP, errno.ENOTDIR)
"""Errors of `open` where a part of the path is a symbolic link."""
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
    if name.startswith("."):
        return "must not begin with a dot, which hides a folder"
    if name != name.strip() or not all(character.isprintable() for character in name):
        return "must not contain line breaks or control characters, nor begin or end with a space"
    if len(name.encode("utf-8", "replace")) > _MAX_ID_BYTES:
        return f"must have at most {_MAX_ID_BYTES} bytes"
    return ""


def read_regular_file(
    path: Path,
    identity: Identity | None = None,
    *,
    owner: int | None = None,
    most_bytes: int = MAX_FILE_BYTES,
) -> bytes:
    """Read a file once, so that the bytes that are hashed are the bytes that are graded.

    Args:
        path: A regular file. Its last name is no symbolic link.
        identity: The device and inode that it had when it was found; then no other name of the path
            is a link either, and the file may have further hard links.
        owner: The user whose files may have further hard links.
        most_bytes: The most bytes that it may have.

    Returns:
        Its bytes.

    Raises:
        SubmissionError: If it is not a regular file, another one than was found, or too large; or
            if it has further hard links and neither `identity` nor `owner` allows them.
        MachineError: If the file exists, and the machine cannot read it.
    """
    return read_with_owner(path, identity, owner=owner, most_bytes=most_bytes)[0]


def read_with_owner(
    path: Path,
    identity: Identity | None = None,
    *,
    owner: int | None = None,
    most_bytes: int = MAX_FILE_BYTES,
) -> tuple[bytes, int]:
    """As `read_regular_file`; returns the bytes, and the number of the user who owns the file."""
    try:
        descriptor = _open(path) if identity is None else _open_without_links(path)
    except OSError as error:
        if error.errno in _LINK:
            raise SubmissionError(
                f"{path.name} cannot be opened: it is a link.", ASK_FOR_FILE
            ) from error
        raise _unreadable(path, error) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{path.name} is not a regular file.", ASK_FOR_FILE)
        if status.st_nlink != 1 and identity is None and status.st_uid != owner:
            raise SubmissionError(f"{path.name} has several hard links.", ASK_FOR_FILE)
        if identity not in (None, (status.st_dev, status.st_ino)):
            raise SubmissionError(f"{path.name} was replaced while it was read.", "Grade again.")
        if status.st_size > most_bytes:
            raise SubmissionError(
                f"{path.name} has {status.st_size / 2**20:.0f} MB; the limit is "
                f"{most_bytes / 2**20:.0f} MB.",
                "Clear the notebook's outputs (Kernel > Restart and Clear Outputs), save it and "
                "hand it in again.",
            )
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(most_bytes + 1), status.st_uid
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(descriptor)


def _unreadable(path: Path, error: OSError) -> MachineError:
    return MachineError(
        f"{path} cannot be read: {error.strerror}.",
        "Make it readable for whoever grades, and grade again.",
    )


_FLAGS = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)  # Windows, where students work, has only the last one


def _open(path: Path, folder: int | None = None) -> int:
    return os.open(path, _FLAGS, dir_fd=folder)


def _open_without_links(path: Path) -> int:
    """Open an absolute path of which no part is a symbolic link; one that is, raises OSError.

    Only graders read files this way, on Linux.
    """
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


def read_timestamp(path: Path, owner: int | None = None) -> datetime | None:
    """The time in nbgrader's `timestamp.txt`; None if there is none.

    Args:
        path: The file.
        owner: As in `read_regular_file`.
    """
    try:
        data = read_regular_file(path, owner=owner, most_bytes=_MAX_TIMESTAMP_BYTES)
        text = data.decode("utf-8").strip()
    except (SubmissionError, MachineError, UnicodeDecodeError):
        return None
    text = re.sub(r"\s*(UTC|Z)$", "+00:00", text)
    # Python 3.10 only reads three or six digits of a second.
    text = re.sub(r"\.\d+", lambda fraction: fraction[0].ljust(7, "0")[:7], text)
    # nbgrader's exchange may be set to a zone, such as "EST", whose name it writes then.
    named = re.fullmatch(r"(.*\d)\s+([A-Za-z][\w+/-]*)", text)
    try:
        zone = ZoneInfo(named[2]) if named else timezone.utc
        moment = datetime.fromisoformat(named[1] if named else text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        moment.astimezone(timezone.utc)
    except (ValueError, OverflowError, KeyError, OSError):
        return None
    return moment
