"""assignments/ is what nbgrader makes from solutions/, and matches the checks."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path
from typing import Any

import keras
import pytest
from courses import NAME, ROOT

from autograder.authoring import make_release
from autograder.course import GRADING, load_course
from autograder.errors import CourseError
from autograder.exercises import load_exercise
from autograder.submissions import grade_id, is_solution, points, read_notebook

COURSE = load_course(ROOT)
NAMES = list(COURSE.assignments)
SOME = [NAMES[0], *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES[1:])]
"""The first assignment in each run of the tests, the others in the slow ones."""


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder, by path in it, without caches."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("name", SOME)
def test_release_versions_are_generated_from_the_source_versions(name: str, tmp_path: Path) -> None:
    """`nbgrader generate_assignment` gives the committed files, byte for byte, and no others."""
    shutil.copytree(ROOT / "solutions" / name, tmp_path / "solutions" / name)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    made = make_release(tmp_path, name)
    assert made == tmp_path / "assignments" / name
    assert contents(made) == contents(ROOT / "assignments" / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "assignments",
        "nbgrader_config.py",
        "solutions",
    ]


def test_grading_folder_is_left_out_whatever_nbgrader_ignores(tmp_path: Path) -> None:
    """A course whose nbgrader_config.py forgot to ignore `grading` releases nothing of it."""
    shutil.copytree(ROOT / "solutions" / NAME, tmp_path / "solutions" / NAME)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    made = make_release(tmp_path, NAME)
    assert (made / f"{NAME}.ipynb").is_file()
    assert not (made / GRADING).exists()


def test_source_version_that_nbgrader_refuses_is_reported(tmp_path: Path) -> None:
    """The reason is nbgrader's own, without its traceback; nothing is left behind."""
    (tmp_path / "solutions" / NAME).mkdir(parents=True)
    (tmp_path / "solutions" / NAME / f"{NAME}.ipynb").write_text("{}")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    with pytest.raises(CourseError) as refused:
        make_release(tmp_path, NAME)
    assert "Traceback" not in refused.value.message
    assert NAME in refused.value.tip
    assert not (tmp_path / "assignments").exists()


@pytest.mark.parametrize("name", NAMES)
def test_given_model_is_the_graded_model(name: str) -> None:
    """Where a notebook gives `build_model` to students, it builds the model that is graded."""
    notebook = read_notebook(COURSE.source_notebook(name))
    given = [c for c in notebook["cells"] if grade_id(c) == "build_model" and not is_solution(c)]
    graded = load_exercise(COURSE.folder(name)).build_model()
    assert bool(given) == (graded is not None)
    for cell in given:
        names: dict[str, Any] = {"keras": keras}
        exec("".join(cell["source"]), names)  # noqa: S102 - our own notebook
        assert architecture(names["build_model"]()) == architecture(graded)


def architecture(model: Any) -> list[dict[str, Any]]:
    """Names, sizes and activations of a model's layers."""
    configs = [layer.get_config() for layer in model.layers]
    return [{key: config[key] for key in ("name", "units", "activation")} for config in configs]


@pytest.mark.parametrize("name", NAMES)
def test_graded_cells_are_the_rubric(name: str) -> None:
    """Each check has one graded cell, with its points, that calls it."""
    notebook = read_notebook(COURSE.release_notebook(name))
    graded = [cell for cell in notebook["cells"] if points(cell) is not None]
    cells = {grade_id(cell): cell for cell in graded if not is_solution(cell)}
    rubric = COURSE.assignment(name)
    assert {check: points(cell) for check, cell in cells.items()} == dict(rubric.checks)
    for check, cell in cells.items():
        assert "".join(cell["source"]) == f'check("{name}", "{check}")'


@pytest.mark.parametrize("name", NAMES)
def test_each_function_has_a_check_below_it(name: str) -> None:
    """What follows a function to write is a check, before the lesson goes on."""
    cells = read_notebook(COURSE.release_notebook(name))["cells"]
    for cell, following in itertools.pairwise(cells):
        if is_solution(cell) and cell["cell_type"] == "code":
            assert grade_id(following) in COURSE.assignment(name).checks, grade_id(cell)


@pytest.mark.parametrize("name", NAMES)
def test_release_version_holds_no_solution(name: str) -> None:
    """Students get no solution region and no output; every solution cell is a stub."""
    text = COURSE.release_notebook(name).read_text()
    assert "SOLUTION" not in text
    cells = json.loads(text)["cells"]
    assert all(not cell.get("outputs") for cell in cells)
    functions = [c for c in cells if is_solution(c) and c["cell_type"] == "code"]
    stubs = ["".join(cell["source"]) for cell in functions]
    assert stubs
    assert all(stub.rstrip().endswith("raise NotImplementedError()") for stub in stubs)
    for function in load_exercise(COURSE.folder(name)).signatures:
        assert any(f"def {function}(" in stub for stub in stubs), function
