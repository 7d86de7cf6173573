"""`autograder.datasets`: what notebooks imported before assignments had their data beside them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FRUIT = """\
from math import pi

RIPE = (1, 2)
SPREAD: float = 0.5


def fruit(samples):
    return ["fruit"] * samples


class Orchard:
    pass
"""
LAZY = """\
raise RuntimeError("a module that was not asked for has run")


def prices():
    return []
"""


@pytest.fixture
def notebook_folder(tmp_path: Path) -> Path:
    """A notebook's folder with a module for it, and others that must not be run."""
    (tmp_path / "fruit.py").write_text(FRUIT)
    (tmp_path / "a_broken_script.py").write_text("def fruit(:\n")
    (tmp_path / "scratch.py").write_text(LAZY)
    return tmp_path


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code as a notebook's kernel does: in its folder, which modules are imported from."""
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("from autograder.datasets import fruit; print(fruit(2))", "['fruit', 'fruit']"),
        ("from autograder.datasets import RIPE, SPREAD, fruit; print(RIPE, SPREAD)", "(1, 2) 0.5"),
        ("from autograder.datasets import Orchard; print(Orchard.__name__)", "Orchard"),
        ("from autograder.datasets.fruit import RIPE, fruit; print(fruit(1))", "['fruit']"),
        ("from autograder.datasets.fruit import pi; print(pi)", "3.141592653589793"),
        ("import autograder.datasets as data; print(data.fruit(1))", "['fruit']"),
        ("import autograder.datasets.fruit as f; print(f.RIPE)", "(1, 2)"),
    ],
)
def test_name_of_a_module_beside_the_notebook_is_imported(
    notebook_folder: Path, code: str, printed: str
) -> None:
    """Both forms find the module; scripts beside it are neither run nor in the way."""
    done = run(notebook_folder, code)
    assert (done.stdout, done.stderr) == (f"{printed}\n", "")


def test_function_is_that_of_the_module_itself(notebook_folder: Path) -> None:
    """The old form and the new one give the same function."""
    old, new = "from autograder.datasets import fruit as a", "from fruit import fruit as b"
    code = f"{old}; {new}; print(a.__code__ == b.__code__)"
    assert run(notebook_folder, code).stdout == "True\n"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("from autograder.datasets import spaceships", "ImportError: cannot import name"),
        ("from autograder.datasets import pi", "ImportError: cannot import name"),
        ("from autograder.datasets.ships import ship", "ModuleNotFoundError: No module named"),
        ("from autograder.datasets.fruit import ship", "ImportError: cannot import name"),
        ("import autograder.datasets as d; d.ships", "AttributeError: no module beside the note"),
    ],
)
def test_name_that_nothing_defines_is_an_import_error(
    notebook_folder: Path, code: str, error: str
) -> None:
    """Python's own error names what is missing; what a module only imports is not its own."""
    done = run(notebook_folder, code)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(error)


def test_package_can_be_inspected(notebook_folder: Path) -> None:
    """Tools that look for special names, as an editor does, run no module."""
    code = "import autograder.datasets as d; print(getattr(d, '__all__', 'none'), hasattr(d, '_x'))"
    assert run(notebook_folder, code).stdout == "none False\n"
