"""The notebook for `autograded/`, with each verdict under its check's cell, for formgrader."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any

from autograder.errors import CourseError
from autograder.feedback import as_printed
from autograder.results import Grade, Outcome, Verdict
from autograder.submissions import Notebook, NotebookCell

MAX_OUTPUTS = 50
"""The most outputs of a student's cell that are kept."""
MAX_TEXT = 10_000
"""The most characters of one text output that are kept."""
MAX_PICTURE = 2_000_000
"""The most base64 characters of a picture."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FULL_OR_NO_POINTS = (Outcome.PASSED, Outcome.GRADER_ERROR)


def autograded_notebook(
    merged: Notebook,
    grade: Grade,
    render_card: Callable[[Verdict], str],
    render_text: Callable[[Verdict], str],
) -> str:
    """The notebook that formgrader shows, as JSON text; equal arguments give equal text.

    Each check's graded cell shows its verdict, followed by an error output unless the check passed,
    so that nbgrader reads the Grade's score from the cell. A grader error has no error output,
    because it is not the student's fault.

    Plain text and PNG pictures among the student's own outputs are kept, cleaned and limited in
    size. HTML, SVG, JavaScript, widgets and tracebacks are dropped, because formgrader would show
    them unescaped.

    Args:
        merged: An nbformat-4 notebook in the source version's order, with the student's answers.
            It is not changed.
        grade: The submission's Grade.
        render_card: Renders a verdict as an HTML fragment.
        render_text: Renders a verdict as plain text.

    Returns:
        The text of an .ipynb file, valid nbformat 4 if `merged` is.

    Raises:
        CourseError: If a check has no graded code cell with its name.
    """
    verdicts = {verdict.name: verdict for verdict in grade.checks}
    graded = {_graded_name(cell) for cell in merged["cells"] if cell["cell_type"] == "code"}
    if missing := [name for name in verdicts if name not in graded]:
        raise CourseError(
            f"{grade.assignment}: the source version has no graded code cell for the checks "
            f"{', '.join(missing)}.",
            "Give each check an autograder tests cell in the notebook, with the check's name in "
            "course.yml as its id.",
        )

    def outputs(cell: NotebookCell) -> list[dict[str, Any]]:
        name = _graded_name(cell)
        if name is None:
            return _safe_outputs(cell.get("outputs"))
        verdict = verdicts.get(name)
        return [] if verdict is None else _verdict_outputs(verdict, render_card, render_text)

    cells = [
        {**cell, "execution_count": None, "outputs": outputs(cell)}
        if cell["cell_type"] == "code"
        else {key: cell[key] for key in cell if key != "outputs"}
        for cell in merged["cells"]
    ]
    text = json.dumps({**merged, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True)
    # A lone surrogate in an answer cannot be written to a file.
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


def _graded_name(cell: NotebookCell) -> str | None:
    """A check's cell's id; None for other cells, and for answers that a person grades."""
    nbgrader = cell["metadata"].get("nbgrader", {})
    is_check = nbgrader.get("grade") and not nbgrader.get("solution")
    return nbgrader.get("grade_id") if is_check else None


def _verdict_outputs(
    verdict: Verdict,
    render_card: Callable[[Verdict], str],
    render_text: Callable[[Verdict], str],
) -> list[dict[str, Any]]:
    html = render_card(verdict)
    if verdict.outcome in _FULL_OR_NO_POINTS:
        return [_display({"text/html": html, "text/plain": render_text(verdict)})]
    # A page shows the card; nbgrader reads the points of a result's plain text.
    data = {"text/html": html, "text/plain": f"{verdict.points:g}"}
    return [{**_display(data), "output_type": "execute_result", "execution_count": None}]


def _display(data: dict[str, str]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _safe_outputs(outputs: object) -> list[dict[str, Any]]:
    """The harmless outputs of a student's cell, which may be any JSON."""
    safe: list[dict[str, Any]] = []
    for output in outputs[:MAX_OUTPUTS] if isinstance(outputs, list) else ():
        if not isinstance(output, Mapping):
            continue
        kind = output.get("output_type")
        if kind == "stream" and output.get("name") in ("stdout", "stderr"):
            text = _clean_text(output.get("text", ""))
            safe.append({"output_type": "stream", "name": output["name"], "text": text})
        elif kind in ("display_data", "execute_result") and (data := _safe_data(output)):
            safe.append(_display(data))
    return safe


def _safe_data(output: Mapping[str, Any]) -> dict[str, str]:
    bundle, data = output.get("data"), {}
    if not isinstance(bundle, Mapping):
        return {}
    if picture := _png(_join_lines(bundle.get("image/png", ""))):
        data["image/png"] = picture
    if text := _clean_text(bundle.get("text/plain", "")):
        data["text/plain"] = text
    return data


def _png(picture: str) -> str:
    """The same picture as canonical base64; "" if it is not a PNG, or too large."""
    if len(picture) > MAX_PICTURE:
        return ""
    try:
        content = base64.b64decode("".join(picture.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not content.startswith(_PNG_SIGNATURE):
        return ""
    return base64.b64encode(content).decode("ascii")


def _clean_text(text: object) -> str:
    """Text as a terminal would show it, without control characters."""
    return as_printed(_join_lines(text), MAX_TEXT)


def _join_lines(text: object) -> str:
    """Text of nbformat, which may be a list of lines."""
    if isinstance(text, list):
        return "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else ""
