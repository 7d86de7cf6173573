"""The gate that a course author runs: every check is held against the corpus."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from autograder.corpus import Corpus, Entry, surprises
from autograder.course import Assignment, Course
from autograder.results import Outcome
from autograder.trials import Trial, run_trials

PASSES, FAILS, LUCK, SURPRISE = ".", "x", "~", "!"
"""Marks of the matrix: passed; failed as it must; failed as it may; otherwise than it must."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One submission of the corpus against every check.

    Attributes:
        entry: The submission.
        marks: One mark a check, in the rubric's order.
        surprises: What came out otherwise than it must, each with the number of its seeds.
    """

    entry: Entry
    marks: tuple[str, ...]
    surprises: tuple[str, ...]


def selftest(
    course: Course,
    assignment: Assignment,
    seeds: int,
    on_progress: Callable[[int, int], None],
) -> list[Row]:
    """Grade the solution, the release version and the whole corpus.

    Args:
        course: The course.
        assignment: The assignment.
        seeds: Over how many seeds.
        on_progress: Told how many runs are done, and how many there are.

    Returns:
        A row a submission.

    Raises:
        AutograderError: If the course, the corpus or the sandbox is unusable.
    """
    corpus = Corpus(course, assignment)
    entries = [corpus.release, *corpus.right, *corpus.wrong]
    plan = [(entry, n) for entry in entries for n in range(1 if entry.is_release else seeds)]
    trials = run_trials(course, assignment, corpus, plan, on_progress)
    return [
        _row(entry, [trial for trial in trials if trial.entry == entry], assignment)
        for entry in entries
    ]


def _row(entry: Entry, trials: list[Trial], assignment: Assignment) -> Row:
    told = [
        f"seeds {trial.number}: {surprise}"
        for trial in trials
        for surprise in surprises(entry, trial.grade)
    ]
    marks = [_mark(entry, trials, place) for place in range(len(assignment.checks))]
    return Row(entry, tuple(marks), tuple(told))


def _mark(entry: Entry, trials: list[Trial], place: int) -> str:
    """The mark of one check over all seeds."""
    verdicts = [trial.grade.checks[place] for trial in trials]
    passed = {verdict.outcome is Outcome.PASSED for verdict in verdicts}
    if any(verdict.outcome is Outcome.GRADER_ERROR for verdict in verdicts):
        return SURPRISE
    if entry.is_release:
        attempted = any(v.outcome is not Outcome.NOT_ATTEMPTED for v in verdicts)
        return SURPRISE if attempted else FAILS
    name = verdicts[0].name
    if entry.expected is not None and name in entry.expected.may_fail:
        return LUCK if False in passed else PASSES
    must_pass = entry.expected is None or name not in entry.expected.fails
    if passed != {must_pass}:
        return SURPRISE
    return PASSES if must_pass else FAILS
