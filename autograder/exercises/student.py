"""The student's functions: call them, and record every exception."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, TracebackType
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from autograder.exercises.time_limit import TimeLimit, time_limit
from autograder.submissions import SCRIPT

_LONGEST_MESSAGE = 2_000
_INTERNALS = re.compile(r"\{\{(function_)?node [^}]*\}\} ?|\[Op:\w+\]( name: ?)?| at 0x[0-9a-f]+")
"""What TensorFlow and Python add for their developers; addresses differ from run to run."""
_GRAPH_FRAMES = re.compile(r'^(Detected at node .*|  File ".*)\n+', re.MULTILINE)
"""The traceback in TensorFlow's messages, of lines that are mostly not the student's."""

ENDED = ("timeout", "resource_limit", "failed")
"""Kinds of a `StudentError` that is no exception: how the code was ended."""


class StudentError(BaseModel):
    """An exception that student code raised; or how it was ended.

    Attributes:
        kind: The exception's class name; or one of `ENDED`.
        message: Its message, at most 2,000 characters; or what the code did, such as "did not
            finish within 60 seconds".
        hint: One thing to do about code that was ended; "" for an exception.
        cell: The cell whose code raised it, or "" if unknown. In a notebook, whose cells have no
            names, the function.
        line: The line in that cell, from 1; 0 if unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str
    message: str
    cell: str = ""
    line: int = 0
    hint: str = ""

    @property
    def place(self) -> str:
        """Where it was raised, for a message: " (cell train_model, line 2)"."""
        cell = SCRIPT if self.cell == SCRIPT else f"cell {self.cell}"
        return f" ({cell}, line {self.line})" if self.cell else ""

    def __str__(self) -> str:
        """What the code did, for a message: "raised ValueError (cell a, line 2): too long"."""
        if self.kind in ENDED:
            return self.message
        message = f": {self.message}" if self.message else ""
        return f"raised {self.kind}{self.place}{message}"


class StubMissingError(Exception):
    """The notebook does not define a function that the exercise calls."""


class EndedError(Exception):
    """A function that ended an earlier run is not called again."""


@dataclasses.dataclass(frozen=True)
class Guard:
    """How long each part of a submission may run, and which parts are left out.

    Attributes:
        seconds: The time for each step and each cell; None for no limit.
        left_out: Steps and cells that ended an earlier run, with how they did.
        on_part: Called with the name of each part before it runs.
    """

    seconds: float | None = None
    left_out: Mapping[str, StudentError] = dataclasses.field(default_factory=dict)
    on_part: Callable[[str], None] = lambda _: None

    @contextlib.contextmanager
    def part(self, name: str, errors: dict[str, StudentError], key: str) -> Iterator[None]:
        """Run a part, and record whatever it raises, and if it takes too long.

        Args:
            name: The part's name.
            errors: Takes the error.
            key: Its name there.
        """
        if name not in self.left_out:
            self.on_part(name)
        limit = None
        try:
            with time_limit(self.seconds) as limit:
                yield
        except BaseException as error:  # noqa: BLE001 - SystemExit in a stub must not end the run
            errors[key] = self._describe(name, error, limit)

    def _describe(self, name: str, error: BaseException, limit: TimeLimit | None) -> StudentError:
        if isinstance(error, EndedError):
            return self.left_out[name]
        if limit is not None and limit.passed:
            return StudentError(
                kind="timeout",
                message=f"did not finish within {self.seconds:g} seconds",
                hint="Look for a loop that never ends, and train a smaller model or fewer epochs.",
            )
        return describe(error)


NO_GUARD: Final = Guard()


class Student:
    """The functions that a student's notebook defines, and the exceptions that they raised.

    Args:
        namespace: Global names that the student's code defined.
        guard: Limits each step.

    Attributes:
        errors: The exception of each step that raised one, by the step's name.
        signatures: Parameter names of each function that was called.
    """

    def __init__(self, namespace: Mapping[str, Any], guard: Guard = NO_GUARD) -> None:
        self._namespace = namespace
        self._guard = guard
        self._step = ""
        self.errors: dict[str, StudentError] = {}
        self.signatures: dict[str, list[str]] = {}

    def call(self, stub: str, *args: object, **kwargs: object) -> Any:
        """Call one of the student's functions; only inside `step`."""
        if self._step in self._guard.left_out:
            raise EndedError
        function = self._namespace.get(stub)
        if not callable(function):
            raise StubMissingError(f"the notebook defines no function {stub}")
        self.signatures.setdefault(stub, _parameter_names(function))
        return function(*args, **kwargs)

    @contextlib.contextmanager
    def with_number(self, stub: str, old: float, new: float) -> Iterator[None]:
        """Change a number that the notebook names: a function that uses the name follows.

        Args:
            stub: The function that is called in the block.
            old: The number; every global variable and default argument that equals it changes.
            new: What it is in the block.
        """
        function = self._namespace.get(stub)
        names = getattr(function, "__globals__", {})
        changed = {name: value for name, value in names.items() if _is_number(value, old)}
        defaults = getattr(function, "__defaults__", None)
        try:
            names.update(dict.fromkeys(changed, new))
            if defaults:
                function.__defaults__ = tuple(new if _is_number(d, old) else d for d in defaults)  # type: ignore[union-attr]
            yield
        finally:
            names.update(changed)
            if defaults:
                function.__defaults__ = defaults  # type: ignore[union-attr]

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Record whatever the block raises under `name`, and continue after the block."""
        self._step = name
        with self._guard.part(name, self.errors, name):
            yield


def _is_number(value: object, number: float) -> bool:
    return type(value) in (int, float) and value == number


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
    message = _INTERNALS.sub("", _GRAPH_FRAMES.sub("", message)).strip()
    if isinstance(error, SyntaxError):
        message = error.msg or "invalid syntax"
    return StudentError(
        kind=type(error).__name__[:100],
        message=message[:_LONGEST_MESSAGE].encode("utf-8", "replace").decode(),
        cell=place[0],
        line=place[1],
    )


def first_line(error: BaseException) -> str:
    """An exception's class and the first line of its message, at most 300 characters of it.

    Of TensorFlow's messages, which begin with where they come from, the first line that says what.
    """
    described = describe(error)
    lines = [line.strip() for line in described.message.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Exception encountered", "Graph "))]
    return f"{described.kind}: {(telling or lines or [''])[0][:300]}"


def _last_student_line(trace: TracebackType | None) -> tuple[str, int]:
    place = ("", 0)
    for frame, line in traceback.walk_tb(trace):
        cell = _cell_of(frame.f_code.co_filename) or _function_in_notebook(frame.f_code)
        if cell:
            place = (cell, line)
    return place


def _cell_of(filename: str) -> str:
    if filename.startswith("<cell ") and filename.endswith(">"):
        return filename[len("<cell ") : -1]
    return ""


def _function_in_notebook(code: CodeType) -> str:
    """The outermost function that holds this code, if it is of a cell of a notebook."""
    # Jupyter names the file of each cell itself, in the temporary folder
    if "ipykernel_" not in code.co_filename and "<ipython-input" not in code.co_filename:
        return ""
    name = str(getattr(code, "co_qualname", code.co_name)).partition(".")[0]  # since Python 3.11
    return "" if name.startswith("<") else name


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
