"""Grade the corpus over many seeds, in the sandbox, as submissions are graded."""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack

from autograder.authoring.corpus import Corpus, Entry
from autograder.course import Assignment, Course, FixedSeeds, KeyedSeeds
from autograder.grading import Grader, course_limits, fast_if_identical, start_grader
from autograder.results import Grade
from autograder.sandbox import FORK_SERVER, find_capacity

_KEY_BYTES = 32
_MOST_TOGETHER = 4


@dataclasses.dataclass(frozen=True)
class Trial:
    """One graded training run of one submission of the corpus.

    Attributes:
        entry: The submission.
        number: The number of the seeds, from 0.
        grade: Its Grade.
    """

    entry: Entry
    number: int
    grade: Grade


def run_trials(
    course: Course,
    assignment: Assignment,
    corpus: Corpus,
    plan: Sequence[tuple[Entry, int]],
    on_progress: Callable[[int, int], None],
    on_trials: Callable[[Sequence[Trial]], None] = lambda _: None,
    arguments: Sequence[str] = FORK_SERVER,
) -> list[Trial]:
    """Grade submissions with the seeds that a plan gives them.

    Args:
        course: The course.
        assignment: The assignment.
        corpus: Its corpus.
        plan: Pairs of a submission and the number of its seeds, from 0; one pair per run.
        on_progress: Called with the runs that are done and the number of runs.
        on_trials: Called with trials as soon as they are done.
        arguments: As in `ForkServer`.

    Returns:
        The trials, in the plan's order.

    Raises:
        AutograderError: If the course or the sandbox is unusable.
    """
    trials: dict[tuple[str, int], Trial] = {}
    workers = find_capacity(course_limits(course)).workers
    with ExitStack() as stack, ThreadPoolExecutor(workers) as pool:
        grader = start_grader(course, assignment, stack, practice_seeds=True, arguments=arguments)
        grader = fast_if_identical(grader, corpus.read(corpus.right[0]))
        running = [
            pool.submit(_grade_all, grader, corpus, number, entries)
            for number, entries in _tasks(plan, workers)
        ]
        try:
            for done in as_completed(running):
                on_trials(done.result())
                trials |= {(trial.entry.name, trial.number): trial for trial in done.result()}
                on_progress(len(trials), len(plan))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return [trials[entry.name, number] for entry, number in plan]


def _tasks(plan: Sequence[tuple[Entry, int]], workers: int) -> Iterator[tuple[int, list[Entry]]]:
    """Numbers of seeds with the submissions to grade by them, a few at a time.

    So no core idles while another one still has many, some of which run until their time is up.
    """
    by_number: dict[int, list[Entry]] = defaultdict(list)
    for entry, number in plan:
        by_number[number].append(entry)
    for number, entries in by_number.items():
        parts = max(workers, math.ceil(len(entries) / _MOST_TOGETHER))
        yield from ((number, part) for n in range(parts) if (part := entries[n::parts]))


def _grade_all(
    grader: Grader, corpus: Corpus, number: int, entries: Sequence[Entry]
) -> list[Trial]:
    """Grade submissions with the seeds of one number, the same for all of them."""
    seeded = dataclasses.replace(grader, seeds=numbered_seeds(grader.assignment.name, number))
    return [Trial(entry, number, seeded.grade(corpus.read(entry))) for entry in entries]


def numbered_seeds(assignment: str, number: int, submission: str = "") -> FixedSeeds:
    """The seeds that trials of one number get.

    Args:
        assignment: The assignment's name.
        number: The number, from 0.
        submission: Digest of a submission that gets seeds of its own; "" for those of all.
    """
    source = KeyedSeeds(number.to_bytes(_KEY_BYTES, "big"), assignment)
    return FixedSeeds(source.seeds(submission), "trial")
