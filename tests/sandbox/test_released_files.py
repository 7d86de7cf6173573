"""The files beside a notebook, in the working folder of the sandbox."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from courses import NAME
from weakened import Weakened

from autograder.course import Course
from autograder.grading import Grader, start_grader
from autograder.results import Grade
from autograder.submissions import Cell, SubmittedFile, read_notebook, read_submission
from autograder.wire import decode, unframe

pytestmark = pytest.mark.sandbox

OTHER = "02-house-prices"
"""An assignment with a module that reads a data file beside it."""
MakeNotebook = Callable[..., Path]
RunCell = Callable[[str], str]

REWRITE = """
import pathlib
for path in pathlib.Path.cwd().glob("*.py"):
    path.write_text("raise ImportError('rewritten')")
"""
IMPORT_AGAIN = """
def weight_change(before, after):
    import importlib, fruit as module
    importlib.reload(module)
    raise ValueError(f"fruit: {module.fruit(2, seed=1)[0].shape}")
"""


@pytest.fixture(scope="module")
def houses_grader(course: Course) -> Iterator[Grader]:
    """A grader of the assignment with a data file."""
    with ExitStack() as stack:
        yield start_grader(course, course.assignment(OTHER), stack)


@pytest.fixture(scope="module")
def run_cell(course: Course, houses_grader: Grader) -> RunCell:
    """Run one cell alone in the sandbox; the message of the exception that it raises."""
    source = read_notebook(course.source_notebook(OTHER))
    release = read_notebook(course.release_notebook(OTHER))
    file = SubmittedFile("ada", course.source_notebook(OTHER))
    submission = read_submission(file, source, release)

    def run(code: str) -> str:
        cells = (Cell(name="only", source=code),)
        completed, nonce = houses_grader.run(dataclasses.replace(submission, cells=cells))
        reply: dict[str, Any] = decode(unframe(nonce, completed.reply))
        return str(reply["cell_errors"]["only"]["message"])

    return run


@pytest.mark.parametrize(
    "code",
    [
        "from houses import houses; raise ValueError(houses()[0].shape)",
        "import houses; raise ValueError(houses.houses()[0].shape)",
        "from autograder.datasets import houses; raise ValueError(houses()[0].shape)",
        "from autograder.datasets.houses import houses; raise ValueError(houses()[0].shape)",
        "import autograder.datasets as d; raise ValueError(d.houses()[0].shape)",
    ],
    ids=["from", "import", "old name", "old module", "old package"],
)
def test_module_beside_the_notebook_is_imported(code: str, run_cell: RunCell) -> None:
    """A notebook imports its data by the module's name, and by the names it was first given."""
    assert run_cell(code) == "(382, 11)"


def test_data_file_beside_the_notebook_is_opened(run_cell: RunCell) -> None:
    """A notebook opens its data by the file's name."""
    code = "raise ValueError(len(open('houses.csv').read().splitlines()))"
    assert run_cell(code) == "383"


def test_working_folder_holds_the_released_files_alone(course: Course, run_cell: RunCell) -> None:
    """Nothing of the assignment's `grading` folder is there, nor the source version."""
    found = run_cell("import os; raise ValueError(sorted(os.listdir()))")
    assert "'houses.csv', 'houses.py'" in found
    assert found == str(sorted(course.folder(OTHER).released_files()))


@pytest.mark.parametrize("layers", [(), ("all",)], ids=["full", "unsafe"])
def test_file_rewritten_by_a_submission_is_whole_for_the_next(
    layers: tuple[str, ...], weakened: Weakened, notebook: MakeNotebook, course: Course
) -> None:
    """Each submission has its own copy of the released files."""
    original = (course.folder(NAME).path / "fruit.py").read_bytes()
    rewritten = weakened.grade(notebook(added=REWRITE, weight_change=IMPORT_AGAIN), *layers)
    assert "fruit: " not in _message(rewritten)
    untouched = weakened.grade(notebook(weight_change=IMPORT_AGAIN), *layers)
    assert "fruit: (2, 3)" in _message(untouched)
    assert (course.folder(NAME).path / "fruit.py").read_bytes() == original


def _message(grade: Grade) -> str:
    (verdict,) = (v for v in grade.checks if v.name == "weight_change_is_measured")
    return verdict.message


def test_notebook_handed_out_before_earns_its_marks(
    notebook: MakeNotebook, grade_file: Callable[[Path], Grade]
) -> None:
    """A notebook that imports its data from `autograder.datasets` is graded like any other."""
    old = "from autograder.datasets import fruit, lesson_samples\nx, y = fruit(8, seed=1)\n"
    assert grade_file(notebook(added=old)).score == 18


def test_old_name_of_no_data_is_an_error_of_its_cell(run_cell: RunCell) -> None:
    """A name that no module beside the notebook defines is named in the message."""
    message = run_cell("from autograder.datasets import spaceships")
    assert "spaceships" in message
