"""What a report quotes besides the Grade: the student's cells, and what each check expects."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course, describe_checks
from autograder.errors import CourseError
from autograder.feedback import Quoted
from autograder.submissions import grade_id, is_solution, read_notebook, source_of


def quoted_in(course: Course, student: str, assignment: str) -> Quoted:
    """What the report of a submission quotes.

    Args:
        course: The course.
        student: The student's id.
        assignment: The assignment's name.

    Returns:
        The solution cells of the autograded notebook, which may be missing, and the goals of the
        checks.
    """
    path = course.root / "autograded" / student / assignment / f"{assignment}.ipynb"
    descriptions = describe_checks(course.folder(assignment))
    goals = {name: description.goal for name, description in descriptions.items()}
    return Quoted(cells=_solution_cells(path), goals=goals)


def _solution_cells(path: Path) -> dict[str, str]:
    try:
        notebook = read_notebook(path)
    except CourseError:  # there is none, or somebody damaged it
        return {}
    return {grade_id(cell): source_of(cell) for cell in notebook["cells"] if is_solution(cell)}
