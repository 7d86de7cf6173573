"""Exceptions of student code are noted in words that are the same each time."""

from __future__ import annotations

import pytest

from autograder.exercises import Student, cell_filename, describe


def test_addresses_are_left_out_of_messages() -> None:
    """The address of an object differs from run to run, and a Grade must not."""
    error = TypeError(f"cannot add {object()} and 1")
    assert describe(error).message == "cannot add <object object> and 1"


def test_missing_function_is_noted_by_its_name() -> None:
    """A step that fails is noted, and the next one runs."""
    student = Student({"weight_change": lambda before, after: after - before})
    with student.step("train_model"):
        student.call("train_model")
    with student.step("weight_change"):
        assert student.call("weight_change", 1, after=3) == 2
    assert list(student.errors) == ["train_model"]
    assert student.errors["train_model"].kind == "StubMissingError"
    assert "no function train_model" in student.errors["train_model"].message
    assert student.signatures == {"weight_change": ["before", "after"]}


def test_error_has_the_cell_and_the_line_of_the_students_code() -> None:
    """The last line of the student's own is named, not a library's."""
    names: dict[str, object] = {}
    source = "def train_model(x):\n\n    return int(x)\n"
    exec(compile(source, cell_filename("train"), "exec"), names)  # noqa: S102 - as the sandbox does
    student = Student(names)
    with student.step("train_model"):
        student.call("train_model", "three")
    error = student.errors["train_model"]
    assert (error.kind, error.cell, error.line) == ("ValueError", "train", 3)


def test_syntax_error_has_its_own_line() -> None:
    """A cell that cannot be compiled has no frame, but it has a place."""
    with pytest.raises(SyntaxError) as raised:
        compile("x = 1\ny = (\n", cell_filename("train"), "exec")
    error = describe(raised.value)
    assert (error.kind, error.message, error.cell, error.line) == (
        "SyntaxError",
        "'(' was never closed",
        "train",
        2,
    )


def test_exception_that_cannot_be_printed_is_noted() -> None:
    """A student's own exception class cannot break the grader."""

    class Unprintable(Exception):  # noqa: N818 - a student's
        def __str__(self) -> str:
            raise RuntimeError

    error = describe(Unprintable())
    assert (error.kind, error.message) == ("Unprintable", "(the exception could not be printed)")


@pytest.mark.parametrize("ending", [SystemExit, KeyboardInterrupt])
def test_exit_in_a_function_is_noted_as_its_error(ending: type[BaseException]) -> None:
    """`exit()` in a stub does not end the run."""

    def leave() -> None:
        raise ending

    student = Student({"train_model": leave})
    with student.step("train_model"):
        student.call("train_model")
    assert student.errors["train_model"].kind == ending.__name__


def test_long_message_is_cut_off() -> None:
    """A message has at most 2,000 characters, and can be written to a file."""
    assert describe(ValueError("x" * 5_000)).message == "x" * 2_000
    assert describe(ValueError("\ud800")).message == "?"
