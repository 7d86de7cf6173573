"""What the student's functions returned, in messages and as arrays."""

from __future__ import annotations

from autograder.checks.finding import CheckFailedError
from autograder.exercises import FloatArray


def with_article(type_name: str) -> str:
    """A returned value's type in a message: "nothing", "a list", "an int"."""
    if type_name in ("", "NoneType"):
        return "nothing"
    vowel = type_name[:1].lower() in "aeio" or type_name == "ndarray"
    return f"an {type_name}" if vowel else f"a {type_name}"


def require_array(
    stub: str, type_name: str, array: FloatArray | None, shape: tuple[int, ...], hint: str
) -> FloatArray:
    """Require that a function returned an array of finite numbers, of the right shape.

    Args:
        stub: The student's function.
        type_name: Class name of what it returned.
        array: That value as an array; None if it is not numeric or not finite.
        shape: The expected shape.
        hint: One thing to do if the function returned something else.

    Returns:
        The array.

    Raises:
        CheckFailedError: If there is no such array, or it has another shape.
    """
    if array is None:
        returned = with_article(type_name)
        if type_name == "ndarray":
            returned = "an array with entries that are not finite numbers"
        raise CheckFailedError(
            f"`{stub}` returned {returned}; it must return an array of numbers of shape {shape}.",
            hint,
        )
    if array.shape != shape:
        raise CheckFailedError(
            f"`{stub}` returned an array of shape {array.shape}; its shape must be {shape}.", hint
        )
    return array
