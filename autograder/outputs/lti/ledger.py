"""What was posted to a platform: an append-only file, so that nothing is posted twice."""

from __future__ import annotations

import fcntl
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from typing_extensions import Self

from autograder.errors import ExportError
from autograder.outputs.lti.scores import Score
from autograder.results import make_private

_LEAST_STEP = timedelta(seconds=1)
"""Between two timestamps of a student: Moodle compares whole seconds."""


class _Entry(BaseModel):
    """One line.

    Attributes:
        line_item: The address of the line item.
        user_id: The platform's id of the student.
        timestamp: The score's.
        score: What the platform accepted; None before an attempt, whose end may be unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line_item: str
    user_id: str
    timestamp: AwareDatetime
    score: Score | None


class Ledger:
    """What was posted; a context manager that keeps a second posting away.

    Each attempt is on disk before it is sent. After a kill, what was under way is posted again,
    with a later timestamp, which changes nothing on the platform.

    Args:
        path: The file; it is made by the first attempt.
        read_only: Whether nothing is going to be posted; it then waits for nobody.

    Raises:
        ExportError: On entering, if the file is damaged, or another posting is under way.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._file: BinaryIO | None = None
        self._entries: dict[tuple[str, str], _Entry] = {}

    def __enter__(self) -> Self:
        if self._read_only:
            self._read(self._path.read_bytes() if self._path.exists() else b"")
            return self
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("a+b")
        try:
            make_private(self._path)
            self._lock(self._file)
            self._file.seek(0)
            content = self._file.read()
            self._read(content)
            # A kill may have cut the last line off.
            self._file.truncate(content.rfind(b"\n") + 1)
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._file is not None:
            self._file.close()

    def posted(self, line_item: str, user_id: str) -> Score | None:
        """What the platform has of a student; None if nothing, or if that is unknown."""
        entry = self._entries.get((line_item, user_id))
        return entry.score if entry is not None else None

    def users(self, line_item: str) -> frozenset[str]:
        """Everybody for whom something was posted."""
        return frozenset(user for item, user in self._entries if item == line_item)

    def attempt(self, line_item: str, user_id: str, now: datetime) -> datetime:
        """Record that a score is about to be sent.

        Args:
            line_item: The address of the line item.
            user_id: The platform's id of the student.
            now: The time, with a time zone; clocks may go back.

        Returns:
            The score's timestamp, later than every earlier one of this student here.
        """
        timestamp = now.astimezone(timezone.utc)
        entry = self._entries.get((line_item, user_id))
        if entry is not None:
            timestamp = max(timestamp, entry.timestamp + _LEAST_STEP)
        self._append(_Entry(line_item=line_item, user_id=user_id, timestamp=timestamp, score=None))
        return timestamp

    def accept(self, line_item: str, score: Score) -> None:
        """Record that the platform has accepted the last attempt."""
        attempt = self._entries[line_item, score.user_id]
        self._append(attempt.model_copy(update={"score": score}))

    def _lock(self, file: BinaryIO) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ExportError(
                f"Another export is posting marks: it holds {self._path}.",
                "Let it finish, then run the same command again.",
            ) from error

    def _read(self, content: bytes) -> None:
        *lines, _incomplete = content.split(b"\n")
        try:
            for line in lines:
                self._add(_Entry.model_validate_json(line))
        except ValidationError as error:
            raise ExportError(
                f"{self._path} is damaged, so what was posted is unknown.",
                "Restore it, or move it away: then every mark is posted again.",
            ) from error

    def _add(self, entry: _Entry) -> None:
        self._entries[entry.line_item, entry.user_id] = entry

    def _append(self, entry: _Entry) -> None:
        if self._file is None:
            raise RuntimeError(f"{self._path} is not open to write")
        self._file.write(entry.model_dump_json().encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._add(entry)
