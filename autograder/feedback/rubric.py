"""The points of a report: those of each check, and what people and lateness changed."""

from __future__ import annotations

import dataclasses

from autograder.feedback.card import check_view
from autograder.feedback.entries import anchors_of
from autograder.feedback.evidence import with_minus_sign
from autograder.feedback.late_work import LATE
from autograder.feedback.titles import human_title, title_of
from autograder.lateness import LatePenalty
from autograder.results import Grade, Review


@dataclasses.dataclass(frozen=True)
class RubricRow:
    """One row of the table of points.

    Attributes:
        name: What the points are for.
        word: How it came out, in words.
        points: Such as "2 of 3".
        anchor: The id of the check on the page, or "".
        tone: "good", "bad" or "none".
    """

    name: str
    word: str
    points: str
    anchor: str = ""
    tone: str = "none"


def rubric_of(
    grade: Grade, review: Review | None, late: LatePenalty | None, *, linked: bool
) -> list[RubricRow]:
    """The points of each check, then those that people or lateness added or took.

    Args:
        grade: The Grade.
        review: What people added; None if nothing.
        late: What lateness cost, if its arithmetic is known.
        linked: Whether the page has the checks, so that rows can link to them.
    """
    marks = review.marks if review else {}
    anchors = anchors_of(grade.checks) if linked else {}
    rows = []
    for verdict in grade.checks:
        view, anchor = check_view(verdict), anchors.get(verdict.name, "")
        if verdict.name in marks:
            points, max_points = marks[verdict.name]
            name = f"{view.title}, marked by hand"
            row = RubricRow(name, "", f"{points:g} of {max_points:g}", anchor)
        else:
            row = RubricRow(title_of(verdict), view.word, view.points, anchor, view.tone)
        rows.append(row)
    names = {verdict.name for verdict in grade.checks}
    rows += [
        RubricRow(f"{human_title(name)}, marked by hand", "", f"{points:g} of {max_points:g}")
        for name, (points, max_points) in marks.items()
        if name not in names
    ]
    if review and review.extra_credit:
        rows.append(RubricRow("Extra credit", "", f"+{review.extra_credit:g}"))
    penalty = late.points if late else review.late_penalty if review else 0
    if penalty:
        rows.append(RubricRow(LATE, "", with_minus_sign(f"{-penalty:g}")))
    return rows
