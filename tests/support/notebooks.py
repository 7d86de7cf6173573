"""Notebooks that tests hand in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from courses import CORPUS, NAME

from autograder.results import Grade

MakeNotebook = Callable[..., Path]
GradeFile = Callable[[Path], Grade]


def code_cell(source: str) -> dict[str, Any]:
    """A code cell that a student adds."""
    return {
        "cell_type": "code",
        "id": "added",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def write_notebook(folder: Path, added: str = "", **answers: str) -> Path:
    """Write a submission: the reference answers, some cells replaced, one cell added.

    Args:
        folder: Where to.
        added: Source of the added cell, if any.
        answers: Sources by the cell's nbgrader id.
    """
    reference = CORPUS / "right" / "as-in-the-lesson.ipynb"
    notebook: dict[str, Any] = json.loads(reference.read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    if added:
        notebook["cells"].insert(3, code_cell(added))
    path = folder / f"{NAME}.ipynb"
    path.write_text(json.dumps(notebook))
    return path
