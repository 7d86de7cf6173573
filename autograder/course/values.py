"""Values that several files of a course have: due dates and time zones."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from autograder.course.problems import closest_match

DUE_DATE = (
    r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
DUE_EXAMPLE = "2027-02-15T23:59:00+01:00"
COMMENT_KEY = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
TIME_ZONE = r"^[A-Za-z][A-Za-z0-9_+/-]*$"
_ZONE = r"([Zz]|[+-][0-9:]+)$"


class Frozen(BaseModel):
    """A part of a file: nothing may be added, nothing is converted, nothing changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _due_date(value: object) -> object:
    """Read a due date in its own zone, on every Python version; leave the rest to pydantic."""
    if not isinstance(value, str):
        return value
    try:
        if re.fullmatch(DUE_DATE.strip("^$"), value):
            # Python 3.10 does not support the Z.
            return datetime.fromisoformat(re.sub("Z$", "+00:00", value))
    except ValueError:
        note = ", which is not a valid date and time"
        raise PydanticCustomError("due_date", "{note}", {"note": note}) from None
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and not re.search(_ZONE, value[10:]):
        note, tip = " without a time zone", f"Write {DUE_EXAMPLE}."
        raise PydanticCustomError("due_date", "{note}", {"note": note, "tip": tip})
    raise PydanticCustomError("due_date", "not a date", {"note": ""})


def _time_zone(name: str) -> str:
    """Require the name of a time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # what a path, a control character and a typo raise
        meant = closest_match(name, sorted(available_timezones())) or "Europe/Berlin"
        note, tip = ", which is not a time zone", f'Did you mean "{meant}"?'
        raise PydanticCustomError("time_zone", "{note}", {"note": note, "tip": tip}) from None
    return name


DueDate = Annotated[
    AwareDatetime,
    BeforeValidator(_due_date),
    WithJsonSchema({"type": "string", "pattern": DUE_DATE}),
]
TimeZone = Annotated[
    str, AfterValidator(_time_zone), WithJsonSchema({"type": "string", "pattern": TIME_ZONE})
]
