"""Train the corpora of assignments over many seeds, until there are enough runs or time is up."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from typing import Final

from autograder.authoring.calibration.digest import cells_digest
from autograder.authoring.calibration.evidence import CONFIDENCE, MOST_FALSE_FAILS
from autograder.authoring.calibration.kept import KeptTrials
from autograder.authoring.calibration.plan import Planned, plan_runs, take_turns
from autograder.authoring.calibration.rate_bound import runs_needed
from autograder.authoring.calibration.trial_runs import SHARED_SEEDS, trial_run
from autograder.authoring.corpus import Corpus
from autograder.authoring.trials import numbered_seeds
from autograder.course import Assignment, Course
from autograder.grading import Graded, Grader, LocalSession, fast_if_identical, start_grader
from autograder.results import Outcome

_SECONDS_A_MINUTE: Final = 60


def seeds_needed(corpus: Corpus) -> int:
    """Seeds per right submission that bound false fails by `MOST_FALSE_FAILS`."""
    return math.ceil(runs_needed(MOST_FALSE_FAILS, CONFIDENCE) / len(corpus.right))


def collect_trials(
    course: Course,
    assignments: Sequence[Assignment],
    on_progress: Callable[[int, int], None],
    *,
    seeds: int | None = None,
    minutes: float = math.inf,
) -> dict[str, KeptTrials]:
    """Add to the trials of assignments what is missing.

    Each run trains, and is graded, as `autograder grade` does it. What is done is saved every ten
    seconds and at the end, also if the command is interrupted.

    Args:
        course: The course.
        assignments: The assignments, which take turns.
        on_progress: Called with the right runs that there are, and those that are needed.
        seeds: Runs of each right submission; default: as many as `MOST_FALSE_FAILS` needs.
        minutes: Time after which no run begins.

    Returns:
        The trials, by assignment.

    Raises:
        AutograderError: If the course, a corpus or the sandbox is unusable.
    """
    kept = {assignment.name: KeptTrials(course, assignment) for assignment in assignments}
    needed = {name: seeds or seeds_needed(each.corpus) for name, each in kept.items()}
    plans = [
        plan_runs(name, each.corpus, needed[name], each.is_decided_by_a_threshold)
        for name, each in kept.items()
    ]
    total = sum(needed[name] * len(each.corpus.right) for name, each in kept.items())
    missing = (
        run for run in take_turns(plans) if kept[run.assignment].find(run.entry, run.number) is None
    )
    deadline = time.monotonic() + _SECONDS_A_MINUTE * minutes
    try:
        with closing(_run(course, assignments, kept, _until(deadline, missing))) as done_runs:
            for run, graded in done_runs:
                # The next command tries a grader error again.
                if graded.grade.outcome is not Outcome.GRADER_ERROR:
                    done = trial_run(run.number, graded.grade, graded.cpu_seconds)
                    kept[run.assignment].add(run.entry, done, graded.grade.environment)
                on_progress(sum(each.right_runs() for each in kept.values()), total)
    finally:
        for each in kept.values():
            each.save()
    return kept


def _until(deadline: float, runs: Iterator[Planned]) -> Iterator[Planned]:
    while time.monotonic() < deadline and (run := next(runs, None)) is not None:
        yield run


def _run(
    course: Course,
    assignments: Sequence[Assignment],
    kept: Mapping[str, KeptTrials],
    runs: Iterator[Planned],
) -> Generator[tuple[Planned, Graded], None, None]:
    """Make runs, as many at a time as the machine has room for; yields each when it is done."""
    by_name = {assignment.name: assignment for assignment in assignments}
    with ExitStack() as stack:
        session = stack.enter_context(LocalSession(course, assignments))
        workers = session.workers(lambda _reason: None)
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        graders: dict[str, Grader] = {}
        running: dict[Future[Graded], Planned] = {}
        for run in runs:
            corpus = kept[run.assignment].corpus
            if run.assignment not in graders:
                grader = start_grader(
                    course, by_name[run.assignment], stack, practice_seeds=True, session=session
                )
                solution = corpus.read(corpus.right[0])
                graders[run.assignment] = fast_if_identical(grader, solution)
            running[pool.submit(grade_run, graders[run.assignment], corpus, run)] = run
            if len(running) >= workers:
                yield from _finished(running)
        while running:
            yield from _finished(running)


def _finished(running: dict[Future[Graded], Planned]) -> Iterator[tuple[Planned, Graded]]:
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        yield running.pop(future), future.result()


def grade_run(grader: Grader, corpus: Corpus, run: Planned) -> Graded:
    """Grade a submission with seeds of its own, as in grading.

    The first few numbers give all submissions the same seeds, so that those which train exactly
    alike are known by their values.

    Args:
        grader: A grader of the assignment.
        corpus: The assignment's corpus.
        run: The run to make.
    """
    submission = corpus.read(run.entry)
    own = "" if run.number < SHARED_SEEDS else cells_digest(submission)
    seeds = numbered_seeds(grader.assignment.name, run.number, own)
    return dataclasses.replace(grader, seeds=seeds).grade_and_keep(submission)
