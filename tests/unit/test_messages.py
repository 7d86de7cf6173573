"""Messages between our own processes: packed, sent on a stream, and read by their kind."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from grades import KERNEL, make_verdict
from pydantic import ValidationError

from autograder.course import Assignment, Limits, Seeds
from autograder.errors import WireError
from autograder.results import (
    ArrayChange,
    Landscape,
    Mistake,
    Outcome,
    PathPoint,
    TrainingSummary,
)
from autograder.submissions import Cell
from autograder.wire import (
    Described,
    DescribeTraining,
    Ended,
    Failed,
    Job,
    Message,
    OpenScorer,
    PredictionsNeeded,
    Prepare,
    Prepared,
    Ready,
    RunRequest,
    Scored,
    ScoreRequest,
    ScorerReady,
    SelfTested,
    SelfTestJob,
    ServeRequest,
    Start,
    Started,
    Void,
    encode,
    length_prefixed,
    receive,
    send,
    split_messages,
    unpack,
)

SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=2**32 - 1)
ASSIGNMENT = Assignment(
    name="01-first-training",
    title="Träining",
    checks={"loss_goes_down": 3, "accuracy_passes": 2.5},
    thresholds={"accuracy": 0.9},
)
SUMMARY = TrainingSummary(
    landscape=Landscape(
        x=(0.0, 1.0),
        y=(-0.5, 0.5),
        loss=((0.7, None), (0.4, 1e-05)),
        samples=256,
        path=(PathPoint(epoch=0, x=0, y=0, loss=0.7), PathPoint(epoch=1, x=1, y=0, loss=None)),
        in_plane=0.5,
    ),
    changes=(ArrayChange(array="bias", shape=(2,), weights=2, still=1, before=0, change=0.5),),
    loss=(0.7, None),
    epochs=(0, 1),
    mistakes=(Mistake(predicted="7", expected="1", pixels=((0, 255), (255, 0))),),
    wrong=1,
    practice_samples=2,
)
MESSAGES: tuple[Message, ...] = (
    Start(modules=("a.b", "c"), preload=(), loads=(("a.b", "folder"),)),
    Ready(
        threads=1,
        memory="cgroup v2",
        diagnostics={"full": ("No namespaces.", "Allow them.")},
        environment={"tensorflow": "2.21.0"},
        tensorflow_build="CPU",
    ),
    Failed(error="It failed.", tip="Try again."),
    Failed(error="It failed."),
    RunRequest(
        program="autograder.sandbox.self_test",
        tier="full",
        wall_seconds=0.5,
        memory_mb=1536,
        processes=64,
        file_mb=64,
    ),
    ServeRequest(program="autograder.grading.scorer"),
    Started(environment={"onednn": "off"}),
    Ended(
        limit="", exit_code=None, signal=9, cpu_seconds=1.25, waited_seconds=0.5, peak_memory_mb=300
    ),
    Ended(limit="memory_mb", exit_code=0, signal=None, cpu_seconds=0.0, peak_memory_mb=2**40),
    Job(
        nonce=bytes(range(16)),
        assignment="01-first-training",
        given=b"\x00\xff",
        fast=True,
        traced=b"steps",
        part_seconds=0.5,
        left_out={"train_model": ("timeout", "did not finish", "Look for a loop.")},
        cells=(Cell(name="train", source="x = '\N{SNOWMAN}'\n"), Cell(name="", source="")),
        files={"data/houses.csv": bytes(range(256))},
    ),
    SelfTestJob(canary="canary.txt", grader=4711),
    SelfTested(acts=("open a file", "reach the network"), breaches=()),
    OpenScorer(
        assignment=ASSIGNMENT,
        folder="solutions/01-first-training",
        limits=Limits(wall_seconds=0.25),
        practice_seeds=SEEDS.model_copy(update={"held_out": 7}),
    ),
    ScorerReady(),
    Prepare(seeds=SEEDS.model_copy(update={"held_out": 2**128 - 1})),
    Prepared(given=b""),
    ScoreRequest(seeds=SEEDS, nonce=bytes(16), reply=b"\xc1", untouched=("train", "compile")),
    ScoreRequest(seeds=SEEDS, nonce=bytes(16), reply=b"", untouched=None),
    Scored(
        verdicts=(
            make_verdict(outcome=Outcome.TIMEOUT),
            make_verdict(outcome=Outcome.PASSED, evidence={"kernel": dict(KERNEL), "none": None}),
        ),
        outputs="rebuilt",
        notices=("The cell imports did not finish within 60 seconds.",),
    ),
    PredictionsNeeded(inputs=b"\x90"),
    ScoreRequest(
        seeds=SEEDS, nonce=bytes(16), reply=b"", predictions=(bytes(16), b"\xc1"), untouched=None
    ),
    ScoreRequest(seeds=SEEDS, nonce=bytes(16), reply=b"", predictions="it ended", untouched=None),
    DescribeTraining(seeds=SEEDS, nonce=bytes(16), reply=b"\xc1"),
    DescribeTraining(
        seeds=SEEDS,
        nonce=bytes(16),
        reply=b"",
        predictions=(bytes(16), b"\xc1"),
        reference=(bytes(16), b"\xc2"),
    ),
    Described(training=None),
    Described(training=SUMMARY),
    Void(reason="the reply does not carry this run's nonce"),
)
IDS = [f"{number} {type(message).__name__}" for number, message in enumerate(MESSAGES)]


def test_every_kind_of_message_is_tested() -> None:
    """A new message needs an example above."""
    kinds = {k for k in Message.__subclasses__() if k.__module__.startswith("autograder.wire.")}
    assert {type(message) for message in MESSAGES} == kinds


@pytest.mark.parametrize("message", MESSAGES, ids=IDS)
def test_packed_message_is_read_as_it_was(message: Message) -> None:
    """Every field survives with its type: enums, bytes, tuples, models and None."""
    again = unpack(message.pack(), type(message))
    assert type(again) is type(message)
    assert again == message


def test_message_of_another_kind_is_refused() -> None:
    """The error names the kinds that were expected, and the one that came."""
    with pytest.raises(WireError, match=r"expected the message Ready or Failed, .*'Void'"):
        unpack(Void(reason="x").pack(), Ready, Failed)


def test_message_of_any_expected_kind_is_read() -> None:
    """A message may be any of two or three kinds."""
    failed, void = Failed(error="It failed."), Void(reason="x")
    assert unpack(failed.pack(), Ready, Failed) == failed
    assert unpack(void.pack(), Scored, Void, Failed) == void


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        encode(None),
        encode("Failed"),
        encode({"Failed": {"error": "x"}}),
        encode(["Failed"]),
        encode(["Failed", {"error": "x"}, 1]),
        encode([{"error": "x"}, "Failed"]),
        encode([["Failed"], {"error": "x"}]),
        encode([None, None]),
        Failed(error="x").pack()[:-1],
        Failed(error="x").pack() + b"\x00",
    ],
)
def test_bytes_that_are_not_a_message_are_refused(data: bytes) -> None:
    """Any bytes are a message, or raise a WireError."""
    with pytest.raises(WireError):
        unpack(data, Failed)


@pytest.mark.parametrize(
    "fields",
    [
        None,
        [],
        "error",
        {},
        {"error": 3},
        {"error": "x", "tip": None},
        {"error": "x", "tip": "", "exit_code": 0},
    ],
    ids=["nothing", "list", "text", "missing", "type", "null", "unknown"],
)
def test_malformed_message_is_refused(fields: object) -> None:
    """Missing fields, wrong types and unknown fields raise a WireError that names the kind."""
    with pytest.raises(WireError, match="Failed message is malformed"):
        unpack(encode(["Failed", fields]), Failed)


def test_message_cannot_be_changed() -> None:
    """A message is the same for everybody who reads it."""
    message = Failed(error="It failed.")
    with pytest.raises(ValidationError, match="frozen"):
        message.error = "Nothing happened."  # type: ignore[misc]


def test_stream_that_ended_is_split_into_its_messages() -> None:
    """Each message is read by its own length, whatever its bytes are."""
    stream = b"".join(map(length_prefixed, MESSAGES))
    assert split_messages(stream) == [message.pack() for message in MESSAGES]
    assert split_messages(b"") == []


def test_stream_that_is_cut_off_loses_its_last_message() -> None:
    """Wherever it ends, the whole messages before stay, and no part of one is taken for whole."""
    first, last = Started(environment={}), Failed(error="It failed.")
    stream = length_prefixed(first) + length_prefixed(last)
    for size in range(len(length_prefixed(first)), len(stream)):
        assert split_messages(stream[:size]) == [first.pack()]
    for size in range(len(length_prefixed(first))):
        assert split_messages(stream[:size]) == []


def test_stream_that_announces_more_than_it_has_is_dropped() -> None:
    """A length without end takes no memory."""
    assert split_messages(b"\xff" * 8 + b"x") == []


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The two ends of a stream."""
    near, far = socket.socketpair()
    with near, far:
        yield near, far


def test_sent_messages_are_received_in_order(ends: tuple[socket.socket, socket.socket]) -> None:
    """Messages that lie together on the stream are read one at a time."""
    near, far = ends
    small = [message for message in MESSAGES if len(message.pack()) < 1_000]
    assert len(small) > 10
    for message in small:
        send(near, message)
    for message in small:
        data = receive(far)
        assert data is not None
        assert unpack(data, type(message)) == message


@pytest.mark.parametrize("size", [0, 3, 8, 20], ids=["nothing", "half a length", "length", "part"])
def test_stream_that_is_closed_early_gives_no_message(
    ends: tuple[socket.socket, socket.socket], size: int
) -> None:
    """What a killed process wrote in part is not a message."""
    near, far = ends
    near.sendall(length_prefixed(Failed(error="It failed."))[:size])
    near.close()
    assert receive(far) is None
