"""Problems of a course file, collected so that one run reports them all."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import CourseError

Place = tuple[str | int, ...]
"""Keys, and indices of list items, from the top of the file."""

_MAX_LENGTH = 80


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        text: What was found and what was expected.
        line: The line, counted from 1; None if the whole file is wrong.
        place: The keys; empty at the top.
        tip: One thing to do about it, or "".
    """

    text: str
    line: int | None = None
    place: Place = ()
    tip: str = ""


def course_error(path: Path, problems: Iterable[Problem]) -> CourseError:
    """One error that lists all problems of a file, one per line, from top to bottom.

    Args:
        path: The course file.
        problems: At least one.

    Returns:
        The error, for the caller to raise.
    """
    ordered = sorted(problems, key=lambda problem: problem.line or 0)
    tips = dict.fromkeys(problem.tip for problem in ordered if problem.tip)
    tip = " ".join(tips) or f"Edit {path}; course.schema.json describes every key."
    return CourseError("\n".join(_sentence(path.name, problem) for problem in ordered), tip)


def _sentence(file_name: str, problem: Problem) -> str:
    parts = [file_name if problem.line is None else f"{file_name}, line {problem.line}"]
    if problem.place:
        parts.append(".".join(printable(str(step)) for step in problem.place))
    return ": ".join([*parts, problem.text])


def printable(text: str) -> str:
    """Text that is safe in a message: control characters escaped, the length limited."""
    if len(text) > _MAX_LENGTH:
        text = f"{text[:_MAX_LENGTH]}... ({len(text)} characters)"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def closest_match(word: str, valid: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The valid word that was probably meant; upper and lower case do not matter.

    Args:
        word: What was written.
        valid: Words that could have been meant.
        cutoff: The least similarity, in [0, 1].

    Returns:
        One of `valid`, or None if none is similar.

    Source:
        difflib.get_close_matches.
    """
    by_lower = {name.lower(): name for name in valid}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[matches[0]] if matches else None
