"""Which marks wait for a person, as nbgrader's gradebook has it."""

from __future__ import annotations

import pytest
from gradebooks import CHECKS, NAME, GradebookFolder, graded, nbgrader_cell, source_notebook

from autograder.outputs.gradebook import reviews


@pytest.mark.parametrize(
    ("points", "flags", "expected"),
    [(2, (), (True, True)), (0, (), (False, False)), (0, ("odd",), (True, False))],
    ids=["points are owed", "a comment is owed", "a look is owed"],
)
def test_mark_waits_for_points_alone(
    course_folder: GradebookFolder,
    points: float,
    flags: tuple[str, ...],
    expected: tuple[bool, bool],
) -> None:
    """An answer in words that is worth nothing delays no mark; a flag does, but takes no points."""
    question = nbgrader_cell("why", "Because.", "answer", points=points)
    course_folder.record(
        graded().model_copy(update={"flags": flags}),
        release=source_notebook(CHECKS, question),
        answered=["why"],
    )
    with reviews(course_folder.database, NAME) as review_of:
        review = review_of("ada")
    assert review is not None
    assert (review.needs_manual_grade, review.is_partial) == expected
    assert review.is_empty, "nobody has added anything"
