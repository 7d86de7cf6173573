"""How a submitted notebook is found, read and merged into the source version."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import CORPUS, NAME, ROOT
from notebooks import code_cell

from autograder.errors import SubmissionError
from autograder.submissions import (
    Notebook,
    Submission,
    display_notebook,
    find_submissions,
    grade_id,
    place_cells,
    read_notebook,
)

Read = Callable[[Path], Submission]
SOURCE = read_notebook(ROOT / "solutions" / NAME / f"{NAME}.ipynb")
RELEASE = read_notebook(ROOT / "assignments" / NAME / f"{NAME}.ipynb")


def submitted_notebook() -> dict[str, Any]:
    """A right submission, which a test then changes."""
    loaded: dict[str, Any] = json.loads((CORPUS / "right/as-in-the-lesson.ipynb").read_text())
    return loaded


def cell_of(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """A notebook's cell by its nbgrader id."""
    cell: dict[str, Any] = next(c for c in notebook["cells"] if grade_id(c) == name)
    return cell


def order(notebook: Any) -> list[str]:
    """The nbgrader ids of a notebook, in order."""
    return [grade_id(cell) for cell in notebook["cells"] if grade_id(cell)]


def display(notebook: dict[str, Any]) -> tuple[Notebook, tuple[str, ...]]:
    """The notebook that people are shown, and notices."""
    return display_notebook(place_cells(notebook, SOURCE, RELEASE), SOURCE, RELEASE)


def test_reordered_cells_are_put_back() -> None:
    """The notebook that people are shown has the source version's order."""
    notebook = submitted_notebook()
    notebook["cells"].reverse()
    merged, notices = display(notebook)
    assert order(merged) == order(SOURCE)
    assert notices == ()


def test_edited_locked_cell_is_restored_with_a_notice() -> None:
    """A locked cell is the source version's, whatever the student changed in it."""
    notebook = submitted_notebook()
    cell_of(notebook, "build_model")["source"] = "def build_model(): return None"
    merged, notices = display(notebook)
    assert "keras.Sequential" in "".join(cell_of(dict(merged), "build_model")["source"])
    assert notices == ("Changes in the locked cell build_model were ignored.",)


def test_duplicated_solution_cell_is_shown_once() -> None:
    """Nbgrader needs each of its cells once; a copied stub is not shown beside the answer."""
    notebook = submitted_notebook()
    notebook["cells"].append(cell_of(dict(RELEASE), "train_model"))
    merged, notices = display(notebook)
    assert "model.fit" in "".join(cell_of(dict(merged), "train_model")["source"])
    assert "NotImplementedError" not in "".join(cell_of(dict(merged), "train_model")["source"])
    assert order(merged).count("train_model") == 1
    assert notices == ()


def test_answer_in_a_markdown_cell_is_named() -> None:
    """Code in a cell of another type does not run, and the student is told why."""
    notebook = submitted_notebook()
    cell_of(notebook, "compile_model")["cell_type"] = "markdown"
    assert display(notebook)[1] == (
        "The cell compile_model is a markdown cell, which does not run: change its type to Code.",
    )


def test_deleted_solution_cell_is_missing_with_a_notice() -> None:
    """A missing cell is named, and nothing replaces it."""
    notebook = submitted_notebook()
    notebook["cells"].remove(cell_of(notebook, "weight_change"))
    merged, notices = display(notebook)
    assert "weight_change" not in order(merged)
    assert notices == ("The cell weight_change is missing from the notebook.",)


def test_added_cell_stays_after_the_cell_above_it() -> None:
    """A student's own helper cell is shown where the student put it."""
    notebook = submitted_notebook()
    place = notebook["cells"].index(cell_of(notebook, "compile_model"))
    notebook["cells"].insert(place, code_cell("helper = 1"))
    merged, _ = display(notebook)
    sources = ["".join(cell["source"]) for cell in merged["cells"]]
    names = [grade_id(cell) for cell in merged["cells"]]
    assert names.index("imports") < sources.index("helper = 1") < names.index("compile_model")


