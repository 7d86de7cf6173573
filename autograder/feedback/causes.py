"""Words about the functions that made checks fail."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from autograder.feedback.titles import title_of
from autograder.results import Verdict, clean_line


@dataclasses.dataclass(frozen=True)
class Cause:
    """A function to fix, and what its mistake cost.

    Attributes:
        function: Its name, as code.
        follows: The checks that failed only because of it, and are about other functions.
        words: What the experiment showed; "" if nothing failed but its own checks.
    """

    function: str
    follows: tuple[Verdict, ...]
    words: str


def causes_of(verdicts: Sequence[Verdict]) -> list[Cause]:
    """The functions that made checks fail, in the order of the checks.

    Args:
        verdicts: The verdicts of a Grade.
    """
    functions = dict.fromkeys(verdict.cause for verdict in verdicts if verdict.cause)
    return [_cause(function, verdicts) for function in functions]


def _cause(function: str, verdicts: Sequence[Verdict]) -> Cause:
    name = f"`{clean_line(function, 80)}`"
    follows = tuple(v for v in verdicts if v.cause == function and v.follows)
    if not follows:
        return Cause(name, (), "")
    checks = listed([f"“{title_of(verdict)}”" for verdict in follows])
    words = (
        f"Fix {name} first. With the course's own {name} in its place, the rest of your notebook "
        f"passes {checks} as it stands."
    )
    return Cause(name, follows, words)


def listed(items: Sequence[str]) -> str:
    """Items in a sentence: "a, b and c"."""
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last
