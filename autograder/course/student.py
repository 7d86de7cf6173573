"""Find the course that a student works on."""

from __future__ import annotations

from pathlib import Path

from autograder.course.load import FILE_NAME, load_course
from autograder.course.models import Course

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
