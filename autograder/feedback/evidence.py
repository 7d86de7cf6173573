"""Read the two pieces of evidence that have pictures, and describe them.

Evidence is JSON that may come from an older Grade, so missing or malformed parts give None, never
an error.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import TypeGuard

import numpy as np
from pydantic import JsonValue

from autograder.results import TrainingSummary, Verdict, clean_line

Matrix = tuple[tuple[float, ...], ...]
Scalar = float | int | np.floating

_MIN_POINTS = 2
_MAX_EPOCHS = 2000
_MAX_WEIGHTS = 4096
_SAME_LOSS = 1e-3
_MAX_NUMBER = 1e100  # sums and multiples of such numbers still fit into a float


TRAINING, VALIDATION = "training", "validation"
"""What losses may be measured on."""


@dataclasses.dataclass(frozen=True)
class LossCurve:
    """Loss of a training.

    Attributes:
        recomputed: By the grader: before training, then after each epoch.
        reported: By the student's history, one per epoch, NaN if it is not a number; may be empty.
        gaps: Whether some epochs between were not recomputed, and stand on a straight line.
        left: The epoch whose weights the training left, if that is not the last one.
        data: The data of the recomputed losses, "training" or "validation".
    """

    recomputed: tuple[float, ...]
    reported: tuple[float, ...] = ()
    gaps: bool = False
    left: int | None = None
    data: str = TRAINING


@dataclasses.dataclass(frozen=True)
class Kernel:
    """Weights before and after training, each of shape (inputs, units), such as a layer's kernel.

    Attributes:
        layer: What they are called.
        before: Before training.
        after: After training.
        inputs: What the rows are called; () to number them.
        kind: What precedes the name.
    """

    layer: str
    before: Matrix
    after: Matrix
    inputs: tuple[str, ...] = ()
    kind: str = "kernel of the layer"

    def input_name(self, row: int) -> str:
        """What a row is called: "softness", or "input 1"."""
        return self.inputs[row] if self.inputs else f"input {row + 1}"


def loss_curve(verdict: Verdict) -> LossCurve | None:
    """The loss curve in a verdict's evidence; None if it has fewer than two points."""
    curve = verdict.evidence.get("loss_curve")
    if not isinstance(curve, dict):
        return None
    recomputed = _reported(curve.get("recomputed"))
    reported = _reported(curve.get("reported"))
    ends_missing = any(map(math.isnan, (*recomputed[:1], *recomputed[-1:])))
    if not recomputed or ends_missing or len(recomputed) + len(reported) < _MIN_POINTS:
        return None
    filled = _without_gaps(recomputed)
    left = curve.get("left")
    if not isinstance(left, int) or isinstance(left, bool) or not 0 < left < len(filled) - 1:
        left = None
    data = VALIDATION if curve.get("data") == VALIDATION else TRAINING
    return LossCurve(filled, reported, gaps=filled != recomputed, left=left, data=data)


def summary_curve(summary: TrainingSummary) -> LossCurve | None:
    """The losses of a training, on straight lines between the epochs that were recomputed."""
    points = _points(summary.epochs, summary.loss)
    if len(points) < _MIN_POINTS or len(points) < len(summary.loss) or points[0][0] != 0:
        return None
    losses = [math.nan] * (points[-1][0] + 1)
    for epoch, loss in points:
        losses[epoch] = loss
    return LossCurve(_without_gaps(tuple(losses)), gaps=len(points) < len(losses))


def reference_points(summary: TrainingSummary) -> tuple[tuple[int, float], ...]:
    """Epochs of the course's own solution with their losses; those that are finite."""
    return _points(summary.reference_epochs, summary.reference_loss)


def is_of(curve: LossCurve, summary: TrainingSummary) -> bool:
    """Whether a curve is that of a training, by the losses at both ends."""
    own = summary_curve(summary)
    if own is None:
        return False
    return all(
        math.isclose(own.recomputed[end], curve.recomputed[end], rel_tol=_SAME_LOSS)
        for end in (0, -1)
    )


def _points(epochs: Sequence[int], losses: Sequence[float | None]) -> tuple[tuple[int, float], ...]:
    """Epochs, ascending, with losses that are numbers; none if there are too many."""
    if len(epochs) != len(losses) or not epochs or list(epochs) != sorted(set(epochs)):
        return ()
    if epochs[0] < 0 or epochs[-1] > _MAX_EPOCHS:
        return ()
    return tuple(
        (epoch, loss)
        for epoch, loss in zip(epochs, losses, strict=True)
        if loss is not None and abs(loss) < _MAX_NUMBER
    )


