"""Texts of a reply are bounded, and a refused model costs only the checks that need it."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from courses import ROOT

from autograder.checks import Run, scoring
from autograder.checks.evidence import require_short_texts
from autograder.course import AssignmentFolder, Seeds, load_course
from autograder.errors import ArchitectureError, WireError
from autograder.wire import (
    OpenScorer,
    ScoreRequest,
    ScorerReady,
    Void,
    encode,
    frame,
    receive,
    send,
    unpack,
)

NAME = "02-house-prices"
FOLDER = AssignmentFolder(ROOT / "solutions" / NAME)
SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)
NONCE = bytes(16)
LONGEST, LONGEST_OF_ALL = 2_000, 2_000_000


def reply(**observed: Any) -> dict[str, Any]:
    """A reply of a submission whose functions all returned."""
    return {"observed": observed, "errors": {}, "cell_errors": {}}


def runs(*requests: ScoreRequest) -> tuple[list[Run], list[bytes]]:
    """What a scorer makes of some requests: runs to check, and its answers."""
    course = load_course(ROOT)
    opening = OpenScorer(
        assignment=course.assignment(NAME).model_copy(update={"due": None}),
        folder=str(FOLDER.path),
        limits=course.limits,
        practice_seeds=SEEDS,
    )
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for request in requests:
            send(ours, request)
        ours.shutdown(socket.SHUT_WR)
        made = list(scoring._runs(theirs, opening, FOLDER))
        theirs.shutdown(socket.SHUT_WR)
        answers = []
        while (packed := receive(ours)) is not None:
            answers.append(packed)
    unpack(answers[0], ScorerReady)
    return made, answers[1:]


def request_of(value: object, **fields: Any) -> ScoreRequest:
    """A request to score a reply."""
    data = frame(NONCE, encode(value))
    return ScoreRequest(seeds=SEEDS, nonce=NONCE, reply=data, untouched=None, **fields)


@pytest.mark.parametrize(
    "value",
    ["x" * LONGEST, {"x" * LONGEST: ["x" * LONGEST]}, ["x" * 1000] * 2000, [1, None, b"x" * 9999]],
    ids=["text", "nested", "all", "no text"],
)
def test_short_texts_pass(value: object) -> None:
    """Up to the limits nothing is refused, and only texts count."""
    require_short_texts(value)


@pytest.mark.parametrize(
    "value",
    [
        "x" * (LONGEST + 1),
        {"x" * (LONGEST + 1): 1},
        {"errors": [{"message": "x" * (LONGEST + 1)}]},
        ["x" * 1000] * (LONGEST_OF_ALL // 1000) + ["x"],
        {f"{number:01000d}": "x" * 1000 for number in range(1001)},
    ],
    ids=["text", "key", "nested", "all", "keys and values"],
)
def test_long_texts_are_refused(value: object) -> None:
    """A Grade would quote them, and everybody who reads it would have to."""
    with pytest.raises(WireError, match="characters"):
        require_short_texts(value)


def test_deeply_nested_texts_are_counted() -> None:
    """However deep they lie, the interpreter's stack does not end the count."""
    value: Any = "x" * (LONGEST + 1)
    for _ in range(50_000):
        value = [value]
    with pytest.raises(WireError):
        require_short_texts(value)


def test_reply_with_a_long_text_voids_itself_alone() -> None:
    """The next reply is scored."""
    error = {"kind": "ValueError", "message": "x" * (LONGEST + 1), "line": 1}
    long = {**reply(), "errors": {"train_model": error}}
    made, (answer,) = runs(request_of(long), request_of(reply()))
    assert unpack(answer, Void).reason.startswith("a text has 2,001 characters")
    assert len(made) == 1


def test_refused_model_is_not_evaluated() -> None:
    """The run is checked all the same, with a model that cannot be graded, and why."""
    why = "To evaluate the model takes more than 60 seconds of computing.", "Use fewer layers."
    (run,), answers = runs(request_of(reply(), refused=why))
    assert answers == []
    assert isinstance(run.model, ArchitectureError)
    assert (run.model.message, run.model.tip) == why


def test_model_that_is_not_refused_is_as_the_reply_says() -> None:
    """The control: this reply has no model at all."""
    (run,), _ = runs(request_of(reply()))
    assert run.model is None
