"""Stock `nbgrader autograde` gives the scores of `autograder grade --practice-seeds`.

The stock tool executes every notebook, which takes half a minute, so two of the first assignment
are compared here; `make agreement` compares all right and wrong submissions of the corpus.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from courses import NAME, ROOT, copy_course
from nbgrader.preprocessors import Execute
from nbgrader_course import (
    RIGHT,
    Scores,
    hand_in,
    run,
    scores,
    tell_nbgrader,
    with_answer,
    writes_a_file,
)
from traitlets.config.loader import Config, PyFileConfigLoader

from autograder.authoring import Corpus, Entry
from autograder.course import load_course

ALL = os.environ.get("AGREEMENT") == "all"
NAMES = list(load_course(ROOT).assignments) if ALL else [NAME]
WRONG_ONES = 1

NOISY = """\
import logging
import sys
import warnings


def train_model(model, x, y, epochs=5):
    print("note: training begins", file=sys.stderr)
    warnings.warn("a warning", stacklevel=1)
    logging.warning("a log line")
    return model.fit(x, y, epochs=epochs, verbose=0)
"""
STDERR_COUNTS = "\nc.IgnorePattern.enabled = False  # nbgrader's own setting\n"


def compared(name: str) -> list[Entry]:
    """The submissions to compare: all, or a right and a wrong one."""
    course = load_course(ROOT)
    corpus = Corpus(course, course.assignment(name))
    solution, *right = corpus.right
    if ALL:
        return [solution, *right, *corpus.wrong]
    step = len(corpus.wrong) // WRONG_ONES
    return [right[len(right) // 2], *corpus.wrong[::step][:WRONG_ONES]]


def student_of(entry: Entry) -> str:
    """The student id under which an entry is handed in."""
    return entry.name.replace("/", "-")


def our_scores(folder: Path, name: str) -> Scores:
    """The points that `autograder grade` gives with the practice seeds."""
    run(folder, "autograder", "grade", name, "--practice-seeds", "--json", "grades.json")
    return {
        grade["student"]: {verdict["name"]: verdict["points"] for verdict in grade["checks"]}
        for grade in json.loads((folder / "grades.json").read_text())
    }


def differences(name: str, stock: Scores, expected: Scores) -> list[str]:
    """A line for each score that differs."""
    lines = []
    for entry in compared(name):
        student = student_of(entry)
        for check, points in expected[student].items():
            theirs = stock.get(student, {}).get(check)
            if theirs != points:
                lines.append(f"{name}, {entry.name}, {check}: nbgrader {theirs}, ours {points}")
    return lines


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("name", NAMES)
def test_submission_graded_both_ways_has_the_same_scores(name: str, tmp_path: Path) -> None:
    """Right and wrong submissions get the same points from nbgrader, cell by cell."""
    copy_course(tmp_path)
    tell_nbgrader(tmp_path, name)
    for entry in compared(name):
        hand_in(tmp_path, student_of(entry), entry.path.read_bytes(), name)
    expected = our_scores(tmp_path, name)
    run(tmp_path, "nbgrader", "autograde", name)
    assert differences(name, scores(tmp_path, name), expected) == []


def streamed(notebook: Path) -> str:
    """What the cells of an executed notebook wrote to stdout and stderr."""
    return "".join(
        "".join(output["text"])
        for cell in json.loads(notebook.read_text())["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream"
    )


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Path]]:
    """One class, graded by the stock tool with the course's settings and with nbgrader's own."""
    folders = {}
    for kind, settings in (("ours", ""), ("default", STDERR_COUNTS)):
        folder = folders[kind] = tmp_path_factory.mktemp(kind)
        copy_course(folder)
        tell_nbgrader(folder, settings=settings)
        hand_in(folder, "noisy", with_answer(RIGHT, "train_model", NOISY))
        if kind == "default":
            hand_in(folder, "mallory", writes_a_file(folder / "executed"))
        run(folder, "nbgrader", "autograde", NAME)
    yield folders
    for folder in folders.values():
        shutil.rmtree(folder)


@pytest.mark.slow
def test_output_on_stderr_costs_no_points(stock: Mapping[str, Path]) -> None:
    """Warnings and logs of the functions cost nothing: a check keeps them for its own table."""
    full = dict(load_course(ROOT).assignment(NAME).checks)
    assert scores(stock["ours"])["noisy"] == full
    assert scores(stock["default"])["noisy"] == full


@pytest.mark.slow
def test_executed_notebook_has_no_logs_of_tensorflow(stock: Mapping[str, Path]) -> None:
    """What TensorFlow's C++ code prints at its start is in no executed notebook."""
    printed = streamed(stock["default"] / "autograded" / "noisy" / NAME / f"{NAME}.ipynb")
    assert "note: training begins" in printed
    logs = ("cuda", "oneDNN", "absl::InitializeLog")
    assert not any(word in printed for word in logs), printed


@pytest.mark.slow
def test_stock_nbgrader_executes_the_notebook(stock: Mapping[str, Path]) -> None:
    """The control of test_drop_in: its notebook leaves a file behind where it is executed."""
    assert (stock["default"] / "executed").exists()


def test_cell_of_the_course_may_run_for_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The course's settings give a cell ten minutes; nbgrader's own give it 30 seconds."""
    for name in ("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS"):
        monkeypatch.setenv(name, "")  # the configuration sets them, and they must not stay
    settings = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    assert Execute(config=settings).timeout == 600
    assert Execute(config=Config()).timeout == 30
