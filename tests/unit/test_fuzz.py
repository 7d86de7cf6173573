"""Whatever the bytes are, a reader gives a value or one of our errors, in bounded memory."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import msgpack
import pytest
from courses import NAME, ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.errors import ArchitectureError, SubmissionError, WireError
from autograder.exercises.architecture import Architecture
from autograder.exercises.architecture import decode as decode_architecture
from autograder.submissions import (
    SCRIPT,
    cells_to_run,
    display_notebook,
    display_script,
    parse_notebook,
    place_cells,
    read_notebook,
    script_cells,
    untouched_cells,
)
from autograder.wire import REPLY_LIMIT, codec, decode, encode, frame, unframe

NONCE = bytes(16)
MAX_BYTES = 300 * 2**20
SOURCE = read_notebook(ROOT / "solutions" / NAME / f"{NAME}.ipynb")
RELEASE = read_notebook(ROOT / "assignments" / NAME / f"{NAME}.ipynb")

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
plain = st.recursive(
    scalars | st.binary() | st.builds(msgpack.ExtType, st.integers(0, 127), st.binary()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(0, 9), inner),
)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(st.binary())
@example(b"")
@example(NONCE + b"\x00" * 7)
@example(NONCE + b"\xff" * 8)
def test_any_stream_is_read_as_a_frame_or_refused(stream: bytes) -> None:
    """Bytes from the reply pipe are one whole frame of this run, or raise a WireError."""
    try:
        payload = unframe(NONCE, stream)
    except WireError:
        return
    assert stream == frame(NONCE, payload)


@given(st.binary() | plain.map(msgpack.packb))
def test_any_payload_is_read_or_refused(payload: bytes) -> None:
    """Any bytes, msgpack or not, are plain finite values, or raise a WireError."""
    try:
        value = decode(payload)
    except WireError:
        return
    packed = encode(value)
    assert encode(decode(packed)) == packed


@given(st.data())
def test_damaged_reply_is_read_or_refused(data: st.DataObject) -> None:
    """A real reply with some bytes changed, removed or added raises nothing but a WireError."""
    value = {
        "observed": {"losses": [0.5, None], "name": "History"},
        "errors": {},
        "cell_errors": {},
    }
    reply = bytearray(frame(NONCE, encode(value)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(reply) - 1))
        reply[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    try:
        decode(unframe(NONCE, bytes(reply)))
    except WireError:
        return


BOMBS = {
    "empty lists": b"\xdd\x00\x01\x86\xa0" + b"\x90" * 100_000,
    "empty maps in lists": b"\x9f" + (b"\xdc\xff\xff" + b"\x80" * 65_535) * 15,
    "all lists": b"\xdc\x00\xf0" + (b"\xdc\xff\xff" + b"\x90" * 65_535) * 240,
    "all maps": b"\xdc\x00\xf0" + (b"\xdc\xff\xff" + b"\x80" * 65_535) * 240,
    "short texts": b"\xdc\x00\x50" + (b"\xdc\xff\xff" + b"\xa2ab" * 65_535) * 80,
    "nesting": b"\x91" * 16_000_000,
    "a terabyte announced": b"\xdd\xff\xff\xff\xff",
    "text announced": b"\xdb\xff\xff\xff\xff",
    "array announced": b"\xc9\xff\xff\xff\xff\x01",
    "one text": b"\xdb\x00\xf0\x00\x00" + b"x" * 0xF00000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_takes_bounded_memory(name: str) -> None:
    """The largest replies that grow when they are read stay below a bound."""
    assert len(BOMBS[name]) <= REPLY_LIMIT
    tracemalloc.start()
    try:
        decode(BOMBS[name])
    except WireError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MAX_BYTES


def test_bomb_without_the_budget_takes_many_times_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what bounds the memory is the count of values."""
    monkeypatch.setattr(codec, "_MAX_TOTAL_ITEMS", 2**40)
    tracemalloc.start()
    decode(BOMBS["empty maps in lists"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak > 50 * len(BOMBS["empty maps in lists"])


kinds = st.sampled_from(["Dense", "Conv2D", "LSTM", "Flatten", "Embedding", "MaxPooling2D", "Evil"])
sizes = st.integers(-1, 70_000) | st.lists(st.integers(1, 5), max_size=2)
layers = st.dictionaries(
    st.sampled_from(["units", "filters", "kernel_size", "pool_size", "input_dim", "strides"]),
    sizes | json_values,
).flatmap(lambda settings: kinds.map(lambda kind: {"kind": kind, **settings}))
numbers = st.integers(-1, 5)
models = st.fixed_dictionaries(
    {
        "input_shape": st.lists(st.integers(0, 300), max_size=4),
        "layers": st.lists(layers),
        "calls": st.lists(st.fixed_dictionaries({"layer": numbers, "inputs": st.lists(numbers)})),
        "positions": st.lists(st.lists(numbers)),
    }
)


@given(models | plain)
def test_any_architecture_is_read_or_refused(value: Any) -> None:
    """Any value is an architecture with layers, or raises an ArchitectureError with a tip."""
    result: Architecture | str
    try:
        result = decode_architecture(value)
    except ArchitectureError as error:
        result = error.tip
    assert result if isinstance(result, str) else result.layers


cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | json_values,
        "id": json_values,
        "source": st.text() | st.lists(st.text()) | json_values,
        "outputs": json_values,
        "metadata": json_values
        | st.fixed_dictionaries(
            {
                "nbgrader": st.fixed_dictionaries(
                    {"grade_id": st.sampled_from(["compile_model", "imports", ""]) | json_values}
                )
                | json_values
            }
        ),
    },
)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.just(4) | json_values, "cells": st.lists(cells, max_size=5) | json_values},
    optional={"metadata": json_values, "nbformat_minor": json_values},
)


@settings(max_examples=300)
@given(st.binary() | notebooks.map(lambda value: json.dumps(value).encode()))
def test_any_notebook_is_read_or_refused(data: bytes) -> None:
    """Any file gives cells to run, or raises a SubmissionError."""
    try:
        notebook = parse_notebook(data)
    except SubmissionError:
        return
    placed = place_cells(notebook, SOURCE, RELEASE)
    untouched_cells(placed, RELEASE)
    display_notebook(placed, SOURCE, RELEASE)
    assert all(isinstance(cell.source, str) for cell in cells_to_run(placed, SOURCE))


@given(st.text())
def test_any_script_is_cut_into_cells(text: str) -> None:
    """Any text goes between the locked cells, and none of it is lost."""
    pieces = [cell.source for cell in script_cells(text, SOURCE) if cell.name == SCRIPT]
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece) - text.count("\n", 0, starts[-1]))
    assert starts[-1] == len(text)
    assert display_script(text, SOURCE)["cells"]
