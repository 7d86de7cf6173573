"""Expectations of what the student's other functions returned."""

from __future__ import annotations

from autograder.arithmetic import FloatArray
from autograder.checks.expect.finding import CheckFailedError


def a(type_name: str) -> str:
    """What was returned, in a message: "nothing", "a list", "an int"."""
    if type_name == "NoneType":
        return "nothing"
    return f"a{'n' if type_name[:1].lower() in 'aeio' else ''} {type_name}"


def an_array(
    stub: str, type_name: str, array: FloatArray | None, shape: tuple[int, ...], how: str
) -> FloatArray:
    """A function returned a NumPy array, or a tensor, of finite numbers and the right shape.

    Args:
        stub: The student's function.
        type_name: Class name of what it returned.
        array: That value as an array; None if it is not numeric or not finite.
        shape: The shape that is expected.
        how: One thing to do if it is not so.

    Returns:
        The array.

    Raises:
        CheckFailedError: If there is no array, or it has another shape.
    """
    if array is None:
        what = "no finite numbers" if type_name == "ndarray" else a(type_name)
        raise CheckFailedError(
            f"{stub} returned {what}, not an array of numbers of shape {shape}.", how
        )
    if array.shape != shape:
        raise CheckFailedError(
            f"{stub} returned an array of shape {array.shape}; its shape must be {shape}.", how
        )
    return array
