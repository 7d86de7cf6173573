"""Make the notebook that people see: the source version with the student's answers."""

from __future__ import annotations

import html
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
_LINK = re.compile(r"(\]\(\s*<?|^ {0,3}\[[^\]]+\]:\s*<?)([^)\s>]*)", re.MULTILINE)
"""A link's or a picture's target in Markdown: inline, or in a definition."""
_IGNORED = re.compile(r"[\x00-\x20\x7f]")
"""Characters that browsers leave out of an address."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_HARMLESS = ("http:", "https:", "mailto:", "attachment:", "data:image/")
_PICTURE = re.compile(r"image/(?:png|jpeg|gif)")
_MAX_PICTURE = 2_000_000
_MAX_ATTACHMENTS = 20


def display_notebook(
    placed: Sequence[PlacedCell], source: Notebook, release: Notebook
) -> tuple[Notebook, tuple[str, ...]]:
    """Put the student's answers and added cells into the source version, for nbgrader's pages.

    nbgrader needs each of its cells exactly once, so all parts of an answer go into one cell. Cells
    that the student added follow the same cell as in the submission.

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
    definitions: dict[str, list[NotebookCell]] = {}
    previous = ""
    for student_cell in placed:
        if student_cell.added:
            cell = {"cell_type": "code", "source": student_cell.added.strip("\n")}
            shown = _added_cell(cell, f"in-{student_cell.number}")
            definitions.setdefault(student_cell.name, []).append(shown)
        if student_cell.name:
            previous = student_cell.name
            parts.setdefault(previous, []).append(student_cell.cell)
        elif source_of(student_cell.cell) not in texts:
            number = sum(map(len, added.values()))
            added.setdefault(previous, []).append(_added_cell(student_cell.cell, str(number)))
    notices: list[str] = []
    cells = [*added.get("", ())]
    for cell in source["cells"]:
        name = grade_id(cell)
        if name in stubs:
            cells += _answer(name, parts.get(name, []), stubs[name], notices)
        else:
            cells.append(cell)
            cells += definitions.get(name, ())
            if any(source_of(part) != source_of(cell) for part in parts.get(name, ())):
                notices.append(_changed_notice(name, has_added=name in definitions))
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
    """One cell with all parts of an answer, or none if the answer is missing."""
    if not parts:
        notices.append(f"The cell {name} is missing from the notebook.")
        return []
    kinds = {str(part.get("cell_type")) for part in parts} - {stub["cell_type"]}
    notices += [
        f"The cell {name} is a {kind} cell, which does not run: change its type to Code."
        for kind in sorted(kinds)
        if stub["cell_type"] == "code"
    ]
    changed = [part for part in parts if code_of(part) not in ("", code_of(stub))] or parts[:1]
    text = "\n\n".join(map(source_of, changed))
    outputs = [output for part in changed for output in _outputs(part)]
    if stub["cell_type"] == "markdown":
        return [{**stub, "source": without_html(text), **_attachments(changed[-1])}]
    return [{**stub, "source": text, "outputs": outputs}]


def _changed_notice(name: str, *, has_added: bool) -> str:
    if has_added:
        return (
            f"The imports and definitions that were added to the locked cell {name} were used; "
            "other changes were ignored."
        )
    return f"Changes in the locked cell {name} were ignored."


def _added_cell(cell: NotebookCell, name: str) -> NotebookCell:
    """A cell that the student added, without metadata, which could make it a graded cell."""
    kind = cell.get("cell_type")
    fields = {"id": f"added-{name}", "metadata": {}}
    if kind == "markdown":
        text = without_html(source_of(cell))
        return {"cell_type": "markdown", **fields, "source": text, **_attachments(cell)}
    if kind != "code":
        return {"cell_type": "raw", **fields, "source": without_html(source_of(cell))}
    return {
        "cell_type": "code",
        "execution_count": None,
        "outputs": _outputs(cell),
        "source": source_of(cell),
        **fields,
    }


def _outputs(cell: NotebookCell) -> list[Any]:
    """A cell's outputs as nbformat defines them; what does not match is left out."""
    outputs = cell.get("outputs")
    valid = map(_output, outputs if isinstance(outputs, list) else ())
    return [output for output in valid if output is not None]


def _output(output: object) -> dict[str, Any] | None:
    if not isinstance(output, Mapping):
        return None
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        text = output.get("text")
        return (
            {"output_type": kind, "name": output["name"], "text": text} if _is_text(text) else None
        )
    if kind == "error":
        lines = output.get("traceback")
        trace = lines if isinstance(lines, list) and _is_text(lines) else []
        names = {name: str(output.get(name, ""))[:1000] for name in ("ename", "evalue")}
        return {"output_type": kind, **names, "traceback": trace}
    if kind in ("display_data", "execute_result"):
        data = output.get("data")
        items = data.items() if isinstance(data, Mapping) else ()
        shown = {name: value for name, value in items if _is_text(value)}
        number = {"execution_count": None} if kind == "execute_result" else {}
        return {"output_type": kind, "data": shown, "metadata": {}, **number}
    return None


def _is_text(value: object) -> bool:
    """Whether this is text as a notebook stores it: one string, or lines."""
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(line, str) for line in value)
    )


def without_html(text: str) -> str:
    """Markdown that has no effect on the grader's page: HTML is text, and links lead to pages."""
    return _LINK.sub(_harmless_link, _TAG.sub("&lt;", text))


def _harmless_link(match: re.Match[str]) -> str:
    """The same link, if it leads to a page, a place in this one or a picture; else to nowhere."""
    target = html.unescape(match[2]).replace("\\", "")
    target = _IGNORED.sub("", target).lower().lstrip("<")
    is_harmless = not _SCHEME.match(target) or target.startswith(_HARMLESS)
    return match[0] if is_harmless else f"{match[1]}#"


def _attachments(cell: NotebookCell) -> dict[str, Any]:
    """Pictures of a Markdown cell; nbconvert fails without them."""
    bundles = cell.get("attachments")
    if not isinstance(bundles, Mapping):
        return {}
    pictures: dict[str, dict[str, str]] = {}
    for name, bundle in list(bundles.items())[:_MAX_ATTACHMENTS]:
        if isinstance(bundle, Mapping):
            pictures[str(name)] = {
                kind: data
                for kind, data in bundle.items()
                if _PICTURE.fullmatch(kind) and isinstance(data, str) and len(data) <= _MAX_PICTURE
            }
    return {"attachments": pictures} if pictures else {}
