"""Find `course.yml`, and load it as a Course or report everything that is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from autograder.course.document import Document, read_document
from autograder.course.explain import explain
from autograder.course.extensions import EXTENSIONS_FILE, read_extensions
from autograder.course.models import Assignment, Course, CourseFile
from autograder.course.problems import course_error
from autograder.course.schema import course_schema
from autograder.errors import CourseError, NoCourseError

FILE_NAME = "course.yml"


def load_course(start: Path | str | None = None) -> Course:
    """Read the course.

    Args:
        start: A course file or a folder. In a folder `course.yml` is looked for there, then in
            each folder above, as git looks for its repository. Default: the current folder.

    Returns:
        The course.

    Raises:
        NoCourseError: If there is no course file.
        CourseError: If it, or `extensions.yml` beside it, is invalid. The message lists every
            problem with its line.
    """
    path = _find(Path() if start is None else Path(start))
    document = read_document(path)
    file = _validate(path, document)
    assignments = {
        name: Assignment(name=name, **dict(entry)) for name, entry in file.assignments.items()
    }
    return Course(
        **{**dict(file), "assignments": assignments},
        root=path.parent,
        sha256=document.sha256,
        extensions=read_extensions(path.with_name(EXTENSIONS_FILE), assignments),
    )


def _find(start: Path) -> Path:
    """The course file's path; its folder is resolved."""
    try:
        if not start.exists():
            raise CourseError(f"{start} does not exist.", "Name a course file or its folder.")
        if not start.is_dir():
            return start.parent.resolve() / start.name
        folder = start.resolve()
    except (OSError, RuntimeError) as error:
        raise CourseError(
            f"{start} cannot be searched for {FILE_NAME}: {error}.",
            "Name a folder that you can read.",
        ) from error
    for candidate in (folder, *folder.parents):
        # A dangling link is probably meant to be the course file.
        if os.path.lexists(candidate / FILE_NAME):
            return candidate / FILE_NAME
    raise NoCourseError(
        f"There is no {FILE_NAME} in {folder} or in any folder above it.",
        f"Change to the course folder, the one that contains {FILE_NAME}.",
    )


def _validate(path: Path, document: Document) -> CourseFile:
    problems = list(document.problems)
    try:
        file = CourseFile.model_validate(document.data)
    except ValidationError as error:
        problems += explain(error, document, course_schema())
    if problems:
        raise course_error(path, problems)
    return file
