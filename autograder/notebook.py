"""`check`, for students: the grader's checks in their own notebook, with the practice seeds."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from typing import Any

from autograder.checks.plugin import run_checks
from autograder.course import Assignment, load_course
from autograder.errors import CourseError
from autograder.exercises import load_exercise
from autograder.exercises.student import Student
from autograder.feedback import render_card, render_text
from autograder.results import Outcome, Verdict
from autograder.sandbox import wire
from autograder.training import training_run

_CHECK_CALL = re.compile(r"^\s*check\(.*\)\s*;?\s*$")
_last: dict[str, tuple[str, tuple[Verdict, ...]]] = {}


class CheckFailed(Exception):  # noqa: N818 - students read this name
    """A check did not pass; shown without a traceback, since the card says it all."""

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
    rubric = load_course(_course_file()).assignment(assignment)
    if name is not None and name not in rubric.checks:
        raise CourseError(
            f"{assignment} has no check {name!r}.", f"It has: {', '.join(rubric.checks)}."
        )
    verdicts = [v for v in _verdicts(rubric, namespace) if name in (None, v.name)]
    for verdict in verdicts:
        _show(verdict)
    wrong = [verdict for verdict in verdicts if verdict.outcome is not Outcome.PASSED]
    if wrong:
        raise CheckFailed(", ".join(verdict.name for verdict in wrong))


def _verdicts(rubric: Assignment, namespace: Any) -> tuple[Verdict, ...]:
    state = None if namespace is not None else _state_of_notebook()
    known = _last.get(rubric.name)
    if state is not None and known is not None and known[0] == state:
        return known[1]
    names = namespace if namespace is not None else vars(sys.modules["__main__"])
    exercise = load_exercise(rubric.name)
    course = load_course(_course_file())
    given, held_out = exercise.prepare(course.practice_seeds)
    student = Student(names)
    reply = {
        "observed": exercise.perform(student, given).model_dump(),
        "troubles": {step: t.model_dump() for step, t in student.troubles.items()},
        "cells": {},
    }
    run = training_run(
        exercise,
        given,
        held_out,
        wire.decode(wire.encode(reply)),
        untouched=None,
        thresholds=rubric.thresholds,
        limits=course.limits,
    )
    found: list[tuple[Verdict, ...]] = []
    run_checks(rubric, [run], found.append)
    if state is not None:
        _last[rubric.name] = (state, found[0])
    return found[0]


def _state_of_notebook() -> str | None:
    """A digest of every cell that was run, calls of `check` left out; None outside IPython."""
    shell = _shell()
    if shell is None:
        return None
    cells = [source for source in shell.history_manager.input_hist_raw if not _only_checks(source)]
    return hashlib.sha256("\0".join(cells).encode("utf-8", "replace")).hexdigest()


def _only_checks(source: str) -> bool:
    return all(_CHECK_CALL.match(line) for line in source.splitlines() if line.strip())


def _show(verdict: Verdict) -> None:
    shell = _shell()
    if shell is None:
        sys.stdout.write(render_text(verdict) + "\n")
        return
    from IPython.display import display  # noqa: PLC0415 - only where there is IPython

    display(
        {"text/html": render_card(verdict), "text/plain": render_text(verdict)},
        raw=True,
    )


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _course_file() -> Path | None:
    """course.yml above the working folder; else the one beside this package."""
    beside = Path(__file__).parents[1] / "course.yml"
    here = Path.cwd()
    if any((folder / "course.yml").is_file() for folder in (here, *here.parents)):
        return None
    return beside if beside.is_file() else None
