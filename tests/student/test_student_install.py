"""A student's computer: the package installed by its own instructions, an assignment completed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import CORPUS, NAME, ROOT
from nbformat import NotebookNode, read, write
from nbgrader.utils import determine_grade

from autograder.course import load_course
from autograder.submissions import grade_id, is_solution


class Home:
    """A student's computer: the unpacked package, and an environment of its own.

    Args:
        folder: The package's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._python = folder / ".venv" / "bin" / "python"
        self._run([sys.executable, "-m", "venv", ".venv"], folder)
        self._run([self._python, "-m", "pip", "install", "-q", "-r", "requirements.txt"], folder)

    def python(self, *arguments: str, folder: Path | None = None) -> str:
        """Run the student's Python, which sees no package of this environment."""
        return self._run([self._python, *arguments], folder or self.folder)

    def command(self, *arguments: str, folder: Path) -> str:
        """Run `autograder` as a student types it."""
        return self._run([self._python.with_name("autograder"), *arguments], folder)

    def executed(self, notebook: Path) -> NotebookNode:
        """A notebook, run from top to bottom as nbgrader would, with the errors of its cells."""
        options = ["--to", "notebook", "--execute", "--allow-errors", "--output", "executed.ipynb"]
        self.python("-m", "nbconvert", *options, notebook.name, folder=notebook.parent)
        return read(notebook.with_name("executed.ipynb"), 4)

    def _run(self, command: list[str | Path], folder: Path) -> str:
        own = {"PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME"}
        done = subprocess.run(  # noqa: S603 - our own interpreter, and the student's
            command,
            cwd=folder,
            env={
                **{name: value for name, value in os.environ.items() if name not in own},
                "NBGRADER_EXECUTION": "validate",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def home(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The package, unpacked and installed by the one command that its README gives."""
    folder = tmp_path_factory.mktemp("student")
    shutil.unpack_archive(package, folder)
    home = Home(next(folder.iterdir()))
    home.command("fetch", folder=home.folder)
    yield home
    shutil.rmtree(folder)  # an environment with TensorFlow is large


def graded_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells of checks."""
    graded = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    return [cell for cell in graded if cell.cell_type == "code"]


def scores(notebook: NotebookNode) -> dict[str, tuple[float, float]]:
    """The points that nbgrader gives for each graded cell, and the most it can give."""
    return {grade_id(cell): determine_grade(cell) for cell in graded_cells(notebook)}


@pytest.mark.slow
def test_answers_typed_into_the_installed_package_pass_every_check(home: Home) -> None:
    """As released nothing is attempted; with the reference answers every check passes."""
    imported = home.python("-c", "import autograder; print(autograder.__file__)").strip()
    assert Path(imported).is_relative_to(home.folder / ".venv")
    path = home.folder / NAME / f"{NAME}.ipynb"
    untouched = home.executed(path)
    checks = load_course(ROOT).assignment(NAME).checks
    assert scores(untouched) == {name: (0, points) for name, points in checks.items()}
    assert all("is still the stub" in str(cell.outputs) for cell in graded_cells(untouched))

    notebook, right = read(path, 4), read(CORPUS / "right" / "as-in-the-lesson.ipynb", 4)
    answers = {grade_id(cell): cell.source for cell in right.cells if is_solution(cell)}
    for cell in notebook.cells:
        cell.source = answers.get(grade_id(cell), cell.source)
    write(notebook, path)
    answered = home.executed(path)
    assert scores(answered) == {name: (points, points) for name, points in checks.items()}
    outputs = [output for cell in answered.cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.output_type == "error"] == []
    lines = home.command("check", NAME, folder=path.parent).splitlines()
    passed = [line for line in lines if line.startswith("✓")]
    assert [line.rpartition("(")[2].partition(")")[0] for line in passed] == list(checks)
