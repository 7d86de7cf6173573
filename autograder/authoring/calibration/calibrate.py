"""Derive an assignment's evidence and thresholds from its trials."""

from __future__ import annotations

from autograder.authoring.calibration.both_sides import MustFail
from autograder.authoring.calibration.digest import evidence_digest
from autograder.authoring.calibration.evidence import CONFIDENCE, Evidence
from autograder.authoring.calibration.kept import KeptTrials
from autograder.authoring.calibration.picture import draw
from autograder.authoring.calibration.rate_bound import rate_at_most
from autograder.authoring.calibration.thresholds import choose_threshold
from autograder.authoring.calibration.trial_runs import Trials, joined_environments
from autograder.course import FILE_NAME, Assignment, Course, set_thresholds
from autograder.results import write_atomically


def derive_evidence(course: Course, assignment: Assignment, kept: KeptTrials) -> Evidence | None:
    """The evidence that an assignment's trials are; nothing is run.

    Args:
        course: The course.
        assignment: The assignment.
        kept: Its trials.

    Returns:
        The evidence; None while a submission of the corpus has no trial that is up to date.

    Raises:
        CourseError: If a threshold separates nothing.
    """
    if kept.out_of_date():
        return None
    must_fail = {e.name: e.expected.fails if e.expected else () for e in kept.corpus.wrong}
    digest = evidence_digest(course, assignment, kept.corpus)
    return decide(assignment, kept.trials(), must_fail, digest)


def decide(assignment: Assignment, trials: Trials, must_fail: MustFail, digest: str) -> Evidence:
    """Choose every threshold of an assignment from trials.

    Args:
        assignment: The assignment.
        trials: Trials of right and of wrong submissions.
        must_fail: The checks that each wrong submission must fail.
        digest: From `evidence_digest`.

    Returns:
        The evidence.

    Raises:
        CourseError: If a threshold separates nothing.
    """
    thresholds = {
        name: choose_threshold(name, trials, must_fail, present)
        for name, present in assignment.thresholds.items()
    }
    chosen = {name: evidence.chosen for name, evidence in thresholds.items()}
    right = [run for each in trials.right for run in each.runs]
    false_fails = sum(bool(run.failing(chosen)) for run in right)
    false_passes = sum(
        len(set(must_fail[each.entry]) - run.failing(chosen))
        for each in trials.wrong
        for run in each.runs
    )
    return Evidence(
        assignment=assignment.name,
        evidence_digest=digest,
        environment=joined_environments(*(each.environment for each in trials.entries)),
        right_styles=len(trials.right),
        right_runs=len(right),
        false_fails=false_fails,
        false_fail_at_most=rate_at_most(false_fails, len(right), CONFIDENCE),
        wrong_styles=len(trials.wrong),
        wrong_runs=sum(len(each.runs) for each in trials.wrong),
        false_passes=false_passes,
        thresholds=thresholds,
    )


def write_evidence(course: Course, assignment: Assignment, evidence: Evidence) -> None:
    """Write `calibration.json`, its picture, and the thresholds into `course.yml`.

    Args:
        course: The course.
        assignment: The assignment.
        evidence: Its evidence.
    """
    folder = course.folder(assignment.name)
    write_atomically(folder.evidence, (evidence.model_dump_json(indent=1) + "\n").encode())
    write_atomically(folder.evidence_picture, draw(evidence, assignment.title))
    chosen = {name: threshold.chosen for name, threshold in evidence.thresholds.items()}
    if chosen != dict(assignment.thresholds):
        path = course.root / FILE_NAME
        write_atomically(path, set_thresholds(path, assignment.name, chosen))
