"""Made-up fruit, and the four samples of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RIPE_FRUIT = (9.6, 8.0, 6.4)
"""Centre of the ripe fruit: size, color, softness; the unripe lie opposite."""
SPREAD = 4.8
"""Standard deviation of each measurement about its centre."""
LARGEST_LIKENESS = 0.2
"""Cosine between two orchards: the best classifier of one is right in at most 72% in the other."""
_ORCHARD = 1


def lesson_samples() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The lesson's four samples, whose labels alternate along a line.

    Returns:
        Features, shape (4, 3), float32, and labels, shape (4,), int64, in {0, 1}.
    """
    x = np.arange(1, 13, dtype=np.float32).reshape(4, 3)
    return x, np.array([0, 1, 0, 1], dtype=np.int64)


def fruit(
    samples: int, seed: int, ripe: Sequence[float] = RIPE_FRUIT
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Made-up fruit: three measurements each, and whether it is ripe.

    The measurements (size, color, softness) are differences from the average fruit. Each class is
    a normal cloud; the best possible classifier is right in 99.8% of cases.

    Args:
        samples: How many; half of each class, one more unripe if odd.
        seed: The same seed gives the same fruit.
        ripe: Centre of the ripe fruit; another orchard has another one.

    Returns:
        Features, shape (samples, 3), float32, and labels, shape (samples,), int64:
        0 unripe, 1 ripe.
    """
    draw = np.random.default_rng(seed)
    y = draw.permutation(np.arange(samples, dtype=np.int64) % 2)
    sides = np.where(y == 1, 1.0, -1.0)[:, np.newaxis]
    x = sides * np.array(ripe) + draw.normal(0, SPREAD, (samples, 3))
    return x.astype(np.float32), y


def orchard(seed: int, unlike: int | None = None) -> Sequence[float]:
    """Centre of the ripe fruit of another orchard, as far from the average as `RIPE_FRUIT` is.

    What a model learned from `RIPE_FRUIT` is of no use there.

    Args:
        seed: The same seed gives the same orchard.
        unlike: Seed of one more orchard to keep away from.

    Returns:
        Size, color, softness.
    """
    known = [np.array(RIPE_FRUIT)] if unlike is None else [np.array(RIPE_FRUIT), orchard(unlike)]
    distance = float(np.linalg.norm(RIPE_FRUIT))
    draw = np.random.default_rng([seed, _ORCHARD])
    while True:
        way = draw.normal(size=3)
        ripe = distance * way / np.linalg.norm(way)
        if all(abs(ripe @ other) <= LARGEST_LIKENESS * distance**2 for other in known):
            return tuple(ripe.tolist())
