"""A late penalty in words, with its arithmetic."""

from __future__ import annotations

from autograder.feedback.evidence import with_minus_sign
from autograder.lateness import LatePenalty, Unit

LATE = "Handed in late"
"""The heading in the report."""


def late_arithmetic(penalty: LatePenalty) -> str:
    """The points, such as "14 − 3.6 = 10.4"."""  # noqa: RUF002 - a minus sign
    sum_ = f"{penalty.earned:g} - {penalty.points:g} = {penalty.score:g}"
    return with_minus_sign(sum_)


def late_sentences(penalty: LatePenalty) -> list[str]:
    """What lateness cost and why: the arithmetic, and the times."""
    due, submitted = (
        moment.isoformat(sep=" ", timespec="seconds")
        for moment in (penalty.due, penalty.submitted_at.astimezone(penalty.due.tzinfo))
    )
    return [_cost(penalty), f"It was due {due} and handed in {submitted}."]


def _cost(penalty: LatePenalty) -> str:
    rules = penalty.rules
    late = f"{_count(penalty.units, rules.unit.value)} late"
    used = _count(penalty.slack_days, "slack day")
    if penalty.closed:
        closing = _count(rules.close_after_days or 0, Unit.DAY.value)
        return (
            f"{late}, and submissions get no points from {closing} after the due date on: "
            f"{late_arithmetic(penalty)}."
        )
    if not penalty.charged:
        return (
            f"{late}, and {used} used: no points off."
            if penalty.slack_days
            else f"{late}: no points off."
        )
    if penalty.slack_days:
        late += f", {used} used, so {_count(penalty.charged, rules.unit.value)}"
    rate = f"{rules.percent:g}% of {penalty.max_score:g} points"
    cap = f", at most {rules.most_percent:g}%" if penalty.is_capped else ""
    if penalty.is_all_earned:
        cap += ", at most what was earned"
    return (
        f"{_count(penalty.earned, 'point')}, {late} at {rate} {_PER[rules.unit]}{cap}: "
        f"{late_arithmetic(penalty)}."
    )


_PER = {Unit.DAY: "a day", Unit.HOUR: "an hour"}


def _count(number: float, noun: str) -> str:
    return f"{number:g} {noun}" + ("" if number == 1 else "s")
