"""Plain values of what is observed, converted from student objects that may do anything."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict

MOST_NUMBERS = 100_000
"""The most numbers that are kept of one answer."""
_MOST_ITEMS = 100


SandboxSeed = Annotated[int, BeforeValidator(lambda seed: seed % 2**32)]
"""A seed as Keras takes it: the data cannot be drawn again from so few bits of one."""


class Observation(BaseModel):
    """Base of what an exercise gives and observes: frozen, strict, arrays allowed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True
    )


def finite(value: object) -> float | None:
    """The value as a float, or None if it is not a finite number."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def floats(value: object) -> list[float | None] | None:
    """A list, tuple or array of numbers as floats, or None if it is something else."""
    if not isinstance(value, (list, tuple, np.ndarray)):
        return None
    return [finite(item) for item in list(value)[:_MOST_ITEMS]]


def numeric(value: object) -> np.ndarray | None:
    """A float32 copy of something numeric and finite of at most 100,000 numbers, or None."""
    try:
        array = np.array(value, dtype=np.float32)
    except Exception:  # noqa: BLE001 - converting a student's object may do anything
        return None
    return array if array.size <= MOST_NUMBERS and np.isfinite(array).all() else None


def type_name(value: object) -> str:
    """The class name of what a student's function returned."""
    return type(value).__name__[:100]


def finite_weights(weights: Sequence[np.ndarray]) -> list[np.ndarray] | None:
    """The weights as float32 copies, or None if one of them is NaN or infinite."""
    copies = [np.array(w, dtype=np.float32) for w in weights]
    return copies if all(np.isfinite(w).all() for w in copies) else None