def test_demonstrations_and_graded_cells_are_not_run(read: Read) -> None:
    """Only cells that define something are sent to the sandbox."""
    submission = read(CORPUS / "right/as-in-the-lesson.ipynb")
    assert [cell.name for cell in submission.cells] == [
        *("imports", "build_model", "compile_model", "train_model"),
        *("first_layer_weights", "weight_change"),
    ]
    assert submission.untouched == frozenset({"why_these_weights"})


def test_python_file_replaces_the_answers(tmp_path: Path, read: Read) -> None:
    """A .py submission runs between the locked cells, with the file's line numbers."""
    folder = tmp_path / "ada" / NAME
    folder.mkdir(parents=True)
    script = "first = 1\n\n# %% second\nraise ValueError\n# In[3]:\nthird = 3\n"
    (folder / f"{NAME}.py").write_text(script)
    [file] = find_submissions(tmp_path, NAME)
    assert (file.student, file.path) == ("ada", folder / f"{NAME}.py")
    submission = read(file.path)
    names = [cell.name for cell in submission.cells]
    assert names == ["imports", "build_model", "script", "script", "script"]
    last = submission.cells[-1]
    assert script.split("\n")[last.first_line - 1 :] == last.source.split("\n")
    assert submission.untouched is None


def test_added_cell_with_forged_metadata_loses_it() -> None:
    """A student's cell cannot pass for a graded one."""
    notebook = submitted_notebook()
    forged = {"grade": True, "grade_id": "forged", "locked": True, "points": 99}
    notebook["cells"].insert(0, {**code_cell("x = 1"), "metadata": {"nbgrader": forged}})
    merged, _ = display(notebook)
    assert merged["cells"][0]["source"] == "x = 1"
    assert merged["cells"][0]["metadata"] == {}


@pytest.mark.parametrize("kind", ["link", "hard link", "fifo", "folder"])
def test_special_file_is_refused(kind: str, tmp_path: Path, read: Read) -> None:
    """Links, pipes and folders instead of a notebook are refused, and not followed."""
    path = tmp_path / f"{NAME}.ipynb"
    target = tmp_path / "target"
    target.write_text("{}")
    if kind == "link":
        path.symlink_to(target)
    elif kind == "hard link":
        path.hardlink_to(target)
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(SubmissionError):
        read(path)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("=HYPERLINK(A1)", "formula"),
        ("-2+3", "formula"),
        ("@SUM(A1)", "formula"),
        ("ada\n", "line breaks"),
        ("eve\u202etxt", "control characters"),
        ("\x1b[2J", "control characters"),
        ("x" * 201, "200 bytes"),
        (".eve.99999999.partial", "a dot"),
        ("ada", ""),
        ("o'brien, j. <jo@uni.example>", ""),
        ("Łukasz Ø", ""),
    ],
)
def test_folder_name_with_an_effect_is_refused(name: str, problem: str, tmp_path: Path) -> None:
    """Names that act in a spreadsheet or on a terminal are refused; the others are graded."""
    for student in (name, "zoe"):
        place = tmp_path / student / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text("{}")
    refused: list[SubmissionError] = []
    students = [file.student for file in find_submissions(tmp_path, NAME, (), refused.append)]
    assert students == sorted(["zoe"] if problem else [name, "zoe"])
    assert [problem in error.message for error in refused] == ([True] if problem else [])


