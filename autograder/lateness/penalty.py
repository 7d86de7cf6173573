"""The penalty of one late submission, with everything that its arithmetic shows."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone, tzinfo

from autograder.lateness.clock import Unit, days_after, units_late

_DECIMALS = 4


@dataclasses.dataclass(frozen=True)
class LateRules:
    """What lateness costs in one assignment.

    Attributes:
        percent: Percent of the assignment's points that each begun unit costs, in [0, 100].
        unit: What is counted.
        most_percent: The most that lateness costs, in percent of the assignment's points.
        grace: How late a submission may be that still counts as on time. A later one is counted
            from the due date.
        close_after_days: From so many days after the due date on, a submission gets no points; None
            if it never closes.
    """

    percent: float = 0
    unit: Unit = Unit.DAY
    most_percent: float = 100
    grace: timedelta = timedelta()
    close_after_days: int | None = None


@dataclasses.dataclass(frozen=True)
class LatePenalty:
    """What lateness costs one submission.

    Attributes:
        earned: Points before the penalty, at least 0.
        max_score: Points that can be earned.
        rules: What lateness costs.
        due: The due date that counted, with the student's extension.
        submitted_at: When it was handed in.
        units: Days or hours that had begun after `due`; at least 1.
        slack_days: Slack days that it used.
        charged: Days or hours that cost points, after the slack days.
        closed: Whether it was handed in after the assignment had closed.
        points: Points off, in [0, earned].
    """

    earned: float
    max_score: float
    rules: LateRules
    due: datetime
    submitted_at: datetime
    units: int
    slack_days: int
    charged: int
    closed: bool
    points: float

    @property
    def score(self) -> float:
        """Points after the penalty."""
        return round(self.earned - self.points, _DECIMALS)

    @property
    def is_capped(self) -> bool:
        """Whether `most_percent` limits it."""
        return not self.closed and self.charged * self.rules.percent > self.rules.most_percent

    @property
    def is_all_earned(self) -> bool:
        """Whether it would be more if more had been earned."""
        percent = min(self.charged * self.rules.percent, self.rules.most_percent)
        return not self.closed and _share(self.max_score, percent) > self.earned


@dataclasses.dataclass(frozen=True)
class _Lateness:
    """How late a submission is, whatever it earned."""

    units: int
    slack_days: int
    charged: int
    closed: bool


def late_penalty(
    points: tuple[float, float],
    submitted_at: datetime,
    due: datetime,
    rules: LateRules,
    slack_days_left: int = 0,
    zone: tzinfo | None = None,
) -> LatePenalty | None:
    """The penalty of one submission.

    Args:
        points: Points earned, and points that can be earned.
        submitted_at: When it was handed in, with an offset.
        due: The due date that counts, with the student's extension; with an offset.
        rules: What lateness costs.
        slack_days_left: Slack days that the student has left, at least 0.
        zone: The zone in which a day is from one time of day to the same one; None for days of 24
            hours.

    Returns:
        The penalty, which may be 0 points; None if the submission is on time.

    Source:
        The percentage is of the points that can be earned, as in Canvas' late policy.
    """
    lateness = _lateness(submitted_at, due, rules, slack_days_left, zone)
    if lateness is None:
        return None
    earned, max_score = max(0.0, points[0]), max(0.0, points[1])
    percent = min(lateness.charged * rules.percent, rules.most_percent)
    off = earned if lateness.closed else min(earned, _share(max_score, percent))
    return LatePenalty(
        earned=earned,
        max_score=max_score,
        rules=rules,
        due=due,
        submitted_at=submitted_at,
        points=off,
        **dataclasses.asdict(lateness),
    )


def _share(max_score: float, percent: float) -> float:
    return round(max_score * percent / 100, _DECIMALS)


def _lateness(
    submitted_at: datetime,
    due: datetime,
    rules: LateRules,
    slack_days_left: int,
    zone: tzinfo | None,
) -> _Lateness | None:
    units = units_late(submitted_at, due, rules.unit, zone)
    submitted, start = (moment.astimezone(timezone.utc) for moment in (submitted_at, due))
    if not units or submitted - start <= rules.grace:
        return None
    close = rules.close_after_days
    if close is not None and days_after(due, close, zone) < submitted:
        return _Lateness(units, slack_days=0, charged=units, closed=True)
    if not rules.percent:  # there is nothing that a slack day could save
        return _Lateness(units, slack_days=0, charged=0, closed=False)
    slack_days = min(slack_days_left, units_late(submitted_at, due, Unit.DAY, zone))
    charged = units - slack_days
    if rules.unit is Unit.HOUR and slack_days:
        charged = units_late(submitted_at, days_after(due, slack_days, zone), Unit.HOUR, zone)
    return _Lateness(units, slack_days, charged, closed=False)
