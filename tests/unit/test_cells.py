"""Running a notebook's cells outside Jupyter: each as far as it goes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder.exercises import StudentError, notebook_namespace, run_cells
from autograder.submissions import Cell


@pytest.fixture
def namespace() -> Iterator[dict[str, Any]]:
    """A notebook's namespace; what it replaces in this process is put back."""
    main, public = sys.modules["__main__"], dict(vars(autograder))
    yield notebook_namespace()
    sys.modules["__main__"] = main
    vars(autograder).pop("check", None)
    vars(autograder).update(public)


def run(namespace: dict[str, Any], *sources: str) -> dict[str, StudentError]:
    """Run cells named by their number."""
    return run_cells([Cell(name=str(n), source=s) for n, s in enumerate(sources, 1)], namespace)


def test_statement_that_fails_leaves_those_around_it(namespace: dict[str, Any]) -> None:
    """An import that is missing here undoes neither the line before nor the line after."""
    errors = run(namespace, "first = 1\nimport no_such_module\nfrom math import pi\n1 / 0")
    assert (namespace["first"], round(namespace["pi"])) == (1, 3)
    assert errors["1"].kind == "ModuleNotFoundError"
    assert errors["1"].line == 2


def test_cell_that_is_not_python_costs_only_itself(namespace: dict[str, Any]) -> None:
    """A syntax error is reported with its line, and the next cell runs."""
    errors = run(namespace, "ok = 1\nif True print()", "after = 2")
    assert "ok" not in namespace
    assert namespace["after"] == 2
    assert (errors["1"].kind, errors["1"].line) == ("SyntaxError", 2)


def test_cell_may_await(namespace: dict[str, Any]) -> None:
    """As in Jupyter; what needs an event loop fails by itself."""
    source = (
        "import asyncio\nasync def three(): return 3\nx = await three()\nawait asyncio.sleep(0)"
    )
    assert not run(namespace, source)
    assert namespace["x"] == 3
    errors = run(namespace, "await asyncio.sleep(1)\nafter = 1", "x +")
    assert namespace["after"] == 1
    assert [error.kind for error in errors.values()] == ["RuntimeError", "SyntaxError"]


def test_future_annotations_hold_for_later_cells(namespace: dict[str, Any]) -> None:
    """As in a kernel: annotations that name nothing yet do no harm."""
    assert not run(
        namespace, "from __future__ import annotations", "def f(x: Unknown) -> Unknown: ..."
    )


@pytest.mark.parametrize(
    "source",
    ["!pip install pandas\nx = 1", "%matplotlib inline\nx = 1", "%%time\nx = 1", "x = 1\n?print"],
    ids=["shell", "line magic", "cell magic", "help"],
)
def test_ipython_syntax_does_no_harm(source: str, namespace: dict[str, Any]) -> None:
    """Magics and shell lines do nothing, and what stands around them runs."""
    assert not run(namespace, source)
    assert namespace["x"] == 1


def test_module_that_a_cell_writes_can_be_imported(
    namespace: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`%%writefile` writes beside the notebook, and nowhere else."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.syspath_prepend(str(Path.cwd()))
    written = "%%writefile written_by_a_cell.py\ndef biggest(): return 7"
    assert not run(namespace, written, "%%writefile -a written_by_a_cell.py\nsmallest = 3")
    assert not run(namespace, "from written_by_a_cell import biggest, smallest")
    assert (namespace["biggest"](), namespace["smallest"]) == (7, 3)
    assert not run(namespace, "%%writefile ../outside.py\n1 / 0", "%%writefile notes.txt\nx")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["written_by_a_cell.py"]


def test_run_magic_runs_a_file_beside_the_notebook(
    namespace: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`%run helpers.py` defines what the file defines; a file that is missing does nothing."""
    (tmp_path / "helpers.py").write_text("def biggest(): return 7")
    monkeypatch.chdir(tmp_path)
    assert not run(namespace, "%run helpers.py", "%run missing.py")
    assert namespace["biggest"]() == 7


def test_exit_ends_neither_the_cell_nor_the_run(namespace: dict[str, Any]) -> None:
    """SystemExit and KeyboardInterrupt are errors of their statement."""
    errors = run(namespace, "raise SystemExit\nafter = 1", "raise KeyboardInterrupt\nlater = 2")
    assert (namespace["after"], namespace["later"]) == (1, 2)
    assert [error.kind for error in errors.values()] == ["SystemExit", "KeyboardInterrupt"]


def test_first_error_of_a_split_cell_is_kept(namespace: dict[str, Any]) -> None:
    """Parts of one cell share its name."""
    parts = [Cell(name="answer", source="1 / 0"), Cell(name="answer", source="[][0]")]
    assert run_cells(parts, namespace)["answer"].kind == "ZeroDivisionError"
