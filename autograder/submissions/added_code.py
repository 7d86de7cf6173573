"""What a student added to a cell that is not theirs: imports, functions, constants."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Collection, Iterable

from autograder.course import parse_python
from autograder.submissions.defined_names import UNPARSABLE, defined_names
from autograder.submissions.notebooks import MAX_CELLS, NotebookCell

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
    known = {ast.unparse(statement) for statement in _statements(original)}
    lines = source.splitlines()
    added = [""] * len(lines)
    for statement in _statements(source):
        if _is_definition(statement, given) and ast.unparse(statement) not in known:
            decorators = getattr(statement, "decorator_list", [])
            first = min(each.lineno for each in (statement, *decorators)) - 1
            last = statement.end_lineno or statement.lineno
            added[first:last] = lines[first:last]
    return "\n".join(added).rstrip()


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
    try:
        ast.literal_eval(statement.value)
    except UNPARSABLE:
        return False
    return len(targets) == len(statement.targets) and not {*targets} & {*given}
