"""Figures of a summary: few digits, so that a Grade stays small; None for what is not finite."""

from __future__ import annotations

import math
from collections.abc import Iterable

DIGITS = 5
"""Significant digits of a figure."""
FEW_DIGITS = 4
"""Significant digits of a figure that is one of many in a picture."""


def rounded(value: float, digits: int = DIGITS) -> float:
    """The value with that many significant digits."""
    return float(f"{value:.{digits}g}")


def row(values: Iterable[float], digits: int = FEW_DIGITS) -> tuple[float, ...]:
    """Finite values, rounded."""
    return tuple(rounded(value, digits) for value in values)


def losses(values: Iterable[float], digits: int = DIGITS) -> tuple[float | None, ...]:
    """Losses, rounded; None for one that is not finite."""
    return tuple(rounded(v, digits) if math.isfinite(v) else None for v in values)
