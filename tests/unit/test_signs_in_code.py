"""What is odd about a submission's code, for a person to look at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from courses import CORPUS, ROOT

from autograder.grading.signs import signs_in_code
from autograder.submissions import (
    Cell,
    Submission,
    SubmittedFile,
    read_notebook,
    read_submission,
    solution_names,
)

ANSWERS = frozenset({"compile_model", "train_model"})
USUAL = """
def compile_model(model):
    model.compile(optimizer="adam", loss="mse")

def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs)
"""


def signs(code: str = "", *, modules: Mapping[str, bytes] | None = None) -> tuple[str, ...]:
    """What is odd about the usual answers with some code after them."""
    cells = (Cell(name="usual", source=USUAL), Cell(name="own", source=code, first_line=10))
    return signs_in_code(submission(cells, modules or {}), ANSWERS)


def submission(cells: tuple[Cell, ...], modules: Mapping[str, bytes]) -> Submission:
    """A submission of these cells and modules."""
    return Submission(
        student="ada",
        sha256="a" * 64,
        submitted_at=None,
        notebook={"cells": []},
        cells=cells,
        modules=modules,
        untouched=None,
        notices=(),
    )


@pytest.mark.parametrize("path", sorted((CORPUS / "right").iterdir()), ids=lambda path: path.stem)
def test_right_submission_has_no_sign(path: Path) -> None:
    """Nobody is sent to look at what is as it should be."""
    name = CORPUS.parents[1].name
    source = read_notebook(ROOT / "solutions" / name / f"{name}.ipynb")
    release = read_notebook(ROOT / "assignments" / name / f"{name}.ipynb")
    right = read_submission(SubmittedFile("ada", path), source, release)
    assert signs_in_code(right, solution_names(source)) == ()


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\nprint(eval_loss(np.zeros(3)))",
        "model.evaluate(x, y)",
        "import os, sys, gc\nos.listdir('.')\nsys.exit\ngc.collect()",
        "from autograder import check\ncheck('01-first-training')",
        "text = 'see get_objects and _getframe in the manual'",
        "%matplotlib inline\n!ls",
        "this is no Python",
        "x = '\ud800'",
    ],
)
def test_usual_code_has_no_sign(code: str) -> None:
    """Words that only resemble what reaches inside are not taken for it."""
    assert signs(code) == ()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys\nsys._getframe(1)", "_getframe"),
        ("getattr(sys, '_getframe')", "_getframe"),
        ("train_model.__closure__[0].cell_contents", "__closure__"),
        ("import os\nos._exit(0)", "_exit"),
        ("os.fdopen(4, 'wb')", "fdopen"),
        ("import ctypes", "ctypes"),
        ("from ctypes import util", "ctypes"),
        ("import msgpack as m", "msgpack"),
        ("import autograder.wire", "autograder.wire"),
        ("from autograder.wire import encode", "autograder.wire"),
        ("from autograder import Grade", "autograder"),
        ("importlib.import_module('autograder.wire')", "autograder.wire"),
        ("open('/proc/self/fd/4', 'wb')", "/proc/self/fd/4"),
        ("open(b'/proc/self/mem')", "/proc/self/mem"),
        ("exec('import os')", "exec"),
        ("eval('1 + 1')", "eval"),
        ("__import__('os')", "__import__"),
        ("%time sys._getframe()", "_getframe"),
        ("%%time\nsys._getframe()", "_getframe"),
        ("%%capture\n%time sys._getframe()", "_getframe"),
    ],
)
def test_code_that_reaches_inside_is_told(code: str, words: str) -> None:
    """The sentence says what, in which cell, on which line."""
    told = signs(code)
    assert len(told) == 1
    assert words in told[0]
    assert "(cell own, line 1" in told[0]


def test_line_is_counted_as_in_the_file() -> None:
    """A script's cells begin further down."""
    assert "(cell own, line 12)" in signs("\n\nsys._getframe()")[0]


def test_module_beside_the_notebook_is_looked_at_too() -> None:
    """Code is the student's wherever it lies."""
    told = signs(modules={"helpers.py": b"import ctypes", "data.py": b"\xff\x00"})
    assert told == ("The code reaches beyond the notebook: ctypes (cell helpers.py, line 1).",)


def test_many_signs_are_told_shortly() -> None:
    """A sentence names five of them."""
    (told,) = signs("\n".join("sys._getframe()" for _ in range(100)))
    assert told.count("_getframe") == 5


@pytest.mark.parametrize(("answer", "call"), [("compile_model", "compile"), ("train_model", "fit")])
def test_answer_without_its_call_is_told(answer: str, call: str) -> None:
    """Weights that nothing trained came from elsewhere."""
    cells = (Cell(name="usual", source=USUAL.replace(f"model.{call}(", "print(")),)
    assert signs_in_code(submission(cells, {}), ANSWERS) == (
        f"Nothing in the code calls what {answer} needs, such as {call}.",
    )
    assert signs_in_code(submission(cells, {}), ANSWERS - {answer}) == ()


@pytest.mark.parametrize(
    "code",
    [
        "getattr(model, 'fit')(x, y)",
        "model.train_on_batch(x, y)",
        "optimizer.apply_gradients(pairs)",
        "%time model.fit(x, y)",
        "%%time\nmodel.fit(x, y)",
        "variable.assign_sub(step)",
    ],
)
def test_other_ways_to_train_are_known(code: str) -> None:
    """Training by hand, by another name or behind a magic is training too."""
    cells = (Cell(name="own", source=code),)
    assert signs_in_code(submission(cells, {}), {"train_model"}) == ()


@pytest.mark.parametrize(
    "code", ["(" * 5000, "x = " + "-" * 100_000 + "1", "\0", "%%time\n" * 5000]
)
def test_code_that_cannot_be_parsed_breaks_nothing(code: str) -> None:
    """It does not run either; the other cells are looked at all the same."""
    cells = (
        Cell(name="own", source=code),
        Cell(name="usual", source=USUAL),
        Cell(name="odd", source="sys._getframe()"),
    )
    assert len(signs_in_code(submission(cells, {}), ANSWERS)) == 1
