"""What lateness costs: `late` in `course.yml`; and extensions, in `extensions.yml` beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from autograder.course.values import DueDate, Frozen
from autograder.lateness import LateRules, Unit, days_after

Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
_MOST_DAYS = 365


def _only_one(value: float | None, info: ValidationInfo, others: Iterable[str]) -> float | None:
    """Refuse a value where another one, which means the same, has been given."""
    for other in others:
        if value is not None and info.data.get(other) is not None:
            note = f' beside "{other}"'
            tip = f"Keep one of {other} and {info.field_name}."
            raise PydanticCustomError("only_one", "{note}", {"note": note, "tip": tip})
    return value


class LateWork(Frozen):
    """What lateness costs in an assignment."""

    percent_per_day: Percent | None = Field(
        None, description="Percent of the assignment's points for each day late that has begun."
    )
    percent_per_hour: Percent | None = Field(
        None, description="The same for each hour; in place of percent_per_day."
    )
    most_percent: Percent = Field(
        100, description="The most that lateness costs, in percent of the assignment's points."
    )
    grace_minutes: int = Field(
        0, ge=0, le=1440, description="How late a submission may be that still counts as on time."
    )
    close_after_days: int | None = Field(
        None,
        ge=0,
        le=_MOST_DAYS,
        description="From so many days after the due date on, a submission gets no points.",
    )

    @field_validator("percent_per_hour")
    @classmethod
    def _one_unit(cls, value: float | None, info: ValidationInfo) -> float | None:
        return _only_one(value, info, ["percent_per_day"])

    @property
    def rules(self) -> LateRules:
        """What is computed with."""
        by_hour = self.percent_per_hour is not None
        return LateRules(
            percent=(self.percent_per_hour if by_hour else self.percent_per_day) or 0,
            unit=Unit.HOUR if by_hour else Unit.DAY,
            most_percent=self.most_percent,
            grace=timedelta(minutes=self.grace_minutes),
            close_after_days=self.close_after_days,
        )


class LatePolicy(LateWork):
    """What lateness costs in all assignments that do not say it themselves."""

    slack_days: int = Field(
        0,
        ge=0,
        le=_MOST_DAYS,
        description="Days late in the term that cost a student nothing, "
        "spent in the order of due dates.",
    )


class Extension(Frozen):
    """More time for one student in one assignment: an entry of `extensions.yml`."""

    student: str = Field(min_length=1, description="The student's id.")
    assignment: str = Field(description="The assignment's name.")
    due: DueDate | None = Field(None, description="The student's own due date.")
    days: int | None = Field(
        None, ge=1, le=_MOST_DAYS, description="In place of it: days after the due date."
    )
    hours: float | None = Field(
        None,
        gt=0,
        le=24 * _MOST_DAYS,
        allow_inf_nan=False,
        description="In place of it: hours after the due date.",
    )
    reason: str = Field(
        min_length=1, description="Why; for those who teach. No report or export shows it."
    )

    @field_validator("days", "hours")
    @classmethod
    def _one_length(cls, value: float | None, info: ValidationInfo) -> float | None:
        return _only_one(value, info, ["due", "days"] if info.field_name == "hours" else ["due"])

    def due_date(self, due: datetime | None, zone: tzinfo | None) -> datetime | None:
        """The student's own due date.

        Args:
            due: The assignment's, with an offset; None if it has none.
            zone: The course's time zone, if it is known.

        Returns:
            The date, with an offset; None if neither has one.
        """
        if self.due is not None or due is None:
            return self.due
        return days_after(due, self.days or 0, zone) + timedelta(hours=self.hours or 0)


def extended_due_dates(
    extensions: Sequence[Extension],
    student: str,
    assignment: str,
    due: datetime | None,
    zone: tzinfo | None,
) -> tuple[datetime, ...]:
    """A student's own due dates for an assignment, as `Extension.due_date` has them."""
    dates = (
        extension.due_date(due, zone)
        for extension in extensions
        if (extension.student, extension.assignment) == (student, assignment)
    )
    return tuple(date for date in dates if date is not None)
