"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file so that a crash leaves either the old content or the new, never a part.

    Args:
        path: The file; its folder is created if there is none.
        data: Its content.
        private: Whether only those who grade may read it, because it holds marks.
    """
    with replaced_file(path, private=private) as file:
        file.write(data)


@contextlib.contextmanager
def replaced_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """As `write_atomically`, for content that is written a part at a time.

    Args:
        path: The file; its folder is created if there is none.
        private: Whether only those who grade may read it, because it holds marks.

    Yields:
        An open file, which replaces the old one afterwards, unless something is raised.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            if private:
                make_private(partial)
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        error.filename = str(path)  # `write` names none, and nobody knows the partial file
        raise
    finally:
        partial.unlink(missing_ok=True)


def make_private(path: Path) -> None:
    """Let only the owner read a file; and the group, if its folder is one that a group shares."""
    is_shared = path.parent.stat().st_mode & stat.S_ISGID
    path.chmod(0o660 if is_shared else 0o600)


def write_for_release(path: Path, data: bytes) -> None:
    """Write a report that nbgrader releases: it copies the mode into the exchange, with the file.

    There the student must be able to read it; here the folder keeps others out.

    Args:
        path: The report, STUDENT/ASSIGNMENT/ASSIGNMENT.html.
        data: Its content.
    """
    of_student = path.parents[1]
    of_student.mkdir(parents=True, exist_ok=True)
    status = of_student.stat()
    if status.st_uid == os.geteuid():  # another assistant's folder is as they made it
        of_student.chmod(0o2770 if status.st_mode & stat.S_ISGID else 0o700)
    write_atomically(path, data)
    path.chmod(0o644)


def delete_partial_files(folder: Path) -> None:
    """Delete files below a folder that killed graders left incomplete."""
    for partial in folder.rglob(".*.partial"):
        owner = partial.name.split(".")[-2]
        if owner.isdigit() and not Path("/proc", owner).exists() and not partial.is_dir():
            partial.unlink(missing_ok=True)
