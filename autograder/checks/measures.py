"""Measures that checks share, computed from the weights, and how messages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from autograder.checks.training_run import Run
from autograder.exercises import FloatArray, Training

_MOST_DIGITS = 10


def loss_curve(run: Run, training: Training) -> list[float]:
    """Loss on the training data before training and after each epoch, while weights are finite.

    Of a long training of a large model only some epochs are kept; see `Training.epochs_kept`.
    """
    curve = [run.training_loss(run.initial_weights)]
    for weights in training.epoch_weights:
        if weights is None:
            break
        curve.append(run.training_loss(weights))
    return curve


def largest_changes(before: Sequence[FloatArray], after: Sequence[FloatArray]) -> list[float]:
    """The largest absolute change of each array."""
    return [float(np.abs(b - a).max()) for a, b in zip(before, after, strict=True)]


def same_numbers(values: Sequence[float | None], expected: Sequence[float]) -> bool:
    """Whether two lists of the same length agree to four digits; None agrees with nothing."""
    return all(
        value is not None and np.isclose(value, number, rtol=1e-4, atol=1e-6)
        for value, number in zip(values, expected, strict=True)
    )


def format_number(value: float, digits: int = 3) -> str:
    """A number in a message: "0.412"; a small one keeps two significant digits: "9.5e-07"."""
    if value != 0 and abs(value) < 0.5 * 10.0 ** (1 - digits):
        return f"{value:.2g}"
    return f"{value:.{digits}f}"


def format_numbers(values: Sequence[float | None], digits: int = 3) -> str:
    """Numbers in a message: "0.412, NaN, 0.100"."""
    texts = ("NaN" if value is None else format_number(value, digits) for value in values)
    return ", ".join(texts) or "nothing"


def format_apart(value: float, bound: float, digits: int = 3) -> tuple[str, str]:
    """Two different numbers with as many digits as it takes to see that they differ."""
    for count in range(digits, _MOST_DIGITS):
        texts = format_number(value, count), format_number(bound, count)
        if texts[0] != texts[1]:
            return texts
    return repr(value), repr(bound)


def format_share(value: float, bound: float) -> str:
    """A share in percent, with as many digits as it takes to see that it is not the bound."""
    for digits in range(1, _MOST_DIGITS):
        text = f"{value:.{digits}%}"
        if text != f"{bound:.{digits}%}":
            return text
    return repr(value)


def join_names(names: Iterable[str]) -> str:
    """Names in a message: "hidden kernel, hidden bias"."""
    return ", ".join(names)
