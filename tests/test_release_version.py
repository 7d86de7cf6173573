"""assignments/ is what nbgrader makes of solutions/, and fits the checks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
from conftest import NAME, ROOT

from autograder.course import load_course
from autograder.exercises import exercise_01_first_training as exercise
from autograder.submissions import grade_id, points, read_notebook


def test_release_versions_are_generated_from_the_source_versions(tmp_path: Path) -> None:
    """`nbgrader generate_assignment` gives the committed files, byte for byte."""
    for name in load_course(ROOT).assignments:
        shutil.copytree(ROOT / "solutions" / name, tmp_path / "solutions" / name)
        shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(  # noqa: S603 - nbgrader of this environment
            [sys.executable, "-m", "nbgrader", "generate_assignment", name],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made = tmp_path / "assignments" / name / f"{name}.ipynb"
        assert made.read_bytes() == (ROOT / "assignments" / name / f"{name}.ipynb").read_bytes()


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


def test_graded_cells_are_the_rubric() -> None:
    """Each check has one graded cell, with its points, that calls it."""
    notebook = read_notebook(ROOT / "assignments" / NAME / f"{NAME}.ipynb")
    cells = {grade_id(c): c for c in notebook["cells"] if points(c) is not None}
    rubric = load_course(ROOT).assignment(NAME)
    assert {name: points(cell) for name, cell in cells.items()} == dict(rubric.checks)
    assert list(cells) == list(rubric.checks)
    for name, cell in cells.items():
        assert "".join(cell["source"]) == f'check("{NAME}", "{name}")'


def test_release_version_holds_no_solution() -> None:
    """No solution region, and no output, reaches the students."""
    text = (ROOT / "assignments" / NAME / f"{NAME}.ipynb").read_text()
    assert "SOLUTION" not in text
    assert text.count("raise NotImplementedError()") == 5  # four stubs, and the line on top
    assert all(not cell.get("outputs") for cell in json.loads(text)["cells"])
