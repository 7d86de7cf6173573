"""An answer's code as tokens that renaming, comments and layout leave as they are."""

from __future__ import annotations

import dataclasses
import itertools
import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Name, Number, String, _TokenType

MAX_TOKENS = 10_000
"""Tokens of an answer that are compared; a long answer has a thousand."""
MAX_CHARACTERS = 100_000
"""Characters of an answer that are looked at for tokens."""
_OPENING, _CLOSING = "([{", ")]}"
_LEFT_OUT = frozenset(",;\\")
"""Punctuation that a formatter adds and removes."""
_PLAIN_STRING = re.compile(r"\w{1,40}")
"""A string that is a name, such as "accuracy": the library gives it its meaning."""
_WORD = re.compile(r"[^\W\d_]\w{3,}")


@dataclasses.dataclass(frozen=True)
class Token:
    """One token of an answer.

    Attributes:
        text: What is compared: the same for all names that the student chose.
        start: Where it begins in its cell, in characters.
        end: Where it ends.
    """

    text: str
    start: int
    end: int


@dataclasses.dataclass(frozen=True)
class Tokens:
    """What an answer is made of.

    Attributes:
        cells: The tokens of each cell.
        words: Words that the code does not need: of comments, of strings, and names of its own.
        cut: Whether there is more, which was not looked at.
    """

    cells: tuple[tuple[Token, ...], ...]
    words: frozenset[str]
    cut: bool = False


@dataclasses.dataclass(frozen=True)
class _Raw:
    kind: _TokenType
    text: str
    start: int


def tokenize(sources: Sequence[str], given: Collection[str] = ()) -> Tokens:
    """Split an answer into tokens; it may be anything, and is never run.

    Args:
        sources: The code of its cells.
        given: Names that the assignment gives, such as those of the functions to write.
    """
    raw: list[list[_Raw]] = []
    tokens, characters, cut = MAX_TOKENS, MAX_CHARACTERS, False
    for source in sources:
        cell = list(itertools.islice(_raw(source[:characters]), tokens + 1))
        cut = cut or len(cell) > tokens or len(source) > characters
        raw.append(cell[:tokens])
        tokens, characters = max(0, tokens - len(cell)), max(0, characters - len(source))
    code = [[token for token in cell if not _is_remark(token)] for cell in raw]
    own = set[str]().union(*map(_own_names, code)) - frozenset(given)
    cells = tuple(
        tuple(
            Token(text, token.start, token.start + len(token.text))
            for number, token in enumerate(cell)
            if (text := _compared(cell, number, own)) not in _LEFT_OUT
        )
        for cell in code
    )
    return Tokens(cells, frozenset(_words(itertools.chain(*raw), own)), cut)


def _raw(source: str) -> Iterator[_Raw]:
    """The lexer's tokens without space; the parts of a string are one."""
    parts: list[str] = []
    kind, start = String, 0
    for position, its_kind, text in PythonLexer().get_tokens_unprocessed(source):
        if its_kind in String:
            if not parts:
                kind, start = its_kind, position
            parts.append(text)
            continue
        if parts:
            yield _Raw(kind, "".join(parts), start)
            parts = []
        if text.strip():
            yield _Raw(its_kind, text, position)
    if parts:
        yield _Raw(kind, "".join(parts), start)


def _is_remark(token: _Raw) -> bool:
    """Whether nothing depends on it: a comment or a docstring."""
    return token.kind in Comment or token.kind in String.Doc


def _is_name(token: _Raw) -> bool:
    return token.kind in Name and token.text.isidentifier() and not keyword.iskeyword(token.text)


def _compared(code: Sequence[_Raw], number: int, own: Collection[str]) -> str:
    """What a token counts as."""
    token = code[number]
    if token.kind in String:
        content = token.text.strip("rRbBfFuU").strip("'\"")
        return f'"{content}"' if _PLAIN_STRING.fullmatch(content) else '""'
    if token.kind in Number:
        return token.text if len(token.text) == 1 else "0.0"
    if not _is_name(token):
        return token.text
    before = code[number - 1].text if number else ""
    if before == ".":
        return "own" if number > 1 and code[number - 2].text == "self" else token.text
    is_keyword = (
        before in ("(", ",") and code[number + 1 : number + 2] and (code[number + 1].text == "=")
    )
    return "own" if token.text in own and not is_keyword else token.text


def _own_names(code: Sequence[_Raw]) -> set[str]:
    """Names that the code itself defines: parameters, variables, functions, classes.

    It goes by the tokens alone, because many answers are no valid Python.
    """
    names: set[str] = set()
    depth = 0
    line: list[str] = []  # names so far that an assignment would define
    for number, token in enumerate(code):
        before = code[number - 1].text if number else ""
        if token.text in _OPENING:
            depth += 1
        elif token.text in _CLOSING:
            depth = max(0, depth - 1)
        if before in ("def", "class", "as", "for", "lambda", "global", "nonlocal"):
            names.update(_names_until(code, number))
        if token.text == ":=" and number:
            names.add(before)
        if token.text == "=" and depth == 0:
            names.update(line)
            line.clear()
        elif token.kind in Name and _is_name(token) and before != "." and depth == 0:
            if before not in (",", "*"):
                line.clear()
            line.append(token.text)
    return {name for name in names if name.isidentifier() and not keyword.iskeyword(name)}


def _names_until(code: Sequence[_Raw], number: int) -> Iterator[str]:
    """Names that a `def`, `for`, `as` or `lambda` defines; those of a `def` with its parameters."""
    first = code[number - 1].text
    depth = 0
    for position in range(number, min(number + 200, len(code))):
        token, before = code[position], code[position - 1].text
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth < 0 or (depth == 0 and token.text in ("in", ":", "=", ".")):
            return
        if _is_name(token) and (before in ("(", ",", "*", "**", first)):
            yield token.text
        if first in ("class", "as") or (depth == 0 and token.text == ")"):
            return


def _words(raw: Iterable[_Raw], own: Collection[str]) -> Iterator[str]:
    """Words of comments and strings, in lower case, and names of the student's own."""
    yield from (name.lower() for name in own if len(name) > 3)  # noqa: PLR2004 - as in _WORD
    for token in raw:
        if token.kind in Comment or token.kind in String:
            yield from (word.lower() for word in _WORD.findall(token.text))
