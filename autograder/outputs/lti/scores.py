"""A mark as a score of LTI 1.3 Assignment and Grade Services."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.outputs.marks import Mark, MarkStatus, format_points

MEDIA_TYPE = "application/vnd.ims.lis.v1.score+json"
_CANVAS = "https://canvas.instructure.com/lti/submission"
"""Canvas' extension: without it, Canvas counts each score as another attempt, handed in now."""


class Score(BaseModel):
    """What is posted for one student, but for its timestamp.

    Attributes:
        user_id: The platform's id of the student.
        activity_progress: How far the student is.
        grading_progress: How far we are. Platforms take a number from `FullyGraded` alone, or, as
            Canvas does, from `PendingManual` too.
        score_given: Points; None takes a number back that was posted before.
        score_maximum: Points that can be earned.
        comment: What the student reads beside the number, or "".

    Source:
        1EdTech, LTI Assignment and Grade Services 2.0, section 3.4.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    user_id: str
    activity_progress: Literal["Submitted", "Completed"]
    grading_progress: Literal["FullyGraded", "Pending", "PendingManual"]
    score_given: float | None = Field(ge=0, allow_inf_nan=False)
    score_maximum: float = Field(gt=0, allow_inf_nan=False)
    comment: str = ""

    @property
    def text(self) -> str:
        """The number, such as "17.25/18", or "" without one."""
        if self.score_given is None:
            return ""
        return f"{format_points(self.score_given)}/{format_points(self.score_maximum)}"

    def body(self, timestamp: datetime) -> bytes:
        """The request's body.

        Args:
            timestamp: When the score was made, with a time zone. A platform refuses a score that
                is older than the one that it has.
        """
        fields: dict[str, object] = {
            "userId": self.user_id,
            "activityProgress": self.activity_progress,
            "gradingProgress": self.grading_progress,
            "timestamp": timestamp.isoformat(timespec="milliseconds"),
        }
        if self.score_given is not None:
            fields |= {"scoreGiven": self.score_given, "scoreMaximum": self.score_maximum}
        if self.comment:
            fields["comment"] = self.comment
        fields[_CANVAS] = {"new_submission": False}
        return json.dumps(fields).encode()


def score_of(mark: Mark, user_id: str) -> Score | None:
    """The score of a mark; None if nothing was handed in or graded, which is for others to tell.

    A grader error is `Pending`, not `Failed`: it is the grader's fault, and the next run grades it
    again without a person. A mark whose points are not all given yet has no number.

    Args:
        mark: One student's, out of more than 0 points.
        user_id: The platform's id of the student.
    """
    if mark.status in (MarkStatus.MISSING, MarkStatus.NOT_GRADED):
        return None
    number = None if mark.score is None or mark.is_partial else round(mark.score, 4)
    if mark.status is MarkStatus.GRADER_ERROR:
        progress: Literal["FullyGraded", "Pending", "PendingManual"] = "Pending"
    else:
        progress = "PendingManual" if mark.needs_manual_grade else "FullyGraded"
    return Score(
        user_id=user_id,
        activity_progress="Completed" if progress == "FullyGraded" else "Submitted",
        grading_progress=progress,
        score_given=number,
        score_maximum=round(mark.max_score, 4),
        comment=_comment(mark) if number is not None else "",
    )


def _comment(mark: Mark) -> str:
    """Why the number is lower than the checks' points."""
    if not mark.late_penalty:
        return ""
    points = format_points(mark.late_penalty)
    return f"{points} {'point' if points == '1' else 'points'} off for a late submission."
