"""Brightspace (D2L): `1815-70412 - Ada Lovelace - Oct 3, 2026 1142 PM/notebook.ipynb`.

User id, id of the assignment's folder, name (some schools put the student's number before it), and
the time on the instructor's own clock. Each attempt has a folder, or ` - ` in place of the slash.
There is also an `index.html`.

Source:
    No public source code. Many instructors' scripts have the names, such as
    OfficeCoffee/GradingFileProject; the second number differs between assignments. If two names
    share the first number, neither is collected until a roster tells them apart.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from autograder.collecting.archive import Archive
from autograder.collecting.formats.naming import (
    OUTER_FOLDERS,
    Format,
    NamedMember,
    normalize_spaces,
)
from autograder.collecting.models import Person, StudentFile

_DAY = r"(?:[^\W\d]+\.? [0-9]{1,2},?|[0-9]{1,2} [^\W\d]+\.?,?)"
_TIME = r"[0-9]{1,2}:?[0-9]{2}(?: [AP]M)?"
NAMED_REGEXP = (
    OUTER_FOLDERS + r"(?P<student_id>[0-9]+)-(?P<folder>[0-9]+) - (?P<name>[^/]+?) ?- "
    rf"(?P<timestamp>{_DAY} [0-9]{{4}} {_TIME})(?:/(?:.*/)?| - )(?P<file_id>[^/]+)$"
)
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})(?: (?P<half>[AP]M))?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _read(_archive: Archive, members: Sequence[NamedMember]) -> Iterator[StudentFile]:
    for named in members:
        name = normalize_spaces(named.get("name"))
        numbers = tuple(word for word in name.split() if re.search(r"[0-9]", word))
        moment = _parse_time(named.get("timestamp"))
        yield StudentFile(
            person=Person("brightspace", named.get("student_id"), name, numbers),
            member=named.member,
            name=named.get("file_id"),
            attempt=int(moment.timestamp()) if moment else 0,
            submitted_at=moment,
        )


def _parse_time(text: str) -> datetime | None:
    """A time such as "Oct 3, 2026 1142 PM" on this computer's clock; None if it is not a time."""
    clock = _CLOCK.search(text)
    month = re.search(r"[^\W\d]+", text)
    numbers = [int(number) for number in re.findall(r"[0-9]+", text)]
    if clock is None or month is None or month[0].lower()[:3] not in _MONTHS:
        return None
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"] == "PM" else 0)
    with contextlib.suppress(ValueError, OverflowError):
        return datetime(
            year=numbers[1],
            month=_MONTHS.index(month[0].lower()[:3]) + 1,
            day=numbers[0],
            hour=hour,
            minute=int(clock["minute"]),
        ).astimezone()
    return None


FORMAT = Format(
    lms="brightspace",
    example="1815-70412 - Ada Lovelace - Oct 3, 2026 1142 PM/notebook.ipynb",
    named_regexp=NAMED_REGEXP,
    read=_read,
    own_files=frozenset({"index.html"}),
    roster_keys=("user id", "brightspace id", "orgdefinedid", "username"),
)
