"""The fast way of training gives what Keras' own way gives, to the last bit."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from courses import CORPUS
from notebooks import MakeNotebook

from autograder.errors import UnfitMachineError
from autograder.grading import Grader, fast_if_identical
from autograder.submissions import Submission
from autograder.wire import decode, unframe

pytestmark = pytest.mark.sandbox

Read = Callable[[Path], Submission]
EVERY = sorted(CORPUS.glob("*/*.ipynb"))[:: 1 if os.environ.get("AGREEMENT") == "all" else 5]
"""All of the corpus in `make agreement`, otherwise every fifth."""
SOME = [CORPUS / "right" / f"{name}.ipynb" for name in ("tf-data", "validation-split", "callbacks")]


@pytest.fixture(scope="module")
def traced(grader: Grader, read: Read) -> bytes:
    """The steps that the course's own solution traced."""
    solution = read(grader.course.source_notebook(grader.assignment.name))
    completed, nonce = dataclasses.replace(grader, fast=True).run(solution, trace=True)
    return unframe(nonce, completed.reply)


def same_both_ways(grader: Grader, submission: Submission, traced: bytes) -> bool:
    """Whether a submission's reply is the same bytes either way."""
    payloads = []
    for fast, steps in ((False, b""), (True, traced)):
        ways = dataclasses.replace(grader, fast=fast, traced=steps)
        completed, nonce = ways.run(submission)
        payloads.append(unframe(nonce, completed.reply))
    return payloads[0] == payloads[1]


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_submission_trained_both_ways_replies_the_same_bytes(
    path: Path, grader: Grader, read: Read, traced: bytes
) -> None:
    """Weights after each epoch, history and all else are equal bit for bit."""
    assert same_both_ways(grader, read(path), traced)


@pytest.mark.slow
@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_submission_of_the_corpus_trained_both_ways_replies_the_same_bytes(
    path: Path, grader: Grader, read: Read, traced: bytes
) -> None:
    """Right or wrong, no submission comes out differently the fast way."""
    assert same_both_ways(grader, read(path), traced)


def test_solution_with_the_same_results_is_trained_fast(grader: Grader, read: Read) -> None:
    """A solution that gives the same bytes both ways switches the fast way on, with its steps."""
    proved = fast_if_identical(grader, read(CORPUS / "right/as-in-the-lesson.ipynb"))
    assert proved.fast
    assert decode(proved.traced)


def test_step_that_fails_is_told_as_without_traced_steps(
    grader: Grader, read: Read, notebook: MakeNotebook, traced: bytes
) -> None:
    """The exception is that of a trace of its own: such a run is made again without the steps."""
    labels = (
        "def train_model(model, x, y, epochs=5):\n"
        "    return model.fit(x, y + 5, epochs=epochs, verbose=0)\n"
    )
    assert same_both_ways(grader, read(notebook(train_model=labels)), traced)


def test_changed_keras_takes_no_traced_step(
    grader: Grader, read: Read, notebook: MakeNotebook, traced: bytes
) -> None:
    """Code that changes what Keras' steps do gets the steps that it asked for."""
    changes = (
        "def compile_model(model):\n"
        "    import keras\n"
        "    update = keras.optimizers.Adam.update_step\n"
        "    keras.optimizers.Adam.update_step = lambda own, gradient, variable, rate: update(\n"
        "        own, -gradient, variable, rate\n"
        "    )\n"
        "    model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])\n"
    )
    assert same_both_ways(grader, read(notebook(compile_model=changes)), traced)


def test_solution_with_other_results_is_trained_plainly(
    grader: Grader, read: Read, notebook: MakeNotebook
) -> None:
    """A solution that comes out differently the fast way is trained in Keras' own way."""
    telling = (
        "def train_model(model, x, y, epochs=5):\n"
        "    from keras.src.trainers import epoch_iterator\n"
        "    history = model.fit(x, y, epochs=epochs, verbose=0)\n"
        "    name = epoch_iterator.EpochIterator._enumerate_iterator.__name__\n"
        "    history.history['way'] = [float(len(name))] * epochs\n"
        "    return history\n"
    )
    assert not fast_if_identical(grader, read(notebook(train_model=telling))).fast


def test_solution_that_ends_its_process_stops_grading(
    grader: Grader, read: Read, notebook: MakeNotebook
) -> None:
    """It gets no full marks, so this machine or the course is not fit to grade."""
    ends = "import os\n\n\ndef train_model(model, x, y, epochs=5):\n    os._exit(0)"
    with pytest.raises(UnfitMachineError, match="ended the grader's process"):
        fast_if_identical(grader, read(notebook(train_model=ends)))


@pytest.mark.slow
def test_every_kind_of_training_gives_the_same_numbers_both_ways() -> None:
    """Layers, optimizers, callbacks and arguments of `fit`, some of them drawn: no bit differs."""
    program = Path(__file__).parents[1] / "support" / "train_both_ways.py"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, program], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    results = {line["case"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert [case for case, result in results.items() if not result["same"]] == []
    assert [case for case, result in results.items() if ": " in result["digests"][0]] == []
    kinds = ("dense", "validation", "class weight")
    assert all(results[case]["steps"] for case in kinds)
    assert [results[case]["steps"] for case in ("subclassed", "eager")] == [0, 0]
    iterators = {case: tuple(result["made"]) for case, result in results.items()}
    for case, epochs in (("dense", 4), ("embedding and lstm", 4), ("class weight", 4)):
        assert iterators[case] == (2 * epochs, 1)
    assert iterators["validation"] == iterators["convolution"] == (16, 2)
    for case in ("data pipeline", "two at a time", "no epoch"):
        assert iterators[case][0] == iterators[case][1]
    assert iterators["large arrays"] == (8, 4)
