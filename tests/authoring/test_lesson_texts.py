"""What the notebooks tell students agrees with course.yml, from which they are graded."""

from __future__ import annotations

import re

import pytest
from courses import ROOT

from autograder.course import Assignment, load_course
from autograder.exercises import load_exercise
from autograder.submissions import read_notebook, source_of

COURSE = load_course(ROOT)
NAMES = list(COURSE.assignments)
PHRASES = {
    "accuracy": "at least {:.0%} of the",
    "believed": "at most {:.0%} of the wrong validation labels",
    "error_share": "at most {:.0%} of that of always",
    "kept_loss": "at most {:g} times the lowest",
    "largest_step": "at most {:g} for a gradient of 1",
    "loss_drop": "at least {:.0%} lower than before",
}
"""How a lesson states each threshold of course.yml."""


def lesson_text(assignment: str) -> str:
    """All that a release version says in Markdown, on one line."""
    cells = read_notebook(COURSE.release_notebook(assignment))["cells"]
    text = " ".join(source_of(cell) for cell in cells if cell["cell_type"] == "markdown")
    return re.sub(r"\s+", " ", text)


def heading(rubric: Assignment) -> str:
    """Points and due date, as a notebook's first cell states them."""
    due = rubric.due
    assert due is not None
    offset = due.utcoffset()
    assert offset is not None
    return (
        f"**{sum(rubric.checks.values()):g} points. Due {due:%A, %B} {due.day}, {due.year}, "
        f"{due:%H:%M} (UTC{offset.total_seconds() / 3600:+g}).**"
    )


@pytest.mark.parametrize("name", NAMES)
def test_first_cell_states_points_and_due_date(name: str) -> None:
    """Below the title stand the points of all checks and the due date of course.yml."""
    first = read_notebook(COURSE.release_notebook(name))["cells"][0]
    assert source_of(first).splitlines()[2] == heading(COURSE.assignment(name))


@pytest.mark.parametrize("name", NAMES)
def test_tasks_state_every_threshold(name: str) -> None:
    """A student who has only the text knows each number that decides a check."""
    text = lesson_text(name)
    for threshold, value in COURSE.assignment(name).thresholds.items():
        assert PHRASES[threshold].format(value) in text, threshold


@pytest.mark.parametrize("name", NAMES)
def test_tasks_state_how_long_the_grader_trains(name: str) -> None:
    """Whether steps are too short or too few depends on the epochs and the samples."""
    given, _ = load_exercise(COURSE.folder(name)).prepare(COURSE.practice_seeds, None)
    if given.epochs:
        assert f"trains for {given.epochs} epochs on {len(given.x)} " in lesson_text(name)
