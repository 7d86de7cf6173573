"""Enter the marks that all assistants agree on into the gradebook."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from autograder.course import Course
from autograder.grading import GradeStore
from autograder.marking.sheets import Place
from autograder.outputs import History, find_gradebook, reviews
from autograder.outputs.gradebook import enter_marks
from autograder.results import Grade, Review


@dataclasses.dataclass(frozen=True)
class Entered:
    """What became of agreed marks.

    Attributes:
        new: How many are in the gradebook now, and were not before.
        same: How many the gradebook had already.
        kept: Manual marks that differ from what was agreed, and stay.
        lost: Places that the gradebook does not have.
    """

    new: int
    same: int
    kept: Mapping[Place, float]
    lost: tuple[Place, ...]


def enter_agreed(
    course: Course, assignment: str, agreed: Mapping[Place, float], by: str
) -> Entered:
    """Enter marks where nobody has entered one, and note them in the history.

    Args:
        course: The course.
        assignment: The assignment's name.
        agreed: The points.
        by: What enters them, for the history.

    Raises:
        GradebookError: If the gradebook cannot be written. Nothing is entered then.
    """
    location = find_gradebook(course)
    store = GradeStore(course.root / "grades" / assignment)
    history = History(course.root, assignment)
    grades = [g for s in sorted({student for student, _ in agreed}) if (g := store.read(s))]

    def reviewed() -> list[tuple[Grade, Review | None]]:
        with reviews(location.database, assignment, location.course_id) as review_of:
            return [(grade, review_of(grade.student)) for grade in grades]

    for grade, review in reviewed():
        history.observe(grade, review)  # what people did before is theirs
    before = enter_marks(location.database, assignment, agreed, location.course_id)
    for grade, review in reviewed():
        history.record_review(grade, review, by=by)
    return Entered(
        new=sum(mark is None for mark in before.values()),
        same=sum(mark == agreed[place] for place, mark in before.items()),
        kept={p: mark for p, mark in before.items() if mark is not None and mark != agreed[p]},
        lost=tuple(sorted(set(agreed) - set(before))),
    )
