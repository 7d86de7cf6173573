"""The function to blame, found by experiment, for wrong submissions with one mistake."""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from mistakes import one_mistake_entries

from autograder.authoring.corpus import Corpus, Entry
from autograder.course import load_course
from autograder.grading import fast_if_identical, solution_cells, start_grader, with_causes
from autograder.submissions import read_notebook

COURSE = load_course(Path(__file__).parents[2])
ALL = os.environ.get("CAUSES") == "all"
"""Whether all of the submissions are graded, as `make causes` does, or a sample."""
ASSIGNMENTS = list(COURSE.assignments) if ALL else ["01-first-training", "05-chatbot-intents"]
EVERY = 1 if ALL else 15


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_one_mistake_is_traced_to_its_function(name: str) -> None:
    """At least 95 of 100 submissions with one mistake are traced to the function that has it."""
    assignment = COURSE.assignment(name)
    corpus = Corpus(COURSE, assignment)
    functions = solution_cells(read_notebook(COURSE.source_notebook(name)))
    entries = list(one_mistake_entries(corpus))[::EVERY]
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        grader = start_grader(COURSE, assignment, stack, practice_seeds=True)
        grader = fast_if_identical(grader, corpus.read(corpus.right[0]))

        def causes(entry: Entry) -> set[str]:
            submission = corpus.read(entry)
            grade = with_causes(grader, submission, grader.grade(submission), functions)
            return {verdict.cause for verdict in grade.checks} - {""}

        found = list(pool.map(causes, [entry for entry, _ in entries]))
    wrong = {
        entry.name: (sorted(names), function)
        for (entry, function), names in zip(entries, found, strict=True)
        if names != {function}
    }
    traced = len(entries) - len(wrong)
    logging.getLogger(__name__).warning(
        "%s: %d of %d traced; %s", name, traced, len(entries), wrong
    )
    assert len(wrong) <= 0.05 * len(entries), f"{len(wrong)} of {len(entries)}: {wrong}"
