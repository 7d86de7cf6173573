"""Notebooks as nbformat 4 stores them, and what nbgrader's metadata says of their cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import CourseError, SubmissionError
from autograder.submissions.files import read_once

MOST_CELLS = 2_000
_LONGEST_ID = 100
_SAVE_AGAIN = "Ask the student to save the notebook in JupyterLab and hand it in again."

Notebook = Mapping[str, Any]
NotebookCell = Mapping[str, Any]


def read_notebook(path: Path) -> Notebook:
    """Read one of the course's own notebooks.

    Raises:
        CourseError: If it is missing or not a notebook.
    """
    try:
        return parse(read_once(path))
    except SubmissionError as error:
        raise CourseError(f"{path}: {error.message}", error.tip) from error


def parse(data: bytes) -> Notebook:
    """Decode a notebook file.

    Raises:
        SubmissionError: If it is no notebook of format 4, or has too many cells.
    """
    if not data.strip():
        raise SubmissionError("The file is empty.", _SAVE_AGAIN)
    text = text_of(data)
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"The file is not a notebook: {error}.", _SAVE_AGAIN) from error
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise SubmissionError("The file is JSON, but not a notebook.", _SAVE_AGAIN)
    if notebook["nbformat"] != 4:  # noqa: PLR2004 - the one format that nbgrader 0.9 reads
        raise SubmissionError(
            f"The notebook has the old format {notebook['nbformat']!r:.20}; format 4 is read.",
            "Open it in JupyterLab, save it and hand it in again.",
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise SubmissionError("The notebook's list of cells is damaged.", _SAVE_AGAIN)
    if len(cells) > MOST_CELLS:
        raise SubmissionError(
            f"The notebook has {len(cells)} cells; at most {MOST_CELLS} are read.",
            "Delete the cells that are not needed and hand it in again.",
        )
    return {"metadata": {}, "nbformat_minor": 5, **notebook}


def text_of(data: bytes) -> str:
    """Decode UTF-8.

    Raises:
        SubmissionError: If it is something else.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionError(
            f"The file is not UTF-8 text (byte {error.start}).", _SAVE_AGAIN
        ) from error


def grade_id(cell: NotebookCell) -> str:
    """A cell's nbgrader id, or "" if it has none."""
    metadata = cell.get("metadata", {})
    settings = metadata.get("nbgrader", {}) if isinstance(metadata, Mapping) else {}
    name = settings.get("grade_id", "") if isinstance(settings, Mapping) else ""
    return name if isinstance(name, str) and len(name) <= _LONGEST_ID else ""


def is_solution(cell: NotebookCell) -> bool:
    """Whether nbgrader marks a cell as one that the student fills in."""
    settings = cell.get("metadata", {}).get("nbgrader", {})
    return isinstance(settings, Mapping) and settings.get("solution") is True


def points(cell: NotebookCell) -> float | None:
    """A graded cell's points, or None if the cell is not graded."""
    settings = cell.get("metadata", {}).get("nbgrader", {})
    if not isinstance(settings, Mapping) or settings.get("grade") is not True:
        return None
    return float(settings.get("points", 0))


def source_of(cell: NotebookCell) -> str:
    """A cell's source, which a file may hold as one string or as lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata", {}), dict):
        return False
    source = cell.get("source", "")
    return isinstance(source, str) or (
        isinstance(source, list) and all(isinstance(line, str) for line in source)
    )
