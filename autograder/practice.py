"""An assignment's checks in the student's own process, with the practice seeds.

Nothing here is a mark: marks come from the grading run, behind walls and with seeds of its own.
"""

from __future__ import annotations

import ast
import contextlib
import linecache
import re
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.checks.plugin import check_file, run_checks
from autograder.course import Assignment, Course
from autograder.errors import SubmissionError
from autograder.exercises import load_exercise
from autograder.exercises.student import (
    SCRIPT,
    Cell,
    Student,
    Trouble,
    cell_filename,
    describe,
    run_cells,
)
from autograder.feedback.answers import Answer
from autograder.results import Verdict
from autograder.sandbox import child, wire
from autograder.submissions.files import read_once
from autograder.submissions.merging import cells_to_run
from autograder.submissions.notebooks import parse, text_of
from autograder.training import training_run

_OWN_CODE = re.compile(r"<cell .*>|.*ipykernel_\d+.*|<ipython-input.*")
"""File names under which the grader, Jupyter and IPython compile cells."""
_SAVE = "Save the notebook in JupyterLab and try again."
_RAISED = re.compile(r"(?:Not reached: )?(\w+) raised ")
"""How a check's message begins if one of the student's functions raised."""


def practise(
    course: Course,
    assignment: Assignment,
    namespace: Mapping[str, Any],
    cells: Mapping[str, Trouble] | None = None,
) -> tuple[Answer, ...]:
    """Call the student's functions, and run every check on what they did.

    Args:
        course: The course.
        assignment: The assignment.
        namespace: Where the student's functions are.
        cells: Exceptions that the notebook's cells raised, by cell.

    Returns:
        One answer a check, in the rubric's order.
    """
    exercise = load_exercise(assignment.name)
    given, held_out = exercise.prepare(course.practice_seeds)
    student = _WatchedStudent(namespace)
    reply = {
        "observed": exercise.perform(student, given).model_dump(),
        "troubles": {step: trouble.model_dump() for step, trouble in student.troubles.items()},
        "cells": {name: trouble.model_dump() for name, trouble in (cells or {}).items()},
    }
    run = training_run(
        exercise,
        given,
        held_out,
        wire.decode(wire.encode(reply)),
        untouched=None,
        thresholds=assignment.thresholds,
        limits=course.limits,
    )
    found: list[tuple[Verdict, ...]] = []
    run_checks(assignment, [run], found.append)
    wanted = goals(assignment.name)
    return tuple(
        Answer(verdict, wanted[verdict.name], _traceback_of(verdict, student.tracebacks))
        for verdict in found[0]
    )


def practise_file(course: Course, assignment: Assignment, path: Path) -> tuple[Answer, ...]:
    """Run a notebook's or Python file's cells in this process, as grading does, and check them.

    Args:
        course: The course.
        assignment: The assignment.
        path: The file.

    Returns:
        As `practise`.

    Raises:
        SubmissionError: If it cannot be read.
    """
    cells = _cells_of(path)
    for cell in cells:  # so that tracebacks can show their lines
        name, lines = cell_filename(cell.name), cell.source.splitlines(keepends=True)
        linecache.cache[name] = len(cell.source), None, lines, name
    namespace = child.notebook_namespace()
    troubles = run_cells(cells, namespace, child.compile_cell)
    return practise(course, assignment, namespace, troubles)


def _cells_of(path: Path) -> list[Cell]:
    try:
        data = read_once(path)
        if path.suffix == ".py":
            return [Cell(name=SCRIPT, source=text_of(data))]
        return list(cells_to_run(parse(data)))
    except SubmissionError as error:
        raise SubmissionError(f"{path}: {error.message}", _SAVE) from error


def goals(assignment: str) -> dict[str, str]:
    """What each check of an assignment wants: the first sentence of its docstring."""
    tree = ast.parse(check_file(assignment).read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {
        function.name.removeprefix("test_"): (ast.get_docstring(function) or "").partition("\n")[0]
        for function in functions
        if function.name.startswith("test_")
    }


class _WatchedStudent(Student):
    """A student whose exceptions are kept as tracebacks too, by step."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        super().__init__(namespace)
        self.tracebacks: dict[str, str] = {}

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """As `Student.step`."""
        with super().step(name):
            try:
                yield
            except BaseException as error:
                self.tracebacks[name] = own_traceback(error)
                raise


def own_traceback(error: BaseException) -> str:
    """A traceback with the lines of the student's own code, and what was raised; no others."""
    lines = []
    for frame, number in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if _OWN_CODE.fullmatch(code.co_filename):
            place = "the cell" if code.co_name == "<module>" else code.co_name
            source = linecache.getline(code.co_filename, number, frame.f_globals).strip()
            lines += [f"In {place}, line {number}:", *([f"    {source}"] if source else [])]
    trouble = describe(error)
    said = f"{trouble.kind}: {trouble.message}" if trouble.message else trouble.kind
    return "\n".join([*lines, said])


def _traceback_of(verdict: Verdict, tracebacks: Mapping[str, str]) -> str:
    """The traceback that a verdict is about, or ""."""
    raised = _RAISED.match(verdict.message)
    return tracebacks.get(raised[1], "") if raised else ""
