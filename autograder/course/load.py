"""Find `course.yml` and make a Course of it, or say all that is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from autograder.course.document import Document, read_document
from autograder.course.explain import explain
from autograder.course.models import Assignment, Course, CourseFile
from autograder.course.problems import course_error
from autograder.course.schema import course_schema
from autograder.errors import CourseError, NoCourseError

FILE_NAME = "course.yml"


def load_course(start: Path | None = None) -> Course:
    """Read the course.

    Args:
        start: A course file, or a folder: `course.yml` is looked for there, then in each folder
            above, as git looks for its repository. None is the current folder.

    Returns:
        The course.

    Raises:
        NoCourseError: If there is no course file.
        CourseError: If anything is wrong with it. The message lists every problem with its line.
    """
    path = _find(Path() if start is None else start)
    document = read_document(path)
    file = _validated(path, document)
    assignments = {
        name: Assignment(name=name, **dict(entry)) for name, entry in file.assignments.items()
    }
    return Course(
        **{**dict(file), "assignments": assignments},
        root=path.parent,
        sha256=document.sha256,
    )


def course_file() -> Path | None:
    """For students: None if `course.yml` is above the working folder; else the package's own."""
    beside = Path(__file__).parents[2] / FILE_NAME
    here = Path.cwd()
    if any((folder / FILE_NAME).is_file() for folder in (here, *here.parents)):
        return None
    return beside if beside.is_file() else None


def _find(start: Path) -> Path:
    """The course file's path, its folder free of links and dots."""
    try:
        if not start.exists():
            raise CourseError(f"{start} does not exist.", "Name a course file, or its folder.")
        if not start.is_dir():
            return start.parent.resolve() / start.name
        folder = start.resolve()
    except (OSError, RuntimeError) as error:
        raise CourseError(
            f"{start} cannot be searched for {FILE_NAME}: {error}.",
            "Name a folder that you may read.",
        ) from error
    for candidate in (folder, *folder.parents):
        # A dangling link is the course file that somebody meant.
        if os.path.lexists(candidate / FILE_NAME):
            return candidate / FILE_NAME
    raise NoCourseError(
        f"There is no {FILE_NAME} in {folder}, nor in any folder above it.",
        f"Go to the folder of the course, the one that holds {FILE_NAME}.",
    )


def _validated(path: Path, document: Document) -> CourseFile:
    problems = list(document.problems)
    try:
        file = CourseFile.model_validate(document.data)
    except ValidationError as error:
        problems += explain(error, document, course_schema())
    if problems:
        raise course_error(path, problems)
    return file
