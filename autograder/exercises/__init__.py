"""What the grader asks of a submission: one module an assignment, `exercise_NAME.py`.

Each module has two halves. `prepare(seeds, practice)` runs in the trusted process: it draws the
data and the initial weights. `perform(student, given)` runs beside the student's code, in the
sandbox or in the student's own notebook: it calls the stubs and writes down what it sees. What it
sees is evidence, never a score.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from autograder.errors import CourseError


def module_suffix(assignment: str) -> str:
    """The Python spelling of an assignment's name: "01-first-training" → "01_first_training"."""
    return assignment.replace("-", "_")


def load_exercise(assignment: str) -> ModuleType:
    """Import the exercise of an assignment.

    Args:
        assignment: The assignment's name, as in `course.yml`.

    Returns:
        The module, with `prepare`, `perform` and `Observed`.

    Raises:
        CourseError: If there is no such module.
    """
    name = f"{__name__}.exercise_{module_suffix(assignment)}"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise CourseError(
            f"course.yml lists {assignment}, but it has no exercise: "
            f"autograder/exercises/exercise_{module_suffix(assignment)}.py is missing.",
            "Write it after the pattern of the others, or mend the name in course.yml.",
        ) from None
