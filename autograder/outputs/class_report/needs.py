"""Who needs help first, and with what."""

from __future__ import annotations

import dataclasses
from collections import Counter

from autograder.outputs.class_report.class_data import ClassData
from autograder.outputs.class_report.entry import Entry
from autograder.outputs.marks import MarkStatus
from autograder.results import Outcome

ORDER = (
    "First those who handed in nothing by the due date, or left every function as the stub, in "
    "most assignments; then those whom the same function costs points in several assignments; then "
    "by points lost to own mistakes. Checks that only follow another mistake, late penalties, and "
    "what the grader could not grade do not count."
)
"""The order of `needs`, in words."""
_MOST_TOLD = 3


@dataclasses.dataclass(frozen=True)
class Trouble:
    """One thing to help a student with.

    Attributes:
        assignment: The assignment's name.
        function: The function to fix, or "".
        advice: The hint, or what is missing, as a sentence.
        lost: Points that it costs by itself.
    """

    assignment: str
    function: str
    advice: str
    lost: float


@dataclasses.dataclass(frozen=True)
class Need:
    """Why one student needs help.

    Attributes:
        student: The student's id.
        missing: Assignments that are due and for which nothing was handed in.
        blank: Assignments for which only stubs were handed in.
        repeated: Functions that cost points in two assignments or more.
        lost: Points lost to own mistakes, over all assignments.
        troubles: What to help with, the most expensive first.
    """

    student: str
    missing: tuple[str, ...]
    blank: tuple[str, ...]
    repeated: tuple[str, ...]
    lost: float
    troubles: tuple[Trouble, ...]

    @property
    def reasons(self) -> list[str]:
        """Why, in the order in which reasons count."""
        reasons = []
        if self.missing:
            reasons.append(f"handed in nothing for {', '.join(self.missing)}")
        if self.blank:
            reasons.append(f"nothing attempted in {', '.join(self.blank)}")
        if self.repeated:
            names = ", ".join(f"`{function}`" for function in self.repeated)
            reasons.append(f"{names} in several assignments")
        if self.lost:
            points = "point" if self.lost == 1 else "points"
            reasons.append(f"{self.lost:g} {points} lost to own mistakes")
        return reasons

    @property
    def first_troubles(self) -> tuple[Trouble, ...]:
        """The few most expensive troubles."""
        return self.troubles[:_MOST_TOLD]


def needs(data: ClassData) -> list[Need]:
    """Everybody who needs help, in the order that `ORDER` explains."""
    found = [_need(data, student) for student in data.students]
    return sorted(
        (need for need in found if need.reasons),
        key=lambda n: (-len(n.missing + n.blank), -len(n.repeated), -n.lost, n.student),
    )


def _need(data: ClassData, student: str) -> Need:
    missing: list[str] = []
    blank: list[str] = []
    functions: Counter[str] = Counter()
    troubles: list[Trouble] = []
    for assignment, entry in data.entries_of(student):
        if entry.is_blank:
            is_missing = entry.mark.status is MarkStatus.MISSING
            (missing if is_missing else blank).append(assignment.name)
            continue
        mine = _troubles(assignment.name, entry)
        functions.update({trouble.function for trouble in mine} - {""})
        troubles += mine
    lost = sum(trouble.lost for trouble in troubles)
    return Need(
        student=student,
        missing=tuple(missing),
        blank=tuple(blank),
        repeated=tuple(name for name, count in functions.items() if count > 1),
        lost=round(lost, 4),
        troubles=tuple(sorted(troubles, key=lambda trouble: -trouble.lost)),
    )


def _troubles(assignment: str, entry: Entry) -> list[Trouble]:
    """A student's own mistakes and stubs in one assignment, each hint once."""
    if not entry.is_graded:
        return []
    found: dict[tuple[str, str], Trouble] = {}
    for check in entry.checks:
        if not check.lost or check.follows or check.outcome is Outcome.GRADER_ERROR:
            continue
        key = (check.function, check.hint or check.message)
        lost = check.lost + (found[key].lost if key in found else 0)
        found[key] = Trouble(assignment, *key, lost)
    return list(found.values())
