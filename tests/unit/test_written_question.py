"""The question in words that ends each notebook: a person reads it, and it is worth no points."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest
from courses import ROOT
from gradebooks import NAME, GradebookFolder
from grades import make_rubric_grade
from nbgrader.utils import determine_grade

from autograder.course import load_course
from autograder.submissions import (
    cells_to_run,
    display_notebook,
    grade_id,
    place_cells,
    points,
    read_notebook,
    source_of,
)

COURSE = load_course(ROOT)
QUESTION = "why_these_weights"
ANSWER = "# Because of ReLU\n\nThe other units give 0 for all four samples."
SHORTEST_MODEL_ANSWER = 200
RUBRIC = COURSE.assignment(NAME)
SOLUTION_CELLS = ("compile_model", "train_model", "first_layer_weights", "weight_change", QUESTION)


def question(notebook: Any) -> Any:
    """The cell for the answer."""
    (cell,) = [cell for cell in notebook["cells"] if grade_id(cell) == QUESTION]
    return cell


def answered() -> Any:
    """The release version of the first assignment with an answer in words."""
    notebook: Any = copy.deepcopy(read_notebook(COURSE.release_notebook(NAME)))
    question(notebook)["source"] = ANSWER
    return notebook


@pytest.mark.parametrize("name", list(COURSE.assignments))
def test_last_cell_asks_for_an_answer_without_points(name: str) -> None:
    """The last cell is nbgrader's manually graded answer; the source version has a model answer."""
    release = read_notebook(COURSE.release_notebook(name))
    cell = question(release)
    assert cell is release["cells"][-1]
    assert source_of(cell) == "YOUR ANSWER HERE"
    settings = cell["metadata"]["nbgrader"]
    flags = [settings[key] for key in ("grade", "solution", "locked", "task", "points")]
    assert flags == [True, True, False, False, 0]
    model_answer = source_of(question(read_notebook(COURSE.source_notebook(name))))
    assert len(model_answer) > SHORTEST_MODEL_ANSWER


@pytest.mark.parametrize("name", list(COURSE.assignments))
def test_question_leaves_the_maximum_score(name: str) -> None:
    """The points of all graded cells are those of the rubric."""
    cells = read_notebook(COURSE.release_notebook(name))["cells"]
    assert sum(points(cell) or 0 for cell in cells) == sum(COURSE.assignment(name).checks.values())


def test_answer_in_words_is_kept_and_does_not_run() -> None:
    """The notebook for formgrader has the answer; the sandbox gets only code."""
    source = read_notebook(COURSE.source_notebook(NAME))
    release = read_notebook(COURSE.release_notebook(NAME))
    placed = place_cells(answered(), source, release)
    merged, notices = display_notebook(placed, source, release)
    assert source_of(question(merged)) == ANSWER
    assert question(merged)["metadata"]["nbgrader"]["grade"] is True
    assert notices == ()
    assert QUESTION not in [cell.name for cell in cells_to_run(placed, source)]


def test_stock_nbgrader_leaves_an_answer_to_a_person() -> None:
    """Nbgrader gives an untouched cell 0 of 0 points, and an answered one no score yet."""
    release = nbformat.read(COURSE.release_notebook(NAME), 4)
    assert determine_grade(question(release)) == (0, 0)
    assert determine_grade(question(nbformat.from_dict(answered()))) == (None, 0)


def test_gradebook_keeps_the_maximum_and_what_a_person_wrote(
    course_folder: GradebookFolder,
) -> None:
    """18 points stay 18; the answer waits for a person, whose comment outlives another run."""
    grade = make_rubric_grade(dict(RUBRIC.checks), {}, student="ada")
    course_folder.create()
    release = course_folder.generate_assignment(nbformat.read(COURSE.source_notebook(NAME), 4))

    def record(*changed: str) -> tuple[str, ...]:
        return course_folder.record(
            grade,
            assignment=RUBRIC,
            solution_cells=SOLUTION_CELLS,
            release=release,
            changed=changed,
            answered=[QUESTION],
        )

    record()
    assert course_folder.auto_scores()[QUESTION] == (None, True)
    with course_folder.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).max_score == 18
        assert gradebook.find_submission(NAME, "ada").score == 18
    course_folder.mark(QUESTION, 0)
    course_folder.write_comment(QUESTION, "Well seen.")
    record()
    assert course_folder.auto_scores()[QUESTION] == (None, False)
    notices = record(QUESTION)
    assert course_folder.auto_scores()[QUESTION] == (None, True)
    assert "kept the comment under why_these_weights; the answer has changed" in " ".join(notices)
    with course_folder.nbgrader() as gradebook:
        assert gradebook.find_comment(QUESTION, NAME, NAME, "ada").comment == "Well seen."


@pytest.mark.parametrize("by_nbgrader", [True, False])
def test_question_without_an_answer_waits_for_nobody(
    course_folder: GradebookFolder, *, by_nbgrader: bool
) -> None:
    """As in nbgrader, it has 0 of 0 points, whoever made the gradebook."""
    source = nbformat.read(COURSE.source_notebook(NAME), 4)
    release = nbformat.read(COURSE.release_notebook(NAME), 4)
    course_folder.create()
    if by_nbgrader:
        release = course_folder.generate_assignment(source)
    course_folder.record(
        make_rubric_grade(dict(RUBRIC.checks), {}, student="ada"),
        assignment=RUBRIC,
        solution_cells=SOLUTION_CELLS,
        release=release,
    )
    assert course_folder.auto_scores()[QUESTION] == (0, False)
    course_folder.generate_assignment(source)


def test_answer_in_a_code_cell_does_not_run() -> None:
    """Prose is not Python: a student who changed the cell's type is charged nothing."""
    source = read_notebook(COURSE.source_notebook(NAME))
    notebook = answered()
    question(notebook)["cell_type"] = "code"
    placed = place_cells(notebook, source, read_notebook(COURSE.release_notebook(NAME)))
    assert QUESTION not in [cell.name for cell in cells_to_run(placed, source)]
