"""Problems of a course file, gathered so that one run reports them all."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import CourseError

Place = tuple[str | int, ...]
"""Keys, and indices of list items, from the top of the file."""

_LONGEST_SHOWN = 80


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        text: What was found and what was expected.
        line: Where, counted from 1; None if it concerns the file as a whole.
        place: Where, as keys; empty at the top.
        tip: One thing to do about it, or nothing.
    """

    text: str
    line: int | None = None
    place: Place = ()
    tip: str = ""


def course_error(path: Path, problems: Iterable[Problem]) -> CourseError:
    """One error that lists all problems of a file, one a line, from top to bottom.

    Args:
        path: The course file.
        problems: At least one.

    Returns:
        The error, to be raised.
    """
    ordered = sorted(problems, key=lambda problem: problem.line or 0)
    tips = dict.fromkeys(problem.tip for problem in ordered if problem.tip)
    tip = " ".join(tips) or f"Edit {path}; course.schema.json describes every key."
    return CourseError("\n".join(_sentence(path.name, problem) for problem in ordered), tip)


def _sentence(file_name: str, problem: Problem) -> str:
    parts = [file_name if problem.line is None else f"{file_name}, line {problem.line}"]
    if problem.place:
        parts.append(".".join(shown(str(step)) for step in problem.place))
    return ": ".join([*parts, problem.text])


def shown(text: str) -> str:
    """Text fit for a message: control characters escaped, and not endless."""
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}... ({len(text)} characters)"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def nearest(word: str, valid: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The valid word that was probably meant, whatever the case it was written in.

    Args:
        word: What was written.
        valid: What could have been meant.
        cutoff: Likeness that is needed, in [0, 1].

    Returns:
        One of `valid`, or None if none is alike.

    Source:
        difflib.get_close_matches.
    """
    by_lower = {name.lower(): name for name in valid}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[matches[0]] if matches else None
