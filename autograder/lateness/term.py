"""The penalties of one student over the term, which share the slack days."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timezone, tzinfo

from autograder.lateness.penalty import LatePenalty, LateRules, late_penalty


@dataclasses.dataclass(frozen=True)
class LateSubmission:
    """What decides the penalty of one submission, on time or not.

    Attributes:
        assignment: The assignment's name.
        earned: Points before the penalty.
        max_score: Points that can be earned.
        submitted_at: When it was handed in; None if that is not known, which is not late.
        due: The assignment's due date; None if there is none.
        extended_due: Other due dates of this student's; the latest of all counts.
        rules: What lateness costs.
    """

    assignment: str
    earned: float
    max_score: float
    submitted_at: datetime | None
    due: datetime | None
    extended_due: tuple[datetime, ...]
    rules: LateRules


def late_penalties(
    submissions: Iterable[LateSubmission], slack_days: int = 0, zone: tzinfo | None = None
) -> dict[str, LatePenalty]:
    """The penalties of one student.

    Slack days are spent in the order of the assignments' due dates, without extensions, and
    whatever the submissions earned: a mark that changes never changes another assignment's penalty.

    Args:
        submissions: One per assignment; those due at the same time in the order of the course.
        slack_days: Slack days of the term.
        zone: As in `late_penalty`.

    Returns:
        The penalty of each late submission, by assignment.
    """
    dated = [
        (submission.due.astimezone(timezone.utc), submission.due.tzinfo, submission)
        for submission in submissions
        if submission.due is not None
    ]
    penalties = {}
    for due, offset, submission in sorted(dated, key=lambda entry: entry[0]):
        if submission.submitted_at is None:
            continue
        latest = max((due, *submission.extended_due), key=datetime.timestamp)
        penalty = late_penalty(
            (submission.earned, submission.max_score),
            submission.submitted_at,
            latest.astimezone(zone or offset),
            submission.rules,
            slack_days,
            zone,
        )
        if penalty is not None:
            slack_days -= penalty.slack_days
            penalties[submission.assignment] = penalty
    return penalties
