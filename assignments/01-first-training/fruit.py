"""Made-up fruit, and the lesson's four samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RIPE_FRUIT = (9.6, 8.0, 6.4)
"""Center of the ripe fruit: size, color, softness. The unripe fruit is opposite."""
SPREAD = 4.8
"""Standard deviation of each measurement around its center."""
LARGEST_SIMILARITY = 0.2
"""Cosine between two orchards: the best classifier for one is right in at most 72% in the other."""
_ORCHARD = 1


def lesson_samples() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The lesson's four samples, which lie on a line and have alternating labels.

    Returns:
        Features, shape (4, 3), float32, and labels, shape (4,), int64, in {0, 1}.
    """
    x = np.arange(1, 13, dtype=np.float32).reshape(4, 3)
    return x, np.array([0, 1, 0, 1], dtype=np.int64)


def fruit(
    samples: int, seed: int, ripe: Sequence[float] = RIPE_FRUIT
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Make up fruit: three measurements of each, and whether it is ripe.

    The measurements (size, color, softness) are differences from the average fruit. Each class is
    normally distributed; the best possible classifier is right in 99.8% of cases.

    Args:
        samples: How many fruits; half of them are ripe, and one more is unripe if odd.
        seed: The same seed gives the same fruit.
        ripe: Center of the ripe fruit; each orchard has its own.

    Returns:
        Features, shape (samples, 3), float32, and labels, shape (samples,), int64:
        0 unripe, 1 ripe.
    """
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(samples, dtype=np.int64) % 2)
    sides = np.where(y == 1, 1.0, -1.0)[:, np.newaxis]
    x = sides * np.array(ripe) + rng.normal(0, SPREAD, (samples, 3))
    return x.astype(np.float32), y


def orchard(seed: int, unlike: int | None = None) -> Sequence[float]:
    """Center of the ripe fruit in another orchard, as far from the average as `RIPE_FRUIT` is.

    A model that was trained on `RIPE_FRUIT` is of no use there.

    Args:
        seed: The same seed gives the same orchard.
        unlike: Seed of an orchard that this one must not be similar to either.

    Returns:
        Size, color, softness.
    """
    others = [np.array(RIPE_FRUIT)] if unlike is None else [np.array(RIPE_FRUIT), orchard(unlike)]
    distance = float(np.linalg.norm(RIPE_FRUIT))
    rng = np.random.default_rng([seed, _ORCHARD])
    while True:
        direction = rng.normal(size=3)
        ripe = distance * direction / np.linalg.norm(direction)
        if all(abs(ripe @ other) <= LARGEST_SIMILARITY * distance**2 for other in others):
            return tuple(ripe.tolist())
