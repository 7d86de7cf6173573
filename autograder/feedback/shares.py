"""Shares of all change: how much of it is in an array of weights, or in the weights of an input."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from autograder.results import ArrayChange, clean_line

_SMALL = 0.01


@dataclasses.dataclass(frozen=True)
class Part:
    """A part of the weights with its share of all change.

    Attributes:
        name: Such as "the weights from softness", or "`hidden kernel`".
        share: Of the sum of all squared changes, in [0, 1].
        growth: Its length after training minus before; None if that is unknown.
    """

    name: str
    share: float
    growth: float | None = None


def shares_of(lengths: Sequence[float]) -> list[float]:
    """The share of each change in the sum of all squares; zeros if nothing moved.

    Args:
        lengths: The lengths of changes.
    """
    largest = max(lengths, default=0)
    if not largest > 0 or not all(map(math.isfinite, lengths)):
        return [0.0] * len(lengths)
    squares = [(length / largest) ** 2 for length in lengths]
    return [square / sum(squares) for square in squares]


def array_part(change: ArrayChange, share: float) -> Part:
    """An array of weights, with its share of all change."""
    return Part(name_of(change), share, _growth(change))


def input_parts(change: ArrayChange, share: float) -> list[Part]:
    """The parts of an array by its inputs, the largest first; none if they have no names.

    Args:
        change: The array.
        share: Its share of all change.
    """
    if not change.inputs or len(change.inputs) != len(change.by_input):
        return []
    shares = shares_of(change.by_input)
    parts = [
        Part(f"the weights from {clean_line(name, 40)}", share * own, _growth(change, row))
        for row, (name, own) in enumerate(zip(change.inputs, shares, strict=True))
        if own > 0
    ]
    return sorted(parts, key=lambda part: -part.share)


def percent(share: float) -> str:
    """A share in whole percent; only nothing is 0 %, and only all is 100 %."""
    if share <= 0:
        return "0\u2009%"
    if share >= 1:
        return "100\u2009%"
    if share < _SMALL:
        return "less than 1\u2009%"
    return f"{min(round(share * 100), 99)}\u2009%"


def name_of(change: ArrayChange) -> str:
    """An array's name as code."""
    return f"`{clean_line(change.array, 60).replace('`', '')}`"


def _growth(change: ArrayChange, row: int | None = None) -> float | None:
    """How much longer an array, or one of its rows, is after training; None if it is unknown."""
    before, after = change.values_before, change.values_after
    if not before or len(before) != len(after) or (row is not None and row >= len(before)):
        return None
    rows = slice(None) if row is None else slice(row, row + 1)
    lengths = [
        math.hypot(*(n for each in values[rows] for n in each)) for values in (before, after)
    ]
    growth = lengths[1] - lengths[0]
    return growth if math.isfinite(growth) else None
