"""Find the course that a student works on, and hand out its files."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from autograder.course.load import FILE_NAME, load_course
from autograder.course.models import Course
from autograder.errors import CourseError

BUNDLED = Path(__file__).with_name("bundled")
"""Where the student's package has the course: rubric, exercises, checks and public data."""
_CLONE = Path(__file__).parents[2]


def student_course() -> Course:
    """Find the course that a student works on.

    This is the course around the working folder if it has its assignments (an instructor's);
    otherwise the one in the student's package; otherwise the clone that this package runs from.

    Raises:
        NoCourseError: If there is none of them.
        CourseError: If its `course.yml` is invalid.
    """
    here = Path.cwd()
    root = next((f for f in (here, *here.parents) if (f / FILE_NAME).is_file()), None)
    if root is None or not (root / "solutions").is_dir():
        for folder in (BUNDLED, _CLONE):
            if (folder / FILE_NAME).is_file():
                return load_course(folder)
    return load_course(root)


@dataclasses.dataclass(frozen=True)
class Fetched:
    """What became of an assignment's released files.

    Attributes:
        written: Files that did not exist and were written.
        kept: Files that existed, differ from the released ones, and were left as they are.
    """

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def fetch_assignment(course: Course, assignment: str, folder: Path) -> Fetched:
    """Copy an assignment's released files into a folder; never replace a file.

    Args:
        course: The course.
        assignment: The assignment.
        folder: Takes the notebook, and the modules and data that it uses.

    Raises:
        CourseError: If the assignment has not been released.
    """
    notebook = course.release_notebook(assignment)
    if not notebook.is_file():
        raise CourseError(
            f"{assignment} has not been released.", "Install your instructor's newest package."
        )
    released = {notebook.name: notebook.read_bytes(), **course.folder(assignment).released_files()}
    written, kept = [], []
    for name, data in released.items():
        path = folder / name
        if _write_new(path, data):
            written.append(path)
        elif path.read_bytes() != data:
            kept.append(path)
    return Fetched(tuple(written), tuple(kept))


def _write_new(path: Path, data: bytes) -> bool:
    """Write a file whole, unless it exists; returns whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(data)
    except BaseException:
        path.unlink()
        raise
    return True
