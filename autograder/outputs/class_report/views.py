"""Entries as pages show them: words and links; plain text, not yet escaped for HTML."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from autograder.course import comment_command
from autograder.outputs.class_report.class_data import ClassData
from autograder.outputs.class_report.entry import CheckResult, Entry
from autograder.outputs.class_report.misconceptions import Misconception
from autograder.outputs.class_report.needs import Need, Trouble
from autograder.outputs.class_report.overview import Overview
from autograder.outputs.class_report.slugs import slug
from autograder.outputs.class_report.words import CHECK_WORDS, late_words, status_words
from autograder.outputs.marks import MarkStatus, format_points
from autograder.results import Outcome, clean_line

_MAX_ID, _MAX_NAME, _MAX_FIRST = 80, 160, 240
_SHORT_STATUS = {
    MarkStatus.GRADER_ERROR: "error",
    MarkStatus.NOT_GRADED: "waits",
    MarkStatus.MISSING: "missing",
}
ReadCode = Callable[[str, str, str], str]
"""Reads a student's cell: student, assignment, function; "" if there is none."""


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A student as pages name them."""

    id: str
    name: str
    slug: str


class People:
    """Everybody in the report, by id."""

    def __init__(self, data: ClassData) -> None:
        self._people = {
            student: Person(
                clean_line(student, _MAX_ID),
                clean_line(data.names.get(student, ""), _MAX_NAME),
                slug(student),
            )
            for student in data.students
        }

    def __call__(self, student: str) -> Person:
        """One of them."""
        return self._people[student]

    def all(self, students: Iterable[str]) -> list[Person]:
        """Some of them, in that order."""
        return [self._people[student] for student in students]


@dataclasses.dataclass(frozen=True)
class MisconceptionView:
    """A misconception on a page.

    Attributes:
        assignment: The assignment's name, if the page has several; else "".
        code: The example's cell; "" if it is not shown.
        commands: What inserts the comments that fit, to be copied.
        full: Whether the students and the example are shown.
    """

    function: str
    advice: str
    checks: tuple[str, ...]
    follows: tuple[str, ...]
    people: list[Person]
    example: Person
    message: str
    lost: str
    code: str = ""
    commands: tuple[str, ...] = ()
    full: bool = True
    assignment: str = ""
    assignment_slug: str = ""


def misconception_view(
    shared: Misconception, people: People, code: str, assignment: str
) -> MisconceptionView:
    """A misconception in an assignment, with its students and its example."""
    return MisconceptionView(
        function=shared.function,
        advice=shared.advice,
        checks=shared.checks,
        follows=shared.follows,
        people=people.all(shared.students),
        example=people(shared.example),
        message=shared.message,
        lost="1 point" if shared.lost == 1 else f"{shared.lost:.3g} points",
        code=code,
        commands=tuple(comment_command(key, assignment) for key in shared.comments),
    )


@dataclasses.dataclass(frozen=True)
class NeedRow:
    """A row of the table of who needs help."""

    place: int
    who: Person
    reasons: list[str]
    troubles: tuple[Trouble, ...]


def need_rows(needs: Sequence[Need], people: People) -> list[NeedRow]:
    """Rows in the order of who needs help first."""
    return [
        NeedRow(place, people(need.student), need.reasons, need.first_troubles)
        for place, need in enumerate(needs, 1)
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of an assignment's table of students; `order` and `passed` are numbers to sort by."""

    who: Person
    score: str
    order: str
    status: str
    passed: str
    passed_words: str
    first: str


def entry_row(entry: Entry, people: People) -> EntryRow:
    """One student in an assignment."""
    checks = entry.checks
    return EntryRow(
        who=people(entry.student),
        score=entry.mark.text,
        order=entry.mark.text,
        status=status_words(entry),
        passed=str(entry.checks_passed) if checks else "",
        passed_words=passed_words(entry),
        first=_first_thing(checks),
    )


def passed_words(entry: Entry) -> str:
    """Such as "8 of 10"; "" without a mark."""
    return f"{entry.checks_passed} of {len(entry.checks)}" if entry.is_graded else ""


def _first_thing(checks: Sequence[CheckResult]) -> str:
    for check in checks:
        if check.lost and not check.follows and check.outcome is not Outcome.GRADER_ERROR:
            return clean_line(check.hint or check.message, _MAX_FIRST)
    return ""


