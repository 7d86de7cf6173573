"""Made-up fruit, and how sweet it is: the data of 04-weight-steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SWEETER = (0.8, 0.6)
"""The direction in color and softness in which fruit gets sweeter; a vector of length 1."""
AVERAGE = 0.4
LARGEST_DIFFERENCE = 0.2
STEEPNESS = 1.5
NOISE = 0.05


def sweet_fruit(
    samples: int, seed: int, sweeter: tuple[float, float] = SWEETER
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Make up fruit: two measurements of each, and how sweet it is.

    Color and softness are differences from the average fruit. Sweetness increases along one
    direction, steeply in the middle and less at both ends.

    Args:
        samples: How many fruits.
        seed: The same seed gives the same fruit.
        sweeter: The direction in which fruit gets sweeter, a vector of length 1.

    Returns:
        Features, shape (samples, 2), float32, each of mean 0 and standard deviation 1; and
        sweetness, shape (samples, 1), float32, from about 0.1 to 0.7.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(samples, 2))
    rise = np.tanh(STEEPNESS * x @ np.array(sweeter))
    y = AVERAGE + LARGEST_DIFFERENCE * rise + rng.normal(0, NOISE, samples)
    return x.astype(np.float32), y[:, np.newaxis].astype(np.float32)
