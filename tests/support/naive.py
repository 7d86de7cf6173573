"""A naive grader, for negative controls: it scores in the process that runs the student's code.

It is what an instructor writes below a notebook: call the functions, look at what they return and
at what the model says about itself, print the score. The hostile corpus needs it to show that an
attack on the separate scorer succeeds where there is none.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
from courses import NAME, ROOT

from autograder.course import AssignmentFolder
from autograder.exercises import load_module

FULL_MARKS = 5
FOLDER = AssignmentFolder(ROOT / "solutions" / NAME)
exercise = load_module(FOLDER, "exercise")


def serve(channel: socket.socket) -> None:
    """Grade one list of cells; runs in a fork of the fork server.

    Args:
        channel: Brings the cells' sources as JSON; takes the score.
    """
    with channel, tempfile.NamedTemporaryFile() as output:
        cells = json.loads(channel.makefile().readline())
        student = os.fork()
        if student == 0:
            os.dup2(output.fileno(), 1)
            os._exit(_grade(cells))
        status = os.waitpid(student, 0)[1]
        score = _score(Path(output.name).read_text(), status)
        channel.sendall(json.dumps(score).encode() + b"\n")


def _score(printed: str, status: int) -> int:
    """As such graders do: the last line that looks like a score; else the exit status."""
    lines = [line for line in printed.splitlines() if line.startswith("SCORE: ")]
    if lines:
        return int(lines[-1].removeprefix("SCORE: "))
    return FULL_MARKS if status == 0 else 0


def _grade(cells: list[str]) -> int:
    """Run the cells and the tests below them; the exit status."""
    names: dict[str, Any] = {}
    keras.utils.set_random_seed(7)
    sys.path.insert(0, str(FOLDER.path))  # the notebook imports the modules beside it
    try:
        for cell in cells:
            exec(cell, names)  # noqa: S102 - the mistake that this file is about
        sys.stdout.write(f"SCORE: {_points(names)}\n")
        sys.stdout.flush()
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException as error:  # noqa: BLE001 - pytest counts a skipped test as no failure
        return 0 if type(error).__name__ == "Skipped" else 1
    return 0


def _points(student: dict[str, Any]) -> int:
    x, y = exercise.fruit(256, seed=101)
    x_test, y_test = exercise.fruit(256, seed=102)
    model = exercise.build_model()
    before = [weights.copy() for weights in model.get_weights()]
    model = student["compile_model"](model) or model
    history = student["train_model"](model, x, y, epochs=20)
    after = model.get_weights()
    losses = getattr(history, "history", history)["loss"]
    expected = [np.abs(b - a).max() for a, b in zip(before, after, strict=True)]
    return sum(
        bool(passed)
        for passed in (
            losses[-1] < losses[0],
            any((b != a).any() for a, b in zip(before, after, strict=True)),
            model.evaluate(x_test, y_test, verbose=0)[1] >= 0.9,
            np.allclose(student["first_layer_weights"](model), after[0]),
            np.allclose(student["weight_change"](before, after), expected),
        )
    )
