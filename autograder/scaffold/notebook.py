"""Make the scaffold's notebooks: the source version, and release versions that are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat

_MARK = re.compile(r"^<!-- (\w+) ?(\w*) -->\n", re.MULTILINE)
_REGION = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
_GOES_ON = ("raises-exception",)
"""JupyterLab's Run All Cells goes on behind such a cell, also while answers are missing."""
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def source_notebook(text: str, name: str, checks: Mapping[str, float]) -> Any:
    """Make a source version of a marked-up text, with one graded cell a check at its end.

    Args:
        text: Cells, each behind a mark `<!-- KIND ID -->`; KIND is markdown, locked, demo or
            solution.
        name: The assignment's name.
        checks: Points by check.

    Returns:
        A notebook of nbformat 4.5.
    """
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = _KERNEL
    notebook.cells = list(_cells(text))
    for check, points in checks.items():
        cell = _code(check, f'check("{name}", "{check}")', grade=True, locked=True)
        cell.metadata.nbgrader.points = points
        cell.metadata.tags = [*_GOES_ON]
        notebook.cells.append(cell)
    return notebook


def filled_in(release: Any, answers: Mapping[str, str], reference: Mapping[str, str]) -> Any:
    """A release version with answers in its solution cells.

    Args:
        release: The release version.
        answers: Sources by the cell's id.
        reference: The solution's own, for the cells that `answers` leaves out.

    Returns:
        Another notebook.
    """
    notebook = nbformat.from_dict(release)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            grade_id = cell.metadata.nbgrader.grade_id
            cell.source = answers.get(grade_id, reference[grade_id]).rstrip("\n")
    return notebook


def reference_answers(source: Any) -> dict[str, str]:
    """The solution cells of a source version, without the marks of their regions."""
    return {
        cell.metadata.nbgrader.grade_id: _REGION.sub("", cell.source)
        for cell in source.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def _cells(text: str) -> Iterator[Any]:
    marks = list(_MARK.finditer(text))
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        kind, name, content = mark[1], mark[2], text[mark.end() : end].strip("\n")
        if kind == "markdown":
            yield nbformat.v4.new_markdown_cell(content, id=f"text-{number}")
            continue
        cell = _code(name, content, solution=kind == "solution", locked=kind != "solution")
        if kind == "demo":
            cell.metadata.tags = ["demo", *_GOES_ON]
        yield cell


def _code(
    name: str, content: str, *, solution: bool = False, locked: bool = False, grade: bool = False
) -> Any:
    kind = {
        "grade": grade,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return nbformat.v4.new_code_cell(
        content, id=name.replace("_", "-"), metadata={"nbgrader": kind}
    )
