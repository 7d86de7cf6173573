"""How a handed-in notebook is read and merged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, NAME, ROOT, code_cell

from autograder.errors import SubmissionError
from autograder.submissions import (
    Submission,
    SubmittedFile,
    find_submissions,
    grade_id,
    merge,
    read_notebook,
)

Read = Callable[[Path], Submission]
SOURCE = read_notebook(ROOT / "solutions" / NAME / f"{NAME}.ipynb")
RELEASE = read_notebook(ROOT / "assignments" / NAME / f"{NAME}.ipynb")


def handed_in() -> dict[str, Any]:
    """A right submission, to be damaged."""
    loaded: dict[str, Any] = json.loads((CORPUS / "right/as-in-the-lesson.ipynb").read_text())
    return loaded


def cell_of(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """A notebook's cell by its nbgrader id."""
    found: dict[str, Any] = next(c for c in notebook["cells"] if grade_id(c) == name)
    return found


def order(notebook: Any) -> list[str]:
    """The nbgrader ids of a notebook, in order."""
    return [grade_id(cell) for cell in notebook["cells"] if grade_id(cell)]


def test_reordered_cells_are_put_back() -> None:
    """The merged notebook has the source version's order."""
    notebook = handed_in()
    notebook["cells"].reverse()
    merged, notices = merge(notebook, SOURCE, RELEASE)
    assert order(merged) == order(SOURCE)
    assert notices == ()


def test_edited_locked_cell_is_ignored_and_named() -> None:
    """A locked cell is the source version's, whatever the student made of it."""
    notebook = handed_in()
    cell_of(notebook, "build_model")["source"] = "def build_model(): return None"
    merged, notices = merge(notebook, SOURCE, RELEASE)
    assert "keras.Sequential" in "".join(cell_of(dict(merged), "build_model")["source"])
    assert notices == ("Changes in the locked cell build_model were ignored.",)


def test_duplicated_solution_cell_counts_the_last_changed_one() -> None:
    """A copied stub neither helps nor hurts."""
    notebook = handed_in()
    stub = cell_of(dict(RELEASE), "train_model")
    notebook["cells"].append(stub)
    merged, notices = merge(notebook, SOURCE, RELEASE)
    assert "model.fit" in "".join(cell_of(dict(merged), "train_model")["source"])
    assert order(merged).count("train_model") == 1
    assert "stands 2 times" in notices[0]


def test_deleted_solution_cell_is_named() -> None:
    """A missing cell is said, and nothing stands in for it."""
    notebook = handed_in()
    notebook["cells"].remove(cell_of(notebook, "weight_change"))
    merged, notices = merge(notebook, SOURCE, RELEASE)
    assert "weight_change" not in order(merged)
    assert notices == ("The cell weight_change is missing from the notebook.",)


def test_added_cell_follows_the_cell_it_stood_behind() -> None:
    """A student's own helper cell runs where the student put it."""
    notebook = handed_in()
    place = notebook["cells"].index(cell_of(notebook, "compile_model"))
    notebook["cells"].insert(place, code_cell("helper = 1"))
    merged, _ = merge(notebook, SOURCE, RELEASE)
    sources = ["".join(cell["source"]) for cell in merged["cells"]]
    names = [grade_id(cell) for cell in merged["cells"]]
    assert names.index("imports") < sources.index("helper = 1") < names.index("compile_model")


def test_demonstrations_and_graded_cells_are_not_run(read: Read) -> None:
    """Only cells that may define something go into the sandbox."""
    submission = read(CORPUS / "right/as-in-the-lesson.ipynb")
    assert [cell.name for cell in submission.cells] == [
        *("imports", "build_model", "compile_model", "train_model"),
        *("first_layer_weights", "weight_change"),
    ]
    assert submission.untouched == frozenset()


