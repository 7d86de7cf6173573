"""Read what a student handed in, and put it into the source version's order.

Files are opened once, without following links, and size-capped before they are parsed; the bytes
that were hashed are the bytes that are graded.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autograder.errors import CourseError, SubmissionError
from autograder.exercises.student import Cell

LARGEST_FILE = 20 * 2**20
MOST_CELLS = 2_000
_LONGEST_ID = 100
_DEMO_TAG = "demo"

Notebook = Mapping[str, Any]
NotebookCell = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class SubmittedFile:
    """One student's file for one assignment, not yet opened.

    Attributes:
        student: The student's id: the name of the folder.
        path: A notebook, or a Python file of the same stem.
    """

    student: str
    path: Path


@dataclasses.dataclass(frozen=True)
class Submission:
    """What is graded.

    Attributes:
        student: The student's id.
        sha256: Digest of the file's bytes.
        submitted_at: From `timestamp.txt` beside it, as nbgrader's collectors write; or None.
        notebook: The merged notebook, in the source version's order.
        cells: Its code cells that define something, in order.
        untouched: Names of solution cells that are as released; None for a Python file.
        notices: What was changed or ignored, in words.
    """

    student: str
    sha256: str
    submitted_at: datetime | None
    notebook: Notebook
    cells: tuple[Cell, ...]
    untouched: frozenset[str] | None
    notices: tuple[str, ...]


def find_submissions(
    submitted: Path, assignment: str, students: Sequence[str] = ()
) -> list[SubmittedFile]:
    """Find `STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb` (or `.py`) under a folder.

    Args:
        submitted: The folder of the class.
        assignment: The assignment's name.
        students: Ids to keep; empty keeps all.

    Returns:
        One entry a student who handed something in, sorted by id.

    Raises:
        SubmissionError: If the folder, or a student who was asked for, is not there; or if two
            ids differ only in case or in how their letters are written.
    """
    try:
        names = sorted(
            entry.name for entry in os.scandir(submitted) if entry.is_dir(follow_symlinks=False)
        )
    except OSError as error:
        raise SubmissionError(
            f"{submitted} cannot be read as a folder of submissions: {error.strerror}.",
            "It holds STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb; name it with --submitted DIR.",
        ) from error
    _refuse_lookalikes(names)
    for wanted in students:
        if wanted not in names:
            raise SubmissionError(
                f"{submitted} has no folder of a student {wanted!r}.",
                f"It has {len(names)} students: {', '.join(names[:5])}, ...",
            )
    return [
        SubmittedFile(name, path)
        for name in names
        if not students or name in students
        for path in [_notebook_or_python(submitted / name / assignment, assignment)]
        if path is not None
    ]


def read_submission(file: SubmittedFile, source: Notebook, release: Notebook) -> Submission:
    """Open a submission and merge it into the source version's order.

    Args:
        file: From `find_submissions`.
        source: The source version, nbformat 4.
        release: The release version, whose solution cells are the stubs.

    Returns:
        The submission.

    Raises:
        SubmissionError: If the file is not a notebook that can be graded, and why.
    """
    data = _read_once(file.path)
    submitted_at = _timestamp(file.path.with_name("timestamp.txt"))
    if file.path.suffix == ".py":
        handed_in = _notebook_of(_text(data))
        merged: Notebook = handed_in
        notices: tuple[str, ...] = ()
        untouched: frozenset[str] | None = None
    else:
        handed_in = _parse(data)
        merged, notices = merge(handed_in, source, release)
        untouched = _untouched(merged, release)
    return Submission(
        student=file.student,
        sha256=hashlib.sha256(data).hexdigest(),
        submitted_at=submitted_at,
        notebook=merged,
        cells=tuple(_code_cells(merged)),
        untouched=untouched,
        notices=notices,
    )


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
    released = {_source(cell) for cell in release["cells"]}
    answers: dict[str, list[NotebookCell]] = {}
    added: dict[str, list[NotebookCell]] = {}
    behind = ""
    for cell in handed_in["cells"]:
        name = grade_id(cell)
        if name in known:
            behind = name
            answers.setdefault(name, []).append(cell)
        elif _source(cell) not in released:
            added.setdefault(behind, []).append(cell)
    notices: list[str] = []
    cells: list[NotebookCell] = list(added.get("", ()))
    for cell in source["cells"]:
        name = grade_id(cell)
        if name in stubs:
            cells += _answer(name, answers.get(name, []), stubs[name], notices)
        else:
            cells.append(cell)
            if name and any(_source(own) != _source(cell) for own in answers.get(name, ())):
                notices.append(f"Changes in the locked cell {name} were ignored.")
        cells += added.get(name, ()) if name else ()
    return {**source, "cells": [_without_outputs(cell) for cell in cells]}, tuple(notices)


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
    return [{**stub, "source": _source(chosen), "outputs": chosen.get("outputs", [])}]


def _untouched(merged: Notebook, release: Notebook) -> frozenset[str]:
    stubs = {grade_id(cell): _plain(cell) for cell in release["cells"] if is_solution(cell)}
    return frozenset(
        grade_id(cell)
        for cell in merged["cells"]
        if grade_id(cell) in stubs and _plain(cell) == stubs[grade_id(cell)]
    )


def _code_cells(notebook: Notebook) -> Iterator[Cell]:
    """Code cells that may define something: no graded cells, no demonstrations."""
    for number, cell in enumerate(notebook["cells"], start=1):
        settings = cell.get("metadata", {}).get("nbgrader", {})
        tags = cell.get("metadata", {}).get("tags", [])
        locked = isinstance(settings, Mapping) and settings.get("locked")
        if cell.get("cell_type") != "code" or (locked and settings.get("grade")):
            continue
        if locked and _DEMO_TAG in tags:
            continue
        yield Cell(name=grade_id(cell) or f"number {number}", source=_source(cell))


def read_notebook(path: Path) -> Notebook:
    """Read one of the course's own notebooks.

    Raises:
        CourseError: If it is missing or not a notebook.
    """
    try:
        return _parse(_read_once(path))
    except SubmissionError as error:
        raise CourseError(f"{path}: {error.message}", error.tip) from error


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


def _notebook_or_python(folder: Path, assignment: str) -> Path | None:
    for suffix in (".ipynb", ".py"):
        path = folder / f"{assignment}{suffix}"
        if os.path.lexists(path):
            return path
    return None


def _refuse_lookalikes(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        plain = unicodedata.normalize("NFKC", name).casefold()
        if plain in seen:
            raise SubmissionError(
                f"The student ids {seen[plain]!r} and {name!r} differ only in case or in how "
                "their letters are written.",
                "Rename one of the two folders; ids must differ plainly.",
            )
        seen[plain] = name


def _read_once(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = "it is a link" if path.is_symlink() else error.strerror
        raise SubmissionError(f"{path.name} cannot be opened: {why}.", _ASK_FOR_FILE) from error
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise SubmissionError(f"{path.name} is not a plain file of its own.", _ASK_FOR_FILE)
        if facts.st_size > LARGEST_FILE:
            raise SubmissionError(
                f"{path.name} has {facts.st_size / 2**20:.0f} MB; at most "
                f"{LARGEST_FILE // 2**20} MB are read.",
                "Clear the notebook's outputs (Kernel > Restart and Clear Outputs), save it and "
                "hand it in again.",
            )
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(LARGEST_FILE + 1)
    finally:
        os.close(descriptor)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionError(
            f"The file is not UTF-8 text (byte {error.start}).", _SAVE_AGAIN
        ) from error


def _parse(data: bytes) -> Notebook:
    if not data.strip():
        raise SubmissionError("The file is empty.", _SAVE_AGAIN)
    text = _text(data)
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


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata", {}), dict):
        return False
    source = cell.get("source", "")
    return isinstance(source, str) or (
        isinstance(source, list) and all(isinstance(line, str) for line in source)
    )


def _source(cell: NotebookCell) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _plain(cell: NotebookCell) -> str:
    """Source without comments' lines, blank lines and trailing space, to compare with a stub."""
    lines = (line.rstrip() for line in _source(cell).splitlines())
    return "\n".join(line for line in lines if line and not re.match(r"\s*#", line))


def _without_outputs(cell: NotebookCell) -> dict[str, Any]:
    return {key: copy.deepcopy(value) for key, value in cell.items() if key != "attachments"}


def _notebook_of(script: str) -> Notebook:
    cell: NotebookCell = {
        "cell_type": "code",
        "id": "script",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": script,
    }
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _timestamp(path: Path) -> datetime | None:
    """When the submission was handed in, as nbgrader writes it; None if it does not say."""
    try:
        text = path.read_text("utf-8").strip()[:64]
    except (OSError, UnicodeDecodeError):
        return None
    text = re.sub(r"\s*(UTC|Z)$", "+00:00", text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


_SAVE_AGAIN = "Ask the student to save the notebook in JupyterLab and hand it in again."
_ASK_FOR_FILE = "Ask the student to hand in the notebook itself."
