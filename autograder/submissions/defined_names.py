"""The names that cells define: what demonstrations leave behind, and what a student writes."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable

from autograder.course import parse_python
from autograder.submissions.notebooks import (
    MAX_CELLS,
    Notebook,
    NotebookCell,
    is_demonstration,
    is_solution,
    normalized,
    normalized_text,
    source_of,
)

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What `ast.parse` raises on text that is no Python, or too deeply nested."""
_DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *=(?!=)", re.MULTILINE)


def demonstration_names(release: Notebook, sources: Iterable[str]) -> frozenset[str]:
    """Names that only demonstrations define, so that they do not exist during grading.

    Args:
        release: The release version.
        sources: Sources of the cells that a student's kernel has run.
    """
    demonstrated = {name for cell in _demonstrations(release) for name in defined_names(cell)}
    others = without_demonstrations(release, sources)
    return frozenset(demonstrated.difference(*map(names_defined_in, others)))


def without_demonstrations(release: Notebook, sources: Iterable[str]) -> list[str]:
    """Sources of cells, except those that are demonstrations of the release version.

    Args:
        release: The release version.
        sources: Sources of the cells that a student's kernel has run.
    """
    texts = {normalized_text(cell) for cell in _demonstrations(release)}
    return [source for source in sources if normalized(source) not in texts]


def solution_functions(release: Notebook) -> frozenset[str]:
    """Names that the code cells to fill in define.

    Args:
        release: The release version.
    """
    answers = [cell for cell in release["cells"] if is_solution(cell)]
    return frozenset[str]().union(*map(defined_names, answers))


def _demonstrations(release: Notebook) -> list[NotebookCell]:
    return [cell for cell in release["cells"] if is_demonstration(cell)]


def defined_names(cell: NotebookCell) -> set[str]:
    """Names that a code cell defines at its top level."""
    return set() if cell.get("cell_type") != "code" else names_defined_in(source_of(cell))


@functools.lru_cache(maxsize=MAX_CELLS)
def names_defined_in(source: str) -> set[str]:
    """Names that a cell's code defines at its top level.

    Args:
        source: The code; it may have errors.
    """
    try:
        statements = parse_python(source).body
    except UNPARSABLE:  # magics, for example
        return {name for match in _DEFINITION.findall(source) for name in match if name}
    names: set[str] = set()
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
        else:
            names |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return names
