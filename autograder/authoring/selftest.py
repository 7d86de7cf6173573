"""Test every check of an assignment with its corpus."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from autograder.authoring.corpus import Corpus, Entry, surprises
from autograder.authoring.trials import Trial, run_trials
from autograder.course import Assignment, Course
from autograder.results import Outcome

PASSES, FAILS, LUCK, SURPRISE = ".", "x", "~", "!"
"""Marks in the matrix: passes; fails as expected; fails by chance, as expected; anything else."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One submission of the corpus, with the result of every check.

    Attributes:
        entry: The submission.
        marks: One mark per check, in the rubric's order.
        surprises: What was not as expected, each with the number of its seeds.
    """

    entry: Entry
    marks: tuple[str, ...]
    surprises: tuple[str, ...]


def run_selftest(
    course: Course,
    assignment: Assignment,
    seeds: int,
    on_progress: Callable[[int, int], None],
) -> list[Row]:
    """Grade the solution, the release version and the whole corpus.

    Args:
        course: The course.
        assignment: The assignment.
        seeds: Training runs of each submission; the release version gets one.
        on_progress: Called with the runs that are done and the number of runs.

    Returns:
        One row per submission.

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


def _row(entry: Entry, trials: Sequence[Trial], assignment: Assignment) -> Row:
    lines = [
        f"seeds {trial.number}: {surprise}"
        for trial in trials
        for surprise in surprises(entry, trial.grade)
    ]
    marks = [_mark(entry, trials, place) for place in range(len(assignment.checks))]
    return Row(entry, tuple(marks), tuple(lines))


def _mark(entry: Entry, trials: Sequence[Trial], place: int) -> str:
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
