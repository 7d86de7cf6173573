"""Digests that tell whether trials are out of date: they cover what decides a verdict.

Trials take hours, so what decides nothing must not cost them: reports, the command line, where and
how fast submissions run, and the wording of messages and hints. Thresholds are left out as well:
verdicts are decided anew from the values of the trials. A change of one submission of the corpus
costs the trials of that one.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from typing import Final

from autograder.authoring.corpus import Corpus
from autograder.course import Assignment, Course
from autograder.grading import assignment_files, verdict_code
from autograder.submissions import Submission

_TEXTS: Final = (".md", ".txt")
"""Files of an assignment that only people read."""
_LENGTH: Final = 16
_SETTINGS: Final = frozenset({"limits", "practice_seeds"})


def evidence_digest(course: Course, assignment: Assignment, corpus: Corpus | None = None) -> str:
    """Digest of what a calibration depends on: all that decides verdicts, and the whole corpus.

    Args:
        course: The course.
        assignment: The assignment.
        corpus: Its corpus; read from the assignment's folder if None.

    Returns:
        SHA-256 in hexadecimal.
    """
    digest = hashlib.sha256()
    for name, each in sorted(trial_digests(course, assignment, corpus).items()):
        digest.update(f"{name}\0{each}\0".encode())
    return digest.hexdigest()


def trial_digests(
    course: Course, assignment: Assignment, corpus: Corpus | None = None
) -> dict[str, str]:
    """What decides the trials of each submission of a corpus.

    Args:
        course: The course.
        assignment: The assignment.
        corpus: Its corpus; read from the assignment's folder if None.

    Returns:
        SHA-256 in hexadecimal, shortened to 16 digits, by the submission's name.
    """
    corpus = corpus or Corpus(course, assignment)
    base = _base_digest(course, assignment)
    digests = {}
    for entry in (*corpus.right, *corpus.wrong):
        decides = base + cells_digest(corpus.read(entry))
        digests[entry.name] = hashlib.sha256(decides.encode()).hexdigest()[:_LENGTH]
    return digests


def cells_digest(submission: Submission) -> str:
    """Digest of a submission's code cells; the text of a notebook does not count.

    Args:
        submission: The submission.

    Returns:
        SHA-256 in hexadecimal.
    """
    digest = hashlib.sha256()
    for cell in submission.cells:
        digest.update(f"{cell.name}\0{cell.source}\0".encode())
    return digest.hexdigest()


def _base_digest(course: Course, assignment: Assignment) -> str:
    """What decides a verdict besides the submission and the thresholds."""
    folder = course.folder(assignment.name)
    digest = hashlib.sha256(course.model_dump_json(include=set(_SETTINGS)).encode())
    digest.update("\0".join(assignment.checks).encode())
    files = {*assignment_files(folder), *folder.released_paths()} - {folder.notebook}
    for path in [*verdict_code(folder), *sorted(files)]:
        if path.suffix == ".py":
            digest.update(code_meaning(path.read_text("utf-8"), prose=False).encode())
        elif path.suffix not in _TEXTS:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def code_meaning(source: str, *, prose: bool = True) -> str:
    """Write a module's syntax tree as text that is the same on every Python version.

    `ast.dump` is not: newer versions add fields, and leave out empty ones. Here empty fields never
    show. Neither do docstrings, which are statements that do nothing.

    Args:
        source: Python code that each supported version can parse.
        prose: Whether sentences count. A sentence is a string with a space that is neither compared
            with anything nor passed to a method, such as the message of a check.

    Returns:
        One line of ASCII text.
    """
    tree = ast.parse(source)
    return " ".join(_words(tree if prose else _WithoutProse().visit(tree)))


class _WithoutProse(ast.NodeTransformer):
    """Replaces sentences by empty strings."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        is_prose = isinstance(node.value, str) and " " in node.value.strip()
        return ast.Constant("") if is_prose else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant("") if any(map(_has_space, node.values)) else node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Patterns and separators are passed to methods; of these, `say` alone takes a message."""
        is_method = isinstance(node.func, ast.Attribute) and node.func.attr != "say"
        return node if is_method else self.generic_visit(node)


def _has_space(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value


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
