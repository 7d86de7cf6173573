"""Code in a text: what stands in backticks, as in Markdown."""

from __future__ import annotations

import re

_CODE = re.compile(r"(?<!`)`(?!`)([^`\n]+)(?<!`)`(?!`)")


def split_code(text: str) -> list[str]:
    """Split a text at its code: words, code, words, code, ..., words.

    Code stands in single backticks on one line; any other backtick is a character.
    """
    return _CODE.split(text)
