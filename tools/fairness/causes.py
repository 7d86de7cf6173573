"""How many wrong submissions with one mistake are traced to the function that has it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from mistakes import one_mistake_entries

from autograder.authoring.corpus import Corpus, Entry
from autograder.course import Course
from autograder.grading import fast_if_identical, solution_cells, start_grader, with_causes
from autograder.submissions import read_notebook

_WORKERS = 2


@dataclasses.dataclass(frozen=True)
class Traced:
    """What was tried in one assignment.

    Attributes:
        submissions: Wrong submissions whose one mistake is in a known function.
        missed: Those that are not traced to it and to no other, with the functions that are blamed.
    """

    submissions: int
    missed: Mapping[str, tuple[str, ...]]

    @property
    def traced(self) -> int:
        """Submissions that are traced to the right function."""
        return self.submissions - len(self.missed)


def trace(course: Course, name: str, every: int = 1) -> Traced:
    """Grade an assignment's wrong submissions that have one mistake, and look for their causes.

    Args:
        course: The course.
        name: The assignment's name.
        every: Every so many-th of them.
    """
    assignment = course.assignment(name)
    corpus = Corpus(course, assignment)
    functions = solution_cells(read_notebook(course.source_notebook(name)))
    entries = list(one_mistake_entries(corpus))[::every]
    with ExitStack() as stack, ThreadPoolExecutor(_WORKERS) as pool:
        grader = start_grader(course, assignment, stack, practice_seeds=True)
        grader = fast_if_identical(grader, corpus.read(corpus.right[0]))

        def blamed(entry: Entry) -> set[str]:
            submission = corpus.read(entry)
            grade = with_causes(grader, submission, grader.grade(submission), functions)
            return {verdict.cause for verdict in grade.checks} - {""}

        found = list(pool.map(blamed, [entry for entry, _ in entries]))
    missed = {
        entry.name: tuple(sorted(names))
        for (entry, function), names in zip(entries, found, strict=True)
        if names != {function}
    }
    return Traced(len(entries), missed)
