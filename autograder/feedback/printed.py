"""What a student's code printed, as a terminal would show it in the end."""

from __future__ import annotations

import re

from autograder.results import clean

MAX_PRINTED = 4_000
"""The most characters that are shown."""
_ESCAPE = re.compile(
    r"(\x1b\[[0-2]?K)|\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])"
)
"""Escape sequences of terminals: to erase a line; colors, cursor movements, titles and links."""
_MOVE = re.compile("[\r\x08]|\x1bK|[^\r\x08\x1b]+|\x1b")
_ERASED = "\x1bK"


def as_printed(text: str, limit: int = MAX_PRINTED) -> str:
    """Text that a program printed, safe to show.

    A progress bar returns to the start of its line and overwrites it; only its last state stays.
    Colors and other escape sequences are removed. Long text loses its middle.

    Args:
        text: What was printed.
        limit: How many characters to keep.

    Returns:
        Plain text, without blanks at the ends of lines.
    """
    plain = _ESCAPE.sub(lambda found: _ERASED if found[1] else "", text.replace("\r\n", "\n"))
    lines = (_resolved(line).rstrip() for line in plain.split("\n"))
    return clean("\n".join(lines).strip("\n"), limit)


def _resolved(line: str) -> str:
    """A line after its carriage returns, backspaces and erasures."""
    if "\r" not in line and "\x08" not in line and _ERASED not in line:
        return line
    shown: list[str] = []
    column = 0
    for piece in _MOVE.findall(line):
        if piece == "\r":
            column = 0
        elif piece == "\x08":
            column = max(0, column - 1)
        elif piece == _ERASED:
            del shown[column:]
        else:
            shown[column : column + len(piece)] = piece
            column += len(piece)
    return "".join(shown)
