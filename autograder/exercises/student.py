"""The student's side of an exercise: run the cells, call the stubs, note every trouble."""

from __future__ import annotations

import contextlib
import inspect
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

from pydantic import BaseModel, ConfigDict

SCRIPT = "script"
"""Names the cells of a Python file, whose lines count from the file's first."""

_LONGEST_MESSAGE = 2_000
_INTERNALS = re.compile(r"\{\{(function_)?node [^}]*\}\} ?|\[Op:\w+\]( name: ?)?| at 0x[0-9a-f]+")
"""What TensorFlow and Python add for developers; addresses differ from run to run."""


class Cell(BaseModel):
    """One code cell: the name that messages call it by, and its source."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    source: str


class Trouble(BaseModel):
    """An exception that student code raised.

    Attributes:
        kind: The exception's class name.
        message: What it said, cut to 2,000 characters.
        cell: The cell whose code raised it, or "" if none did.
        line: The line in that cell, from 1; 0 if unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str
    message: str
    cell: str = ""
    line: int = 0


class StubMissingError(Exception):
    """The notebook defines no function of the name that the exercise calls."""


class Student:
    """A student's namespace, and what went wrong in it.

    Args:
        namespace: Global names that the student's code defined.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self.troubles: dict[str, Trouble] = {}
        self.signatures: dict[str, list[str]] = {}

    def call(self, stub: str, *args: object, **kwargs: object) -> Any:
        """Call one of the student's functions; only inside `step`."""
        function = self._namespace.get(stub)
        if not callable(function):
            raise StubMissingError(f"the notebook defines no function {stub}")
        self.signatures.setdefault(stub, _parameter_names(function))
        return function(*args, **kwargs)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Note whatever the block raises under `name`, and go on after it."""
        try:
            yield
        except BaseException as error:  # noqa: BLE001 - SystemExit in a stub must not end the run
            self.troubles[name] = describe(error)


def run_cells(
    cells: Sequence[Cell], namespace: dict[str, Any], compile_cell: Callable[[Cell], Any]
) -> dict[str, Trouble]:
    """Execute code cells in order; an exception in one does not stop the others.

    Args:
        cells: The cells.
        namespace: Where their names go.
        compile_cell: Turns a cell into a code object; may raise SyntaxError.

    Returns:
        The first trouble of each cell that had one, by the cell's name.
    """
    troubles: dict[str, Trouble] = {}
    for cell in cells:
        try:
            exec(compile_cell(cell), namespace)  # noqa: S102 - what a sandbox is for
        except BaseException as error:  # noqa: BLE001, PERF203 - as in Student.step
            troubles.setdefault(cell.name, describe(error))
    return troubles


def cell_filename(name: str) -> str:
    """The file name under which a cell is compiled; tracebacks show it."""
    return f"<cell {name}>"


def describe(error: BaseException) -> Trouble:
    """Put an exception into words, with the place in the student's own code."""
    if isinstance(error, SyntaxError) and error.filename:
        place = _cell_of(error.filename), error.lineno or 0
    else:
        place = _last_student_line(error.__traceback__)
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - a student's exception class may fail to print
        message = "(the exception could not be printed)"
    message = _INTERNALS.sub("", message).strip()
    if isinstance(error, SyntaxError):
        message = error.msg or "invalid syntax"
    return Trouble(
        kind=type(error).__name__[:100],
        message=message[:_LONGEST_MESSAGE].encode("utf-8", "replace").decode(),
        cell=place[0],
        line=place[1],
    )


def _last_student_line(trace: TracebackType | None) -> tuple[str, int]:
    place = ("", 0)
    for frame, line in traceback.walk_tb(trace):
        cell = _cell_of(frame.f_code.co_filename)
        if cell:
            place = (cell, line)
    return place


def _cell_of(filename: str) -> str:
    if filename.startswith("<cell ") and filename.endswith(">"):
        return filename[len("<cell ") : -1]
    # Jupyter compiles each cell under a name of its own in the temporary folder
    return "notebook" if "ipykernel_" in filename or "<ipython-input" in filename else ""


def _parameter_names(function: Callable[..., Any]) -> list[str]:
    try:
        return [name[:100] for name in inspect.signature(function).parameters][:20]
    except (TypeError, ValueError):
        return []


def flush_output() -> None:
    """Hand over what student code printed, whatever it replaced `sys.stdout` with."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
