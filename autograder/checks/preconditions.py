"""What must hold before a check can judge: the student's functions ran, and kept the model."""

from __future__ import annotations

import re

import numpy as np
from pydantic import ValidationError

from autograder.checks.finding import CheckFailedError
from autograder.checks.graded_model import GradedModel
from autograder.checks.training_run import Run
from autograder.course import SCRATCH_MB
from autograder.errors import ArchitectureError
from autograder.exercises import ENDED, StudentError, Training
from autograder.exercises.architecture import Description, decode
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
_STUMBLING_BLOCKS = (
    (
        "Expected `metrics` argument to be a list",
        'Put the metrics into a list: metrics=["accuracy"].',
    ),
    (
        "Argument\\(s\\) not recognized: .*'(lr|decay)'",
        "That argument is of an old Keras: write learning_rate, and use a schedule for decay.",
    ),
    (
        "Argument `learning_rate` should be float",
        "Write the learning rate with a decimal point: 1.0, not 1.",
    ),
    (
        "Could not interpret optimizer identifier",
        'Keras has no optimizer of that name: use "adam", "sgd" or "rmsprop".',
    ),
    (
        "Could not interpret loss identifier",
        'Keras has no loss of that name; the one that fits is "{loss}".',
    ),
    (
        r"/(content|kaggle|gdrive)\b|google\.colab",
        "Grading has no Google Drive and no Kaggle: use only what the functions get.",
    ),
    (
        "got an unexpected keyword argument '(epoch|batchsize|validation)'",
        "Keras spells its arguments epochs, batch_size and validation_data.",
    ),
)
"""What Keras users stumble over, by the message that they see, and one thing to do about it."""
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
        if stub == "build_model" and isinstance(run.model, ArchitectureError):
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
        raise CheckFailedError(f"{stub} did not return.", f"Run {stub} in your notebook.")
    _require_same_model(run, training)
    _require_changes_by_fit(training)
    return training


def _require_changes_by_fit(training: Training) -> None:
    """Weights that were set, and that `fit` then left as they were, are no training."""
    start, after = training.start_weights, training.weights
    if start is not None and after is not None and all(map(np.array_equal, start, after)):
        raise CheckFailedError(
            "The weights changed before fit began, and fit changed none of them.",
            "Let fit train the model from the weights that it has; do not set them.",
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
        raise CheckFailedError(f"{start}{stub} {error}.", error.hint, Outcome(error.kind))
    for exceptions, meaning, hint in _LIMITS:
        if re.match(exceptions, f"{error.kind}: {error.message}"):
            raise CheckFailedError(
                f"{start}{stub} {meaning.format(limits=run.limits)}{error.place}.",
                hint,
                Outcome.RESOURCE_LIMIT,
            )
    raise CheckFailedError(f"{start}{stub} {error}", _hint(run, stub, error))


def _fail_by_missing_function(run: Run, stub: str, start: str) -> None:
    error = run.cell_errors.get(stub) or run.cell_errors.get(SCRIPT)
    if error is None:
        raise CheckFailedError(
            f"{start}{run.errors[stub].message}.",
            f"Keep the function's name: def {stub}(...).",
        )
    where = f"cell of {stub}" if stub in run.cell_errors else SCRIPT
    if error.kind in ENDED:
        raise CheckFailedError(f"{start}the {where} {error}.", error.hint, Outcome(error.kind))
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
    known = _stumbling_block(run, error) or _HINTS.get(error.kind, "").format(stub=stub)
    if known:
        return known
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


def _stumbling_block(run: Run, error: StudentError) -> str:
    """One thing to do about a message that many Keras users see; "" for any other."""
    for pattern, hint in _STUMBLING_BLOCKS:
        if re.search(pattern, error.message):
            return hint.format(loss=run.objective.loss_name)
    arguments = run.observed.compile_arguments
    if "is not a valid dtype" in error.message and "loss_weights" in arguments:
        return (
            "The third argument of compile is loss_weights, not metrics: write "
            'metrics=["accuracy"].'
        )
    return ""
