"""The bytes that cross process boundaries: msgpack with plain types, arrays and hard limits.

Nothing here builds an object of the sender's choosing. A reply is a sequence of frames, `nonce,
length, payload`, of which the last one counts; any byte outside a frame voids the run. The frames
before it tell which part of the submission was running.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import Any

import msgpack
import numpy as np

from autograder.errors import WireError

NONCE_BYTES = 16
REPLY_LIMIT = 32 * 2**20
"""Largest reply accepted, in bytes."""
RUNNING = "running"
"""The only key of a payload that names the part which runs next."""
RUN_AGAIN = 75
"""Exit code of a run that must be repeated without traced train steps; as EX_TEMPFAIL."""
LONGEST_PART = 200
"""The longest name of a part, in characters."""
_LONGEST_TOLD = 1000
"""The longest payload that names a part, in bytes."""
_MOST_FRAMES = 1000
"""The most frames of one reply: there is one for each cell and each step, and the answer."""

_HEADER = struct.Struct(f">{NONCE_BYTES}sQ")
_ARRAY_EXT = 1
_DTYPES = ("<f4", "<f8", "<i4", "<i8")
_MAX_RANK = 8
_MAX_ITEMS = 100_000
_MAX_TOTAL_ITEMS = 500_000
_MAX_DEPTH = 12
_INT_LIMIT = 2**63


def encode(value: object) -> bytes:
    """Pack None, bool, int, float, str, bytes, list, tuple, str-keyed dict and arrays.

    Args:
        value: Arrays have any shape, and one of the dtypes float32, float64, int32 and int64.

    Returns:
        msgpack bytes.
    """
    packed: bytes = msgpack.packb(value, default=_encode_array, use_bin_type=True)
    return packed


def decode(payload: bytes) -> Any:
    """Unpack what `encode` packed, and nothing else.

    Args:
        payload: msgpack bytes from any source, including hostile ones.

    Returns:
        Plain values: lists for sequences, read-only arrays, finite numbers only.

    Raises:
        WireError: If the bytes do not match the schema, or exceed one of its limits.
    """
    budget = _Budget()
    try:
        value = msgpack.unpackb(
            payload,
            raw=False,
            strict_map_key=True,
            ext_hook=budget.array,
            object_pairs_hook=budget.mapping,
            list_hook=budget.sequence,
            max_str_len=len(payload),
            max_bin_len=len(payload),
            max_array_len=_MAX_ITEMS,
            max_map_len=_MAX_ITEMS,
            max_ext_len=len(payload),
        )
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"not msgpack of our schema: {type(error).__name__}") from error
    _require_plain_numbers(value, _MAX_DEPTH)
    return value


def frame(nonce: bytes, payload: bytes) -> bytes:
    """One frame: the nonce, the payload's length (8 bytes, big-endian), the payload."""
    return _HEADER.pack(nonce, len(payload)) + payload


def unframe(nonce: bytes, stream: bytes) -> bytes:
    """The answer of a stream: its last frame, after frames that each name a part.

    Args:
        nonce: This run's nonce.
        stream: All bytes from the reply pipe.

    Returns:
        The payload of the last frame.

    Raises:
        WireError: If the stream is empty or cut short, a frame has another nonce, or a frame before
            the last one does not name a part.
    """
    *before, answer = _frames(nonce, stream)
    if not all(map(_part_of, before)):
        raise WireError("the reply has more than one answer")
    return answer


def part_that_ran(nonce: bytes, stream: bytes) -> tuple[str, bool]:
    """The part of a submission that was running last, and whether an answer followed.

    Args:
        nonce: This run's nonce.
        stream: All bytes from the reply pipe; untrusted, and it may be cut short anywhere.

    Returns:
        The part's name as the submission's process told it, "" if it told none. Damaged bytes count
        as an answer.
    """
    name = ""
    try:
        for payload in _frames(nonce, stream):
            part = _part_of(payload)
            if not part:
                return name, True
            name = part
    except WireError:
        return name, bool(stream)
    return name, False


def _part_of(payload: bytes) -> str:
    """The part that a payload names; "" if it is something else."""
    told = decode(payload) if len(payload) <= _LONGEST_TOLD else None
    if not isinstance(told, dict) or told.keys() != {RUNNING}:
        return ""
    name = told[RUNNING]
    return name if isinstance(name, str) else ""