@dataclasses.dataclass(frozen=True, slots=True)
class StudentRow:
    """A row of the table of all students.

    Attributes:
        cells: For each assignment, a number to sort by, what is shown, and whether it is a mark.
    """

    who: Person
    cells: list[tuple[str, str, bool]]
    total: str
    total_words: str
    late: int
    place: int | None
    first: str


def student_row(
    data: ClassData, student: str, people: People, place: int | None, need: Need | None
) -> StudentRow:
    """One student over all assignments."""
    entries = [assignment.entries.get(student) for assignment in data.assignments]
    marks = [e.mark for e in entries if e is not None and e.mark.score is not None]
    total = sum(mark.score or 0 for mark in marks)
    most = sum(mark.max_score for mark in marks)
    words = f"{format_points(total)} of {format_points(most)}" if marks else ""
    first = need.troubles[0] if need is not None and need.troubles else None
    return StudentRow(
        who=people(student),
        cells=[_cell(entry) for entry in entries],
        total=format_points(total) if marks else "",
        total_words=words,
        late=sum(e is not None and bool(late_words(e)) for e in entries),
        place=place,
        first=_short(first) if first else "",
    )


def _cell(entry: Entry | None) -> tuple[str, str, bool]:
    if entry is None:
        return "", "–", False  # noqa: RUF001 - a dash
    if entry.mark.score is None:
        is_early = entry.mark.status is MarkStatus.MISSING and not entry.is_due
        return "", "not due" if is_early else _SHORT_STATUS[entry.mark.status], False
    return entry.mark.text, entry.mark.text, True


def _short(trouble: Trouble) -> str:
    where = f"`{trouble.function}`: " if trouble.function else ""
    return f"{where}{clean_line(trouble.advice, _MAX_FIRST)}"


@dataclasses.dataclass(frozen=True, slots=True)
class CheckRow:
    """A row of a check's table: somebody who did not pass."""

    who: Person
    outcome: str
    message: str
    hint: str
    follows: bool
    function: str


def check_rows(overview: Overview, name: str, people: People) -> list[CheckRow]:
    """Everybody who did not pass a check; grader errors are listed on the assignment's page."""
    rows = []
    for entry in overview.graded:
        for check in entry.checks:
            if check.name != name or check.outcome in (Outcome.PASSED, Outcome.GRADER_ERROR):
                continue
            rows.append(
                CheckRow(
                    who=people(entry.student),
                    outcome=CHECK_WORDS[check.outcome],
                    message=clean_line(check.message, _MAX_FIRST),
                    hint=clean_line(check.hint, _MAX_FIRST),
                    follows=check.follows,
                    function=check.function,
                )
            )
    return rows


@dataclasses.dataclass(frozen=True)
class CheckView:
    """A check on a student's page."""

    title: str
    slug: str
    word: str
    lost: str
    follows: bool
    message: str
    hint: str


@dataclasses.dataclass(frozen=True)
class FunctionView:
    """The checks on a student's page that one function fails.

    Attributes:
        function: Its name, or "".
        shared: How many students share the most frequent of its misconceptions.
        checks: Own ones first.
        commands: What inserts the comments that fit, to be copied.
    """

    function: str
    shared: int
    checks: list[CheckView]
    commands: list[str]


def function_views(entry: Entry, shared: dict[tuple[str, str], int]) -> list[FunctionView]:
    """A submission's checks that did not pass, by the function to fix.

    Args:
        entry: The student's.
        shared: How many share a mistake, by the function and a title of a check that it fails.
    """
    by_function: dict[str, list[CheckResult]] = {}
    for check in entry.checks:
        if check.outcome is not Outcome.PASSED:
            by_function.setdefault(check.function, []).append(check)
    return [
        FunctionView(
            function=function,
            shared=max((shared.get((function, c.title), 0) for c in checks), default=0),
            checks=[_check_view(c) for c in sorted(checks, key=lambda c: c.follows)],
            commands=[
                comment_command(key, entry.mark.assignment, entry.student)
                for key in dict.fromkeys(key for c in checks for key in c.comments)
                if entry.student.isprintable()  # others nobody can type
            ],
        )
        for function, checks in by_function.items()
    ]


def _check_view(check: CheckResult) -> CheckView:
    return CheckView(
        title=check.title,
        slug=slug(check.name),
        word=CHECK_WORDS[check.outcome],
        lost=format_points(check.lost),
        follows=check.follows,
        message=check.message,
        hint=check.hint,
    )
