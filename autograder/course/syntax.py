"""YAML's syntax errors in the words of the person who made them."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.reader import ReaderError

from autograder.course.problems import Problem, shown

_QUOTES = "Put text that holds : # or another special character in quotes."
_INDENT = "Indent with spaces, and begin the keys of one mapping in the same column."

_BY_PROBLEM = (
    ("'\\t'", "found a tab; expected spaces", "Replace each tab with spaces."),
    (
        "mapping values are not allowed",
        'found ":" where no key can stand; expected one "key: value" a line, here and above',
        _QUOTES,
    ),
    ("expected <block end>", "found an indentation that fits no line above", _INDENT),
    ("could not find expected ':'", 'found a line without ":"; expected "key: value"', ""),
    ("but found another document", 'found a second document after "---"; expected one', ""),
)
_BY_CONTEXT = (
    ("while scanning a quoted scalar", "found a quote that is not closed", _QUOTES),
    (
        "while parsing a flow",
        "found a bracket that is not closed, or lacks a comma inside",
        "Close it, or write one entry a line without brackets.",
    ),
)


def syntax_problem(error: Exception, text: str, last_line: int) -> Problem:
    """What a failed parse means.

    Args:
        error: What ruamel.yaml raised, of whatever kind.
        text: What it was to parse.
        last_line: Where ruamel stopped reading, counted from 1.

    Returns:
        The problem, at the line where a person should look.
    """
    if isinstance(error, RecursionError):
        return Problem("found brackets nested too deeply; expected four levels", last_line)
    if isinstance(error, ReaderError):
        return Problem(
            f"found the character U+{int(error.character):04X}, which YAML does not allow",
            text.count("\n", 0, int(error.position)) + 1,
            tip="Take it out.",
        )
    context, problem = (str(getattr(error, name, "") or "") for name in ("context", "problem"))
    for fragment, words, tip in _BY_CONTEXT:
        if fragment in context:
            # The opening quote or bracket is the one to look at; reading stopped much later.
            return Problem(words, _line(error, "context_mark"), tip=tip)
    line = _line(error, "problem_mark") or last_line
    for fragment, words, tip in _BY_PROBLEM:
        if fragment in problem:
            return Problem(words, line, tip=tip)
    what = problem or "an escape in double quotes names no character"
    return Problem(f"this is not YAML: {shown(what)}", line, tip=_QUOTES)


def _line(error: Exception, mark: str) -> int | None:
    line: Any = getattr(getattr(error, mark, None), "line", None)
    return None if line is None else int(line) + 1
