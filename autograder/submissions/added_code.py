"""What a student added to a cell that is not theirs: imports, functions, constants."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Collection, Iterable

from autograder.course import parse_python
from autograder.submissions.defined_names import UNPARSABLE, defined_names
from autograder.submissions.notebooks import MAX_CELLS, NotebookCell

_LITERAL = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict),
    *(ast.UnaryOp, ast.UAdd, ast.USub, ast.Load),
)
_LINE_END = re.compile(r"\r\n?|\n")
"""Where Python's parser counts a line; `splitlines` knows more ends, such as form feeds."""
_MAGIC = re.compile(r"^[ \t]*[%!?].*$|^.*\?$", re.MULTILINE)


def given_names(cells: Iterable[NotebookCell]) -> frozenset[str]:
    """Names that cells define.

    Args:
        cells: The locked cells that run, which no student may change.
    """
    return frozenset().union(*map(defined_names, cells))


@functools.lru_cache(maxsize=MAX_CELLS)
def added_code(source: str, original: str, given: frozenset[str]) -> str:
    """Definitions that a student added to a locked cell, a check or a demonstration.

    Args:
        source: The cell as it was handed in.
        original: The cell as it was released.
        given: Names that stay as they were given.

    Returns:
        Imports, functions, classes and literal constants, on their own lines; other lines are
        blank. "" if there are none.
    """
    if source == original:
        return ""
    known = {_meaning(statement) for statement in _statements(original)}
    lines = _LINE_END.split(source)
    added = [""] * len(lines)
    for statement in _statements(source):
        if _is_definition(statement, given) and _meaning(statement) not in known:
            decorators = getattr(statement, "decorator_list", [])
            first = min(each.lineno for each in (statement, *decorators)) - 1
            last = statement.end_lineno or statement.lineno
            added[first:last] = lines[first:last]
    return "\n".join(added).rstrip()


def _meaning(statement: ast.stmt) -> str:
    """A statement without its comments and layout; "" if it is nested too deeply."""
    try:
        return ast.unparse(statement)
    except RecursionError:
        return ""


def _statements(source: str) -> list[ast.stmt]:
    try:
        return parse_python(source).body
    except UNPARSABLE:
        text = _MAGIC.sub("", source)
        return [] if text == source else _statements(text)


def _is_definition(statement: ast.stmt, given: Collection[str]) -> bool:
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return statement.name not in given
    if not isinstance(statement, ast.Assign):
        return False
    targets = [target.id for target in statement.targets if isinstance(target, ast.Name)]
    is_literal = all(isinstance(node, _LITERAL) for node in ast.walk(statement.value))
    return is_literal and len(targets) == len(statement.targets) and not {*targets} & {*given}
