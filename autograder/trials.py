"""Grade the corpus over many seeds, in the sandbox, as submissions are graded."""

from __future__ import annotations

import dataclasses
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack

from autograder.corpus import Corpus, Entry
from autograder.course import Assignment, Course
from autograder.grading.grade import Grader
from autograder.grading.proof import fastest_proved
from autograder.grading.scorer import Scorer
from autograder.grading.start import start_grader
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
    keep: Callable[[Sequence[Trial]], None] = lambda _: None,
    program: Sequence[str] = WARM,
) -> list[Trial]:
    """Grade submissions by the seeds that the plan says.

    Args:
        course: The course.
        assignment: The assignment.
        corpus: Its corpus.
        plan: Submissions, each with the number of its seeds, from 0; as often as it is run.
        on_progress: Told how many runs are done, and how many there are.
        keep: Handed trials as soon as they are done.
        program: As in `WarmProcess`.

    Returns:
        The trials, in the plan's order.

    Raises:
        AutograderError: If the course or the sandbox is unusable.
    """
    found: dict[tuple[str, int], Trial] = {}
    with ExitStack() as stack, ThreadPoolExecutor(WORKERS) as pool:
        grader = start_grader(course, assignment, stack, practice_seeds=True, program=program)
        grader = fastest_proved(grader, corpus.read(corpus.right[0]))
        running = [
            pool.submit(_grade_all, grader, grader.warm, corpus, number, entries)
            for number, entries in _tasks(plan)
        ]
        try:
            for done in as_completed(running):
                keep(done.result())
                found |= {(trial.entry.name, trial.number): trial for trial in done.result()}
                on_progress(len(found), len(plan))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return [found[entry.name, number] for entry, number in plan]


def _tasks(plan: Sequence[tuple[Entry, int]]) -> Iterator[tuple[int, list[Entry]]]:
    """Numbers of seeds with the submissions to grade by them; split so that no core waits."""
    by_number: dict[int, list[Entry]] = defaultdict(list)
    for entry, number in plan:
        by_number[number].append(entry)
    for number, entries in by_number.items():
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
