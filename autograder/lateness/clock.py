"""Days and hours after a due date, also where a day has 23 or 25 hours."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from enum import Enum

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_NEVER = datetime.max.replace(tzinfo=timezone.utc)


class Unit(str, Enum):
    """What a penalty counts."""

    DAY = "day"
    HOUR = "hour"


def days_after(moment: datetime, days: int, zone: tzinfo | None) -> datetime:
    """The same time of day some days later.

    Args:
        moment: A time with an offset, such as a due date.
        days: At least 0.
        zone: The zone whose clock counts; None for days of 24 hours.

    Returns:
        The time in UTC. A time of day that occurs twice on that day is the second one, and one that
        is skipped is as much later as the clock was set forward: in a student's favor.
    """
    try:
        if zone is None or days == 0:
            return moment.astimezone(timezone.utc) + days * _DAY
        wall = moment.astimezone(zone).replace(tzinfo=None) + days * _DAY
        return max(wall.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (0, 1))
    except OverflowError:
        return _NEVER


def units_late(submitted_at: datetime, due: datetime, unit: Unit, zone: tzinfo | None) -> int:
    """How many days or hours have begun after a due date; 0 up to the due date itself.

    Args:
        submitted_at: A time with an offset.
        due: As above.
        unit: What is counted.
        zone: As in `days_after`.

    Source:
        Canvas' late policy, app/models/late_policy.rb, which counts a day as soon as it begins.
    """
    # In UTC: Python compares two times of the same zone by their clocks, without their offsets.
    submitted = submitted_at.astimezone(timezone.utc)
    elapsed = submitted - due.astimezone(timezone.utc)
    if elapsed <= timedelta():
        return 0
    if unit is Unit.HOUR:
        return -(-elapsed // _HOUR)
    days = max(0, elapsed // _DAY - 1)
    while days_after(due, days, zone) < submitted:
        days += 1
    return days
