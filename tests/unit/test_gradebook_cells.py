"""The gradebook's cells follow the rubric as nbgrader's own would."""

from __future__ import annotations

import pytest
from gradebooks import (
    CHECKS,
    NAME,
    SOLUTION_CELLS,
    GradebookFolder,
    graded,
    make_assignment,
    nbgrader_cell,
    source_notebook,
)

from autograder.errors import GradebookError

RENAMED = {"compiles": 1.0, "loss_falls": 3.0, "weights_change": 2.5}


@pytest.mark.parametrize("first", ["generated", "recorded"])
def test_generating_the_assignment_leaves_the_same_rows(
    course_folder: GradebookFolder, first: str
) -> None:
    """`nbgrader generate_assignment` works before a Grade is recorded, and after it."""
    source = source_notebook()
    course_folder.create()
    release = course_folder.generate_assignment(source)
    if first == "recorded":
        course_folder.database.unlink()
    course_folder.record(graded(), release=release)
    recorded = course_folder.named_rows()
    course_folder.generate_assignment(source)
    assert course_folder.named_rows() == recorded


def test_source_that_nbgrader_stored_is_left_alone(course_folder: GradebookFolder) -> None:
    """Hidden tests, which only nbgrader's copy of the source has, stay in the gradebook."""
    source = source_notebook()
    source.cells[3].source += "\n### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS"
    course_folder.create()
    release = course_folder.generate_assignment(source)
    course_folder.record(graded(), release=release)
    with course_folder.nbgrader() as gradebook:
        assert "secret" in gradebook.find_source_cell("compiles", NAME, NAME).source


def test_changed_points_are_updated(course_folder: GradebookFolder) -> None:
    """As in nbgrader's SaveCells, the points of a check may change at any time."""
    course_folder.record(graded())
    checks = {**CHECKS, "compiles": 4.0}
    course_folder.record(graded(checks=checks), assignment=make_assignment(checks))
    with course_folder.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).max_score == 9.5
        assert gradebook.find_submission(NAME, "ada").score == 9.5


def test_renamed_check_replaces_the_former_one_before_any_submission(
    course_folder: GradebookFolder,
) -> None:
    """While nobody has submitted, cells follow the rubric, and nbgrader still agrees."""
    course_folder.create()
    course_folder.generate_assignment(source_notebook())
    source = source_notebook(RENAMED)
    course_folder.record(
        graded(checks=RENAMED), assignment=make_assignment(RENAMED), release=source
    )
    with course_folder.nbgrader() as gradebook:
        notebook = gradebook.find_notebook(NAME, NAME)
        assert {cell.name for cell in notebook.grade_cells} == set(RENAMED)
        assert {cell.name for cell in notebook.source_cells} == {"data", *SOLUTION_CELLS, *RENAMED}
    course_folder.generate_assignment(source)


def test_renamed_check_is_refused_once_there_are_submissions(
    course_folder: GradebookFolder,
) -> None:
    """As in nbgrader's SaveCells, the marks of other students are not dropped on the way."""
    course_folder.record(graded("bob"))
    before = course_folder.dump()
    with pytest.raises(GradebookError, match="Removed: loss_goes_down") as error:
        course_folder.record(graded(checks=RENAMED), assignment=make_assignment(RENAMED))
    assert "Added: loss_falls." in error.value.message
    assert f"nbgrader db assignment remove {NAME} --force" in error.value.tip
    assert course_folder.dump() == before


def test_cells_that_a_person_marks_wait_for_a_manual_score(course_folder: GradebookFolder) -> None:
    """Written answers and tasks in the notebook are not checks."""
    written = nbgrader_cell("explain", "Why?", "answer", points=2)
    task = nbgrader_cell("draw", "Draw it.", "task", points=1)
    course_folder.create()
    release = course_folder.generate_assignment(source_notebook(CHECKS, written, task))
    cells = (*SOLUTION_CELLS, "explain")
    course_folder.record(graded(), solution_cells=cells, release=release, answered=["explain"])
    assert course_folder.auto_scores() == {
        **{name: (points, False) for name, points in CHECKS.items()},
        "explain": (None, True),
        "draw": (None, True),
    }
    with course_folder.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).max_score == 9.5
        assert gradebook.find_comment("draw", NAME, NAME, "ada").comment is None
