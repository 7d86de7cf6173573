"""What a hostile process may send as evidence: it voids its own run and costs nobody else."""

from __future__ import annotations

import socket
from typing import Any

import numpy as np
import pytest
from courses import ROOT

from autograder.checks import (
    CheckFailedError,
    predicted_model,
    prediction_request,
    read_evidence,
    replies,
    scoring,
    training_run,
)
from autograder.course import AssignmentFolder, Limits, Seeds, load_course
from autograder.errors import ArchitectureError, WireError
from autograder.exercises import draw_initial_weights, load_exercise
from autograder.wire import (
    Failed,
    OpenScorer,
    ScoreRequest,
    ScorerReady,
    Void,
    receive,
    send,
    unpack,
)

NAME = "02-house-prices"
SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)
FOLDER = AssignmentFolder(ROOT / "solutions" / NAME)
EXERCISE = load_exercise(FOLDER)
GIVEN, HELD_OUT = EXERCISE.prepare(SEEDS, None)
FEATURES = GIVEN.x.shape[1]
KERNEL = {"layer": "dense", "name": "kernel", "shape": [FEATURES, 1], "value": None}
BUILT = {
    "kind": "Tower",
    "input_shape": [],
    "output_shape": [1],
    "arrays": [[FEATURES, 1]],
    "layers": [{"kind": "Dense"}],
    "calls": [],
    "positions": [],
}


def reply(starts: list[Any] | None = None, **observed: Any) -> dict[str, Any]:
    """A reply about a model that cannot be rebuilt."""
    fields = {"built": BUILT, "starts": [KERNEL] if starts is None else starts, **observed}
    return {"observed": fields, "errors": {}, "cell_errors": {}}


@pytest.mark.parametrize(
    "start",
    [
        {**KERNEL, "name": "scale", "value": np.ones(3, np.float32)},
        {**KERNEL, "shape": [-1, 2]},
        {**KERNEL, "shape": [1] * 9},
        {**KERNEL, "name": 7},
        "kernel",
    ],
    ids=["value", "negative", "dimensions", "name", "text"],
)
def test_malformed_start_voids_the_run(start: Any) -> None:
    """The numbers of a start must have its shape, and a shape must be one."""
    with pytest.raises(WireError):
        read_evidence(EXERCISE, reply([start]))


def test_start_of_a_giant_array_is_not_drawn() -> None:
    """Nothing is asked about a model of more than a million weights, and nothing is drawn."""
    giant = {**KERNEL, "shape": [10_000_000, 10_000_000]}
    evidence = read_evidence(EXERCISE, reply([giant]))
    assert isinstance(evidence.model, ArchitectureError)
    assert prediction_request(GIVEN, HELD_OUT, evidence, 1) is None


@pytest.mark.parametrize(
    ("epochs_run", "kept"),
    [(3, [4]), (3, [0]), (3, [2, 1]), (3, [1, 1]), (10**9, [-5]), (3, [])],
)
def test_epochs_that_did_not_run_void_the_run(epochs_run: int, kept: list[int]) -> None:
    """Epochs are counted from 1, in order, each once, and have weights."""
    weights = [np.zeros((FEATURES, 1), np.float32)]
    kept_weights = [weights] * (len(kept) or 1)
    training = {"epochs_run": epochs_run, "epochs_kept": kept, "epoch_weights": kept_weights}
    evidence = read_evidence(EXERCISE, reply(training=training))
    request = prediction_request(GIVEN, HELD_OUT, evidence, 1)
    assert request is not None
    rows = np.zeros((len(request.inputs.samples), 1), np.float32)
    answers = {"outputs": [rows] * len(request.inputs.weights)}
    predicted = {"observed": answers, "errors": {}, "cell_errors": {}}
    model = predicted_model(evidence, request, predicted)
    with pytest.raises(WireError, match="do not belong together"):
        training_run(
            GIVEN, HELD_OUT, evidence, model, untouched=None, thresholds={}, limits=Limits()
        )


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        [np.zeros((1, 1), np.float32)],
        [np.zeros((5, 1), np.float64)],
        [np.float32(1)],
        ["rows"],
    ],
    ids=["none", "few", "float64", "number", "text"],
)
def test_predictions_that_do_not_fit_the_request_void_the_run(outputs: list[Any]) -> None:
    """There must be a row of numbers for each sample that was asked about."""
    evidence = read_evidence(EXERCISE, reply())
    request = prediction_request(GIVEN, HELD_OUT, evidence, 1)
    assert request is not None
    predicted = {"observed": {"outputs": outputs}, "errors": {}, "cell_errors": {}}
    with pytest.raises(WireError):
        predicted_model(evidence, request, predicted)


@pytest.mark.parametrize("shape", [(), (0,)])
def test_outputs_of_another_shape_fail_a_check_and_do_not_break_it(shape: tuple[int, ...]) -> None:
    """A model that outputs too few numbers for each sample has no loss."""
    evidence = read_evidence(EXERCISE, reply())
    request = prediction_request(GIVEN, HELD_OUT, evidence, 1)
    assert request is not None
    rows = np.zeros((len(request.inputs.samples), *shape), np.float32)
    predicted = {"observed": {"outputs": [rows]}, "errors": {}, "cell_errors": {}}
    model = predicted_model(evidence, request, predicted)
    run = training_run(
        GIVEN, HELD_OUT, evidence, model, untouched=None, thresholds={}, limits=Limits()
    )
    with pytest.raises(CheckFailedError, match="its shape must be"):
        run.training_loss(draw_initial_weights(evidence.observed.starts, GIVEN.start_seed))


def test_reply_that_breaks_the_scorer_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next reply is read; only the one that broke something has no verdict."""

    def breaks(*_: object) -> None:
        monkeypatch.undo()
        raise RuntimeError("a bug of ours")

    course = load_course(ROOT)
    ours, theirs = socket.socketpair()
    opening = OpenScorer(
        assignment=course.assignment(NAME).model_copy(update={"due": None}),
        folder=str(FOLDER.path),
        limits=course.limits,
        practice_seeds=SEEDS,
    )
    with ours, theirs:
        for _ in range(2):
            send(ours, ScoreRequest(seeds=SEEDS, nonce=bytes(16), reply=b"", untouched=None))
        ours.shutdown(socket.SHUT_WR)
        monkeypatch.setattr(replies, "unframe", breaks)
        assert list(scoring._runs(theirs, opening, FOLDER)) == []
        answers = [receive(ours) for _ in range(3)]
    ready, failed, void = (answer or b"" for answer in answers)
    assert unpack(ready, ScorerReady)
    assert unpack(failed, Failed).error == "RuntimeError: a bug of ours"
    assert unpack(void, Void).reason


def test_layers_that_keras_refuses_are_not_a_fault_of_the_grader() -> None:
    """What passes our own arithmetic and not Keras' is a model that cannot be rebuilt."""
    built = {
        **BUILT,
        "input_shape": [FEATURES],
        "layers": [{"kind": "Dense", "units": 1}, {"kind": "Subtract"}],
        "calls": [
            {"layer": 0, "inputs": [0]},
            {"layer": 0, "inputs": [0]},
            {"layer": 0, "inputs": [0]},
            {"layer": 1, "inputs": [1, 2, 3]},
        ],
        "positions": [[0, 1], []],
    }
    evidence = read_evidence(EXERCISE, reply(built=built))
    assert isinstance(evidence.model, ArchitectureError)
