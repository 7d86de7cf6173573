"""YAML's syntax errors, explained to the person who made them."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.reader import ReaderError

from autograder.course.problems import Problem, printable

_QUOTES = "Put text with : # or another special character in quotes."
_INDENT = "Indent with spaces, and begin the keys of one mapping in the same column."

_BY_PROBLEM = (
    ("'\\t'", "found a tab; expected spaces", "Replace each tab with spaces."),
    (
        "mapping values are not allowed",
        'found ":" where no key can be; expected one "key: value" per line, here and above',
        _QUOTES,
    ),
    ("expected <block end>", "found an indentation that matches no line above", _INDENT),
    ("could not find expected ':'", 'found a line without ":"; expected "key: value"', ""),
    ("but found another document", 'found a second document after "---"; expected one', ""),
)
_BY_CONTEXT = (
    ("while scanning a quoted scalar", "found a quote that is not closed", _QUOTES),
    (
        "while parsing a flow",
        "found a bracket that is not closed, or lacks a comma inside",
        "Close it, or write one entry per line without brackets.",
    ),
)


def syntax_problem(error: Exception, text: str, last_line: int) -> Problem:
    """Explain why a file could not be parsed.

    Args:
        error: What ruamel.yaml raised, of any kind.
        text: What it parsed.
        last_line: Where ruamel.yaml stopped reading, counted from 1.

    Returns:
        The problem, at the line where a person should look.
    """
    if isinstance(error, RecursionError):
        return Problem("found brackets nested too deeply; expected four levels", last_line)
    if isinstance(error, ReaderError):
        return Problem(
            f"found the character U+{int(error.character):04X}, which YAML does not allow",
            text.count("\n", 0, int(error.position)) + 1,
            tip="Remove it.",
        )
    context, problem = (str(getattr(error, name, "") or "") for name in ("context", "problem"))
    for fragment, description, tip in _BY_CONTEXT:
        if fragment in context:
            # Point at the opening quote or bracket; reading stopped much later.
            return Problem(description, _line(error, "context_mark"), tip=tip)
    line = _line(error, "problem_mark") or last_line
    for fragment, description, tip in _BY_PROBLEM:
        if fragment in problem:
            return Problem(description, line, tip=tip)
    reason = problem or "found an invalid escape in double quotes"
    return Problem(f"this is not YAML: {printable(reason)}", line, tip=_QUOTES)


def _line(error: Exception, mark: str) -> int | None:
    line: Any = getattr(getattr(error, mark, None), "line", None)
    return None if line is None else int(line) + 1
