"""The course's small data sets: the lesson's own, and made-up ones drawn from a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RIPE_FRUIT = (9.6, 8.0, 6.4)
"""Centre of the ripe fruit: size, color, softness; the unripe lie opposite."""
SPREAD = 4.8
"""Standard deviation of each measurement about its centre."""


def lesson_samples() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The lesson's four samples, whose labels alternate along a line.

    Returns:
        Features, shape (4, 3), float32, and labels, shape (4,), int64, in {0, 1}.
    """
    x = np.arange(1, 13, dtype=np.float32).reshape(4, 3)
    return x, np.array([0, 1, 0, 1], dtype=np.int64)


def fruit(samples: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Made-up fruit: three measurements each, and whether it is ripe.

    The measurements (size, color, softness) are differences from the average fruit. Each class is
    a normal cloud; the best possible classifier is right in 99.8% of cases.

    Args:
        samples: How many; half of each class, one more unripe if odd.
        seed: The same seed gives the same fruit.

    Returns:
        Features, shape (samples, 3), float32, and labels, shape (samples,), int64:
        0 unripe, 1 ripe.
    """
    draw = np.random.default_rng(seed)
    y = draw.permutation(np.arange(samples, dtype=np.int64) % 2)
    sides = np.where(y == 1, 1.0, -1.0)[:, np.newaxis]
    x = sides * np.array(RIPE_FRUIT) + draw.normal(0, SPREAD, (samples, 3))
    return x.astype(np.float32), y
