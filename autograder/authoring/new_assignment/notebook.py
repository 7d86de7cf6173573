"""Make a new assignment's notebooks: the source version, and filled-in release versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat

_MARK = re.compile(r"^<!-- (\w+) ?(\w*) -->\n", re.MULTILINE)
_REGION = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
_MAY_RAISE = ("raises-exception",)
"""JupyterLab's Run All Cells continues after such a cell, so also while answers are missing."""
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def source_notebook(text: str, name: str, checks: Mapping[str, float]) -> Any:
    """Make a source version from marked-up text.

    Args:
        text: Cells, each after a line `<!-- KIND ID -->`; KIND is markdown, locked, demo, solution
            or check. Each check has one cell, without text.
        name: The assignment's name.
        checks: Points by check.

    Returns:
        A notebook of nbformat 4.5.
    """
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = _KERNEL
    notebook.cells = list(_cells(text, name, checks))
    return notebook


def fill_in(release: Any, answers: Mapping[str, str]) -> Any:
    """Make a submission: a release version with answers in its solution cells.

    Args:
        release: The release version.
        answers: The source of each solution cell, by its nbgrader id.

    Returns:
        A new notebook.
    """
    notebook = nbformat.from_dict(release)
    for cell in _solution_cells(notebook):
        cell.source = answers[cell.metadata.nbgrader.grade_id].rstrip("\n")
    return notebook


def solution_answers(source: Any) -> dict[str, str]:
    """The solution cells of a source version by nbgrader id, without nbgrader's region marks."""
    return {
        cell.metadata.nbgrader.grade_id: _REGION.sub("", cell.source)
        for cell in _solution_cells(source)
    }


def _solution_cells(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            yield cell


def _cells(text: str, assignment: str, checks: Mapping[str, float]) -> Iterator[Any]:
    marks = list(_MARK.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for number, (mark, end) in enumerate(zip(marks, ends, strict=True)):
        kind, name, content = mark[1], mark[2], text[mark.end() : end].strip("\n")
        if kind == "markdown":
            yield nbformat.v4.new_markdown_cell(content, id=f"text-{number}")
            continue
        if kind == "check":
            yield _check_cell(name, assignment, checks[name])
            continue
        cell = _code_cell(name, content, solution=kind == "solution", locked=kind != "solution")
        if kind == "demo":
            cell.metadata.tags = ["demo", *_MAY_RAISE]
        yield cell


def _check_cell(name: str, assignment: str, points: float) -> Any:
    cell = _code_cell(name, f'check("{assignment}", "{name}")', grade=True, locked=True)
    cell.metadata.nbgrader.points = points
    cell.metadata.tags = [*_MAY_RAISE]
    return cell


def _code_cell(
    name: str, content: str, *, solution: bool = False, locked: bool = False, grade: bool = False
) -> Any:
    nbgrader = {
        "grade": grade,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return nbformat.v4.new_code_cell(
        content, id=name.replace("_", "-"), metadata={"nbgrader": nbgrader}
    )
