"""One assignment in figures: who passed what, what fails, and what a person should look at."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator

from autograder.outputs.class_report.class_data import AssignmentData
from autograder.outputs.class_report.entry import CheckResult, Entry
from autograder.outputs.class_report.misconceptions import Misconception, misconceptions, stubs
from autograder.outputs.class_report.plots import median
from autograder.outputs.marks import MarkStatus, format_points
from autograder.results import Outcome

_LIMITS = (Outcome.TIMEOUT, Outcome.RESOURCE_LIMIT)


@dataclasses.dataclass(frozen=True)
class CheckRate:
    """How a check came out.

    Attributes:
        name: Its name.
        title: What people call it.
        points: What it is worth.
        graded: Submissions for which it was decided.
        passed: Of these, those that passed it.
        own: Of these, those that failed it by a mistake of their own.
        follows: Of these, those that failed it only because of another function.
        stubs: Of these, those that did not attempt it.
    """

    name: str
    title: str
    points: float
    graded: int
    passed: int
    own: int
    follows: int
    stubs: int

    @property
    def percent(self) -> float | None:
        """Percent of `graded` that passed; None if nothing was graded."""
        return round(100 * self.passed / self.graded, 1) if self.graded else None


@dataclasses.dataclass(frozen=True)
class Overview:
    """One assignment in figures. Lists of students are sorted.

    Attributes:
        data: The assignment.
        graded: Entries with a mark.
        rates: The checks, in the order of the course.
        shared: The misconceptions, those that most share first.
        stubs: Who left a function as the stub, by its name.
    """

    data: AssignmentData
    graded: tuple[Entry, ...]
    rates: tuple[CheckRate, ...]
    shared: tuple[Misconception, ...]
    stubs: dict[str, list[str]]

    @property
    def passed(self) -> int:
        """How many passed everything."""
        return sum(entry.passed_everything for entry in self.graded)

    @property
    def scores(self) -> list[float]:
        """All scores, ascending; who has no mark is not among them."""
        return sorted(e.mark.score for e in self.graded if e.mark.score is not None)

    @property
    def median(self) -> str:
        """The median score, or "" without any."""
        return format_points(median(self.scores)) if self.graded else ""

    @property
    def grader_errors(self) -> list[Entry]:
        """Whom the grader failed on; they have no mark."""
        return self._where(lambda entry: entry.mark.status is MarkStatus.GRADER_ERROR)

    @property
    def not_graded(self) -> list[Entry]:
        """Who handed in something that has not been graded; they have no mark."""
        return self._where(lambda entry: entry.mark.status is MarkStatus.NOT_GRADED)

    @property
    def missing(self) -> list[Entry]:
        """Who is on the roster and handed in nothing; they have no mark."""
        return self._where(lambda entry: entry.mark.status is MarkStatus.MISSING)

    @property
    def not_attempted(self) -> list[Entry]:
        """Who handed in nothing but stubs."""
        return self._where(lambda entry: entry.outcome is Outcome.NOT_ATTEMPTED)

    @property
    def limits(self) -> list[Entry]:
        """Whose code ran into a time or resource limit, or ended the run."""
        return self._where(
            lambda entry: bool(entry.endings) or any(c.outcome in _LIMITS for c in entry.checks)
        )

    @property
    def flagged(self) -> list[Entry]:
        """Whom a person should look at."""
        return self._where(lambda entry: bool(entry.flags))

    @property
    def late(self) -> list[Entry]:
        """Who handed in after the due date."""
        return self._where(lambda entry: entry.late is not None or entry.mark.late_penalty > 0)

    @property
    def waiting(self) -> list[Entry]:
        """Who has a cell that a person must mark."""
        return self._where(lambda entry: entry.mark.needs_manual_grade)

    def _where(self, condition: Callable[[Entry], bool]) -> list[Entry]:
        return [entry for entry in self.data.entries.values() if condition(entry)]


def overview(data: AssignmentData) -> Overview:
    """Count an assignment's entries, once."""
    entries = tuple(data.entries.values())
    graded = tuple(entry for entry in entries if entry.is_graded)
    return Overview(
        data=data,
        graded=graded,
        rates=tuple(_rates(data, graded)),
        shared=tuple(misconceptions(graded)),
        stubs=stubs(graded),
    )


def _rates(data: AssignmentData, graded: tuple[Entry, ...]) -> Iterator[CheckRate]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in data.assignment.checks}
    titles: dict[str, str] = {}
    for entry in graded:
        for check in entry.checks:
            if check.name in counts:
                counts[check.name][_kind(check)] += 1
                titles.setdefault(check.name, check.title)
    for name, points in data.assignment.checks.items():
        kinds = counts[name]
        yield CheckRate(
            name=name,
            title=titles.get(name) or name,
            points=points,
            graded=kinds.total() - kinds["error"],
            passed=kinds["passed"],
            own=kinds["own"],
            follows=kinds["follows"],
            stubs=kinds["stub"],
        )


def _kind(check: CheckResult) -> str:
    if check.outcome is Outcome.PASSED:
        return "passed"
    if check.outcome is Outcome.GRADER_ERROR:
        return "error"
    if check.follows:
        return "follows"
    return "stub" if check.outcome is Outcome.NOT_ATTEMPTED else "own"
