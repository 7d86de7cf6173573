"""What must hold before a check can judge: the student's functions ran, and kept the model."""

from __future__ import annotations

import re

from autograder.checks.finding import CheckFailedError
from autograder.checks.training_run import Run
from autograder.course import SCRATCH_MB
from autograder.errors import ArchitectureError
from autograder.exercises import StudentError, Training
from autograder.exercises.architecture import Architecture, decode
from autograder.results import Outcome
from autograder.submissions import SCRIPT

_CALLED_BEFORE = {
    "compile_model": ("build_model",),
    "train_model": ("build_model", "compile_model"),
}
"""What the shared steps call before a function, if the exercise has it."""
_KEEP_MODEL = "Compile and train the model that you are given, and leave its layers as they are."
_HINTS = {
    "NotImplementedError": "Delete the line raise NotImplementedError() from {stub}.",
    "NoModelError": "End {stub} with return model, where model is a keras.Sequential.",
    "NameError": (
        "In {stub} use its arguments, and names from the imports and your functions: cells that "
        "only show something do not run while grading."
    ),
}
"""What to do about an exception whose kind says it all."""
_LIMITS = (
    (
        "MemoryError|ResourceExhaustedError|_ArrayMemoryError",
        "needed more memory than the {limits.memory_mb} MB that a notebook may use (memory_mb)",
        "Use smaller arrays or a smaller batch.",
    ),
    (
        "BlockingIOError|RuntimeError: can't start new thread",
        "started more than {limits.processes} processes and threads (processes)",
        "Do not start processes or threads.",
    ),
    (
        r"OSError: \[Errno (27|28)\]",
        f"wrote more to files than a notebook may write: {SCRATCH_MB} MB",
        "Write no files, or only small ones.",
    ),
)
"""Exceptions that show that a limit was reached, what they mean, and one thing to do."""


def reached(run: Run, *stubs: str) -> None:
    """Continue only if the student's functions ran.

    Args:
        run: The training run.
        stubs: Functions that must have returned, the one that the check is about last. Functions
            that the shared steps call before that one need not be named.

    Raises:
        CheckFailedError: If one did not run; names that function, and what it raised.
    """
    own = stubs[-1]
    before = [*stubs[:-1], *(s for s in _CALLED_BEFORE.get(own, ()) if s in run.signatures)]
    if _is_stub(run, own):
        raise CheckFailedError(
            f"{own} is still the stub.",
            f"Write {own}: replace its line raise NotImplementedError().",
            Outcome.NOT_ATTEMPTED,
        )
    for stub in before:
        if _is_stub(run, stub):
            raise CheckFailedError(
                f"Not reached: {stub} is still the stub.", f"Write {stub} first."
            )
    for stub in (*before, own):
        if stub in run.errors:
            _fail_by_error(run, stub, own)
        if stub == "build_model" and isinstance(run.architecture, ArchitectureError):
            start = "" if own == "build_model" else "Not reached: "
            raise CheckFailedError(start + run.architecture.message, run.architecture.tip)


def trained(run: Run, stub: str = "train_model", training: Training | None = None) -> Training:
    """A training, once it is certain that it trained the given model.

    Args:
        run: The training run.
        stub: The student's function that trains.
        training: One of several trainings; default: the exercise's only one.

    Raises:
        CheckFailedError: If the function did not run, or changed the model's layers.
    """
    reached(run, stub)
    training = training or run.observed.training
    if training is None:
        raise CheckFailedError(f"{stub} did not return.", f"Run {stub} in your notebook.")
    _require_given_architecture(run, training)
    return training


def _require_given_architecture(run: Run, training: Training) -> None:
    """The model that was trained must be the one that was given, layer for layer."""
    try:
        after = decode(training.architecture)
    except ArchitectureError as error:
        raise CheckFailedError(error.message, _KEEP_MODEL) from None
    given = run.architecture.layers if isinstance(run.architecture, Architecture) else ()
    for number, (new, old) in enumerate(zip(after.layers, given, strict=False), start=1):
        if new != old:
            raise CheckFailedError(
                f"Layer {number} of the model was changed: it was {old}, and is now {new}.",
                _KEEP_MODEL,
            )
    if len(after.layers) != len(given):
        raise CheckFailedError(
            f"The model had {len(given)} layers, and now has {len(after.layers)}.", _KEEP_MODEL
        )


def _is_stub(run: Run, stub: str) -> bool:
    if run.untouched is None:
        error = run.errors.get(stub)
        return error is not None and error.kind == "NotImplementedError"
    return stub in run.untouched


def _fail_by_error(run: Run, stub: str, own: str) -> None:
    error = run.errors[stub]
    start = "" if stub == own else "Not reached: "
    if error.kind == "StubMissingError":
        _fail_by_missing_function(run, stub, start)
    for exceptions, meaning, hint in _LIMITS:
        if re.match(exceptions, f"{error.kind}: {error.message}"):
            raise CheckFailedError(
                f"{start}{stub} {meaning.format(limits=run.limits)}{place_of(error)}.",
                hint,
                Outcome.RESOURCE_LIMIT,
            )
    message = f": {error.message}" if error.message else ""
    raise CheckFailedError(
        f"{start}{stub} raised {error.kind}{place_of(error)}{message}", _hint(run, stub, error)
    )


def _fail_by_missing_function(run: Run, stub: str, start: str) -> None:
    error = run.cell_errors.get(stub) or run.cell_errors.get(SCRIPT)
    if error is None:
        raise CheckFailedError(
            f"{start}{run.errors[stub].message}.",
            f"Keep the function's name: def {stub}(...).",
        )
    where = f"cell of {stub}" if stub in run.cell_errors else SCRIPT
    raise CheckFailedError(
        f"{start}the {where} did not run: {error.kind} on line {error.line}: {error.message}",
        f"Fix line {error.line} of the {where}, and run it again.",
    )


def _hint(run: Run, stub: str, error: StudentError) -> str:
    if error.kind == "NameError" and run.cell_errors:
        cell, cause = next(iter(run.cell_errors.items()))
        where = SCRIPT if cell == SCRIPT else f"cell {cell}"
        return (
            f"Fix the {where} first, whose line {cause.line} raises {cause.kind}: {cause.message}. "
            "What it should define may be what is missing here."
        )
    if error.kind in _HINTS:
        return _HINTS[error.kind].format(stub=stub)
    expected = list(run.signatures[stub])
    parameters = run.observed.signatures.get(stub, expected)
    if parameters != expected and not set(parameters) & {"args", "kwargs"}:
        return (
            f"Keep the order of the arguments: your {stub} takes ({', '.join(parameters)}), "
            f"it must take ({', '.join(expected)})."
        )
    compiled = run.observed.compiled
    if stub == "train_model" and compiled is None:
        return "Compile the model first: compile_model must call model.compile(...)."
    if stub == "train_model" and compiled is not None and compiled.loss_error:
        return f'The loss does not fit the answers: use loss="{run.objective.loss_name}".'
    return f"Run {stub} in your notebook and read the last line of the error."


def place_of(error: StudentError) -> str:
    """Where an exception was raised, in a message: " (cell train_model, line 2)"."""
    cell = SCRIPT if error.cell == SCRIPT else f"cell {error.cell}"
    return f" ({cell}, line {error.line})" if error.cell else ""
