"""Read `extensions.yml`: a list of extensions, or everything that is wrong with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.course.document import Document, is_blank, read_document
from autograder.course.explain import explain
from autograder.course.late_policy import Extension
from autograder.course.problems import Problem, closest_match, course_error, printable

EXTENSIONS_FILE = "extensions.yml"
_ENTRIES = TypeAdapter(list[Extension])
_TIP = (
    'Write entries such as: - {student: ada, assignment: 01-first-training, days: 3, reason: "ill"}'
)
_LENGTHS = '"due", "days" or "hours"'


def read_extensions(path: Path, assignments: Collection[str]) -> tuple[Extension, ...]:
    """Read the extensions.

    Args:
        path: The file; if it does not exist, there are no extensions.
        assignments: The course's assignments.

    Raises:
        CourseError: If the file is invalid. The message lists every problem with its line.
    """
    if not path.exists() or is_blank(path):
        return ()
    document = read_document(path)
    problems, extensions = list(document.problems), list[Extension]()
    try:
        extensions = _ENTRIES.validate_python(document.data)
    except ValidationError as error:
        problems += explain(error, document, _ENTRIES.json_schema())
    else:
        problems += _contradictions(extensions, document, assignments)
    if problems:
        if not any(problem.tip for problem in problems):
            problems[0] = dataclasses.replace(problems[0], tip=_TIP)
        raise course_error(path, problems)
    return tuple(extensions)


def _contradictions(
    extensions: list[Extension], document: Document, assignments: Collection[str]
) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for number, extension in enumerate(extensions):
        place, line = (number,), document.line((number,))
        if extension.due is None and extension.days is None and extension.hours is None:
            yield Problem(f"has no new due date; expected one of {_LENGTHS}", line, place)
        if extension.assignment not in assignments:
            meant = closest_match(extension.assignment, assignments, cutoff=0) or ""
            yield Problem(
                f'found "{printable(extension.assignment)}", which is not an assignment of the '
                f'course; did you mean "{meant}"?',
                document.line((number, "assignment")),
                (number, "assignment"),
            )
        key = (extension.student, extension.assignment)
        if key in first:
            yield Problem(
                f"is a second extension of {printable(key[1])} for {printable(key[0])}, after that "
                f"on line {first[key]}; expected one",
                line,
                place,
                "Delete the one that does not count.",
            )
        first.setdefault(key, line)
