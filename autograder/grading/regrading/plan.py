"""Decide what to apply of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.errors import RegradeError
from autograder.grading.regrading.compare import Comparison
from autograder.grading.regrading.staging import Change, Plan
from autograder.results import Grade


def make_plan(
    comparisons: Sequence[Comparison], *, keep_higher: bool = False, reason: str = ""
) -> Plan:
    """Plan to apply what was compared.

    Args:
        comparisons: One per student.
        keep_higher: Keep the whole old Grade of a student whose mark would fall.
        reason: Why, in a person's words.

    Raises:
        RegradeError: If a higher mark is to be kept although the rubric's points have changed: a
            class cannot be marked by two rubrics.
    """
    rows = [row for row in comparisons if row.is_applicable]
    for row in rows if keep_higher else ():
        if row.old is not None and row.falls and _rubric(row.old) != _rubric(row.new):
            raise RegradeError(
                f"{row.student}'s higher mark cannot be kept: the points of the checks have "
                "changed, and a class cannot be marked by two rubrics.",
                "Leave out --keep-higher, and give points back by hand in formgrader.",
            )
    changes = (
        Change(
            student=row.student,
            old_digest=row.old_digest,
            new_digest=row.new_digest,
            keep_old=keep_higher and row.falls,
        )
        for row in rows
    )
    course = rows[0].new.course_sha256 if rows else ""
    return Plan(course_sha256=course, changes=tuple(changes), reason=reason)


def _rubric(grade: Grade) -> dict[str, float]:
    return {check.name: check.max_points for check in grade.checks}
