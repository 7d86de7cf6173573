"""What a watcher has answered, on disk, so that a new one goes on where an old one stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from autograder.results import write_atomically

_HOUR = timedelta(hours=1)
_NEVER = timedelta(0)


class Answered(BaseModel):
    """What one student was answered in one assignment.

    Attributes:
        sha256: Digest of the submitted file that was answered last.
        at: When submissions were answered, in the last hour; ascending.
        released: Whether its student can fetch the report.
        marked: Whether the mark at the deadline was made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str = ""
    at: tuple[AwareDatetime, ...] = ()
    released: bool = False
    marked: bool = False

    def with_answer(self, sha256: str, now: datetime) -> Answered:
        """The same after one more answer."""
        recent = recent_answers(self.at, now)
        return self.model_copy(update={"sha256": sha256, "at": (*recent, now), "released": False})


def recent_answers(answered: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """The answers of the last hour.

    Those of the future do not count: the clock was wrong when they were given, and nobody should
    have to wait for it to be right.

    Args:
        answered: When answers were given, ascending.
        now: The time.
    """
    return tuple(time for time in answered if _NEVER <= now - time < _HOUR)


def wait_until(answered: Sequence[datetime], now: datetime, per_hour: int) -> datetime | None:
    """When the next answer may be given.

    Args:
        answered: When earlier answers were given, ascending.
        now: The time.
        per_hour: The most answers in any 60 minutes.

    Returns:
        The time; None if an answer may be given now.
    """
    recent = recent_answers(answered, now)
    return None if len(recent) < per_hour else recent[-per_hour] + _HOUR


class AnswerStore:
    """A small file for each student and assignment.

    Args:
        folder: Where they are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, assignment: str, student: str) -> Answered:
        """What was answered; nothing if the file is missing or damaged."""
        try:
            return Answered.model_validate_json(self._path(assignment, student).read_bytes())
        except (OSError, ValidationError):
            return Answered()

    def write(self, assignment: str, student: str, answered: Answered) -> None:
        """Keep what was answered."""
        data = answered.model_dump_json().encode()
        write_atomically(self._path(assignment, student), data, private=True)

    def _path(self, assignment: str, student: str) -> Path:
        return self._folder / assignment / f"{student}.json"
