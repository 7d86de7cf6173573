"""A digest that tells whether evidence is out of date."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator

from autograder.authoring.corpus import Corpus
from autograder.course import Assignment, Course
from autograder.grading import assignment_files, grading_code


def evidence_digest(course: Course, assignment: Assignment, corpus: Corpus | None = None) -> str:
    """Digest of what a calibration depends on: the code, the assignment's data and its corpus.

    Comments, docstrings and the layout of code do not count, and neither does the text of
    notebooks. Every Python version gives the same digest.

    Args:
        course: The course.
        assignment: The assignment.
        corpus: Its corpus; read from the assignment's folder if None.

    Returns:
        SHA-256 in hexadecimal.
    """
    corpus = corpus or Corpus(course, assignment)
    folder = course.folder(assignment.name)
    digest = hashlib.sha256()
    for path in [*grading_code(folder), *assignment_files(folder)]:
        if path.suffix == ".py":
            digest.update(code_meaning(path.read_text("utf-8")).encode())
        elif path != folder.notebook:
            digest.update(path.read_bytes())
    for entry in (*corpus.right, *corpus.wrong):
        for cell in corpus.read(entry).cells:
            digest.update(f"{entry.name}\0{cell.name}\0{cell.source}\0".encode())
    return digest.hexdigest()


def code_meaning(source: str) -> str:
    """Write a module's syntax tree as text that is the same on every Python version.

    `ast.dump` is not: newer versions add fields, and leave out empty ones. Here empty fields never
    show. Neither do docstrings, which are statements that do nothing.

    Args:
        source: Python code that each supported version can parse.

    Returns:
        One line of ASCII text.
    """
    return " ".join(_words(ast.parse(source)))


def _words(node: object) -> Iterator[str]:
    if isinstance(node, ast.AST):
        yield f"({type(node).__name__}"
        for name, value in ast.iter_fields(node):
            if value is not None and value != [] and name != "kind":
                yield f"{name}="
                yield from _words(value)
        yield ")"
    elif isinstance(node, list):
        for item in node:
            if not _is_docstring(item):
                yield from _words(item)
    else:
        yield ascii(node)  # what repr escapes depends on the Unicode version


def _is_docstring(statement: object) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(statement, ast.Expr) and isinstance(value, ast.Constant)
