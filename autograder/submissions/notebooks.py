"""Notebooks as nbformat 4 stores them, and nbgrader's metadata of their cells."""

from __future__ import annotations

import codecs
import io
import json
import re
import tokenize
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import CourseError, MachineError, SubmissionError
from autograder.submissions.files import read_regular_file

MAX_CELLS = 2_000
MAX_CODE = 1_000_000
"""Characters of code in a submission; a course's notebooks have a few thousand."""
_MAX_ID_LENGTH = 100
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_NOT_FOR_FILES = ("idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined")
"""Python's encodings that are for other uses; some need hours for a large file."""
_SAVE_AGAIN = "Ask the student to save the notebook in JupyterLab and hand it in again."

Notebook = Mapping[str, Any]
NotebookCell = Mapping[str, Any]


def read_notebook(path: Path) -> Notebook:
    """Read one of the course's own notebooks.

    Raises:
        CourseError: If it is missing or not a notebook.
    """
    try:
        return parse_notebook(read_regular_file(path))
    except (SubmissionError, MachineError) as error:
        raise CourseError(f"{path}: {error.message}", error.tip) from error


def parse_notebook(data: bytes) -> Notebook:
    """Decode a notebook file.

    Raises:
        SubmissionError: If it is not a notebook of format 4, or has too many cells.
    """
    if not data.strip():
        raise SubmissionError("The file is empty.", _SAVE_AGAIN)
    text = decode_text(data)
    try:
        notebook = json.loads(text)
        if _ESCAPED_SURROGATE.search(text):
            notebook = json.loads(
                _without_lone_surrogates(json.dumps(notebook, ensure_ascii=False))
            )
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"The file is not a notebook: {error}.", _SAVE_AGAIN) from error
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise SubmissionError("The file is JSON, but not a notebook.", _SAVE_AGAIN)
    if notebook["nbformat"] != 4:  # noqa: PLR2004 - the one format that nbgrader 0.9 reads
        raise SubmissionError(
            f"The notebook has format {notebook['nbformat']!r:.20}; only format 4 is supported.",
            "Open it in JupyterLab, save it and hand it in again.",
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise SubmissionError("The notebook's list of cells is damaged.", _SAVE_AGAIN)
    if len(cells) > MAX_CELLS:
        raise SubmissionError(
            f"The notebook has {len(cells)} cells; the limit is {MAX_CELLS}.",
            "Delete the cells that are not needed and hand it in again.",
        )
    require_little_code(sum(len(source_of(cell)) for cell in cells))
    return {"metadata": {}, "nbformat_minor": 5, **notebook}


def require_little_code(characters: int) -> None:
    """Raise SubmissionError if a submission has more code than can be read in reasonable time."""
    if characters > MAX_CODE:
        raise SubmissionError(
            f"The cells have {characters:,} characters; the limit is {MAX_CODE:,}.",
            "Load large data from a file instead of writing it into a cell, and hand it in again.",
        )


def decode_text(data: bytes) -> str:
    """Decode a notebook or Python file.

    The encoding is UTF-8, UTF-16 if there is a byte order mark, or the one that a Python file
    declares (PEP 263). Anything else is read as Windows-1252, which some editors write.

    Raises:
        SubmissionError: If it cannot be decoded.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", *_declared_encoding(data), "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return _without_lone_surrogates(data.decode(encoding)).replace("\r\n", "\n")
        except (UnicodeDecodeError, LookupError):  # noqa: PERF203 - a few, one after another
            continue
    raise SubmissionError("The file is not text in a common encoding.", _SAVE_AGAIN)


def _declared_encoding(data: bytes) -> list[str]:
    try:
        declared = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        name = codecs.lookup(declared).name
    except (SyntaxError, LookupError):
        return []
    return [] if name in _NOT_FOR_FILES else [name]


def _without_lone_surrogates(text: str) -> str:
    """The same text, with "?" for halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def grade_id(cell: NotebookCell) -> str:
    """A cell's nbgrader id; "" if it has none."""
    metadata = cell.get("metadata", {})
    settings = metadata.get("nbgrader", {}) if isinstance(metadata, Mapping) else {}
    name = settings.get("grade_id", "") if isinstance(settings, Mapping) else ""
    return name if isinstance(name, str) and len(name) <= _MAX_ID_LENGTH else ""


def is_solution(cell: NotebookCell) -> bool:
    """Whether nbgrader marks a cell as one that the student fills in."""
    settings = cell.get("metadata", {}).get("nbgrader", {})
    return isinstance(settings, Mapping) and settings.get("solution") is True


def is_demonstration(cell: NotebookCell) -> bool:
    """Whether a cell of the course only shows something: it never runs in grading."""
    tags = cell["metadata"].get("tags", [])
    return isinstance(tags, list) and "demo" in tags


def solution_names(notebook: Notebook) -> frozenset[str]:
    """The nbgrader ids of the cells that the student fills in."""
    return frozenset(grade_id(cell) for cell in notebook["cells"] if is_solution(cell))


def points(cell: NotebookCell) -> float | None:
    """A graded cell's points; None if the cell is not graded."""
    settings = cell.get("metadata", {}).get("nbgrader", {})
    if not isinstance(settings, Mapping) or settings.get("grade") is not True:
        return None
    return float(settings.get("points", 0))


def source_of(cell: NotebookCell) -> str:
    """A cell's source, which a file may store as one string or as lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def code_of(cell: NotebookCell) -> str:
    """A cell's source without comment lines, blank lines and trailing spaces."""
    lines = (line.rstrip() for line in source_of(cell).splitlines())
    return "\n".join(line for line in lines if line and not re.match(r"\s*#", line))


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata", {}), dict):
        return False
    source = cell.get("source", "")
    return isinstance(source, str) or (
        isinstance(source, list) and all(isinstance(line, str) for line in source)
    )


def normalized_text(cell: NotebookCell) -> str:
    """A cell's source without blanks around its lines' ends, to compare cells by."""
    return normalized(source_of(cell))


def normalized(source: str) -> str:
    """A source as `normalized_text` gives it."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
