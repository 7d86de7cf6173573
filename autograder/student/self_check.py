"""An assignment's checks in the student's own process, with the practice seeds.

Nothing here is a mark: marks come from the grading run, in the sandbox and with its own seeds.
"""

from __future__ import annotations

import contextlib
import linecache
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.checks import (
    GradedModel,
    predicted_model,
    prediction_request,
    read_evidence,
    run_checks,
    training_run,
)
from autograder.course import Assignment, Course, describe_checks
from autograder.errors import ArchitectureError, MachineError, SubmissionError
from autograder.exercises import (
    Guard,
    Observation,
    Student,
    StudentError,
    cell_filename,
    describe,
    load_exercise,
    notebook_namespace,
    predict,
    run_cells,
)
from autograder.feedback import Answer
from autograder.results import Verdict
from autograder.submissions import (
    Cell,
    Notebook,
    cells_to_run,
    decode_text,
    parse_notebook,
    place_cells,
    read_notebook,
    read_regular_file,
    script_cells,
    untouched_cells,
)
from autograder.wire import decode, encode

_OWN_CODE = re.compile(r"<cell .*>|.*ipykernel_\d+.*|.*ipython-input.*")
"""File names of cells that the grader, Jupyter, Colab and IPython compile."""
_SAVE = "Save the notebook in JupyterLab and try again."
_RAISED = re.compile(r"(?:Not reached: )?`?(\w+)`? raised ")
"""The beginning of a check's message if one of the student's functions raised an exception."""


def self_check(
    course: Course,
    assignment: Assignment,
    namespace: Mapping[str, Any],
    cell_errors: Mapping[str, StudentError] | None = None,
    untouched: frozenset[str] | None = None,
) -> tuple[Answer, ...]:
    """Call the student's functions, and run every check on the result.

    Args:
        course: The course.
        assignment: The assignment.
        namespace: The student's functions by name.
        cell_errors: Exceptions that the notebook's cells raised, by cell.
        untouched: Solution cells that are as released, if that is known.

    Returns:
        One answer per check, in the rubric's order.
    """
    folder = course.folder(assignment.name)
    exercise = load_exercise(folder)
    given, held_out = exercise.prepare(course.practice_seeds, None)
    student = _TracedStudent(namespace, Guard(course.limits.part_seconds))
    errors = {name: error.model_dump() for name, error in (cell_errors or {}).items()}

    def reply(observed: Observation) -> object:
        """What a sandbox would have sent."""
        raised = {step: error.model_dump() for step, error in student.errors.items()}
        parts = {"observed": observed.model_dump(), "errors": raised, "cell_errors": errors}
        return decode(encode(parts))

    evidence = read_evidence(exercise, reply(exercise.perform(student, given)))
    model: GradedModel | ArchitectureError | None = evidence.model
    needed = prediction_request(given, held_out, evidence, course.practice_seeds.held_out)
    if needed is not None:
        model = predicted_model(evidence, needed, reply(predict(student, needed.inputs)))
    run = training_run(
        given,
        held_out,
        evidence,
        model,
        untouched=None if untouched is None else sorted(untouched),
        thresholds=assignment.thresholds,
        limits=course.limits,
    )
    results: list[tuple[Verdict, ...]] = []
    with _without_pytest_plugins():
        run_checks(assignment, folder, [run], lambda _, verdicts, __: results.append(verdicts))
    (verdicts,) = results
    checks = describe_checks(folder)
    return tuple(
        Answer(verdict, checks[verdict.name].goal, _traceback_of(verdict, student.tracebacks))
        for verdict in verdicts
    )


@contextlib.contextmanager
def _without_pytest_plugins() -> Iterator[None]:
    """Let pytest load none of the plugins that happen to be installed, such as Colab's."""
    name = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    previous = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if previous is None:
            del os.environ[name]
        else:
            os.environ[name] = previous


def self_check_file(course: Course, assignment: Assignment, path: Path) -> tuple[Answer, ...]:
    """Run the cells of a notebook or Python file in this process, as grading does, and check them.

    Args:
        course: The course.
        assignment: The assignment.
        path: The notebook or Python file.

    Returns:
        As `self_check`.

    Raises:
        SubmissionError: If it cannot be read.
    """
    release = read_notebook(course.release_notebook(assignment.name))
    cells, untouched = _read(path, release)
    for cell in cells:  # so that tracebacks can show their lines
        name, skipped = cell_filename(cell.name), ["\n"] * (cell.first_line - 1)
        lines = [*skipped, *cell.source.splitlines(keepends=True)]
        linecache.cache[name] = len(cell.source), None, lines, name
    sys.path[:0] = [str(path.parent.resolve()), str(course.folder(assignment.name).path)]
    namespace = notebook_namespace()
    errors = run_cells(cells, namespace, Guard(course.limits.part_seconds))
    return self_check(course, assignment, namespace, errors, untouched)


def _read(path: Path, release: Notebook) -> tuple[list[Cell], frozenset[str] | None]:
    """The cells to run, and the stubs that are untouched, as grading sees them."""
    try:
        data = read_regular_file(path)
        if path.suffix == ".py":
            return list(script_cells(decode_text(data), release)), None
        placed = place_cells(parse_notebook(data), release, release)
        return list(cells_to_run(placed, release)), untouched_cells(placed, release)
    except (SubmissionError, MachineError) as error:
        raise SubmissionError(f"{path}: {error.message}", _SAVE) from error


class _TracedStudent(Student):
    """A student whose exceptions are stored with their tracebacks, by step."""

    def __init__(self, namespace: Mapping[str, Any], guard: Guard) -> None:
        super().__init__(namespace, guard)
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
    """A traceback with only the lines of the student's own code, and the exception."""
    lines = []
    for frame, number in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if _OWN_CODE.fullmatch(code.co_filename):
            place = "the cell" if code.co_name == "<module>" else code.co_name
            source = linecache.getline(code.co_filename, number, frame.f_globals).strip()
            lines += [f"In {place}, line {number}:", *([f"    {source}"] if source else [])]
    described = describe(error)
    summary = f"{described.kind}: {described.message}" if described.message else described.kind
    return "\n".join([*lines, summary])


def _traceback_of(verdict: Verdict, tracebacks: Mapping[str, str]) -> str:
    """The traceback of the exception that a verdict reports, or ""."""
    match = _RAISED.match(verdict.message)
    return tracebacks.get(match[1], "") if match else ""
