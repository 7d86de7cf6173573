"""The grader of a TensorFlow course about why training changes weights.

`check` is for students, in their notebook; `load_course` and `grade` are for programs; the
`autograder` command is for people.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograder.errors import (
    AutograderError,
    CourseError,
    GradebookError,
    SandboxError,
    SandboxUnavailableError,
    SubmissionError,
    WireError,
)
from autograder.quiet import import_tensorflow

if TYPE_CHECKING:
    from autograder.batch import grade_class as grade
    from autograder.course import load_course
    from autograder.notebook import check
    from autograder.results import Grade

__version__ = "0.1.0"
__all__ = [
    "AutograderError",
    "CourseError",
    "Grade",
    "GradebookError",
    "SandboxError",
    "SandboxUnavailableError",
    "SubmissionError",
    "WireError",
    "check",
    "grade",
    "load_course",
]

_HOMES = {
    "Grade": ("results", "Grade"),
    "check": ("notebook", "check"),
    "grade": ("batch", "grade_class"),
    "load_course": ("course", "load_course"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, and TensorFlow no sooner."""
    if name not in _HOMES:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    if name == "check":
        import_tensorflow()  # quietly; a notebook's first line says `from autograder import check`
    module, attribute = _HOMES[name]
    return getattr(import_module(f"autograder.{module}"), attribute)
