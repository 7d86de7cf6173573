"""The README of the student's package, and the first cell of a notebook in Colab and VS Code."""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course import Course


def render_readme(course: Course, assignments: Iterable[str], wheel: str) -> bytes:
    """Write the README.

    Args:
        course: The course.
        assignments: The released assignments, at least one.
        wheel: The wheel's file name.

    Returns:
        Markdown in UTF-8.
    """
    rubrics = [course.assignment(name) for name in assignments]
    text = (
        _environment()
        .get_template("README.md.j2")
        .render(
            title=course.title,
            assignments=rubrics,
            wheel=wheel,
            cell=first_cell(rubrics[0].name).rstrip(),
        )
    )
    return text.encode()


def first_cell(assignment: str) -> str:
    """A cell that installs the checks in Colab and VS Code, and does nothing where they are.

    Args:
        assignment: The assignment of the notebook.

    Returns:
        Python code. It fetches the notebook's data, and says whether to restart the kernel.
    """
    return _environment().get_template("first_cell.py.j2").render(assignment=assignment)


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("autograder.authoring.student_package"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown and Python
    )
