"""Reading the two pieces of evidence that have pictures, and saying what they show.

Evidence is JSON that came a long way, so whatever is absent or malformed is None, never an error.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from pydantic import JsonValue

from autograder.plain_text import clean_line
from autograder.results import Verdict

Matrix = tuple[tuple[float, ...], ...]
Scalar = float | int | np.floating

_LEAST_POINTS = 2
_MOST_EPOCHS = 2000
_MOST_WEIGHTS = 4096
_LARGEST = 1e100  # sums and scales of such numbers still fit into a float


@dataclasses.dataclass(frozen=True)
class LossCurve:
    """Loss on the training data.

    Attributes:
        recomputed: By the grader: before training, then after each epoch.
        reported: By the student's history, one an epoch, NaN where it is no number; may be empty.
    """

    recomputed: tuple[float, ...]
    reported: tuple[float, ...] = ()


@dataclasses.dataclass(frozen=True)
class Kernel:
    """A layer's kernel before and after training, each of shape (inputs, units)."""

    layer: str
    before: Matrix
    after: Matrix


def loss_curve(verdict: Verdict) -> LossCurve | None:
    """The loss curve among a verdict's evidence, if it has at least two points."""
    found = verdict.evidence.get("loss_curve")
    if not isinstance(found, dict):
        return None
    recomputed = _numbers(found.get("recomputed"))
    reported = _reported(found.get("reported"))
    if not recomputed or len(recomputed) + len(reported) < _LEAST_POINTS:
        return None
    return LossCurve(recomputed, reported)


def kernel(verdict: Verdict) -> Kernel | None:
    """The kernel among a verdict's evidence; None above 4,096 weights too."""
    found = verdict.evidence.get("kernel")
    if not isinstance(found, dict):
        return None
    layer, before, after = found.get("layer"), _matrix(found.get("before")), None
    if before:
        after = _matrix(found.get("after"))
    if not isinstance(layer, str) or not before or not after:
        return None
    if (len(before), len(before[0])) != (len(after), len(after[0])):
        return None
    return Kernel(clean_line(layer, 60), before, after)


def loss_words(curve: LossCurve) -> str:
    """What the loss curve says: "Loss from 0.71 before training to 0.08 after 12 epochs"."""
    losses = curve.recomputed
    said = f"Loss {number(losses[0])} before training; no epoch ran"
    if len(losses) > 1:
        ran = len(losses) - 1
        epochs = "1 epoch" if ran == 1 else f"{ran} epochs"
        said = (
            f"Loss from {number(losses[0])} before training to {number(losses[-1])} after {epochs}"
        )
    claimed = [value for value in curve.reported if not math.isnan(value)]
    if not claimed:
        return f"{said}, recomputed by the grader."
    return (
        f"{said}, recomputed by the grader; "
        f"the history reports {number(claimed[0])} to {number(claimed[-1])}."
    )


def kernel_words(kernel: Kernel) -> str:
    """What the kernel's change says, with the largest change and where it is."""
    change = np.array(kernel.after) - np.array(kernel.before)
    inputs, units = change.shape
    shape = f"{_count(inputs, 'input')} by {_count(units, 'unit')}"
    said = f"Kernel of the layer “{kernel.layer}”, {shape}, before and after training"
    if not change.any():
        return f"{said}. No weight changed."
    row, column = divmod(int(np.abs(change).argmax()), units)
    return (
        f"{said}. Largest change {number(change[row, column], sign=True)}, "
        f"input {row + 1} to unit {column + 1}; mean absolute change "
        f"{number(np.abs(change).mean())}."
    )


def number(value: Scalar, *, sign: bool = False) -> str:
    """Three significant digits: "0.693", "+0.21"."""
    return true_minus(f"{value:{'+' if sign else ''}.3g}")


def true_minus(number: str) -> str:
    """A number with a minus sign as wide as its plus sign, in place of a hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def _count(amount: int, noun: str) -> str:
    return f"{amount} {noun}" + ("" if amount == 1 else "s")


def _is_number(value: JsonValue) -> bool:
    # Infinity and NaN fail the comparison; an int of any length passes through it unharmed.
    return isinstance(value, int | float) and not isinstance(value, bool) and _fits(value)


def _fits(value: float) -> bool:
    return -_LARGEST < value < _LARGEST


def _numbers(found: JsonValue) -> tuple[float, ...]:
    """A list of finite numbers, or nothing."""
    if not isinstance(found, list) or len(found) > _MOST_EPOCHS:
        return ()
    values = tuple(float(v) for v in found if isinstance(v, int | float) and _is_number(v))
    return values if len(values) == len(found) else ()


def _reported(found: JsonValue) -> tuple[float, ...]:
    """A list of finite numbers in which None becomes NaN, or nothing."""
    if not isinstance(found, list) or all(value is None for value in found):
        return ()
    values = _numbers([0 if value is None else value for value in found])
    pairs = zip(values, found, strict=False)
    return tuple(math.nan if original is None else value for value, original in pairs)


def _matrix(found: JsonValue) -> Matrix | None:
    if not isinstance(found, list) or not 0 < len(found) <= _MOST_WEIGHTS:
        return None
    rows = tuple(_numbers(row) for row in found)
    width = len(rows[0])
    if not width or any(len(row) != width for row in rows) or len(rows) * width > _MOST_WEIGHTS:
        return None
    return rows
