"""Collect from an exchange on disk, where students can write: no link is followed.

nbgrader copies what a submission's links lead to, with the rights of whoever collects: the course's
solution, or another student's file. And it takes what one student left under another's name.
"""

from __future__ import annotations

import os
import pwd
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.errors import SubmissionError
from autograder.results import clean_line

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_HAND_IN_AGAIN = "The student submits again, by nbgrader's own button."


class CollectWithoutLinks:
    """What is put before nbgrader's ExchangeCollect, to collect only what a student owns.

    Attributes:
        left_out: What was not collected and why, as sentences.
    """

    left_out: list[str]
    check_owner: bool
    coursedir: Any
    inbound_path: str

    def _sort_by_timestamp(self, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """One student's submissions, the newest first; those of somebody else come last."""
        newest_first = sorted(records, key=lambda record: record["timestamp"], reverse=True)
        problems = {record["filename"]: self._problem(record["filename"]) for record in records}
        self.left_out += filter(None, problems.values())
        return sorted(newest_first, key=lambda record: problems[record["filename"]] != "")

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission as nbgrader does, from a private copy of its regular files."""
        if self._problem(Path(src).name):
            return  # which is told already
        try:
            with tempfile.TemporaryDirectory() as folder:
                private = Path(folder) / "submission"
                copy_regular_files(Path(src), private, 1000 * self.coursedir.max_dir_size)
                super().do_copy(str(private), dest, log)  # type: ignore[misc] # nbgrader's
        except SubmissionError as error:
            self.left_out.append(f"{error.message} {error.tip}")

    def _problem(self, name: str) -> str:
        """Why a submission in the exchange is not the student's; "" if it is."""
        student, shown = name.rsplit("+", 3)[0], clean_line(name, 200)
        status = os.lstat(Path(self.inbound_path) / name)
        if not stat.S_ISDIR(status.st_mode):
            return (
                f"{shown} in the exchange is not collected: it is a link or a file, not a folder."
            )
        if not self.check_owner:
            return ""
        try:
            owner = pwd.getpwuid(status.st_uid).pw_name
        except KeyError:
            owner = f"user {status.st_uid}"
        if owner == student:
            return ""
        return f"{shown} in the exchange is not collected: it was handed in by {owner}."


def copy_regular_files(source: Path, target: Path, most_bytes: int) -> None:
    """Copy a folder that somebody else may change meanwhile.

    Args:
        source: The folder; neither it nor what is in it is followed if it is a link.
        target: The copy, which does not exist yet.
        most_bytes: The most bytes of all files together.

    Raises:
        SubmissionError: If a file is a link, no regular file, unreadable, or too large.
    """
    left = most_bytes

    def refuse(why: str) -> SubmissionError:
        shown = clean_line(source.name, 200)
        return SubmissionError(f"{shown} in the exchange is not collected: {why}.", _HAND_IN_AGAIN)

    def on_error(error: OSError) -> None:
        raise refuse(f"a folder cannot be read ({error.strerror})") from error

    for folder, _, names, descriptor in os.fwalk(source, onerror=on_error):
        place = target / Path(folder).relative_to(source)
        place.mkdir()
        for name in names:
            try:
                data = _read(name, descriptor, left + 1)
            except OSError as error:
                raise refuse(f"a file is a link or cannot be read ({error.strerror})") from error
            if data is None:
                raise refuse("a file is a link or not a regular file")
            left -= len(data)
            if left < 0:
                raise refuse("it is larger than c.CourseDirectory.max_dir_size")
            (place / name).write_bytes(data)


def _read(name: str, folder: int, most_bytes: int) -> bytes | None:
    """The start of a file in an open folder; None if it has another name or is not regular."""
    with os.fdopen(os.open(name, _FLAGS, dir_fd=folder), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            return None
        return file.read(most_bytes)
