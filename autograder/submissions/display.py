"""The notebook that people are shown: the source version's order, with the student's answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.submissions.merging import PlacedCell
from autograder.submissions.notebooks import (
    Notebook,
    NotebookCell,
    code_of,
    grade_id,
    is_solution,
    source_of,
)

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_PICTURE = re.compile(r"image/(?:png|jpeg|gif)")
_LARGEST_PICTURE = 2_000_000
_MOST_ATTACHMENTS = 20


def display_notebook(
    placed: Sequence[PlacedCell], source: Notebook, release: Notebook
) -> tuple[Notebook, tuple[str, ...]]:
    """Lay the student's answers and own cells into the source version, for nbgrader's pages.

    nbgrader needs each of its cells exactly once. The parts of an answer stand in one cell; cells
    that the student added follow the cell that they stood after.

    Args:
        placed: From `place_cells`.
        source: The source version.
        release: The release version.

    Returns:
        A new notebook, and notices about what was changed or ignored.
    """
    stubs = {grade_id(cell): cell for cell in release["cells"] if is_solution(cell)}
    texts = {source_of(cell) for cell in release["cells"]}
    parts: dict[str, list[NotebookCell]] = {}
    added: dict[str, list[NotebookCell]] = {}
    before = ""
    for one in placed:
        if one.name:
            before = one.name
            parts.setdefault(one.name, []).append(one.cell)
        elif source_of(one.cell) not in texts:
            number = sum(map(len, added.values()))
            added.setdefault(before, []).append(_own_cell(one.cell, number))
    notices: list[str] = []
    cells = [*added.get("", ())]
    for cell in source["cells"]:
        name = grade_id(cell)
        if name in stubs:
            cells += _answer(name, parts.get(name, []), stubs[name], notices)
        else:
            cells.append(cell)
            if name and any(source_of(own) != source_of(cell) for own in parts.get(name, ())):
                notices.append(f"Changes in the locked cell {name} were ignored.")
        cells += added.get(name, ()) if name else ()
    return {**source, "cells": cells}, tuple(notices)


def display_script(script: str, source: Notebook) -> Notebook:
    """The source version with a Python file in place of the answers."""
    first, *others = (n for n, cell in enumerate(source["cells"]) if is_solution(cell))
    cells = [cell for n, cell in enumerate(source["cells"]) if n not in others]
    cells[first] = {
        "cell_type": "code",
        "id": "script",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": script,
    }
    return {**source, "cells": cells}


def _answer(
    name: str, parts: Sequence[NotebookCell], stub: NotebookCell, notices: list[str]
) -> list[NotebookCell]:
    """One cell with all parts of an answer; the stub where there are none."""
    if not parts:
        notices.append(f"The cell {name} is missing from the notebook.")
        return []
    kinds = {str(part.get("cell_type")) for part in parts} - {stub["cell_type"]}
    notices += [
        f"The cell {name} is a {kind} cell, which does not run: change its type to Code."
        for kind in sorted(kinds)
        if stub["cell_type"] == "code"
    ]
    written = [part for part in parts if code_of(part) not in ("", code_of(stub))] or parts[:1]
    text = "\n\n".join(map(source_of, written))
    outputs = [output for part in written for output in _outputs(part)]
    if stub["cell_type"] == "markdown":
        return [{**stub, "source": without_html(text), **_attachments(written[-1])}]
    return [{**stub, "source": text, "outputs": outputs}]


def _own_cell(cell: NotebookCell, number: int) -> NotebookCell:
    """A cell that the student added, without any metadata that would make it ours."""
    kind = cell.get("cell_type")
    own = {"id": f"added-{number}", "metadata": {}}
    if kind == "markdown":
        text = without_html(source_of(cell))
        return {"cell_type": "markdown", **own, "source": text, **_attachments(cell)}
    if kind != "code":
        return {"cell_type": "raw", **own, "source": without_html(source_of(cell))}
    return {
        "cell_type": "code",
        "execution_count": None,
        "outputs": _outputs(cell),
        "source": source_of(cell),
        **own,
    }


def _outputs(cell: NotebookCell) -> list[Any]:
    outputs = cell.get("outputs")
    return outputs if isinstance(outputs, list) else []


def without_html(text: str) -> str:
    """Markdown whose HTML tags show as text instead of acting in the page of who grades."""
    return _TAG.sub("&lt;", text)


def _attachments(cell: NotebookCell) -> dict[str, Any]:
    """Pictures that a Markdown cell shows, which nbconvert fails without."""
    bundles = cell.get("attachments")
    if not isinstance(bundles, Mapping):
        return {}
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in list(bundles.items())[:_MOST_ATTACHMENTS]:
        if isinstance(bundle, Mapping):
            kept[str(name)] = {
                kind: data
                for kind, data in bundle.items()
                if _PICTURE.fullmatch(kind)
                and isinstance(data, str)
                and len(data) <= _LARGEST_PICTURE
            }
    return {"attachments": kept} if kept else {}
