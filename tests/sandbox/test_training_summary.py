"""What a Grade says about a real training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from courses import NAME
from notebooks import MakeNotebook

from autograder.course import Course
from autograder.grading import Grader, solution_cells
from autograder.grading.summaries import with_training
from autograder.results import Grade, Landscape, Outcome
from autograder.submissions import Cell, Submission, read_notebook

pytestmark = pytest.mark.sandbox
Read = Callable[[Path], Submission]
SLOW = """
def compile_model(model):
    optimizer = keras.optimizers.SGD(0.0001)
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
"""


@pytest.fixture(scope="module")
def functions(course: Course) -> Mapping[str, Cell]:
    """The solution's functions."""
    return solution_cells(read_notebook(course.source_notebook(NAME)))


def described(
    grader: Grader, read: Read, functions: Mapping[str, Cell], path: Path
) -> tuple[Grade, Grade]:
    """A Grade with the summary of its training, made twice by the same scorer."""
    graded = grader.grade_and_keep(read(path))
    assert graded.trained is not None
    solution = grader.course.source_notebook(NAME)
    first, second = (
        with_training(grader, graded.trained, graded.grade, functions, lambda: read(solution))
        for _ in range(2)
    )
    return first, second


def drawn(grade: Grade) -> Landscape:
    """The landscape of a Grade, whose losses are those that the checks recomputed."""
    assert grade.training is not None
    landscape = grade.training.landscape
    assert landscape is not None
    (curve,) = (c.evidence["loss_curve"] for c in grade.checks if c.name == "loss_goes_down")
    assert isinstance(curve, dict)
    recomputed = curve["recomputed"]
    assert isinstance(recomputed, list)
    assert [point.loss for point in landscape.path] == pytest.approx(recomputed, rel=1e-4)
    assert grade.training.loss == pytest.approx(recomputed, rel=1e-4)
    assert 0 <= landscape.in_plane <= 1
    return landscape


def test_right_submission_has_a_landscape_and_no_reference(
    grader: Grader, read: Read, functions: Mapping[str, Cell], notebook: MakeNotebook
) -> None:
    """Path and changes are those of its weights; a second telling is the same to the last byte."""
    grade, again = described(grader, read, functions, notebook())
    assert grade.outcome is Outcome.PASSED
    assert grade.training is not None
    assert (drawn(grade).reference, grade.training.reference_loss) == ((), ())
    assert grade.training.changes[0].inputs == ("size", "color", "softness")
    assert all(change.still == 0 for change in grade.training.changes)
    assert again.model_dump_json() == grade.model_dump_json()


def test_failing_submission_has_the_solutions_path_beside_its_own(
    grader: Grader, read: Read, functions: Mapping[str, Cell], notebook: MakeNotebook
) -> None:
    """Both start with the same loss; the solution's training is told to the last byte again."""
    grade, again = described(grader, read, functions, notebook(compile_model=SLOW))
    assert grade.outcome is Outcome.FAILED
    landscape = drawn(grade)
    assert landscape.reference[0] == landscape.path[0]
    assert grade.training is not None
    last, lowest = grade.training.loss[-1], grade.training.reference_loss[-1]
    assert last is not None
    assert lowest is not None
    assert lowest < 0.5 * last
    assert again.model_dump_json() == grade.model_dump_json()