def test_python_file_takes_the_place_of_the_answers(tmp_path: Path, read: Read) -> None:
    """A .py submission runs among the locked cells, cell by cell, with the file's line numbers."""
    folder = tmp_path / "ada" / NAME
    folder.mkdir(parents=True)
    script = "first = 1\n\n# %% second\nraise ValueError\n# In[3]:\nthird = 3\n"
    (folder / f"{NAME}.py").write_text(script)
    [found] = find_submissions(tmp_path, NAME)
    submission = read(found.path)
    names = [cell.name for cell in submission.cells]
    assert names == ["imports", "build_model", "script", "script", "script"]
    assert submission.cells[-1].source.split("\n")[5] == script.split("\n")[5] == "third = 3"
    assert submission.untouched is None


def test_added_cell_cannot_pass_for_one_of_ours() -> None:
    """Metadata that a student writes into an added cell is dropped."""
    notebook = handed_in()
    forged = {"grade": True, "grade_id": "forged", "locked": True, "points": 99}
    notebook["cells"].insert(0, {**code_cell("x = 1"), "metadata": {"nbgrader": forged}})
    merged, _ = merge(notebook, SOURCE, RELEASE)
    assert merged["cells"][0]["source"] == "x = 1"
    assert merged["cells"][0]["metadata"] == {}


@pytest.mark.parametrize("kind", ["link", "hard link", "fifo", "folder"])
def test_anything_but_a_plain_file_is_refused(kind: str, tmp_path: Path, read: Read) -> None:
    """Links, pipes and folders in the place of a notebook are refused, and not followed."""
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


def test_ids_that_look_alike_are_refused(tmp_path: Path) -> None:
    """Two students whose ids differ in case only are never mixed up."""
    (tmp_path / "Ada").mkdir()
    (tmp_path / "ada").mkdir()
    with pytest.raises(SubmissionError, match="'Ada' and 'ada'"):
        find_submissions(tmp_path, NAME)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("=HYPERLINK(A1)", "formula"),
        ("-2+3", "formula"),
        ("@SUM(A1)", "formula"),
        ("ada\n", "line ends"),
        ("eve\u202etxt", "control characters"),
        ("\x1b[2J", "control characters"),
        ("x" * 201, "200 bytes"),
        ("ada", ""),
        ("o'brien, j. <jo@uni.example>", ""),
        ("Łukasz Ø", ""),
    ],
)
def test_folder_name_that_acts_is_no_id(name: str, why: str, tmp_path: Path) -> None:
    """Names that act in a spreadsheet or a terminal are refused; the others are graded."""
    for student in (name, "zoe"):
        place = tmp_path / student / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text("{}")
    refused: list[SubmissionError] = []
    found = [file.student for file in find_submissions(tmp_path, NAME, (), refused.append)]
    assert found == sorted(["zoe"] if why else [name, "zoe"])
    assert [why in error.message for error in refused] == ([True] if why else [])


def test_deep_json_is_refused(tmp_path: Path, read: Read) -> None:
    """Nesting without end is a message, not a crash."""
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text('{"nbformat": 4, "cells": ' + "[" * 200_000)
    with pytest.raises(SubmissionError, match="not a notebook"):
        read(path)


@pytest.mark.parametrize(
    ("text", "hour"), [("2027-01-02 03:04:05 UTC", 3), ("2027-01-02T03:04:05.5+00:00", 3)]
)
def test_timestamp_is_read_as_nbgrader_writes_it(
    text: str, hour: int, tmp_path: Path, read: Read
) -> None:
    """The time of handing in comes from timestamp.txt."""
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(handed_in()))
    path.with_name("timestamp.txt").write_text(text)
    submitted_at = read(path).submitted_at
    assert submitted_at is not None
    assert submitted_at.hour == hour


def test_submission_is_hashed_as_read(read: Read) -> None:
    """The digest is of the bytes that are graded."""
    import hashlib  # noqa: PLC0415 - the oracle

    path = CORPUS / "right/as-in-the-lesson.ipynb"
    assert read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert SubmittedFile("ada", path).path == path
