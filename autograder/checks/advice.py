"""One thing to do about an exception that a student's function raised."""

from __future__ import annotations

import re

from autograder.checks.training_run import Run
from autograder.exercises import StudentError
from autograder.submissions import SCRIPT

_BY_KIND = {
    "NotImplementedError": "Delete the line `raise NotImplementedError()` from `{stub}`.",
    "NoModelError": "End `{stub}` with `return model`, where `model` is a `keras.Sequential`.",
    "NameError": (
        "In `{stub}` use its arguments, and names from the imports and your functions: cells that "
        "only show something do not run while grading."
    ),
}
"""What to do about an exception whose kind says it all."""
_STUMBLING_BLOCKS = (
    (
        "Expected `metrics` argument to be a list",
        'Put the metrics into a list: `metrics=["accuracy"]`.',
    ),
    (
        "Argument\\(s\\) not recognized: .*'(lr|decay)'",
        (
            "That argument is of an old Keras: write `learning_rate`, and use a schedule in place "
            "of `decay`."
        ),
    ),
    (
        "Argument `learning_rate` should be float",
        "Write the learning rate with a decimal point: `1.0`, not `1`.",
    ),
    (
        "hence its learning rate is not settable",
        (
            "Choose one: a schedule in the optimizer, or a callback that sets the learning rate, "
            "such as `LearningRateScheduler` or `ReduceLROnPlateau`."
        ),
    ),
    (
        "Could not interpret optimizer identifier",
        'Keras has no optimizer of that name: use `"adam"`, `"sgd"` or `"rmsprop"`.',
    ),
    (
        "Could not interpret loss identifier",
        'Keras has no loss of that name; the one that fits is `"{loss}"`.',
    ),
    (
        r"/(content|kaggle|gdrive)\b|google\.colab",
        "Grading has no Google Drive and no Kaggle: use only what the functions get.",
    ),
    (
        "got an unexpected keyword argument '(epoch|batchsize|validation)'",
        "Keras spells its arguments `epochs`, `batch_size` and `validation_data`.",
    ),
)
"""What Keras users stumble over, by the message that they see, and one thing to do about it."""
_USUAL_CAUSES = (
    (
        "^TypeError: .* missing .* required",
        "Pass every argument that the function needs, in the order in which it takes them.",
    ),
    (
        "^TypeError: .* positional argument",
        "Pass only the arguments that the function takes, and name them: `epochs=epochs`.",
    ),
    (
        "unexpected keyword argument",
        "Leave that argument out, or correct its name: `help(model.fit)` lists those of `fit`.",
    ),
    (
        "'NoneType'",
        "A value is `None`: a function without `return` gives `None`, so return its result.",
    ),
    (
        "[Cc]ompile.* (before|first)|must compile|You must call `compile",
        "Compile the model before you train it: call `model.compile(...)`.",
    ),
    (
        "^AttributeError: .*'(Sequential|Functional)' object",
        "Keras models have no such attribute: look at `help(model)`, and mind the spelling.",
    ),
    (
        "^AttributeError: ",
        "Print the value's `type(...)` just before that line: it is not what the line expects.",
    ),
    (
        "incompatible|expected axis|not aligned|broadcast|[Ii]nvalid input shape|cardinality",
        "Print the shapes just before that line, such as `x.shape`, and make them fit.",
    ),
    (
        "^(ModuleNotFound|Import)Error: ",
        "Import only what the notebook's first cell imports, and Python's own modules.",
    ),
    ("^FileNotFoundError: ", "Use the data that the function gets, not a file of your computer."),
    ("^IndexError: ", "Print the length just before that line: indices run from 0 to length - 1."),
    ("^KeyError: ", "Print the keys just before that line, and use one of them."),
    (
        "^UnboundLocalError: ",
        "Give the name a value inside the function, before that line and in every branch.",
    ),
    ("^RecursionError: ", "The function calls itself without end: call the function you mean."),
)
"""Usual causes by kind and message, and one thing to do about each."""


def advice(run: Run, stub: str, error: StudentError) -> str:
    """One thing to do about an exception; never only to read it again.

    Args:
        run: The training run.
        stub: The function that raised it.
        error: The exception.
    """
    if error.kind == "NameError" and run.cell_errors:
        cell, cause = next(iter(run.cell_errors.items()))
        where = f"`{SCRIPT}`" if cell == SCRIPT else f"cell `{cell}`"
        return (
            f"Fix the {where} first, whose line {cause.line} raises {cause.kind}: {cause.message}. "
            "What it should define may be what is missing here."
        )
    return (
        _stumbling_block(run, error)
        or _BY_KIND.get(error.kind, "").format(stub=stub)
        or _wrong_order(run, stub)
        or _not_compiled(run, stub)
        or _usual_cause(error)
        or _look_closer(stub, error)
    )


def _stumbling_block(run: Run, error: StudentError) -> str:
    """One thing to do about a message that many Keras users see; "" for any other."""
    for pattern, hint in _STUMBLING_BLOCKS:
        if re.search(pattern, error.message):
            return hint.format(loss=run.objective.loss_name)
    arguments = run.observed.compile_arguments
    if "is not a valid dtype" in error.message and "loss_weights" in arguments:
        return (
            "The third argument of `compile` is `loss_weights`, not metrics: write "
            '`metrics=["accuracy"]`.'
        )
    return ""


def _wrong_order(run: Run, stub: str) -> str:
    expected = list(run.signatures[stub])
    parameters = run.observed.signatures.get(stub, expected)
    if parameters == expected or set(parameters) & {"args", "kwargs"}:
        return ""
    return (
        f"Keep the order of the arguments: your `{stub}` takes `({', '.join(parameters)})`, "
        f"it must take `({', '.join(expected)})`."
    )


def _not_compiled(run: Run, stub: str) -> str:
    compiled = run.observed.compiled
    if stub != "train_model":
        return ""
    if compiled is None:
        return "Compile the model first: `compile_model` must call `model.compile(...)`."
    if compiled.loss_error:
        return f'The loss does not fit the answers: use `loss="{run.objective.loss_name}"`.'
    return ""


def _usual_cause(error: StudentError) -> str:
    text = f"{error.kind}: {error.message}"
    return next((hint for pattern, hint in _USUAL_CAUSES if re.search(pattern, text)), "")


def _look_closer(stub: str, error: StudentError) -> str:
    where = f"just before line {error.line} of `{error.cell}`" if error.cell else f"in `{stub}`"
    return f"Print what the code works with {where}: the values, their types and their shapes."
