"""A student's cell, as an example of a misconception."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import CourseError
from autograder.results import clean
from autograder.submissions import grade_id, read_notebook, source_of

_MAX_CODE = 3_000


def answer_cell(root: Path, student: str, assignment: str, function: str) -> str:
    """A student's cell for a function, from the autograded notebook; "" if there is none.

    Args:
        root: The course folder.
        student: The student's id.
        assignment: The assignment's name.
        function: The function's name, which is the name of its cell.
    """
    if not is_folder_name(student):
        return ""
    path = root / "autograded" / student / assignment / f"{assignment}.ipynb"
    try:
        cells = read_notebook(path)["cells"]
    except CourseError:  # it was deleted, or is from another time
        return ""
    sources = (source_of(cell) for cell in cells if grade_id(cell) == function)
    return clean(next(sources, ""), _MAX_CODE)


def is_folder_name(student: str) -> bool:
    """Whether an id is the name of one folder, which a roster's need not be."""
    is_text = student == student.encode("utf-8", "ignore").decode("utf-8")
    return is_text and bool(student.strip(".")) and not set(student) & set("/\\\0")
