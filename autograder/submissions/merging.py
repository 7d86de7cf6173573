"""Put a student's answers into the source version's order, and say which cells are run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.exercises.student import SCRIPT, Cell
from autograder.submissions.notebooks import (
    Notebook,
    NotebookCell,
    grade_id,
    is_solution,
    source_of,
)

_DEMO_TAG = "demo"
_LINES_ABOVE = "lines_above"
"""Metadata of a Python file's cell: how many of the file's lines stand before it."""
_CELL_MARK = re.compile(r"^# (?:%%|In\[[ \d]*\]:).*$", re.MULTILINE)
"""Where editors and nbconvert begin a cell in a Python file."""


def merge(
    handed_in: Notebook, source: Notebook, release: Notebook
) -> tuple[Notebook, tuple[str, ...]]:
    """Lay the student's solution cells into the source version.

    Locked cells are the source version's own, so that deleting, duplicating, reordering or
    editing them neither helps nor hurts. Cells that the student added follow the cell that they
    stood behind.

    Args:
        handed_in: The student's notebook.
        source: The source version.
        release: The release version.

    Returns:
        A new notebook in the source version's order, and notices about what was mended.
    """
    stubs = {grade_id(cell): cell for cell in release["cells"] if is_solution(cell)}
    known = {grade_id(cell) for cell in source["cells"]} - {""}
    released = {source_of(cell) for cell in release["cells"]}
    answers: dict[str, list[NotebookCell]] = {}
    added: dict[str, list[NotebookCell]] = {}
    behind = ""
    for cell in handed_in["cells"]:
        name = grade_id(cell)
        if name in known:
            behind = name
            answers.setdefault(name, []).append(cell)
        elif source_of(cell) not in released:
            number = sum(map(len, added.values()))
            added.setdefault(behind, []).append(_own_cell(cell, number))
    notices: list[str] = []
    cells = [*added.get("", ())]
    for cell in source["cells"]:
        name = grade_id(cell)
        if name in stubs:
            cells += _answer(name, answers.get(name, []), stubs[name], notices)
        else:
            cells.append(cell)
            if name and any(source_of(own) != source_of(cell) for own in answers.get(name, ())):
                notices.append(f"Changes in the locked cell {name} were ignored.")
        cells += added.get(name, ()) if name else ()
    return {**source, "cells": cells}, tuple(notices)


def merge_script(script: str, source: Notebook) -> Notebook:
    """Lay a Python file into the source version, in the place of the solution cells.

    Args:
        script: The file's text; cells begin at `# %%` or `# In[1]:`.
        source: The source version.

    Returns:
        A new notebook: locked cells as in the source version, the script at the first answer.
    """
    first, *others = (n for n, cell in enumerate(source["cells"]) if is_solution(cell))
    cells = [cell for n, cell in enumerate(source["cells"]) if n not in others]
    cells[first : first + 1] = _script_cells(script)
    return {**source, "cells": cells}


def untouched_cells(merged: Notebook, release: Notebook) -> frozenset[str]:
    """Names of the solution cells that are as released, comments and blank lines aside."""
    stubs = {grade_id(cell): _plain(cell) for cell in release["cells"] if is_solution(cell)}
    return frozenset(
        grade_id(cell)
        for cell in merged["cells"]
        if grade_id(cell) in stubs and _plain(cell) == stubs[grade_id(cell)]
    )


def cells_to_run(notebook: Notebook) -> Iterator[Cell]:
    """Code cells that may define something: no graded cells, no demonstrations."""
    for number, cell in enumerate(notebook["cells"], start=1):
        metadata = cell["metadata"]
        settings = metadata.get("nbgrader", {})
        locked = settings.get("locked")
        graded = locked and settings.get("grade")
        demonstrates = locked and _DEMO_TAG in metadata.get("tags", [])
        if cell["cell_type"] != "code" or graded or demonstrates:
            continue
        if _LINES_ABOVE in metadata:
            yield Cell(name=SCRIPT, source="\n" * metadata[_LINES_ABOVE] + source_of(cell))
        else:
            yield Cell(name=grade_id(cell) or f"number {number}", source=source_of(cell))


def _answer(
    name: str, answers: list[NotebookCell], stub: NotebookCell, notices: list[str]
) -> list[NotebookCell]:
    """The student's cell of a name; of several, the last that is not the stub."""
    if not answers:
        notices.append(f"The cell {name} is missing from the notebook.")
        return []
    if len(answers) > 1:
        notices.append(
            f"The cell {name} stands {len(answers)} times; the last one that was changed counts."
        )
    written = [cell for cell in answers if _plain(cell) != _plain(stub)]
    chosen = (written or answers)[-1]
    return [{**stub, "source": source_of(chosen), "outputs": chosen.get("outputs", [])}]


def _own_cell(cell: NotebookCell, number: int) -> NotebookCell:
    """A cell that the student added, without any metadata that would make it ours."""
    kind = cell.get("cell_type")
    own = {"id": f"added-{number}", "metadata": {}, "source": source_of(cell)}
    if kind != "code":
        return {"cell_type": "markdown" if kind == "markdown" else "raw", **own}
    return {
        "cell_type": "code",
        "execution_count": None,
        "outputs": cell.get("outputs", []),
        **own,
    }


def _script_cells(script: str) -> Iterator[NotebookCell]:
    starts = sorted({0, *(mark.start() for mark in _CELL_MARK.finditer(script))})
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(script)], strict=True)):
        yield {
            "cell_type": "code",
            "id": f"{SCRIPT}-{number}",
            "metadata": {_LINES_ABOVE: script.count("\n", 0, start)},
            "execution_count": None,
            "outputs": [],
            "source": script[start:end],
        }


def _plain(cell: NotebookCell) -> str:
    """Source without comments' lines, blank lines and trailing space, to compare with a stub."""
    lines = (line.rstrip() for line in source_of(cell).splitlines())
    return "\n".join(line for line in lines if line and not re.match(r"\s*#", line))
