"""Mistakes that students share: what to fix in which function, and whom it concerns."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable

from autograder.outputs.class_report.entry import CheckResult, Entry
from autograder.results import Outcome

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_Key = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Misconception:
    """One mistake in one function, as far as the hint tells mistakes apart.

    Attributes:
        function: The function to fix; "" if it is unknown.
        advice: The hint that names it; without a hint, what was measured.
        checks: Titles of the checks that fail by themselves, the most frequent first.
        follows: Titles of the checks that fail only because of the function.
        students: Ids of those who have it, sorted.
        example: The student whose message is shown.
        message: What was measured for that student.
        comments: Keys of the reusable comments that fit for anybody.
        lost: Points that it costs, with those of the checks that follow; the mean over `students`.
    """

    function: str
    advice: str
    checks: tuple[str, ...]
    follows: tuple[str, ...]
    students: tuple[str, ...]
    example: str
    message: str
    comments: tuple[str, ...]
    lost: float


@dataclasses.dataclass
class _Group:
    """A misconception while it is collected."""

    function: str
    first: CheckResult
    example: str
    students: dict[str, float] = dataclasses.field(default_factory=dict)
    checks: Counter[str] = dataclasses.field(default_factory=Counter)
    follows: Counter[str] = dataclasses.field(default_factory=Counter)
    comments: dict[str, None] = dataclasses.field(default_factory=dict)


def misconceptions(entries: Iterable[Entry]) -> list[Misconception]:
    """The mistakes of a class in one assignment, those that most share first.

    Checks of one submission that fail with the same hint for the same function are one mistake.
    Checks that only follow are told with their cause, and are none. Two hints that always come
    together are one mistake too. Stubs, time and resource limits are no misconceptions.

    Args:
        entries: Everybody's.
    """
    groups: dict[_Key, _Group] = {}
    for entry in entries:
        if entry.is_graded:
            _collect(entry, groups)
    merged: dict[tuple[str, tuple[str, ...]], list[_Group]] = {}
    for group in groups.values():
        merged.setdefault((group.function, tuple(group.students)), []).append(group)
    found = [_misconception(together) for together in merged.values()]
    return sorted(found, key=lambda m: (-len(m.students), -m.lost, m.function, m.advice))


def stubs(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Students who left a function as the stub, by the function's name."""
    left: dict[str, list[str]] = {}
    for entry in entries:
        functions = {c.function for c in entry.checks if c.outcome is Outcome.NOT_ATTEMPTED}
        for function in sorted(functions):
            left.setdefault(function, []).append(entry.student)
    return dict(sorted(left.items(), key=lambda item: -len(item[1])))


def _collect(entry: Entry, groups: dict[_Key, _Group]) -> None:
    own = [c for c in entry.checks if c.is_own_mistake and c.outcome is Outcome.FAILED]
    following = [c for c in entry.checks if c.follows and c.outcome is not Outcome.GRADER_ERROR]
    stubbed = {c.function for c in entry.checks if c.outcome is Outcome.NOT_ATTEMPTED}
    mine: dict[str, list[_Key]] = {}
    for check in own:
        key = (check.function, _same_whatever_the_numbers(check.hint or check.message))
        group = groups.setdefault(key, _Group(check.function, check, entry.student))
        group.students[entry.student] = group.students.get(entry.student, 0) + check.lost
        group.checks[check.title] += 1
        group.comments |= dict.fromkeys(check.comments)
        mine.setdefault(check.function, []).append(key)
    for check in following:
        if check.function in stubbed:
            continue
        key = mine.get(check.function, [(check.function, f"\0{check.title}")])[0]
        group = groups.setdefault(key, _Group(check.function, check, entry.student))
        group.students[entry.student] = group.students.get(entry.student, 0) + check.lost
        group.follows[check.title] += 1
        group.comments |= dict.fromkeys(check.comments)


def _same_whatever_the_numbers(text: str) -> str:
    return _NUMBER.sub("#", text)


def _misconception(groups: list[_Group]) -> Misconception:
    """One misconception of groups with the same students."""
    first = groups[0]
    checks: Counter[str] = sum((group.checks for group in groups), Counter())
    follows: Counter[str] = sum((group.follows for group in groups), Counter())
    costs = [sum(group.students[student] for group in groups) for student in first.students]
    return Misconception(
        function=first.function,
        advice=_advice(first, follows),
        checks=tuple(title for title, _ in checks.most_common()),
        follows=tuple(title for title, _ in follows.most_common()),
        students=tuple(first.students),
        example=first.example,
        message=first.first.message,
        comments=tuple(dict.fromkeys(key for group in groups for key in group.comments)),
        lost=sum(costs) / len(costs),
    )


def _advice(group: _Group, follows: Counter[str]) -> str:
    if group.checks:
        return group.first.hint or group.first.message
    titles = ", ".join(f"“{title}”" for title, _ in follows.most_common())
    return (
        f"Its own checks pass, but with the course's own function in its place, so does {titles}."
    )
