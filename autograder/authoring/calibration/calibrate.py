"""Train the corpus over many seeds, and choose an assignment's thresholds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from autograder.authoring.calibration.digest import evidence_digest
from autograder.authoring.calibration.evidence import CONFIDENCE, MOST_FALSE_FAILS, Evidence
from autograder.authoring.calibration.measured import fails, wrong_values
from autograder.authoring.calibration.rate_bound import rate_at_most, runs_needed
from autograder.authoring.calibration.thresholds import choose_threshold
from autograder.authoring.calibration.trial_cache import TrialCache
from autograder.authoring.corpus import Corpus, Entry
from autograder.authoring.trials import Trial, run_trials
from autograder.course import Assignment, Course

_RIGHT_PER_WRONG = 20
"""Seeds of right submissions for each seed of the wrong ones that a threshold decides."""
_LEAST_WRONG = 3


def seeds_needed(course: Course, assignment: Assignment) -> int:
    """Seeds per right submission that bound false fails by `MOST_FALSE_FAILS`."""
    styles = len(Corpus(course, assignment).right)
    return math.ceil(runs_needed(MOST_FALSE_FAILS, CONFIDENCE) / styles)


def calibrate(
    course: Course,
    assignment: Assignment,
    seeds: int,
    on_progress: Callable[[int, int], None],
) -> Evidence:
    """Train the corpus over many seeds, and choose thresholds that separate right from wrong.

    Trials are kept in `.trials/`: a calibration that was stopped continues from there, and one over
    more seeds adds to it.

    Args:
        course: The course.
        assignment: The assignment.
        seeds: Training runs of each right submission. Wrong submissions that a threshold decides
            get a twentieth of that, at least 3; the others get 1.
        on_progress: Called with the runs that are done and the number of runs.

    Returns:
        The evidence, with the chosen thresholds.

    Raises:
        CourseError: If a threshold separates nothing.
        AutograderError: If the course, the corpus or the sandbox is unusable.
    """
    corpus = Corpus(course, assignment)
    digest = evidence_digest(course, assignment, corpus)
    cache = TrialCache(course, assignment.name, digest)

    def run(entries: Sequence[Entry], numbers: int) -> list[Trial]:
        plan = [(entry, number) for entry in entries for number in range(numbers)]
        if missing := [step for step in plan if cache.find(*step) is None]:
            run_trials(course, assignment, corpus, missing, on_progress, cache.add)
        return [trial for step in plan if (trial := cache.find(*step))]

    first_runs = run(corpus.wrong, 1)
    decided = {
        trial.entry.name
        for trial in first_runs
        if any(wrong_values(threshold, [trial]) for threshold in assignment.thresholds)
    }
    trials = run(corpus.right, seeds)
    by_threshold = [entry for entry in corpus.wrong if entry.name in decided]
    trials += run(by_threshold, max(_LEAST_WRONG, seeds // _RIGHT_PER_WRONG))
    # The others fail by what no seed changes, so one run is enough.
    trials += [trial for trial in first_runs if trial.entry.name not in decided]
    return decide(assignment, trials, digest)


def decide(assignment: Assignment, trials: Sequence[Trial], digest: str) -> Evidence:
    """Choose every threshold of an assignment from trials.

    Args:
        assignment: The assignment.
        trials: Trials of right and of wrong submissions.
        digest: From `evidence_digest`.

    Returns:
        The evidence.

    Raises:
        CourseError: If a threshold separates nothing.
    """
    right = [trial for trial in trials if trial.entry.expected is None]
    wrong = [trial for trial in trials if trial.entry.expected is not None]
    thresholds = {name: choose_threshold(name, right, wrong) for name in assignment.thresholds}
    chosen = {name: evidence.chosen for name, evidence in thresholds.items()}
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
        evidence_digest=digest,
        environment=right[0].grade.environment,
        right_styles=len({trial.entry.name for trial in right}),
        right_runs=len(right),
        false_fails=false_fails,
        false_fail_at_most=rate_at_most(false_fails, len(right), CONFIDENCE),
        wrong_styles=len({trial.entry.name for trial in wrong}),
        wrong_runs=len(wrong),
        false_passes=false_passes,
        thresholds=thresholds,
    )
