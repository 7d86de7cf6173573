"""Make text that students control safe to show on a terminal, on a page or in a file."""

from __future__ import annotations

import re

_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls except tab and newline: escape, backspace, bell
    "\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # bidi, invisible, separators
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"  # not text at all
)
_TAB_OR_NEWLINE = re.compile("[\t\n]")
_SHORT_ESCAPES = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def clean(text: str, limit: int = 1000) -> str:
    r"""Make text safe to print: nothing in it is invisible or has an effect.

    Color codes are removed. Every other control character, bidi override, invisible character and
    lone surrogate is escaped, such as \x1b or \u202e. Newlines and tabs stay. Text longer than
    `limit` loses its middle, because a difference tends to be at one of the ends.

    Args:
        text: Any string.
        limit: How many of its characters to keep.

    Returns:
        Text that can be encoded as UTF-8.
    """
    if len(text) > limit:
        head, tail = limit - limit // 2, limit // 2
        left_out = len(text) - limit
        middle = f"… {left_out:,} character{'s' * (left_out > 1)} left out …"
        return f"{_escaped(text[:head])}{middle}{_escaped(text[len(text) - tail :])}"
    return _escaped(text)


def clean_line(text: str, limit: int = 200) -> str:
    r"""As `clean`, on one line: newlines and tabs become \n and \t."""
    return _TAB_OR_NEWLINE.sub(_escape, clean(text, limit))


def _escaped(text: str) -> str:
    return _INVISIBLE.sub(_escape, _COLOR.sub("", text.replace("\r\n", "\n")))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if character <= "\xff":
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if character <= "\uffff" else f"\\U{code:08x}"
