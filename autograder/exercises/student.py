"""The student's functions: call them, and record every exception."""

from __future__ import annotations

import contextlib
import inspect
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any

from pydantic import BaseModel, ConfigDict

_LONGEST_MESSAGE = 2_000
_INTERNALS = re.compile(r"\{\{(function_)?node [^}]*\}\} ?|\[Op:\w+\]( name: ?)?| at 0x[0-9a-f]+")
"""What TensorFlow and Python add for their developers; addresses differ from run to run."""


class StudentError(BaseModel):
    """An exception that student code raised.

    Attributes:
        kind: The exception's class name.
        message: Its message, at most 2,000 characters.
        cell: The cell whose code raised it, or "" if unknown.
        line: The line in that cell, from 1; 0 if unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str
    message: str
    cell: str = ""
    line: int = 0


class StubMissingError(Exception):
    """The notebook does not define a function that the exercise calls."""


class Student:
    """The functions that a student's notebook defines, and the exceptions that they raised.

    Args:
        namespace: Global names that the student's code defined.

    Attributes:
        errors: The exception of each step that raised one, by the step's name.
        signatures: Parameter names of each function that was called.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self.errors: dict[str, StudentError] = {}
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
        """Record whatever the block raises under `name`, and continue after the block."""
        try:
            yield
        except BaseException as error:  # noqa: BLE001 - SystemExit in a stub must not end the run
            self.errors[name] = describe(error)


def cell_filename(name: str) -> str:
    """The file name under which a cell is compiled; tracebacks show it."""
    return f"<cell {name}>"


def describe(error: BaseException) -> StudentError:
    """Describe an exception, with the line of the student's own code that raised it."""
    if isinstance(error, SyntaxError) and error.filename:
        place = _cell_of(error.filename), error.lineno or 0
    else:
        place = _last_student_line(error.__traceback__)
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - a student's exception class may raise here
        message = "(the exception could not be printed)"
    message = _INTERNALS.sub("", message).strip()
    if isinstance(error, SyntaxError):
        message = error.msg or "invalid syntax"
    return StudentError(
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
    # Jupyter names the file of each cell itself, in the temporary folder
    return "notebook" if "ipykernel_" in filename or "<ipython-input" in filename else ""


def _parameter_names(function: Callable[..., Any]) -> list[str]:
    try:
        return [name[:100] for name in inspect.signature(function).parameters][:20]
    except (TypeError, ValueError):
        return []


def flush_output() -> None:
    """Flush what student code printed, whatever it replaced `sys.stdout` with."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
