"""`check`: the grader's checks in the student's own notebook, with the practice seeds."""

from __future__ import annotations

import contextlib
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograder.course import Assignment, Course, student_course
from autograder.feedback import Answer, render_answers, render_answers_text
from autograder.results import Outcome
from autograder.student.self_check import self_check
from autograder.submissions import demonstration_names, read_notebook

_CHECK_CALL = re.compile(r"^\s*check\(.*\)\s*;?\s*$")
_cache: dict[str, tuple[str, tuple[Answer, ...]]] = {}
"""The latest answers by assignment, with a digest of the notebook's state."""


class CheckFailed(Exception):  # noqa: N818 - students read this name
    """A check did not pass; shown without a traceback, because the table explains it."""

    def _render_traceback_(self) -> list[str]:
        return [f"CheckFailed: {self}"]


def check(
    assignment: str, name: str | None = None, *, namespace: Mapping[str, Any] | None = None
) -> None:
    """Show whether your answers are right, and why not.

    Your functions are called in this process, with the practice seeds of `course.yml`. The model is
    trained once; further checks use the same training until another cell is run.

    Args:
        assignment: The assignment, such as "01-first-training".
        name: One check; default: all.
        namespace: Your functions by name; default: the notebook's own names.

    Raises:
        CheckFailed: If a check did not pass, so that nbgrader counts the cell as failed.
        CourseError: If the assignment or the check is not in `course.yml`.
    """
    course = student_course()
    rubric = course.assignment(assignment)
    names = rubric.checks_named(name)
    answers = [a for a in _answers(course, rubric, namespace) if a.verdict.name in names]
    _show(answers, rubric.title)
    failed = [a.verdict.name for a in answers if a.verdict.outcome is not Outcome.PASSED]
    if failed:
        raise CheckFailed(", ".join(failed))


def _answers(
    course: Course, rubric: Assignment, namespace: Mapping[str, Any] | None
) -> tuple[Answer, ...]:
    if namespace is not None:
        return self_check(course, rubric, namespace)
    state = _notebook_state()
    cached_state, cached_answers = _cache.get(rubric.name, (None, ()))
    if state is not None and state == cached_state:
        return cached_answers
    names = vars(sys.modules["__main__"])
    with _without_names(names, _demonstration_names(course, rubric)):
        answers = self_check(course, rubric, names)
    if state is not None:
        _cache[rubric.name] = (state, answers)
    return answers


def _demonstration_names(course: Course, rubric: Assignment) -> frozenset[str]:
    """Names that only demonstrations defined in this kernel; none outside IPython."""
    shell, path = _shell(), course.release_notebook(rubric.name)
    if shell is None or not path.is_file():
        return frozenset()
    return demonstration_names(read_notebook(path), shell.history_manager.input_hist_raw)


@contextlib.contextmanager
def _without_names(namespace: dict[str, Any], names: Iterable[str]) -> Iterator[None]:
    """Remove names from a namespace for the block, as grading does not have them either."""
    removed = {name: namespace.pop(name) for name in names if name in namespace}
    try:
        yield
    finally:
        namespace.update(removed)


def _notebook_state() -> str | None:
    """A digest of all cells that were run, except calls of `check`; None outside IPython."""
    shell = _shell()
    if shell is None:
        return None
    cells = [source for source in shell.history_manager.input_hist_raw if not _is_check(source)]
    return hashlib.sha256("\0".join(cells).encode("utf-8", "replace")).hexdigest()


def _is_check(source: str) -> bool:
    return all(_CHECK_CALL.match(line) for line in source.splitlines() if line.strip())


def _show(answers: Sequence[Answer], title: str) -> None:
    text = render_answers_text(answers)
    if _shell() is None:
        sys.stdout.write(text + "\n")
        return
    from IPython.display import display  # noqa: PLC0415 - only if there is IPython

    display({"text/html": render_answers(answers, title), "text/plain": text}, raw=True)


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
