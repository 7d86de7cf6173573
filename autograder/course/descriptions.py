"""What an assignment's author says about each check: its title, and what it expects."""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
from collections.abc import Iterable, Mapping

from autograder.course.folder import AssignmentFolder
from autograder.course.python_source import parse_python
from autograder.results import Verdict

_FILES_KEPT = 16


@dataclasses.dataclass(frozen=True)
class CheckDescription:
    """The docstring of a check.

    Attributes:
        title: Its first line, without the period: "The loss fits the labels".
        goal: Its second paragraph: what the check expects, as a sentence; "" if there is none.
    """

    title: str = ""
    goal: str = ""


def describe_checks(folder: AssignmentFolder) -> dict[str, CheckDescription]:
    """Read the descriptions of an assignment's checks.

    Args:
        folder: The assignment's folder.

    Returns:
        The description of each test in `grading/checks.py`, by the check's name; empty if the file
        cannot be read, which running the checks reports.
    """
    try:
        return dict(_described(folder.checks.read_text("utf-8")))
    except (OSError, SyntaxError, ValueError):
        return {}


@functools.lru_cache(maxsize=_FILES_KEPT)
def _described(source: str) -> Mapping[str, CheckDescription]:
    """The descriptions in a check file, which a class asks for with each submission."""
    tree = parse_python(source)
    return {
        node.name.removeprefix("test_"): _describe(ast.get_docstring(node, clean=False) or "")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def with_titles(verdicts: Iterable[Verdict], folder: AssignmentFolder) -> tuple[Verdict, ...]:
    """The same verdicts, with the titles of their checks where they have none."""
    verdicts = tuple(verdicts)
    if all(verdict.title for verdict in verdicts):
        return verdicts
    descriptions = describe_checks(folder)
    return tuple(
        verdict
        if verdict.title or verdict.name not in descriptions
        else verdict.model_copy(update={"title": descriptions[verdict.name].title})
        for verdict in verdicts
    )


def _describe(docstring: str) -> CheckDescription:
    title, _, rest = inspect.cleandoc(docstring).partition("\n")
    goal = rest.strip("\n").partition("\n\n")[0]
    return CheckDescription(title.strip().removesuffix("."), " ".join(goal.split()))
