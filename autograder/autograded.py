"""The notebook for `autograded/`, as formgrader shows it: each verdict under its check's cell."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any

from autograder.errors import CourseError
from autograder.plain_text import clean
from autograder.results import Grade, Outcome, Verdict

MAX_OUTPUTS = 50
"""How many of a student cell's outputs are kept."""
MAX_TEXT = 10_000
"""How many characters of one text output are kept."""
MAX_PICTURE = 2_000_000
"""How many base64 characters a picture may have."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NO_MARK = (Outcome.PASSED, Outcome.GRADER_ERROR)


def autograded_notebook(
    merged: Mapping[str, Any],
    grade: Grade,
    render_card: Callable[[Verdict], str],
    render_text: Callable[[Verdict], str],
) -> str:
    """The notebook that formgrader shows, as JSON text; equal arguments give equal text.

    Under the graded cell of each check stands its verdict, followed by an error output unless the
    check passed, so that nbgrader reads the same score from the cell as the Grade holds. A grader
    error has no error output: it is not the student's.

    Of the student's own outputs plain text and PNG pictures are kept, cleaned and capped; HTML,
    SVG, JavaScript, widgets and tracebacks are dropped, because formgrader would show them
    unescaped to the person who grades.

    Args:
        merged: An nbformat-4 notebook in the source version's order, with the student's answers.
            It is not changed.
        grade: The submission's Grade.
        render_card: A verdict as an HTML fragment.
        render_text: A verdict as plain text.

    Returns:
        The text of an .ipynb file, valid nbformat 4 if `merged` is.

    Raises:
        CourseError: If a check has no graded code cell of its name.
    """
    verdicts = {verdict.name: verdict for verdict in grade.checks}
    graded = {_graded_name(cell) for cell in merged["cells"] if cell["cell_type"] == "code"}
    if missing := [name for name in verdicts if name not in graded]:
        raise CourseError(
            f"{grade.assignment}: the source version has no graded code cell for the checks "
            f"{', '.join(missing)}.",
            "In the notebook, give each check an autograder tests cell whose id is the check's "
            "name in course.yml.",
        )

    def outputs(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
        name = _graded_name(cell)
        if name is None:
            return _kept_outputs(cell.get("outputs"))
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


def _graded_name(cell: Mapping[str, Any]) -> str | None:
    """The id of a graded cell, or None for any other cell and for an answer that a person marks."""
    nbgrader = cell["metadata"].get("nbgrader", {})
    is_check = nbgrader.get("grade") and not nbgrader.get("solution")
    return nbgrader.get("grade_id") if is_check else None


def _verdict_outputs(
    verdict: Verdict,
    render_card: Callable[[Verdict], str],
    render_text: Callable[[Verdict], str],
) -> list[dict[str, Any]]:
    shown = _display({"text/html": render_card(verdict), "text/plain": render_text(verdict)})
    if verdict.outcome in _NO_MARK:
        return [shown]
    # nbgrader gives no points to a cell with an error output.
    failure = {
        "output_type": "error",
        "ename": "CheckFailed",
        "evalue": verdict.message,
        "traceback": [],
    }
    return [shown, failure]


def _display(data: dict[str, str]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _kept_outputs(outputs: object) -> list[dict[str, Any]]:
    """What is harmless among a student cell's outputs, which may be anything that JSON can say."""
    kept: list[dict[str, Any]] = []
    for output in outputs[:MAX_OUTPUTS] if isinstance(outputs, list) else ():
        if not isinstance(output, Mapping):
            continue
        kind = output.get("output_type")
        if kind == "stream" and output.get("name") in ("stdout", "stderr"):
            text = _printed(output.get("text", ""))
            kept.append({"output_type": "stream", "name": output["name"], "text": text})
        elif kind in ("display_data", "execute_result") and (data := _kept_data(output)):
            kept.append(_display(data))
    return kept


def _kept_data(output: Mapping[str, Any]) -> dict[str, str]:
    bundle, data = output.get("data"), {}
    if not isinstance(bundle, Mapping):
        return {}
    if picture := _png(_joined(bundle.get("image/png", ""))):
        data["image/png"] = picture
    if text := _printed(bundle.get("text/plain", "")):
        data["text/plain"] = text
    return data


def _png(picture: str) -> str:
    """The same picture as canonical base64, or nothing where it is no PNG of a sane size."""
    if len(picture) > MAX_PICTURE:
        return ""
    try:
        content = base64.b64decode("".join(picture.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not content.startswith(_PNG_SIGNATURE):
        return ""
    return base64.b64encode(content).decode("ascii")


def _printed(text: object) -> str:
    """Text as a terminal would have left it, without control characters."""
    lines = _joined(text).replace("\r\n", "\n").replace("\x08", "").split("\n")
    # A progress bar goes back to the line's start and writes over it.
    return clean("\n".join(line.rsplit("\r", 1)[-1] for line in lines), MAX_TEXT)


def _joined(text: object) -> str:
    """Nbformat text, which may be a list of lines."""
    if isinstance(text, list):
        return "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else ""
