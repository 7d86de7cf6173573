"""Read `submission_metadata.json`: when it was handed in, by how many, and what came before.

Whatever is missing or malformed in it is taken as unknown: it changes no mark.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import JsonValue

_MAX_BYTES = 64 * 2**20
"""It holds the results of all earlier submissions."""


@dataclasses.dataclass(frozen=True)
class Earlier:
    """An earlier submission that has a score.

    Attributes:
        score: Its score, in points.
        at: When it was handed in, if that is known.
    """

    score: float
    at: datetime | None


@dataclasses.dataclass(frozen=True)
class SubmissionMetadata:
    """What Gradescope says about a submission; None and 0 for what it does not say.

    Attributes:
        at: When it was handed in.
        due: When it was due, with the latest extension of those who handed it in.
        users: How many students handed it in together.
        earlier: The newest earlier submission that has a score.
    """

    at: datetime | None = None
    due: datetime | None = None
    users: int = 0
    earlier: Earlier | None = None

    @property
    def late_by(self) -> timedelta | None:
        """How much after the due date it was handed in; None if it was not, or that is unknown."""
        if self.at is None or self.due is None or self.at <= self.due:
            return None
        return self.at - self.due


def read_metadata(path: Path) -> SubmissionMetadata:
    """Read a submission's metadata.

    Args:
        path: `submission_metadata.json`.

    Returns:
        What it says, as far as it can be read.

    Source:
        Gradescope's autograder documentation, "Submission Metadata". `users[].assignment.due_date`
        is the due date of a student with an extension.
    """
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(_MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return SubmissionMetadata()
    users = _list(_get(data, "users"))
    dues = [_time(_get(user, "assignment", "due_date")) for user in users]
    own = [due for due in dues if due is not None]
    return SubmissionMetadata(
        at=_time(_get(data, "created_at")),
        due=max(own) if own else _time(_get(data, "assignment", "due_date")),
        users=len(users),
        earlier=_newest(list(_earlier(_list(_get(data, "previous_submissions"))))),
    )


def _earlier(submissions: list[JsonValue]) -> Iterator[Earlier]:
    """Those that have a score; the autograder may have failed on others."""
    for submission in submissions:
        score = _get(submission, "score")
        if _get(submission, "autograder_error") or isinstance(score, bool):
            continue
        try:
            number = float(score) if isinstance(score, int | float | str) else math.nan
        except (ValueError, OverflowError):
            continue
        if math.isfinite(number):
            yield Earlier(number, _time(_get(submission, "submission_time")))


def _newest(submissions: list[Earlier]) -> Earlier | None:
    """The newest one; the last one where no time is known."""
    dated = [(one.at, one) for one in submissions if one.at is not None]
    if dated:
        return max(dated, key=lambda pair: pair[0])[1]
    return submissions[-1] if submissions else None


def _get(value: JsonValue, *keys: str) -> JsonValue:
    """A value in nested objects; None if it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _time(value: JsonValue) -> datetime | None:
    """A time with its zone, such as "2018-07-01T00:00:00.000000-07:00"; None for anything else."""
    if not isinstance(value, str):
        return None
    # Python 3.10 reads no Z, and only three or six digits of a second.
    text = re.sub("Z$", "+00:00", value.strip())
    text = re.sub(r"\.\d+", lambda fraction: fraction[0].ljust(7, "0")[:7], text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
