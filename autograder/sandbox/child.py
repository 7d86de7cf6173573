"""Inside the walls: run one submission's cells, put the exercise's questions, send one frame.

Everything here shares a process with student code, so nothing here decides anything.
"""

from __future__ import annotations

import os
import sys
import types
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

import autograder
from autograder.exercises import load_exercise
from autograder.exercises.student import Cell, Student, cell_filename, flush_output, run_cells
from autograder.sandbox import wire
from autograder.sandbox.exit_codes import OUR_FAULT


def main(job_descriptor: int, reply_descriptor: int) -> None:
    """Read the job, do it, write the reply, end the process.

    Args:
        job_descriptor: A file with the encoded job: nonce, assignment, given, fast, cells.
        reply_descriptor: A pipe for the one frame.
    """
    try:
        with os.fdopen(job_descriptor, "rb") as file:
            job = wire.decode(file.read())
        settle(fast=job["fast"])
        exercise = load_exercise(job["assignment"])
        given = exercise.Given.model_validate(wire.decode(job["given"]))
    except Exception as error:  # noqa: BLE001 - no student code has run: the fault is ours
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        flush_output()
        os._exit(OUR_FAULT)
    reply = do(exercise, given, [Cell(**cell) for cell in job["cells"]])
    frame = wire.frame(job["nonce"], wire.encode(reply))
    flush_output()
    _write_all(reply_descriptor, frame)
    os._exit(0)


def settle(*, fast: bool = False) -> None:
    """One TensorFlow thread and deterministic operations, before the first operation.

    Args:
        fast: Whether to train the fast way; proved beforehand to give the same results.
    """
    import tensorflow as tf  # noqa: PLC0415 - imported long ago by the warm process

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    if fast:
        from autograder.sandbox import fast_fit  # noqa: PLC0415 - reaches into one Keras version

        fast_fit.install()


def do(exercise: types.ModuleType, given: Any, cells: list[Cell]) -> dict[str, Any]:
    """Run the cells and the exercise.

    Args:
        exercise: The assignment's exercise module.
        given: What it hands to the student's functions.
        cells: The notebook's cells.

    Returns:
        What `training.Reply` describes, as plain values.
    """
    namespace = notebook_namespace()
    cell_troubles = run_cells(cells, namespace, compile_cell)
    student = Student(namespace)
    observed = exercise.perform(student, given)
    return {
        "observed": observed.model_dump(),
        "troubles": {name: t.model_dump() for name, t in student.troubles.items()},
        "cells": {name: t.model_dump() for name, t in cell_troubles.items()},
    }


def notebook_namespace() -> dict[str, Any]:
    """The names that a notebook's code expects, with everything that reaches out made inert."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module  # classes that students define look themselves up there
    autograder.check = _nothing  # a notebook's own checks are not run twice
    namespace = module.__dict__
    namespace.update(
        display=_nothing, get_ipython=_InertShell, __builtins__=__builtins__, exit=_nothing
    )
    return namespace


def compile_cell(cell: Cell) -> Any:
    """A cell's code object; IPython's own syntax is translated where Python's does not do."""
    filename = cell_filename(cell.name)
    try:
        return compile(cell.source, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        translated = TransformerManager().transform_cell(cell.source)
        if translated.rstrip("\n") == cell.source.rstrip("\n"):
            raise
        try:
            return compile(translated, filename, "exec", dont_inherit=True)
        except SyntaxError:
            raise error from None


def _nothing(*_args: object, **_kwargs: object) -> None:
    return None


class _InertShell:
    """Stands for IPython's shell: magics and shell lines do nothing."""

    _CODE_MAGICS = ("time", "timeit", "capture", "prun")

    def run_cell_magic(self, magic: str, _line: str, body: str) -> None:
        """Run the body of a magic that only measures or captures; skip any other."""
        if magic in self._CODE_MAGICS:
            code = compile_cell(Cell(name=f"%%{magic}", source=body))
            exec(code, sys.modules["__main__"].__dict__)  # noqa: S102 - as in run_cells

    def run_line_magic(self, magic: str, line: str, *_args: object) -> None:
        """Run the statement of `%time`; skip any other magic."""
        if magic in self._CODE_MAGICS:
            self.run_cell_magic(magic, "", line)

    def __getattr__(self, _name: str) -> Any:
        return _nothing


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
