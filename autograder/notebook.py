"""`check`, for students: the grader's checks in their own notebook, with the practice seeds."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Sequence
from typing import Any

from autograder.course import Assignment, Course, course_file, load_course
from autograder.feedback.answers import Answer, render_answers, render_answers_text
from autograder.practice import practise
from autograder.results import Outcome

_CHECK_CALL = re.compile(r"^\s*check\(.*\)\s*;?\s*$")
_last: dict[str, tuple[str, tuple[Answer, ...]]] = {}


class CheckFailed(Exception):  # noqa: N818 - students read this name
    """A check did not pass; shown without a traceback, since the table says it all."""

    def _render_traceback_(self) -> list[str]:
        return [f"CheckFailed: {self}"]


def check(assignment: str, name: str | None = None, *, namespace: Any = None) -> None:
    """Say whether the answer is right, and why not.

    The stubs are called in this process, with the practice seeds of `course.yml`. The model is
    trained once; further checks use the same training until another cell has been run.

    Args:
        assignment: The assignment, such as "01-first-training".
        name: One check; None shows all.
        namespace: Where the stubs are; the notebook's own names unless told.

    Raises:
        CheckFailed: If a check did not pass, so that nbgrader counts it as such.
        CourseError: If the assignment or the check is not in `course.yml`.
    """
    course = load_course(course_file())
    rubric = course.assignment(assignment)
    names = rubric.checks_named(name)
    answers = [a for a in _answers(course, rubric, namespace) if a.verdict.name in names]
    _show(answers, rubric.title)
    wrong = [a.verdict.name for a in answers if a.verdict.outcome is not Outcome.PASSED]
    if wrong:
        raise CheckFailed(", ".join(wrong))


def _answers(course: Course, rubric: Assignment, namespace: Any) -> tuple[Answer, ...]:
    state = None if namespace is not None else _state_of_notebook()
    known = _last.get(rubric.name)
    if state is not None and known is not None and known[0] == state:
        return known[1]
    names = namespace if namespace is not None else vars(sys.modules["__main__"])
    answers = practise(course, rubric, names)
    if state is not None:
        _last[rubric.name] = (state, answers)
    return answers


def _state_of_notebook() -> str | None:
    """A digest of every cell that was run, calls of `check` left out; None outside IPython."""
    shell = _shell()
    if shell is None:
        return None
    cells = [source for source in shell.history_manager.input_hist_raw if not _only_checks(source)]
    return hashlib.sha256("\0".join(cells).encode("utf-8", "replace")).hexdigest()


def _only_checks(source: str) -> bool:
    return all(_CHECK_CALL.match(line) for line in source.splitlines() if line.strip())


def _show(answers: Sequence[Answer], title: str) -> None:
    text = render_answers_text(answers)
    if _shell() is None:
        sys.stdout.write(text + "\n")
        return
    from IPython.display import display  # noqa: PLC0415 - only where there is IPython

    display({"text/html": render_answers(answers, title), "text/plain": text}, raw=True)


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
