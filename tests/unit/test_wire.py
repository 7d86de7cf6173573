"""What may come out of a sandbox, and what is refused."""

from __future__ import annotations

import msgpack
import numpy as np
import pytest

from autograder.errors import WireError
from autograder.wire import RUNNING, decode, encode, frame, part_that_ran, unframe

NONCE = bytes(range(16))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64"])
def test_sent_array_comes_back_as_it_was(dtype: str) -> None:
    """Dtype, shape and every bit survive."""
    sent = np.arange(6).reshape(2, 3).astype(dtype)
    [received] = decode(encode([sent]))
    assert received.dtype == sent.dtype
    assert received.shape == sent.shape
    assert received.tobytes() == sent.tobytes()


def test_sent_plain_values_come_back_as_they_were() -> None:
    """None, numbers, text, bytes and mappings survive."""
    value = {"a": [None, True, 1, -2.5, "é"], "b": b"x"}
    assert decode(encode(value)) == value


def ext(parts: object) -> bytes:
    """An array, packed by hand from any parts."""
    packed: bytes = msgpack.packb(msgpack.ExtType(1, msgpack.packb(parts)))
    return packed


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xc1",
        encode([1]) + b"x",
        msgpack.packb(float("nan")),
        msgpack.packb(float("inf")),
        encode([np.array([np.nan], np.float32)]),
        msgpack.packb(2**64 - 1),
        b"\x91" * 20 + b"\x01",
        b"\x91" * 100_000 + b"\x01",
        b"\x82\xa1a\x01\xa1a\x02",
        b"\x81\x01\x02",
        b"\xdd\xff\xff\xff\xff",
        msgpack.packb(msgpack.ExtType(5, b"x")),
        ext(["<f4", [2**40], b"1234"]),
        ext(["<f4", [-1], b""]),
        ext(["<f4", [True], b"1234"]),
        ext(["|O8", [1], b"12345678"]),
        ext(["<f4", [1] * 30, b"1234"]),
        ext(["<f4", [2], b"1234"]),
        ext("x"),
        ext([b"<f4", [1], "1234"]),
    ],
)
def test_hostile_payload_is_refused(payload: bytes) -> None:
    """Whatever does not match the schema is a WireError, and nothing else."""
    with pytest.raises(WireError):
        decode(payload)


def test_one_frame_gives_its_payload() -> None:
    """A reply is a nonce, a length and a payload."""
    assert unframe(NONCE, frame(NONCE, b"payload")) == b"payload"


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"short",
        frame(NONCE, b"x") + b"y",
        frame(NONCE, b"x")[:-1],
        frame(NONCE, b"x") * 2,
        frame(bytes(16), b"x"),
    ],
    ids=["empty", "short", "trailing", "cut", "twice", "nonce"],
)
def test_stream_that_is_not_one_frame_is_refused(stream: bytes) -> None:
    """Any byte before or after the frame voids the run, and so does a second answer."""
    with pytest.raises(WireError):
        unframe(NONCE, stream)


def part(name: str) -> bytes:
    """A frame that tells which part runs next."""
    return frame(NONCE, encode({RUNNING: name}))


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"", ("", False)),
        (part("cell imports") + part("train_model"), ("train_model", False)),
        (part("train_model") + frame(NONCE, b"x"), ("train_model", True)),
        (part("train_model") + b"cut", ("train_model", True)),
        (part("train_model")[:-1], ("", True)),
        (frame(NONCE, encode({RUNNING: 7})), ("", True)),
        (frame(bytes(16), encode({RUNNING: "forged"})), ("", True)),
    ],
)
def test_part_that_ran_is_told_before_the_answer(stream: bytes, expected: tuple[str, bool]) -> None:
    """Frames that name a part are no answer; whatever else stands there is."""
    assert part_that_ran(NONCE, stream) == expected


def test_parts_before_the_answer_are_skipped() -> None:
    """The last frame is the answer, and only parts may stand before it."""
    assert unframe(NONCE, part("a") + part("b") + frame(NONCE, b"x")) == b"x"
    with pytest.raises(WireError, match="more than one answer"):
        unframe(NONCE, part("a") + frame(NONCE, b"x") + part("b"))


@pytest.mark.parametrize("value", [object(), np.array(["x"]), np.array([object()]), {1, 2}])
def test_other_object_is_not_sent(value: object) -> None:
    """The error names the type that cannot be sent."""
    with pytest.raises(TypeError, match=r"cannot send|serialize"):
        encode([value])


def test_reply_of_very_many_frames_is_refused() -> None:
    """Reading it costs the grader no more than a thousand frames."""
    stream = part("a") * 100_000
    with pytest.raises(WireError, match="more than 1000 frames"):
        unframe(NONCE, stream)
    assert part_that_ran(NONCE, stream) == ("a", True)
