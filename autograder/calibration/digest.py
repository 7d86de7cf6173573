"""A digest by which evidence is known to be older than what it is evidence for."""

from __future__ import annotations

import ast
import hashlib

from autograder.corpus import Corpus
from autograder.course import Assignment, Course
from autograder.grading.grade import grading_code


def graded_by(course: Course, assignment: Assignment, corpus: Corpus | None = None) -> str:
    """Digest of what a calibration depends on: checks, exercise, private data and corpus.

    Comments, docstrings and layout of our code do not count, nor does a notebook's text.

    Args:
        course: The course.
        assignment: The assignment.
        corpus: Its corpus, if it is read already.

    Returns:
        SHA-256 in hexadecimal.
    """
    corpus = corpus or Corpus(course, assignment)
    digest = hashlib.sha256()
    for path in grading_code(assignment):
        if path.suffix == ".py":
            digest.update(_meaning(path.read_text("utf-8")).encode())
        else:
            digest.update(path.read_bytes())
    for entry in (*corpus.right, *corpus.wrong):
        for cell in corpus.read(entry).cells:
            digest.update(f"{entry.name}\0{cell.name}\0{cell.source}\0".encode())
    return digest.hexdigest()


def _meaning(source: str) -> str:
    """A module's syntax tree without docstrings, which are statements that do nothing."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [s for s in body if not _is_text(s)]  # type: ignore[attr-defined] # has it
    return ast.dump(tree)


def _is_text(statement: ast.AST) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(statement, ast.Expr) and isinstance(value, ast.Constant)
