"""What the student's session tells: its shell, its notebook, and the cells that were run."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from autograder.course import Assignment, Course
from autograder.errors import CourseError
from autograder.submissions import (
    assignment_in_name,
    assignment_in_stem,
    normalized,
    normalized_text,
    read_notebook,
    solution_functions,
)


def shell() -> Any:
    """IPython's shell, or None in plain Python."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def is_kernel(session: Any) -> bool:
    """Whether a shell shows pages and pictures, as a notebook's does and a terminal's does not."""
    return getattr(session, "kernel", None) is not None


def nbgrader_runs() -> str:
    """What nbgrader runs this notebook for, "autograde" or "validate"; "" if a person runs it."""
    return os.environ.get("NBGRADER_EXECUTION", "")


def file_that_nbgrader_runs(course: Course, assignment: str, session: Any) -> Path | None:
    """The notebook that nbgrader runs in this session; None if a person runs it.

    nbgrader runs code cells in order, so it is the file in the working folder that begins with the
    cells that have run. None if there are several, such as a copy that differs further below.
    """
    if not nbgrader_runs():
        return None
    ran = [normalized(source) for source in session.history_manager.input_hist_raw[1:]]
    files = [
        path
        for path in sorted(Path().glob("*.ipynb"))
        if assignment_in_name(path.name, course.assignments) == assignment
        and _code(path)[: len(ran)] == ran
    ]
    return files[0] if len(files) == 1 else None


def _code(path: Path) -> list[str]:
    """A notebook's code cells that are not empty; none if it is not a notebook."""
    try:
        cells = read_notebook(path)["cells"]
    except CourseError:
        return []
    code = [normalized_text(cell) for cell in cells if cell["cell_type"] == "code"]
    return [text for text in code if text]


@contextlib.contextmanager
def kept_session() -> Iterator[None]:
    """Restore `__main__`, `check` and the import path, which running a file replaces."""
    package, main, path = sys.modules["autograder"], sys.modules["__main__"], [*sys.path]
    check = vars(package).get("check")
    try:
        yield
    finally:
        sys.modules["__main__"], sys.path[:] = main, path
        vars(package)["check"] = check


def current_assignment(course: Course, names: Mapping[str, Any]) -> Assignment | None:
    """The assignment that this session works on, or None if nothing tells.

    The notebook's name tells it, or its folder's. Elsewhere the functions that are defined tell it:
    those of one assignment must be more complete than those of any other.

    Args:
        course: The course.
        names: The session's names.
    """
    known = course.assignments
    from_paths = (assignment_in_name(path.name, known) for path in _paths(names))
    name = next(filter(None, from_paths), "") or assignment_in_stem(Path.cwd().name, known)
    return known.get(name or _by_functions(course, names))


def required_assignment(course: Course, names: Mapping[str, Any]) -> Assignment:
    """As `current_assignment`.

    Raises:
        CourseError: If nothing tells which assignment it is.
    """
    assignment = current_assignment(course, names)
    if assignment is None:
        raise CourseError(
            "check() cannot tell which assignment this is: neither the notebook's name nor its "
            "functions say so.",
            f'Name it, such as check("{next(iter(course.assignments))}").',
        )
    return assignment


def _paths(names: Mapping[str, Any]) -> Iterator[PurePath]:
    """What programs say about which file runs."""
    jupyter, vs_code = os.environ.get("JPY_SESSION_NAME"), names.get("__vsc_ipynb_file__")
    for path in (jupyter, vs_code, names.get("__file__")):
        if isinstance(path, str):
            yield PurePath(path)


def _by_functions(course: Course, names: Collection[str]) -> str:
    shares: dict[str, float] = {}
    for name in course.assignments:
        path = course.release_notebook(name)
        functions = solution_functions(read_notebook(path)) if path.is_file() else frozenset()
        shares[name] = sum(function in names for function in functions) / max(len(functions), 1)
    best = max(shares, key=lambda name: shares[name])
    is_alone = list(shares.values()).count(shares[best]) == 1
    return best if shares[best] and is_alone else ""
