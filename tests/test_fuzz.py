"""Whatever bytes come, a reader answers with a value or one of our errors, in bounded memory."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import msgpack
import pytest
from conftest import NAME, ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.architecture import Architecture, decode
from autograder.errors import ArchitectureError, SubmissionError, WireError
from autograder.sandbox import wire
from autograder.submissions import merge, read_notebook
from autograder.submissions.merging import cells_to_run, merge_script, untouched_cells
from autograder.submissions.notebooks import parse

NONCE = bytes(16)
MOST_BYTES = 300 * 2**20
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
def test_frame_is_read_or_refused(stream: bytes) -> None:
    """Bytes from the reply pipe are one whole frame of this run, or a WireError."""
    try:
        payload = wire.unframe(NONCE, stream)
    except WireError:
        return
    assert stream == wire.frame(NONCE, payload)


@given(st.binary() | plain.map(msgpack.packb))
def test_payload_is_read_or_refused(payload: bytes) -> None:
    """Any bytes, msgpack or not, are plain finite values or a WireError."""
    try:
        value = wire.decode(payload)
    except WireError:
        return
    assert wire.encode(value)


@given(st.data())
def test_damaged_reply_is_read_or_refused(data: st.DataObject) -> None:
    """A real reply with some bytes changed, left out or added never does anything else."""
    value = {"observed": {"losses": [0.5, None], "name": "History"}, "troubles": {}, "cells": {}}
    reply = bytearray(wire.frame(NONCE, wire.encode(value)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(reply) - 1))
        reply[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    try:
        wire.decode(wire.unframe(NONCE, bytes(reply)))
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
def test_bomb_stays_small(name: str) -> None:
    """The largest replies that blow up when they are read take bounded memory."""
    assert len(BOMBS[name]) <= wire.REPLY_LIMIT
    tracemalloc.start()
    try:
        wire.decode(BOMBS[name])
    except WireError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MOST_BYTES


def test_bombs_would_be_large_without_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the count of values a small reply becomes many times its size."""
    monkeypatch.setattr(wire, "_MAX_ITEMS_IN_ALL", 2**40)
    tracemalloc.start()
    wire.decode(BOMBS["empty maps in lists"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak > 50 * len(BOMBS["empty maps in lists"])


kinds = st.sampled_from(["Dense", "Conv2D", "LSTM", "Flatten", "Embedding", "MaxPooling2D", "Evil"])
sizes = st.integers(-1, 70_000) | st.lists(st.integers(1, 5), max_size=2)
layers = st.dictionaries(
    st.sampled_from(["units", "filters", "kernel_size", "pool_size", "input_dim", "strides"]),
    sizes | json_values,
).flatmap(lambda settings: kinds.map(lambda kind: {"kind": kind, **settings}))
models = st.fixed_dictionaries(
    {"input_shape": st.lists(st.integers(0, 300), max_size=4), "layers": st.lists(layers)}
)


@given(models | plain)
def test_architecture_is_read_or_refused(value: Any) -> None:
    """Any value is an architecture within the caps, or an ArchitectureError with a tip."""
    try:
        found: Architecture | str = decode(value)
    except ArchitectureError as error:
        found = error.tip
    assert found


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
def test_notebook_is_read_or_refused(data: bytes) -> None:
    """Any file is cells to run, or a SubmissionError."""
    try:
        handed_in = parse(data)
    except SubmissionError:
        return
    merged, _ = merge(handed_in, SOURCE, RELEASE)
    untouched_cells(merged, RELEASE)
    assert all(isinstance(cell.source, str) for cell in cells_to_run(merged))


@given(st.text())
def test_script_is_cut_into_cells(text: str) -> None:
    """Any text is laid among the locked cells, and none of it is lost."""
    merged = merge_script(text, SOURCE)
    pieces = [c["source"] for c in merged["cells"] if "lines_above" in c["metadata"]]
    assert "".join(pieces) == text
    assert list(cells_to_run(merged))
