"""Make text that students control safe to show in a terminal, a page or a file."""

from __future__ import annotations

import re

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and newline: escapes, backspace, bell
    "\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # bidi, invisible, line ends
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"  # not text at all
)
_LINE_ENDS = re.compile("[\t\n]")
_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def clean(text: str, limit: int = 1000) -> str:
    r"""Text that shows what it holds, and does nothing.

    Colour codes go; every other control character, bidi override, invisible character and lone
    surrogate is shown escaped, such as \x1b or \u202e. Newlines and tabs stay. What is longer
    than `limit` loses its middle, because a difference tends to show at one of the ends.

    Args:
        text: Any string.
        limit: How many characters of it to keep.

    Returns:
        Text that can be encoded as UTF-8.
    """
    if len(text) > limit:
        head, tail = limit - limit // 2, limit // 2
        middle = f"… {len(text) - limit:,} characters left out …"
        return f"{_escaped(text[:head])}{middle}{_escaped(text[len(text) - tail :])}"
    return _escaped(text)


def clean_line(text: str, limit: int = 200) -> str:
    r"""As `clean`, on one line: newlines and tabs are shown as \n and \t."""
    return _LINE_ENDS.sub(_escape, clean(text, limit))


def _escaped(text: str) -> str:
    return _UNSEEN.sub(_escape, _COLOUR.sub("", text.replace("\r\n", "\n")))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if character <= "\xff":
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if character <= "\uffff" else f"\\U{code:08x}"
