"""Which submissions are new, without reading all of them again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from autograder.errors import MachineError, SubmissionError
from autograder.submissions import read_regular_file

_State = tuple[tuple[int, ...], ...]


class Digests:
    """Digests of submissions; a submission is read again only when its files have changed."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[_State, str]] = {}

    def of(self, path: Path) -> str:
        """The digest of a submission, in hexadecimal.

        Args:
            path: Its notebook or Python file.
        """
        parts = _parts(path)
        state = tuple(map(_state_of, parts))
        known = self._known.get(path)
        if known is None or known[0] != state:
            digest = hashlib.sha256()
            for part in parts:
                digest.update(hashlib.sha256(_bytes_of(part)).digest())
            known = self._known[path] = (state, digest.hexdigest())
        return known[1]


def arrived_at(path: Path) -> int:
    """When a submission was collected, for comparisons: not what its student says."""
    try:
        return path.stat(follow_symlinks=False).st_ctime_ns
    except OSError:
        return 0


def is_json(path: Path) -> bool:
    """Whether a submission can be read as JSON, which a part of a notebook cannot."""
    try:
        json.loads(_bytes_of(path))
    except (ValueError, RecursionError):
        return False
    return True


def _parts(path: Path) -> tuple[Path, ...]:
    """The files of a submission that make it a new one: its own, and nbgrader's receipts.

    The same file handed in again is a new submission for nbgrader: its feedback has a new name.
    """
    return path, path.with_name("timestamp.txt"), path.with_name("submission_secret.txt")


def _state_of(path: Path) -> tuple[int, ...]:
    """What changes whenever a file is replaced or written; () if it does not exist."""
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _bytes_of(path: Path) -> bytes:
    """A file's bytes, or why it cannot be read, which grading explains."""
    try:
        return read_regular_file(path)
    except (MachineError, SubmissionError) as error:
        return error.message.encode()
