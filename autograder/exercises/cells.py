"""Run a notebook's cells outside Jupyter: in the sandbox, or for `autograder check`."""

from __future__ import annotations
import __future__

import ast
import contextlib
import importlib
import inspect
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograder.exercises.student import (
    NO_GUARD,
    EndedError,
    Guard,
    StudentError,
    cell_filename,
    describe,
)
from autograder.exercises.time_limit import TimeLimitError
from autograder.submissions import Cell

_TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
"""A notebook's cells may `await` outside of functions."""
_FUTURE_FLAGS = __future__.annotations.compiler_flag
"""What `from __future__ import annotations` sets in code objects, for the cells after it too."""


def run_cells(
    cells: Sequence[Cell], namespace: dict[str, Any], guard: Guard = NO_GUARD
) -> dict[str, StudentError]:
    """Execute code cells in order, each as far as it goes.

    A statement that raises does not stop those after it: an import that fails leaves the next
    line's in force.

    Args:
        cells: The cells.
        namespace: Takes the names that they define; from `notebook_namespace`.
        guard: Limits each cell.

    Returns:
        The first exception of each cell that raised one, by the cell's name.
    """
    errors: dict[str, StudentError] = {}
    flags = 0
    for cell in cells:
        name = f"cell {cell.name}"
        with guard.part(name, errors, cell.name):
            if name in guard.left_out:
                raise EndedError
            for statement in parse_cell(cell).body:
                try:
                    code = compile_statement(statement, cell, flags)
                    flags |= code.co_flags & _FUTURE_FLAGS
                    execute(code, namespace)
                except TimeLimitError:  # noqa: PERF203 - one statement must not stop the next
                    raise
                except BaseException as error:  # noqa: BLE001 - as in Student.step
                    errors.setdefault(cell.name, describe(error))
    return errors


def notebook_namespace() -> dict[str, Any]:
    """The names that a notebook's code expects; those that act outside the notebook do nothing."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module  # classes that students define look themselves up there
    vars(sys.modules["autograder"])["check"] = _do_nothing  # a notebook's checks do not run twice
    namespace = module.__dict__
    namespace.update(
        display=_do_nothing,
        get_ipython=_InertShell,
        __builtins__=__builtins__,
        exit=_do_nothing,
    )
    return namespace


def parse_cell(cell: Cell) -> ast.Module:
    """Parse a cell; if it is not valid Python, translate IPython's syntax first."""
    try:
        return _parse(cell.source, cell)
    except SyntaxError as error:
        translated = TransformerManager().transform_cell(cell.source)
        if translated.rstrip("\n") == cell.source.rstrip("\n"):
            raise
        try:
            return _parse(translated, cell)
        except SyntaxError:
            raise error from None


def _parse(source: str, cell: Cell) -> ast.Module:
    filename, offset = cell_filename(cell.name), cell.first_line - 1
    try:
        # Finds what parsing alone does not.
        compile(source, filename, "exec", flags=_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        error.lineno = (error.lineno or 1) + offset
        raise
    tree = ast.parse(source, filename)
    ast.increment_lineno(tree, offset)
    return tree


def compile_statement(statement: ast.stmt, cell: Cell, flags: int) -> types.CodeType:
    """One statement's code object, under the `from __future__` imports that came before."""
    module = ast.Module(body=[statement], type_ignores=[])
    filename = cell_filename(cell.name)
    flags |= _TOP_LEVEL_AWAIT
    code: types.CodeType = compile(module, filename, "exec", flags=flags, dont_inherit=True)
    return code


def execute(code: types.CodeType, namespace: dict[str, Any]) -> None:
    """Run a statement; what it awaits runs too, unless it needs an event loop.

    Args:
        code: From `compile_statement`.
        namespace: Takes the names that it defines.
    """
    result = eval(code, namespace)  # noqa: S307 - what a sandbox is for
    if inspect.iscoroutine(result):
        with contextlib.suppress(StopIteration):
            while True:
                result.send(None)


def _do_nothing(*_args: object, **_kwargs: object) -> None:
    return None


class _InertShell:
    """Replaces IPython's shell: magics and shell lines do nothing."""

    _CODE_MAGICS = ("time", "timeit", "capture", "prun")
    _WRITING_MAGICS = ("writefile", "file")

    def run_cell_magic(self, magic: str, line: str, body: str) -> None:
        """Run the body of a magic that only measures or captures; write a module; skip others."""
        if magic in self._CODE_MAGICS:
            self._run(Cell(name=f"%%{magic}", source=body))
        elif magic in self._WRITING_MAGICS:
            self._write_module(line.split(), body)

    def run_line_magic(self, magic: str, line: str, *_args: object) -> None:
        """Run the statement of `%time`, or the file of `%run`; skip any other magic."""
        if magic in self._CODE_MAGICS:
            self.run_cell_magic(magic, "", line)
        name = line.strip().strip("'\"")
        path = Path(name if name.endswith(".py") else f"{name}.py")
        if magic == "run" and path.is_file():
            self._run(Cell(name=path.name, source=path.read_text("utf-8", "replace")))

    @staticmethod
    def _write_module(words: Sequence[str], body: str) -> None:
        """Write a module of the student's own beside the notebook, where imports find it."""
        name = words[-1].strip("'\"") if words else ""
        if name.endswith(".py") and Path(name).name == name:
            mode = "a" if words[0] in {"-a", "--append"} else "w"
            with Path(name).open(mode, encoding="utf-8") as file:
                file.write(body)
            importlib.invalidate_caches()

    @staticmethod
    def _run(cell: Cell) -> None:
        """Run code as a cell of its own; the first exception goes on to the cell around it."""
        for statement in parse_cell(cell).body:
            execute(compile_statement(statement, cell, 0), vars(sys.modules["__main__"]))

    def __getattr__(self, _name: str) -> Any:
        return _do_nothing