def kernel(verdict: Verdict) -> Kernel | None:
    """The kernel in a verdict's evidence; None if it has more than 4,096 weights."""
    weights = verdict.evidence.get("kernel")
    if not isinstance(weights, dict):
        return None
    layer, before, after = weights.get("layer"), _matrix(weights.get("before")), None
    if before:
        after = _matrix(weights.get("after"))
    if not isinstance(layer, str) or not before or not after:
        return None
    if (len(before), len(before[0])) != (len(after), len(after[0])):
        return None
    return Kernel(clean_line(layer, 60), before, after)


def describe_loss(curve: LossCurve, reference: Sequence[float] = ()) -> str:
    """The loss curve in words: "Loss from 0.71 before training to 0.08 after 12 epochs"."""
    losses = curve.recomputed
    name = "Validation loss" if curve.data == VALIDATION else "Loss"
    before = format_number(losses[0])
    if len(losses) > 1:
        epochs = _count(len(losses) - 1, "epoch")
        after = format_number(losses[-1])
        description = f"{name} from {before} before training to {after} after {epochs}"
    else:
        description = f"{name} {before} before training; no epoch ran"
    if curve.left is not None:
        left = format_number(losses[curve.left])
        description += f", with the weights of epoch {curve.left} restored, whose loss is {left}"
    description += ", recomputed by the grader"
    reported = [format_number(value) for value in curve.reported if not math.isnan(value)]
    if reported:
        description += f"; the history reports {reported[0]} to {reported[-1]}"
    solution = [format_number(value) for value in reference if not math.isnan(value)]
    if solution:
        description += f"; the course's own solution goes from {solution[0]} to {solution[-1]}"
    return f"{description}."


def describe_kernel(kernel: Kernel) -> str:
    """The kernel's change in words, with the largest change and where it is."""
    change = np.array(kernel.after) - np.array(kernel.before)
    inputs, units = change.shape
    shape = f"{_count(inputs, 'input')} by {_count(units, 'unit')}"
    kind = kernel.kind[:1].upper() + kernel.kind[1:]
    description = f"{kind} “{kernel.layer}”, {shape}, before and after training"
    if not change.any():
        return f"{description}. No weight changed."
    row, column = divmod(int(np.abs(change).argmax()), units)
    return (
        f"{description}. Largest change {format_number(change[row, column], sign=True)}, "
        f"{kernel.input_name(row)} to unit {column + 1}; mean absolute change "
        f"{format_number(np.abs(change).mean())}."
    )


def format_number(value: Scalar, *, sign: bool = False) -> str:
    """Three significant digits: "0.693", "+0.21"."""
    return with_minus_sign(f"{value:{'+' if sign else ''}.3g}")


def with_minus_sign(number: str) -> str:
    """A number with a minus sign, which is as wide as a plus sign, in place of the hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def _count(amount: int, noun: str) -> str:
    return f"{amount} {noun}" + ("" if amount == 1 else "s")


def _is_number(value: JsonValue) -> TypeGuard[float]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    # Infinity and NaN fail the comparison, and an int of any length can be compared.
    return -_MAX_NUMBER < value < _MAX_NUMBER


def _numbers(value: JsonValue) -> tuple[float, ...]:
    """A list's numbers; empty unless all of its items are finite numbers."""
    if not isinstance(value, list) or len(value) > _MAX_EPOCHS:
        return ()
    numbers = tuple(float(item) for item in value if _is_number(item))
    return numbers if len(numbers) == len(value) else ()


def _reported(value: JsonValue) -> tuple[float, ...]:
    """As `_numbers`, with NaN for None; empty if all items are None."""
    if not isinstance(value, list) or all(item is None for item in value):
        return ()
    numbers = _numbers([0 if item is None else item for item in value])
    pairs = zip(numbers, value, strict=False)
    return tuple(math.nan if item is None else number for number, item in pairs)


def _without_gaps(values: tuple[float, ...]) -> tuple[float, ...]:
    """The same numbers, with those on a straight line that are missing between others."""
    numbers = np.array(values)
    places, known = np.arange(len(numbers)), ~np.isnan(numbers)
    return tuple(np.interp(places, places[known], numbers[known]).tolist())


def _matrix(value: JsonValue) -> Matrix | None:
    if not isinstance(value, list) or not 0 < len(value) <= _MAX_WEIGHTS:
        return None
    rows = tuple(_numbers(row) for row in value)
    width = len(rows[0])
    if not width or any(len(row) != width for row in rows) or len(rows) * width > _MAX_WEIGHTS:
        return None
    return rows
