"""The function to blame, found by experiment, for wrong submissions with one mistake."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from mistakes import one_mistake_entries

from autograder.authoring.corpus import Corpus
from autograder.course import load_course
from autograder.grading import fast_if_identical, solution_cells, start_grader, with_causes
from autograder.submissions import read_notebook

ROOT = Path(__file__).parents[2]
EVERY = 1 if os.environ.get("CAUSES") == "all" else 15
"""Which of the submissions are graded: `make causes` grades all of them."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "assignment", ["01-first-training", "03-digit-images", "05-chatbot-intents"]
)
def test_one_mistake_is_traced_to_its_function(assignment: str) -> None:
    """At least 95 of 100 submissions with one mistake are traced to the function that has it."""
    course = load_course(ROOT)
    corpus = Corpus(course, course.assignment(assignment))
    functions = solution_cells(read_notebook(course.source_notebook(assignment)))
    entries = list(one_mistake_entries(corpus))[::EVERY]
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        grader = start_grader(course, course.assignment(assignment), stack, practice_seeds=True)
        grader = fast_if_identical(grader, corpus.read(corpus.right[0]))

        def causes(entry: object) -> set[str]:
            submission = corpus.read(entry)
            grade = with_causes(grader, submission, grader.grade(submission), functions)
            return {verdict.cause for verdict in grade.checks} - {""}

        found = list(pool.map(causes, [entry for entry, _ in entries]))
    wrong = {
        entry.name: (sorted(names), function)
        for (entry, function), names in zip(entries, found, strict=True)
        if names != {function}
    }
    assert len(wrong) <= 0.05 * len(entries), f"{len(wrong)} of {len(entries)}: {wrong}"
