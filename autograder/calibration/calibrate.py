"""Train the corpus over many seeds, and choose an assignment's thresholds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from autograder.calibration.choose import choose
from autograder.calibration.counting import rate_at_most, runs_needed
from autograder.calibration.digest import graded_by
from autograder.calibration.evidence import CONFIDENCE, MOST_FALSE_FAILS, Evidence
from autograder.calibration.kept import KeptTrials
from autograder.calibration.measured import fails, wrong_values
from autograder.corpus import Corpus, Entry
from autograder.course import Assignment, Course
from autograder.trials import Trial, run_trials

_WRONG_SHARE = 20
"""Of the seeds of right submissions, one in so many is used for wrong ones too; 3 at least.

Only for those that a threshold decides: they are found by one run of each.
"""
_LEAST_WRONG = 3


def seeds_needed(course: Course, assignment: Assignment) -> int:
    """Runs of each right submission by which false fails are bounded as they should be."""
    styles = len(Corpus(course, assignment).right)
    return math.ceil(runs_needed(MOST_FALSE_FAILS, CONFIDENCE) / styles)


def calibrate(
    course: Course,
    assignment: Assignment,
    seeds: int,
    on_progress: Callable[[int, int], None],
) -> Evidence:
    """Train the corpus over many seeds, and choose the thresholds that part right from wrong.

    Args:
        course: The course.
        assignment: The assignment.
        seeds: Training runs of each right submission; wrong ones that a threshold decides get a
            twentieth, 3 at least.
        on_progress: Told how many runs are done, and how many there are.

    Returns:
        The evidence, with the thresholds chosen. Trials are kept in `.trials/`: a calibration
        that was stopped goes on from there, and one over more seeds adds to it.

    Raises:
        CourseError: If a threshold separates nothing.
        AutograderError: If the course, the corpus or the sandbox is unusable.
    """
    corpus = Corpus(course, assignment)
    digest = graded_by(course, assignment, corpus)
    kept = KeptTrials(course, assignment.name, digest)

    def tried(entries: Sequence[Entry], numbers: int) -> list[Trial]:
        plan = [(entry, number) for entry in entries for number in range(numbers)]
        if missing := [one for one in plan if kept.find(*one) is None]:
            run_trials(course, assignment, corpus, missing, on_progress, kept.add)
        return [trial for one in plan if (trial := kept.find(*one))]

    scouts = tried(corpus.wrong, 1)
    decided = {
        trial.entry.name
        for trial in scouts
        if any(wrong_values(threshold, [trial]) for threshold in assignment.thresholds)
    }
    trials = tried(corpus.right, seeds)
    by_threshold = [entry for entry in corpus.wrong if entry.name in decided]
    trials += tried(by_threshold, max(_LEAST_WRONG, seeds // _WRONG_SHARE))
    # The others fail by what no draw changes, so once is enough.
    trials += [trial for trial in scouts if trial.entry.name not in decided]
    return decide(assignment, trials, digest)


def decide(assignment: Assignment, trials: Sequence[Trial], digest: str) -> Evidence:
    """Choose every threshold of an assignment from trials.

    Args:
        assignment: The assignment.
        trials: Of right and of wrong submissions.
        digest: From `graded_by`.

    Returns:
        The evidence.

    Raises:
        CourseError: If a threshold separates nothing.
    """
    right = [trial for trial in trials if trial.entry.expected is None]
    wrong = [trial for trial in trials if trial.entry.expected is not None]
    found = {name: choose(name, right, wrong) for name in assignment.thresholds}
    chosen = {name: evidence.chosen for name, evidence in found.items()}
    false_fails = sum(
        any(fails(verdict, chosen) for verdict in trial.grade.checks) for trial in right
    )
    false_passes = sum(
        verdict.name in trial.entry.expected.fails and not fails(verdict, chosen)
        for trial in wrong
        if trial.entry.expected is not None
        for verdict in trial.grade.checks
    )
    return Evidence(
        assignment=assignment.name,
        graded_by=digest,
        environment=right[0].grade.environment,
        right_styles=len({trial.entry.name for trial in right}),
        right_runs=len(right),
        false_fails=false_fails,
        false_fail_at_most=rate_at_most(false_fails, len(right), CONFIDENCE),
        wrong_styles=len({trial.entry.name for trial in wrong}),
        wrong_runs=len(wrong),
        false_passes=false_passes,
        thresholds=found,
    )
