"""`check`: the grader's checks in the student's own notebook, with the practice seeds."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograder.course import Assignment, Course, closest_match, student_course
from autograder.feedback import Answer, render_answers, render_answers_text
from autograder.results import Outcome
from autograder.student.kernel import (
    current_assignment,
    file_that_nbgrader_runs,
    is_kernel,
    kept_session,
    nbgrader_runs,
    required_assignment,
    shell,
)
from autograder.student.self_check import self_check, self_check_file
from autograder.student.waiting import show_what_waits
from autograder.submissions import (
    Notebook,
    demonstration_names,
    read_notebook,
    without_demonstrations,
)

_CHECK_CALL = re.compile(r"^\s*check\(.*\)\s*;?\s*$")


class CheckFailed(Exception):  # noqa: N818 - students read this name
    """A check did not pass while nbgrader ran the notebook, so that the cell gets no points.

    Args:
        message: What a notebook shows of it, in place of a traceback.
    """

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


@dataclasses.dataclass(frozen=True)
class _Result:
    """What the checks of one assignment said.

    Attributes:
        answers: One per check.
        printed: What the student's functions printed meanwhile.
    """

    answers: tuple[Answer, ...]
    printed: str = ""


_cache: dict[str, tuple[str, _Result]] = {}
"""The latest result by assignment, with a digest of the cells that ran before it."""


def check(
    assignment: str | None = None,
    name: str | None = None,
    *,
    namespace: Mapping[str, Any] | None = None,
) -> None:
    """Show whether your answers are right, and why not.

    Your functions are called in this process, with the practice seeds of `course.yml`. Further
    checks use the same training until another of your cells is run. While nbgrader runs a notebook,
    its file is checked, as in grading.

    Args:
        assignment: The assignment, such as "01-first-training"; default: this notebook's.
        name: One check; default: all. `check("loss_goes_down")` names a check of this notebook.
        namespace: Your functions by name; default: the notebook's own names.

    Raises:
        CheckFailed: If a check did not pass and nbgrader runs the notebook, which gives no points
            to a cell that raises.
        CourseError: If the assignment or the check is not in `course.yml`.
    """
    course = student_course()
    names = vars(sys.modules["__main__"]) if namespace is None else namespace
    rubric, name = _asked_for(course, assignment, name, names)
    selected = rubric.checks_named(name)
    session = shell() if namespace is None else None
    result = (
        _Result(self_check(course, rubric, names))
        if session is None
        else _result_in(session, course, rubric)
    )
    answers = [answer for answer in result.answers if answer.verdict.name in selected]
    _show(answers, rubric.title, result.printed)
    failed = [answer for answer in answers if answer.verdict.outcome is not Outcome.PASSED]
    if failed and nbgrader_runs():
        raise CheckFailed(render_answers_text(failed))


def _asked_for(
    course: Course, assignment: str | None, name: str | None, names: Mapping[str, Any]
) -> tuple[Assignment, str | None]:
    """The assignment, and the check or None for all."""
    if assignment is None:
        return required_assignment(course, names), name
    if assignment not in course.assignments and name is None:
        current = current_assignment(course, names)
        if current is not None and closest_match(assignment, current.checks):
            return current, assignment
    return course.assignment(assignment), name


def _result_in(session: Any, course: Course, rubric: Assignment) -> _Result:
    """The result for the cells that a session has run; the latest one if no further cell has."""
    path = course.release_notebook(rubric.name)
    release: Notebook = read_notebook(path) if path.is_file() else {"cells": []}
    file = file_that_nbgrader_runs(course, rubric.name, session)
    state = _state(release, session) if file is None else str(file)
    cached_state, cached = _cache.get(rubric.name, ("", _Result(())))
    if state == cached_state:
        return dataclasses.replace(cached, printed="")
    with _captured(session) as printed:
        if file is None:
            answers = _answers(course, rubric, release, session)
        else:  # a check must not depend on where it stands: functions below it do not exist yet
            with kept_session():
                answers = self_check_file(course, rubric, file)
    result = _Result(answers, "".join(printed))
    _cache[rubric.name] = state, result
    return result


def _answers(
    course: Course, rubric: Assignment, release: Notebook, session: Any
) -> tuple[Answer, ...]:
    sources = session.history_manager.input_hist_raw
    demonstrated = demonstration_names(release, sources)  # grading does not have them either
    with _without_names(session.user_ns, demonstrated):
        return self_check(course, rubric, session.user_ns)


def _state(release: Notebook, session: Any) -> str:
    """A digest of the student's own cells that ran, except calls of `check`."""
    sources = without_demonstrations(release, session.history_manager.input_hist_raw)
    cells = [source for source in sources if not _is_check(source)]
    return hashlib.sha256("\0".join(cells).encode("utf-8", "replace")).hexdigest()


@contextlib.contextmanager
def _captured(session: Any) -> Iterator[list[str]]:
    """Collect what is printed in a notebook, and drop what is displayed; a terminal shows it."""
    printed: list[str] = []
    if not is_kernel(session):
        yield printed
        return
    from IPython.utils.capture import capture_output  # noqa: PLC0415 - only if there is IPython

    with capture_output() as captured:
        yield printed
    printed += [captured.stdout, captured.stderr]


@contextlib.contextmanager
def _without_names(namespace: dict[str, Any], names: Iterable[str]) -> Iterator[None]:
    """Remove names from a namespace for the block."""
    removed = {name: namespace.pop(name) for name in names if name in namespace}
    try:
        yield
    finally:
        namespace.update(removed)


def _is_check(source: str) -> bool:
    return all(_CHECK_CALL.match(line) for line in source.splitlines() if line.strip())


def _show(answers: Sequence[Answer], title: str, printed: str) -> None:
    text = render_answers_text(answers)
    if shell() is None:
        sys.stdout.write(text + "\n")
        return
    from IPython.display import display  # noqa: PLC0415 - only if there is IPython

    html = render_answers(answers, title, printed)
    display({"text/html": html, "text/plain": text}, raw=True)


if (_session := shell()) is not None:
    show_what_waits(_session)
