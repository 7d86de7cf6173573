"""Which reusable comments fit what a class got wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from autograder.course import Comments, fitting_comments
from autograder.results import Grade, Outcome


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """A mistake that students share, and the comments that fit.

    Attributes:
        function: The function that made checks fail; or that they are about, or "".
        hint: What one of the students was told.
        keys: The keys of the comments, in the order of the file; the same for all of them.
        checks: Names of the checks that failed.
        students: Ids of the students, sorted.
    """

    function: str
    hint: str
    keys: tuple[str, ...]
    checks: tuple[str, ...]
    students: tuple[str, ...]


def suggest(comments: Comments, assignment: str, grades: Iterable[Grade]) -> list[Suggestion]:
    """Group what did not pass by its function and the comments that fit; or else by the hint.

    Args:
        comments: The course's comments.
        assignment: The assignment's name.
        grades: The students' Grades.

    Returns:
        What most students share comes first. Checks that failed only because of another function
        are left out, unless a comment is for that function.
    """
    groups: dict[tuple[str, object], tuple[str, tuple[str, ...], set[str], dict[str, None]]] = {}
    for grade in grades:
        for verdict in grade.checks:
            keys = tuple(fitting_comments(comments, assignment, verdict))
            is_over = verdict.outcome in (Outcome.PASSED, Outcome.GRADER_ERROR)
            if is_over or (verdict.follows and not keys):
                continue
            group = verdict.cause or verdict.about, keys or verdict.hint
            _, _, students, checks = groups.setdefault(group, (verdict.hint, keys, set(), {}))
            students.add(grade.student)
            checks[verdict.name] = None
    suggestions = [
        Suggestion(function, hint, keys, tuple(checks), tuple(sorted(students)))
        for (function, _), (hint, keys, students, checks) in groups.items()
    ]
    return sorted(suggestions, key=lambda suggestion: -len(suggestion.students))
