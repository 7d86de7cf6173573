"""The grader of a TensorFlow course about why training changes weights.

`check` is for students, in their notebook. `grade` and `load_course` are for programs; docs/api.md
shows them. The `autograder` command is for people.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograder.errors import (
    AutograderError,
    CourseError,
    GradebookError,
    NoCourseError,
    SandboxError,
    SandboxUnavailableError,
    StoppedError,
    SubmissionError,
)
from autograder.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from autograder.course import (
        Assignment,
        AssignmentFolder,
        Course,
        Extension,
        LatePolicy,
        Limits,
        OnSubmit,
        PracticeSeeds,
        Seeds,
        load_course,
    )
    from autograder.grading import Options, Progress, grade
    from autograder.results import Grade, Outcome, SandboxRecord, TrainingSummary, Verdict
    from autograder.student import CheckFailed, check

__version__ = "0.2.0"
__all__ = [
    "Assignment",
    "AssignmentFolder",
    "AutograderError",
    "CheckFailed",
    "Course",
    "CourseError",
    "Extension",
    "Grade",
    "GradebookError",
    "LatePolicy",
    "Limits",
    "NoCourseError",
    "OnSubmit",
    "Options",
    "Outcome",
    "PracticeSeeds",
    "Progress",
    "SandboxError",
    "SandboxRecord",
    "SandboxUnavailableError",
    "Seeds",
    "StoppedError",
    "SubmissionError",
    "TrainingSummary",
    "Verdict",
    "check",
    "grade",
    "load_course",
]

_PACKAGES = {
    "Assignment": "course",
    "AssignmentFolder": "course",
    "CheckFailed": "student",
    "Course": "course",
    "Extension": "course",
    "Grade": "results",
    "LatePolicy": "course",
    "OnSubmit": "course",
    "Limits": "course",
    "Options": "grading",
    "Outcome": "results",
    "Progress": "grading",
    "SandboxRecord": "results",
    "PracticeSeeds": "course",
    "Seeds": "course",
    "TrainingSummary": "results",
    "Verdict": "results",
    "check": "student",
    "grade": "grading",
    "load_course": "course",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, and TensorFlow no sooner."""
    if name not in _PACKAGES:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    package = _PACKAGES[name]
    if package == "student":
        import_tensorflow()  # quietly; a notebook's first line says `from autograder import check`
    return getattr(import_module(f"autograder.{package}"), name)
