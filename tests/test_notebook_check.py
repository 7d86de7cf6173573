"""`check` in the student's own notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, NAME, ROOT
from nbclient import NotebookClient
from nbformat import NotebookNode, reads, validate
from nbgrader.utils import determine_grade

from autograder import CourseError, check
from autograder.notebook import CheckFailed


def namespace_of(path: Path) -> dict[str, Any]:
    """Run a corpus notebook's own cells in this process."""
    names: dict[str, Any] = {}
    for cell in json.loads(path.read_text())["cells"]:
        settings = cell["metadata"].get("nbgrader", {})
        if settings.get("solution") or settings.get("grade_id") in {"imports", "build_model"}:
            exec("".join(cell["source"]), names)  # noqa: S102 - our own corpus
    return names


def test_right_answer_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    """All checks pass with the practice seeds, and the console says so."""
    check(NAME, namespace=namespace_of(CORPUS / "right/as-in-the-lesson.ipynb"))
    said = capsys.readouterr().out
    assert said.count("✓") == 10


def test_wrong_answer_raises_and_explains(capsys: pytest.CaptureFixture[str]) -> None:
    """A check that fails says why and what to do, and raises for nbgrader."""
    names = namespace_of(CORPUS / "wrong/change-with-sign.ipynb")
    with pytest.raises(CheckFailed, match="weight_change_is_measured"):
        check(NAME, "weight_change_is_measured", namespace=names)
    said = capsys.readouterr().out
    assert "absolute value" in said


def test_unknown_check_is_named() -> None:
    """A misspelt check lists those that there are."""
    with pytest.raises(CourseError, match="loss_goes_up"):
        check(NAME, "loss_goes_up", namespace={})


def executed(path: Path) -> NotebookNode:
    """A notebook run in a real kernel, without its demonstrations."""
    notebook = reads(path.read_text(), as_version=4)
    notebook.cells = [c for c in notebook.cells if "demo" not in c.metadata.get("tags", [])]
    client = NotebookClient(
        notebook, timeout=300, allow_errors=True, resources={"metadata": {"path": str(ROOT)}}
    )
    client.execute()
    validate(notebook)
    return notebook


def graded_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The graded cells by their check."""
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


def test_kernel_shows_a_card_and_trains_once() -> None:
    """In Jupyter a check is a card; ten checks of one answer cost one training."""
    cells = graded_cells(executed(CORPUS / "wrong/change-with-sign.ipynb"))
    for name, cell in cells.items():
        shown = cell.outputs[0]
        assert shown.output_type == "display_data"
        assert "text/html" in shown.data
        expected = 0 if name == "weight_change_is_measured" else cell.metadata.nbgrader.points
        assert determine_grade(cell)[0] == expected
    failed = cells["weight_change_is_measured"].outputs[1]
    assert failed.ename == "CheckFailed"
    assert len(failed.traceback) == 1
