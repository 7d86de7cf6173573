"""What may cross the wall, and what is refused."""

from __future__ import annotations

import msgpack
import numpy as np
import pytest

from autograder.errors import WireError
from autograder.sandbox import wire

NONCE = bytes(range(16))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64"])
def test_arrays_come_back_as_they_were(dtype: str) -> None:
    """Dtype, shape and every bit survive."""
    sent = np.arange(6).reshape(2, 3).astype(dtype)
    [got] = wire.decode(wire.encode([sent]))
    assert got.dtype == sent.dtype
    assert np.array_equal(got, sent)


def test_plain_values_come_back_as_they_were() -> None:
    """None, numbers, text, bytes and mappings survive."""
    value = {"a": [None, True, 1, -2.5, "é"], "b": b"x"}
    assert wire.decode(wire.encode(value)) == value


def ext(parts: object) -> bytes:
    """An array extension of our own making."""
    packed: bytes = msgpack.packb(msgpack.ExtType(1, msgpack.packb(parts)))
    return packed


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xc1",
        wire.encode([1]) + b"x",
        msgpack.packb(float("nan")),
        msgpack.packb(float("inf")),
        wire.encode([np.array([np.nan], np.float32)]),
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
    """Whatever does not follow the schema is a WireError, and nothing else."""
    with pytest.raises(WireError):
        wire.decode(payload)


def test_one_frame_is_accepted() -> None:
    """A nonce, a length, a payload."""
    assert wire.unframe(NONCE, wire.frame(NONCE, b"payload")) == b"payload"


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"short",
        wire.frame(NONCE, b"x") + b"y",
        wire.frame(NONCE, b"x")[:-1],
        wire.frame(NONCE, b"x") * 2,
        wire.frame(bytes(16), b"x"),
    ],
    ids=["empty", "short", "trailing", "cut", "twice", "nonce"],
)
def test_anything_but_one_frame_is_refused(stream: bytes) -> None:
    """Bytes before, after or beyond the frame void the run."""
    with pytest.raises(WireError):
        wire.unframe(NONCE, stream)


@pytest.mark.parametrize("value", [object(), np.array(["x"]), np.array([object()]), {1, 2}])
def test_other_objects_are_not_sent(value: object) -> None:
    """The sender is told which type cannot be sent."""
    with pytest.raises(TypeError, match=r"cannot send|serialize"):
        wire.encode([value])
