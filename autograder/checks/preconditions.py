"""What must hold before a check can judge: the student's functions ran, and kept the model."""

from __future__ import annotations

import re

import numpy as np
from pydantic import ValidationError

from autograder.checks.advice import advice
from autograder.checks.finding import CheckFailedError
from autograder.checks.graded_model import GradedModel
from autograder.checks.training_run import Run
from autograder.course import SCRATCH_MB
from autograder.errors import ArchitectureError
from autograder.exercises import ENDED, Training
from autograder.exercises.architecture import Description, decode
from autograder.results import Outcome
from autograder.submissions import SCRIPT

_CALLED_BEFORE = {
    "compile_model": ("build_model",),
    "train_model": ("build_model", "compile_model"),
}
"""What the shared steps call before a function, if the exercise has it."""
_KEEP_MODEL = "Compile and train the model that you are given, and leave its layers as they are."
_LIMITS = (
    (
        "MemoryError|ResourceExhaustedError|_ArrayMemoryError",
        "needed more memory than the {limits.memory_mb} MB that a notebook may use (`memory_mb`)",
        "Use smaller arrays or a smaller batch.",
    ),
    (
        "BlockingIOError|RuntimeError: can't start new thread",
        "started more than {limits.processes} processes and threads (`processes`)",
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
    run.subjects.append(own)
    before = [*stubs[:-1], *(s for s in _CALLED_BEFORE.get(own, ()) if s in run.signatures)]
    if _is_stub(run, own):
        raise CheckFailedError(
            f"`{own}` is still the stub.",
            f"Write `{own}`: replace its line `raise NotImplementedError()`.",
            Outcome.NOT_ATTEMPTED,
        )
    for stub in before:
        if _is_stub(run, stub):
            run.subjects.append(stub)
            raise CheckFailedError(
                f"Not reached: `{stub}` is still the stub.", f"Write `{stub}` first."
            )
    for stub in (*before, own):
        if stub in run.errors:
            run.subjects.append(stub)
            _fail_by_error(run, stub, own)
        if stub == "build_model" and isinstance(run.model, ArchitectureError):
            run.subjects.append(stub)
            start = "" if own == "build_model" else "Not reached: "
            raise CheckFailedError(start + run.model.message, run.model.tip)


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
        raise CheckFailedError(f"`{stub}` did not return.", f"Run `{stub}` in your notebook.")
    _require_same_model(run, training)
    _require_changes_by_fit(training)
    return training


def _require_changes_by_fit(training: Training) -> None:
    """Weights that were set, and that `fit` then left as they were, are no training."""
    start, after = training.start_weights, training.weights
    if start is not None and after is not None and all(map(np.array_equal, start, after)):
        raise CheckFailedError(
            "The weights changed before `fit` began, and `fit` changed none of them.",
            "Let `fit` train the model from the weights that it has; do not set them.",
        )


def _require_same_model(run: Run, training: Training) -> None:
    """The model that was trained must be the one that was given, layer for layer."""
    try:
        after = _layers_after(run, training)
    except ArchitectureError as error:
        raise CheckFailedError(
            f"The trained model is not the one that was given: {error.message}", _KEEP_MODEL
        ) from None
    given = run.model.layers if isinstance(run.model, GradedModel) else []
    for number, (new, old) in enumerate(zip(after, given, strict=False), start=1):
        if new != old:
            raise CheckFailedError(
                f"Layer {number} of the model was changed: it was {old}, and is now {new}.",
                _KEEP_MODEL,
            )
    if len(after) != len(given):
        raise CheckFailedError(
            f"The model had {len(given)} layers, and now has {len(after)}.", _KEEP_MODEL
        )


def _layers_after(run: Run, training: Training) -> list[str]:
    """The layers of the trained model in words."""
    if run.outputs_from != "predicted":
        return [str(layer) for layer in decode(training.architecture).layers]
    try:
        return Description.model_validate(training.architecture).kinds
    except ValidationError as error:
        raise ArchitectureError("The trained model is not described.", _KEEP_MODEL) from error


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
    if error.kind in ENDED:
        raise CheckFailedError(f"{start}`{stub}` {error}.", error.hint, Outcome(error.kind))
    for exceptions, meaning, hint in _LIMITS:
        if re.match(exceptions, f"{error.kind}: {error.message}"):
            raise CheckFailedError(
                f"{start}`{stub}` {meaning.format(limits=run.limits)}{error.place}.",
                hint,
                Outcome.RESOURCE_LIMIT,
            )
    raise CheckFailedError(f"{start}`{stub}` {error}", advice(run, stub, error))


def _fail_by_missing_function(run: Run, stub: str, start: str) -> None:
    error = run.cell_errors.get(stub) or run.cell_errors.get(SCRIPT)
    if error is None:
        raise CheckFailedError(
            f"{start}the notebook defines no function `{stub}`.",
            f"Keep the function's name: `def {stub}(...)`.",
        )
    where = f"cell of `{stub}`" if stub in run.cell_errors else SCRIPT
    if error.kind in ENDED:
        raise CheckFailedError(f"{start}the {where} {error}.", error.hint, Outcome(error.kind))
    raise CheckFailedError(
        f"{start}the {where} did not run: {error.kind} on line {error.line}: {error.message}",
        f"Fix line {error.line} of the {where}, and run it again.",
    )
