"""Which reusable comments fit what a class got wrong."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from autograder.course import Comments, fitting_comments
from autograder.results import Grade, Outcome


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """A check that students share as failed, for the same reason, and the comments that fit.

    Attributes:
        check: The check's name.
        cause: The function that made it fail, or "".
        keys: The keys of the comments, in the order of the file; the same for all of them.
        students: Their ids, sorted.
        hint: An example: the hint that one of them got.
    """

    check: str
    cause: str
    keys: tuple[str, ...]
    students: tuple[str, ...]
    hint: str


def suggest(comments: Comments, assignment: str, grades: Iterable[Grade]) -> list[Suggestion]:
    """Group what did not pass by check, cause and the comments that fit.

    Args:
        comments: The course's comments.
        assignment: The assignment's name.
        grades: The students' Grades.

    Returns:
        What most students share comes first; of a check that only follows, nothing unless a comment
        is for its cause.
    """
    students: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    hints: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for grade in grades:
        for verdict in grade.checks:
            keys = tuple(fitting_comments(comments, assignment, verdict))
            is_told = verdict.outcome in (Outcome.PASSED, Outcome.GRADER_ERROR) or verdict.follows
            if is_told and not keys:
                continue
            group = verdict.name, verdict.cause, keys
            students[group].append(grade.student)
            hints.setdefault(group, verdict.hint)
    groups = sorted(students, key=lambda group: -len(students[group]))
    return [Suggestion(*group, tuple(sorted(students[group])), hints[group]) for group in groups]
