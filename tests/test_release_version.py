"""assignments/ is what nbgrader makes of solutions/, and fits the checks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import keras
import pytest
from conftest import NAME, ROOT

from autograder.course import load_course
from autograder.errors import CourseError
from autograder.exercises import exercise_01_first_training as exercise
from autograder.exercises import load_exercise
from autograder.release import make_release
from autograder.submissions import grade_id, is_solution, points, read_notebook

NAMES = list(load_course(ROOT).assignments)


@pytest.mark.parametrize("name", NAMES)
def test_release_versions_are_generated_from_the_source_versions(name: str, tmp_path: Path) -> None:
    """`nbgrader generate_assignment` gives the committed files, byte for byte, and no others."""
    shutil.copytree(ROOT / "solutions" / name, tmp_path / "solutions" / name)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    made = make_release(tmp_path, name)
    found = {path.name: path.read_bytes() for path in made.iterdir()}
    committed = (ROOT / "assignments" / name).iterdir()
    assert found == {path.name: path.read_bytes() for path in committed if path.is_file()}


def test_source_version_that_nbgrader_refuses_is_told(tmp_path: Path) -> None:
    """The reason is nbgrader's own, without its traceback."""
    (tmp_path / "solutions" / NAME).mkdir(parents=True)
    (tmp_path / "solutions" / NAME / f"{NAME}.ipynb").write_text("{}")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    with pytest.raises(CourseError) as refused:
        make_release(tmp_path, NAME)
    assert "Traceback" not in refused.value.message
    assert NAME in refused.value.tip


def test_notebooks_build_model_is_the_exercises() -> None:
    """What students see is the architecture that is graded."""
    notebook = read_notebook(ROOT / "solutions" / NAME / f"{NAME}.ipynb")
    cell = next(cell for cell in notebook["cells"] if grade_id(cell) == "build_model")
    names: dict[str, Any] = {"keras": keras}
    exec("".join(cell["source"]), names)  # noqa: S102 - our own notebook
    shown = [layer.get_config() for layer in names["build_model"]().layers]
    graded = [layer.get_config() for layer in exercise.build_model().layers]
    assert [_plain(config) for config in shown] == [_plain(config) for config in graded]


def _plain(config: dict[str, Any]) -> dict[str, Any]:
    return {key: config[key] for key in ("name", "units", "activation")}


@pytest.mark.parametrize("name", NAMES)
def test_graded_cells_are_the_rubric(name: str) -> None:
    """Each check has one graded cell, with its points, that calls it."""
    notebook = read_notebook(ROOT / "assignments" / name / f"{name}.ipynb")
    cells = {grade_id(c): c for c in notebook["cells"] if points(c) is not None}
    rubric = load_course(ROOT).assignment(name)
    assert {check: points(cell) for check, cell in cells.items()} == dict(rubric.checks)
    assert list(cells) == list(rubric.checks)
    for check, cell in cells.items():
        assert "".join(cell["source"]) == f'check("{name}", "{check}")'


@pytest.mark.parametrize("name", NAMES)
def test_release_version_holds_no_solution(name: str) -> None:
    """No solution region, and no output, reaches the students; every stub is one."""
    path = ROOT / "assignments" / name / f"{name}.ipynb"
    assert "SOLUTION" not in path.read_text()
    cells = json.loads(path.read_text())["cells"]
    assert all(not cell.get("outputs") for cell in cells)
    stubs = ["".join(cell["source"]) for cell in cells if is_solution(cell)]
    assert stubs
    assert all(stub.rstrip().endswith("raise NotImplementedError()") for stub in stubs)
    asked = load_exercise(name).SIGNATURES
    assert [stub for stub in asked if not any(f"def {stub}(" in text for text in stubs)] == []
