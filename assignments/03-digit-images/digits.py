"""Handwritten digits: 1,797 images of 8 by 8 pixels; see SOURCES.md.

Students get 1,258 of the images. Only the grader has the other 539.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IMAGE_SHAPE = (8, 8, 1)
"""Rows, columns and channels of an image; one channel, because the images are gray."""
N_DIGITS = 10
PUBLIC_IMAGES = Path(__file__).with_name("digits.npz")
_FULL_INK = 16
"""The largest value of a pixel in the file: each counts the dark dots among 4 by 4 scanned ones."""


def digits(images: Path = PUBLIC_IMAGES) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Load images of handwritten digits, and which digits they show, in random order.

    Args:
        images: A file with the arrays of digits.npz.

    Returns:
        Images, shape (samples, 8, 8, 1), float32, from 0 (paper) to 1 (ink); and the digits, shape
        (samples,), int64, from 0 to 9.

    Raises:
        OSError: If the file cannot be read.
        KeyError: If an array is missing.
        ValueError: If the arrays are not images of that size with one digit each.
    """
    with np.load(images, allow_pickle=False) as arrays:
        pixels, labels = arrays["images"], arrays["labels"]
    if pixels.shape != (len(labels), *IMAGE_SHAPE[:2]):
        raise ValueError(f"images of shape {pixels.shape} for {len(labels)} labels")
    return (pixels[..., np.newaxis] / _FULL_INK).astype(np.float32), labels.astype(np.int64)


def typed_in_a_hurry(y: NDArray[np.int64], share: float, seed: int) -> NDArray[np.int64]:
    """Make some of the labels wrong, like somebody who types without looking twice.

    Args:
        y: Right labels, shape (samples,), int64, from 0 to 9.
        share: The share of labels to make wrong, from 0 to 1.
        seed: The same seed makes the same mistakes.

    Returns:
        Labels, shape (samples,), int64; a wrong one is any of the other nine digits.
    """
    rng = np.random.default_rng(seed)
    n_wrong = round(share * len(y))
    shifts = np.zeros(len(y), np.int64)
    shifts[:n_wrong] = rng.integers(1, N_DIGITS, n_wrong)
    labels: NDArray[np.int64] = (y + rng.permutation(shifts)) % N_DIGITS
    return labels