def test_deeply_nested_json_is_refused(tmp_path: Path, read: Read) -> None:
    """Endless nesting ends in a message, not in a crash."""
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text('{"nbformat": 4, "cells": ' + "[" * 200_000)
    with pytest.raises(SubmissionError, match="not a notebook"):
        read(path)


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("2027-01-02 03:04:05 UTC", 5.0),
        ("2027-01-02 04:04:05+01:00", 5.0),
        ("2027-01-02T03:04:05.5+00:00", 5.5),
        ("2027-01-01 22:04:05.250000 EST", 5.25),
        ("2027-01-02 04:04:05 Europe/Berlin", 5.0),
    ],
)
def test_timestamp_of_nbgrader_is_the_time_of_submission(
    text: str, second: float, tmp_path: Path, read: Read
) -> None:
    """timestamp.txt beside the notebook gives the time, in any zone."""
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(submitted_notebook()))
    path.with_name("timestamp.txt").write_text(text)
    moment = datetime(2027, 1, 2, 3, 4, tzinfo=timezone.utc) + timedelta(seconds=second)
    assert read(path).submitted_at == moment


@pytest.mark.parametrize(
    "text", ["yesterday", "", "9999-12-31 23:59:59-12:00", "2027-01-02 03:04:05 Nowhere/Land"]
)
def test_timestamp_that_is_no_time_is_none(text: str, tmp_path: Path, read: Read) -> None:
    """Nor one that cannot be converted to UTC, which would end the recording of this student."""
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(submitted_notebook()))
    path.with_name("timestamp.txt").write_text(text)
    assert read(path).submitted_at is None


def test_pipe_in_place_of_the_timestamp_does_not_block(tmp_path: Path, read: Read) -> None:
    """What lies beside a notebook is opened as the notebook is: it must be a small file."""
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(submitted_notebook()))
    os.mkfifo(path.with_name("timestamp.txt"))
    assert read(path).submitted_at is None
    path.with_name("timestamp.txt").unlink()
    path.with_name("timestamp.txt").symlink_to("/dev/zero")
    assert read(path).submitted_at is None


def test_half_of_a_character_is_replaced(tmp_path: Path, read: Read) -> None:
    """JSON can escape a lone surrogate, which no file and no database can hold."""
    notebook = submitted_notebook()
    cell_of(notebook, "train_model")["source"] += "\nMARK = '\ud800'"
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(notebook))
    shown = json.dumps(read(path).notebook, ensure_ascii=False)
    assert "MARK = '?'" in shown
    assert shown.encode()


@pytest.mark.parametrize("encoding", ["punycode", "idna", "unicode_escape"])
def test_encoding_that_is_not_for_files_is_ignored(
    encoding: str, tmp_path: Path, read: Read
) -> None:
    """Some of Python's encodings take hours for a large file, or make text that no file holds."""
    path = tmp_path / f"{NAME}.py"
    path.write_text(f"# -*- coding: {encoding} -*-\n# \xe9\nx = 1\n", "latin-1")
    script = next(cell for cell in read(path).cells if cell.name == "script")
    assert script.source.endswith("\nx = 1\n")


def test_more_code_than_any_notebook_needs_is_refused(tmp_path: Path, read: Read) -> None:
    """Parsing takes a hundred times the memory of the text."""
    path = tmp_path / f"{NAME}.py"
    path.write_text("x = 1\n" * 200_000)
    with pytest.raises(SubmissionError, match="1,200,000 characters"):
        read(path)


@pytest.mark.parametrize(
    "output",
    [
        "text",
        {"output_type": "stream", "name": "stdout", "text": {"a": 1}},
        {"output_type": "display_data", "data": {"text/plain": 1}, "metadata": 1},
        {"output_type": "error", "traceback": "no list"},
        {"output_type": "unknown"},
    ],
)
def test_output_that_is_none_does_not_break_the_shown_notebook(output: object) -> None:
    """The notebook that people see is valid, whatever the file says."""
    notebook = submitted_notebook()
    cell_of(notebook, "train_model")["outputs"] = [output]
    shown, _ = display(notebook)
    nbformat.validate(nbformat.from_dict(shown))


def test_submission_has_the_digest_of_its_bytes(read: Read) -> None:
    """The digest is of the file as it was read."""
    path = CORPUS / "right/as-in-the-lesson.ipynb"
    assert read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
