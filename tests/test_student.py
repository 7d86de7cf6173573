"""Troubles of student code are put into words that are the same each time."""

from __future__ import annotations

from autograder.exercises.student import Student, describe


def test_addresses_are_left_out_of_messages() -> None:
    """The address of an object differs from run to run, and a Grade must not."""
    error = TypeError(f"cannot add {object()} and 1")
    assert describe(error).message == "cannot add <object object> and 1"


def test_missing_function_is_noted_by_its_name() -> None:
    """A step that fails is noted, and the next one goes on."""
    student = Student({})
    with student.step("train_model"):
        student.call("train_model")
    assert student.troubles["train_model"].kind == "StubMissingError"
    assert "no function train_model" in student.troubles["train_model"].message
