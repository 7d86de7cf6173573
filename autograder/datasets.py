"""What notebooks imported before assignments had their data beside them.

`from autograder.datasets import NAME` and `from autograder.datasets.MODULE import NAME` still work
in notebooks that were released then: a module is looked for beside the notebook, then in the
assignments of the student's course; a name in the modules there that define it.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course import student_course
from autograder.errors import CourseError


def __getattr__(name: str) -> Any:
    """A name that one of the modules defines; `__path__`, where Python looks for the modules."""
    if name == "__path__":
        return list(map(str, _folders()))
    if not name.startswith("_"):
        for folder in _folders():
            for path in sorted(folder.glob("*.py")):
                if name in _defined_names(path):
                    module = importlib.import_module(f"{__name__}.{path.stem}")
                    # A function may have its module's name, which the import has just bound.
                    globals()[name] = getattr(module, name)
                    return globals()[name]
    raise AttributeError(f"no module beside the notebook defines {name!r}")


def _folders() -> list[Path]:
    """The working folder, and the folders of the course's assignments."""
    try:
        course = student_course()
    except CourseError:
        return [Path.cwd()]
    return [Path.cwd(), *(course.folder(name).path for name in course.assignments)]


def _defined_names(path: Path) -> Iterator[str]:
    """The names that a module defines at its top level, found without running it."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    yield part.id
