"""What a report quotes besides the Grade: the student's cells, and what each check expects."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from autograder.course import AssignmentFolder, Course, describe_checks
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
    folder = course.folder(assignment)
    try:
        changed = folder.checks.stat().st_mtime_ns
    except OSError:
        changed = 0
    path = course.root / "autograded" / student / assignment / f"{assignment}.ipynb"
    return Quoted(cells=_solution_cells(path), goals=_goals(folder.path, changed))


def _solution_cells(path: Path) -> dict[str, str]:
    try:
        notebook = read_notebook(path)
    except CourseError:  # there is none, or somebody damaged it
        return {}
    return {grade_id(cell): source_of(cell) for cell in notebook["cells"] if is_solution(cell)}


@functools.lru_cache(maxsize=16)
def _goals(folder: Path, _changed: int) -> Mapping[str, str]:
    """What each check expects, read once for a whole class unless the checks change."""
    descriptions = describe_checks(AssignmentFolder(folder))
    return {name: description.goal for name, description in descriptions.items()}
