"""What must hold before a check can judge: the student's functions ran, and kept the model."""

from __future__ import annotations

import re
from typing import Any

from autograder.architecture import Architecture, decode
from autograder.checks.expect.finding import CheckFailedError
from autograder.errors import ArchitectureError
from autograder.exercises.observe import Training
from autograder.exercises.student import SCRIPT, Trouble
from autograder.results import Outcome
from autograder.sandbox.limits import FILE_MB
from autograder.training import TrainingRun

_BEFORE = {
    "compile_model": ("build_model",),
    "train_model": ("build_model", "compile_model"),
}
"""What the shared steps call before a function, where the exercise has it."""
_KEEP_MODEL = "Compile and train the model that you are given, and leave its layers as they are."
_ADVICE = {
    "NotImplementedError": "Delete the line raise NotImplementedError() from {stub}.",
    "NoModelError": "End {stub} with: return model, a keras.Sequential.",
    "NameError": (
        "In {stub} use its arguments, and what imports and functions define: cells that only show "
        "something do not run while grading."
    ),
}
"""What to do about an exception that says all by its kind."""
_LIMITS = (
    (
        "MemoryError|ResourceExhaustedError|_ArrayMemoryError",
        "needed more memory than the {limits.memory_mb} MB that a notebook may use (memory_mb)",
        "Use smaller arrays or a smaller batch.",
    ),
    (
        "BlockingIOError|RuntimeError: can't start new thread",
        "started more than {limits.processes} processes and threads (processes)",
        "Start no processes or threads.",
    ),
    (
        r"OSError: \[Errno (27|28)\]",
        f"wrote more files than there is room for: {FILE_MB} MB",
        "Write no files, or small ones.",
    ),
)
"""Exceptions by which a limit shows from inside, what they mean, and one thing to do."""


def reached(run: TrainingRun, *stubs: str) -> None:
    """Go on only if the student's functions ran.

    Args:
        run: The training run.
        stubs: Functions that must have returned, the one that the check is about last. What the
            shared steps call before that one need not be named.

    Raises:
        CheckFailedError: Naming the function that stopped the check, and what it raised.
    """
    own = stubs[-1]
    before = [*stubs[:-1], *(s for s in _BEFORE.get(own, ()) if s in run.exercise.SIGNATURES)]
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
        if stub in run.troubles:
            _explain(run, stub, own)
        if stub == "build_model" and isinstance(run.architecture, ArchitectureError):
            start = "" if own == "build_model" else "Not reached: "
            raise CheckFailedError(start + run.architecture.message, run.architecture.tip)


def trained(run: TrainingRun, stub: str = "train_model", training: Training | None = None) -> Any:
    """What a training showed, once it is sure that it trained the model that it was given.

    Args:
        run: The training run.
        stub: The student's function that trains.
        training: One of several trainings; the exercise's only one unless told.

    Returns:
        A `Training`.

    Raises:
        CheckFailedError: If the function did not run, or changed the model's layers.
    """
    reached(run, stub)
    found = training or run.observed.training
    if found is None:
        raise CheckFailedError(f"{stub} did not return.", f"Run {stub} in your notebook.")
    _insist_on_architecture(run, found)
    return found


def _insist_on_architecture(run: TrainingRun, training: Training) -> None:
    """The model that was trained must be the one that was given, layer for layer."""
    try:
        found = decode(training.architecture)
    except ArchitectureError as error:
        raise CheckFailedError(error.message, _KEEP_MODEL) from None
    given = run.architecture
    layers = given.layers if isinstance(given, Architecture) else ()
    for number, (now, before) in enumerate(zip(found.layers, layers, strict=False), start=1):
        if now != before:
            raise CheckFailedError(
                f"Layer {number} of the model was changed: it is now {now}, and was {before}.",
                _KEEP_MODEL,
            )
    if len(found.layers) != len(layers):
        raise CheckFailedError(
            f"The model has {len(found.layers)} layers now, and had {len(layers)}.", _KEEP_MODEL
        )


def _is_stub(run: TrainingRun, stub: str) -> bool:
    trouble = run.troubles.get(stub)
    if run.untouched is None:
        return trouble is not None and trouble.kind == "NotImplementedError"
    return stub in run.untouched


def _explain(run: TrainingRun, stub: str, own: str) -> None:
    trouble = run.troubles[stub]
    start = "" if stub == own else "Not reached: "
    if trouble.kind == "StubMissingError":
        _explain_missing(run, stub, start)
    for exceptions, meaning, hint in _LIMITS:
        if re.match(exceptions, f"{trouble.kind}: {trouble.message}"):
            raise CheckFailedError(
                f"{start}{stub} {meaning.format(limits=run.limits)}{_place(trouble)}.",
                hint,
                Outcome.RESOURCE_LIMIT,
            )
    said = f": {trouble.message}" if trouble.message else ""
    raise CheckFailedError(
        f"{start}{stub} raised {trouble.kind}{_place(trouble)}{said}", _advice(run, stub, trouble)
    )


def _explain_missing(run: TrainingRun, stub: str, start: str) -> None:
    broken = run.cells.get(stub) or run.cells.get(SCRIPT)
    if broken is None:
        raise CheckFailedError(
            f"{start}{run.troubles[stub].message}.",
            f"Keep the function's name: def {stub}(...).",
        )
    where = f"cell of {stub}" if stub in run.cells else SCRIPT
    raise CheckFailedError(
        f"{start}the {where} did not run: {broken.kind} in line {broken.line}: {broken.message}",
        f"Mend line {broken.line} of the {where}, and run it again.",
    )


def _advice(run: TrainingRun, stub: str, trouble: Trouble) -> str:
    if trouble.kind in _ADVICE:
        return _ADVICE[trouble.kind].format(stub=stub)
    wanted = list(run.exercise.SIGNATURES[stub])
    found = run.observed.signatures.get(stub, wanted)
    if found != wanted and not set(found) & {"args", "kwargs"}:
        return (
            f"Keep the order of the arguments: your {stub} takes ({', '.join(found)}), "
            f"it must take ({', '.join(wanted)})."
        )
    if stub == "train_model" and run.observed.compiled is None:
        return "Compile the model first: compile_model must call model.compile(...)."
    if stub == "train_model" and run.observed.compiled.loss_error:
        return f'The loss does not fit the answers: use loss="{run.exercise.TASK.loss_name}".'
    return f"Run {stub} in your notebook and read the last line of the error."


def _place(trouble: Trouble) -> str:
    cell = SCRIPT if trouble.cell == SCRIPT else f"cell {trouble.cell}"
    return f" ({cell}, line {trouble.line})" if trouble.cell else ""
