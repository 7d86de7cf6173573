"""Traced steps on their way through a submission's process: only an equal model opens one."""

from __future__ import annotations

import pytest

from autograder.errors import WireError
from autograder.exercises.traced_steps import TracedStep, open_step, seal

STEP = TracedStep(
    fingerprint="5eed" * 16,
    name="step_0",
    functions=[b"a graph of SparseCategoricalCrossentropy and Adam"],
    variables=[["model", 0]],
    outputs=[["loss", [], "float32"]],
)


def test_sealed_step_tells_nothing_of_its_graph() -> None:
    """Neither the graph nor the fingerprint, which opens it, can be read."""
    sealed = seal(STEP)
    assert b"Adam" in STEP.functions[0]
    assert b"Adam" not in sealed.content
    assert STEP.fingerprint.encode() not in sealed.content
    assert STEP.fingerprint not in sealed.label


def test_equal_fingerprint_opens_a_sealed_step() -> None:
    """What comes out is the step."""
    assert open_step(seal(STEP), STEP.fingerprint) == STEP


def test_other_fingerprint_opens_no_step() -> None:
    """Another model gives another key, and another label, so that nobody tries it."""
    other = STEP.model_copy(update={"fingerprint": "beef" * 16})
    assert seal(other).label != seal(STEP).label
    with pytest.raises(WireError):
        open_step(seal(STEP), other.fingerprint)