def _frames(nonce: bytes, stream: bytes) -> Iterator[bytes]:
    """The payloads of a sequence of frames, of which there is at least one."""
    view = memoryview(stream)
    for _ in range(_MOST_FRAMES):
        if len(view) < _HEADER.size:
            raise WireError(f"the reply is {len(view)} bytes long, too short for a frame")
        reply_nonce, length = _HEADER.unpack_from(view)
        if reply_nonce != nonce:
            raise WireError("the reply does not carry this run's nonce")
        view = view[_HEADER.size :]
        if len(view) < length:
            raise WireError(f"the reply announces {length} bytes and has {len(view)}")
        yield bytes(view[:length])
        view = view[length:]
        if not len(view):
            return
    raise WireError(f"the reply has more than {_MOST_FRAMES} frames")


def _encode_array(value: object) -> msgpack.ExtType:
    if isinstance(value, np.generic):
        value = np.asarray(value)
    if not isinstance(value, np.ndarray):
        raise TypeError(f"cannot send a {type(value).__name__}")
    plain = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
    if plain.dtype.str not in _DTYPES:
        raise TypeError(f"cannot send an array of dtype {value.dtype}")
    shape = list(value.shape)
    return msgpack.ExtType(_ARRAY_EXT, encode([plain.dtype.str, shape, plain.tobytes()]))


class _Budget:
    """Counts what is unpacked, so that a small payload cannot become gigabytes of objects."""

    def __init__(self) -> None:
        self._remaining = _MAX_TOTAL_ITEMS

    def _spend(self, items: int) -> None:
        self._remaining -= 1 + items
        if self._remaining < 0:
            raise WireError(f"more than {_MAX_TOTAL_ITEMS} values")

    def sequence(self, items: list[object]) -> list[object]:
        self._spend(len(items))
        return items

    def mapping(self, pairs: list[tuple[object, object]]) -> dict[object, object]:
        self._spend(2 * len(pairs))
        mapping = dict(pairs)
        if len(mapping) != len(pairs):
            raise WireError("a mapping has the same key twice")
        return mapping

    def array(self, code: int, data: bytes) -> np.ndarray:
        self._spend(_MAX_RANK)
        return _decode_array(code, data)


def _decode_array(code: int, data: bytes) -> np.ndarray:
    if code != _ARRAY_EXT:
        raise WireError(f"unknown extension type {code}")
    parts = msgpack.unpackb(
        data, raw=False, max_array_len=_MAX_RANK, max_map_len=0, max_bin_len=len(data)
    )
    if not (isinstance(parts, list) and len(parts) == 3):  # noqa: PLR2004 - dtype, shape, bytes
        raise WireError("an array is not dtype, shape and bytes")
    dtype, shape, raw = parts
    if dtype not in _DTYPES:
        raise WireError(f"dtype {dtype!r:.40} is not one of {', '.join(_DTYPES)}")
    if not isinstance(raw, bytes) or not isinstance(shape, list):
        raise WireError("an array's shape or bytes have the wrong type")
    if not all(type(size) is int and 0 <= size <= len(raw) for size in shape):
        raise WireError(f"impossible shape {shape!r:.80}")
    if math.prod(shape) * np.dtype(dtype).itemsize != len(raw):
        raise WireError(f"shape {shape} of {dtype} does not take {len(raw)} bytes")
    return np.frombuffer(raw, dtype=dtype).reshape(shape)


def _require_plain_numbers(value: object, depth: int) -> None:
    """Raise on NaN, infinities, integers beyond 64 bits, and nesting deeper than `depth`."""
    if depth == 0:
        raise WireError(f"nested deeper than {_MAX_DEPTH}")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _require_plain_numbers(item, depth - 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise WireError("a number is not finite")
    elif isinstance(value, int) and not -_INT_LIMIT <= value < _INT_LIMIT:
        raise WireError("an integer does not fit 64 bits")
    elif isinstance(value, np.ndarray) and not np.isfinite(value).all():
        raise WireError("an array holds a number that is not finite")
