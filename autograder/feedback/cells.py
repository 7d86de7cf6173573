"""A student's cell as a page shows it: highlighted, and with nothing in it that cannot be seen."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import unicodedata
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String

_MAX_CHARACTERS, _MAX_LINES = 6_000, 150
_ROLES = (
    (Comment, "note"),
    (String, "text"),
    (Number, "value"),
    (Keyword, "word"),
    (Operator.Word, "word"),
    (Name.Decorator, "value"),
    (Literal, "text"),
)
_UNSEEN = "unseen-character"
_UNSEEN_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_VISIBLE_BLANKS = {" ", "\n", "\t"}
_BLANK_LETTERS = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"}
_NO_BLANKS = str.maketrans("", "", "\n\t")
_SELECTORS = range(0xFE00, 0xFE10), range(0x180B, 0x1810)


@dataclasses.dataclass(frozen=True)
class Cell:
    """The code of one cell; plain text, not yet escaped for HTML.

    Attributes:
        parts: Runs of code, each with its class in the style sheet, which may be "".
        left_out: What was not shown, in words, or "".
    """

    parts: tuple[tuple[str, str], ...]
    left_out: str = ""


def cell_view(source: str) -> Cell | None:
    """A cell's code; None if there is none.

    A character that is invisible or turns the direction of writing is shown by its number, such as
    "U+202E". Only the beginning of a long cell is shown.

    Args:
        source: The cell, as the student wrote it.
    """
    source = source.replace("\r\n", "\n").strip("\n")
    if not source.strip():
        return None
    shown = "\n".join(source[:_MAX_CHARACTERS].split("\n")[:_MAX_LINES])
    # Roles first: few runs are left, in which to look for what cannot be seen.
    # "Unprocessed", because the lexer would replace line breaks and byte order marks.
    tokens = _lexer().get_tokens_unprocessed(shown)
    runs = itertools.groupby(tokens, key=lambda token: _role_of(token[1]))
    parts = tuple(
        (_UNSEEN if unseen else role, text)
        for role, run in runs
        for unseen, text in _seen_and_unseen("".join(value for _, _, value in run))
    )
    omitted = len(source) - len(shown)
    left_out = f"{omitted:,} more character{'s' * (omitted > 1)} left out" if omitted else ""
    return Cell(parts, left_out)


@functools.cache
def _role_of(kind: Any) -> str:
    """The class of a kind of token; blanks and names have none."""
    return next((role for parent, role in _ROLES if kind in parent), "")


@functools.cache
def _lexer() -> Lexer:
    return PythonLexer()


def _seen_and_unseen(value: str) -> list[tuple[bool, str]]:
    if value.isascii() and value.translate(_NO_BLANKS).isprintable():
        return [(False, value)]
    groups = itertools.groupby(value, key=_is_unseen)
    return [
        (unseen, " ".join(f"U+{ord(c):04X}" for c in run) if unseen else "".join(run))
        for unseen, run in groups
    ]


def _is_unseen(character: str) -> bool:
    if character in _VISIBLE_BLANKS:
        return False
    return (
        unicodedata.category(character) in _UNSEEN_CATEGORIES
        or character in _BLANK_LETTERS
        or any(ord(character) in selectors for selectors in _SELECTORS)
    )
