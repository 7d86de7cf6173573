"""How each array of weights changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.checks.graded_model import Rebuilt
from autograder.checks.training_run import Run
from autograder.checks.training_summary.figures import rounded, row
from autograder.exercises import FloatArray
from autograder.results import ArrayChange

_MOST_ARRAYS = 24
_MOST_ROWS = 64
"""Rows of one array whose changes are listed."""
_MOST_VALUES = 128
"""Weights of one array that are listed; and twice as many of all arrays."""


def array_changes(
    run: Run, after: Sequence[FloatArray], features: Sequence[str]
) -> tuple[ArrayChange, ...]:
    """How each array of weights changed in training.

    Args:
        run: The training run.
        after: The weights after training.
        features: Names of the columns of the training features; () if they have none.

    Returns:
        The changes of the first 24 arrays. Only small arrays have their values.
    """
    kernels = run.model.input_kernels if isinstance(run.model, Rebuilt) else frozenset()
    arrays = list(zip(run.arrays, run.initial_weights, after, strict=True))
    changes, left = [], 2 * _MOST_VALUES
    for number, (name, old, new) in enumerate(arrays[:_MOST_ARRAYS]):
        is_listed = old.size <= min(left, _MOST_VALUES)
        left -= old.size if is_listed else 0
        is_named = number in kernels and len(old) == len(features)
        inputs = tuple(features) if is_named else ()
        changes.append(_change(name, old, new, inputs, is_listed=is_listed))
    return tuple(changes)


def _change(
    name: str, old: FloatArray, new: FloatArray, inputs: tuple[str, ...], *, is_listed: bool
) -> ArrayChange:
    before = old.astype(np.float64)
    change = new.astype(np.float64) - before
    has_rows = old.ndim == 2 and len(old) <= _MOST_ROWS  # noqa: PLR2004 - rows and columns
    return ArrayChange(
        array=name,
        shape=old.shape,
        inputs=inputs,
        weights=old.size,
        still=int((_bits(old) == _bits(new)).sum()),
        before=rounded(float(np.linalg.norm(before.ravel()))),
        change=rounded(float(np.linalg.norm(change.ravel()))),
        by_input=row(np.linalg.norm(change, axis=1)) if has_rows else (),
        values_before=_rows(old) if is_listed else (),
        values_after=_rows(new) if is_listed else (),
    )


def _bits(array: FloatArray) -> np.ndarray:
    return np.ascontiguousarray(array, np.float32).view(np.int32)


def _rows(array: FloatArray) -> tuple[tuple[float, ...], ...]:
    """The rows of an array; one of more than two axes has those of its last two, in order."""
    width = array.shape[-1] if array.ndim else 1
    return tuple(row(values) for values in array.reshape(-1, max(1, width)))
