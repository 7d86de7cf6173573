"""Grade the corpus over many seeds, in the sandbox, as submissions are graded."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack

from autograder.batch import start_grader
from autograder.corpus import Corpus, Entry
from autograder.course import Assignment, Course
from autograder.grading.grade import Grader
from autograder.grading.proof import fastest_proved
from autograder.grading.scorer import Scorer
from autograder.results import Grade
from autograder.sandbox.client import WARM, WarmProcess
from autograder.seeds import fingerprint, grading_seeds

_KEY_BYTES = 32
WORKERS = max(1, os.cpu_count() or 1)


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
    program: Sequence[str] = WARM,
) -> list[Trial]:
    """Grade submissions, each over as many seeds as the plan says.

    Args:
        course: The course.
        assignment: The assignment.
        corpus: Its corpus.
        plan: Submissions, each with a number of seeds.
        on_progress: Told how many runs are done, and how many there are.
        program: As in `WarmProcess`.

    Returns:
        The trials, in the plan's order, then by seeds.

    Raises:
        AutograderError: If the course or the sandbox is unusable.
    """
    tasks = list(_tasks(plan))
    total, found = sum(count for _, count in plan), []
    with ExitStack() as stack, ThreadPoolExecutor(WORKERS) as pool:
        grader = start_grader(course, assignment, stack, practice_seeds=True, program=program)
        grader = fastest_proved(grader, corpus.read(corpus.right[0]))
        running = [
            pool.submit(_grade_all, grader, grader.warm, corpus, number, entries)
            for number, entries in tasks
        ]
        try:
            for done in as_completed(running):
                found += done.result()
                on_progress(len(found), total)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    places = {entry.name: place for place, (entry, _) in enumerate(plan)}
    return sorted(found, key=lambda trial: (places[trial.entry.name], trial.number))


def _tasks(plan: Sequence[tuple[Entry, int]]) -> Iterator[tuple[int, list[Entry]]]:
    """Numbers of seeds with the submissions to grade by them; split so that no core waits."""
    for number in range(max(count for _, count in plan)):
        entries = [entry for entry, count in plan if number < count]
        yield from ((number, part) for n in range(WORKERS) if (part := entries[n::WORKERS]))


def _grade_all(
    grader: Grader, warm: WarmProcess, corpus: Corpus, number: int, entries: Sequence[Entry]
) -> list[Trial]:
    seeds = grading_seeds(number.to_bytes(_KEY_BYTES, "big"), grader.assignment.name)
    with Scorer(warm, grader.course, grader.assignment, seeds) as scorer:
        seeded = dataclasses.replace(
            grader,
            scorer=scorer,
            seeds={"kind": "trial", "fingerprint": fingerprint(seeds)},
        )
        return [Trial(entry, number, seeded.grade(corpus.read(entry))) for entry in entries]
