"""The fast way of training gives what Keras' own way gives, to the last bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CORPUS, MakeNotebook

from autograder.grading.grade import Grader
from autograder.grading.proof import fastest_proved
from autograder.sandbox import wire
from autograder.submissions import Submission

pytestmark = pytest.mark.sandbox

Read = Callable[[Path], Submission]
EVERY = sorted(CORPUS.glob("*/*.ipynb"))
SOME = [CORPUS / "right" / f"{name}.ipynb" for name in ("tf-data", "validation-split", "callbacks")]


def same_both_ways(grader: Grader, submission: Submission) -> bool:
    """Whether a submission's reply is the same bytes either way."""
    payloads = []
    for fast in (False, True):
        completed, nonce = dataclasses.replace(grader, fast=fast).run(submission)
        payloads.append(wire.unframe(nonce, completed.reply))
    return payloads[0] == payloads[1]


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_replies_are_the_same_bytes(path: Path, grader: Grader, read: Read) -> None:
    """Weights after each epoch, history and all else are equal bit for bit."""
    assert same_both_ways(grader, read(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_reply_of_the_corpus_is_the_same_bytes(
    path: Path, grader: Grader, read: Read
) -> None:
    """Right or wrong, no submission can tell the two ways apart by its result."""
    assert same_both_ways(grader, read(path))


def test_equal_solution_is_trained_fast(grader: Grader, read: Read) -> None:
    """A proof that holds switches the fast way on."""
    assert fastest_proved(grader, read(CORPUS / "right/as-in-the-lesson.ipynb")).fast


def test_solution_that_comes_out_otherwise_is_trained_plainly(
    grader: Grader, read: Read, notebook: MakeNotebook
) -> None:
    """A solution that gives the two ways different results keeps the plain way on."""
    telling = (
        "def first_layer_weights(model):\n    from keras.src.trainers import epoch_iterator\n"
        "    name = epoch_iterator.EpochIterator._enumerate_iterator.__name__\n"
        "    return np.full((3, 5), len(name), np.float32)\n"
    )
    assert not fastest_proved(grader, read(notebook(first_layer_weights=telling))).fast


def test_solution_that_does_not_answer_is_trained_plainly(
    grader: Grader, read: Read, notebook: MakeNotebook
) -> None:
    """Without a reply nothing is proved."""
    silent = "import os\nos._exit(0)\n"
    assert not fastest_proved(grader, read(notebook(added=silent))).fast
