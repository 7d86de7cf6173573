"""Handwritten digits: 1,797 images of 8 by 8 pixels; source in SOURCES.md.

Students have 1,258 of the images. The other 539 stay with the grader, beside the source notebook.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IMAGE_SHAPE = (8, 8, 1)
"""Rows, columns and channels of an image; one channel, because it is gray."""
N_DIGITS = 10
PUBLIC_IMAGES = Path(__file__).with_name("digits.npz")
_FULL_INK = 16
"""The largest value of a pixel in the file: each counts the dark ones among 4 by 4 scanned dots."""


def digits(images: Path = PUBLIC_IMAGES) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Images of handwritten digits, and which digits they show, in no particular order.

    Args:
        images: A file with the arrays of digits.npz.

    Returns:
        Images, shape (samples, 8, 8, 1), float32, from 0 (paper) to 1 (ink); and digits, shape
        (samples,), int64, from 0 to 9.

    Raises:
        OSError: If the file cannot be read.
        KeyError: If an array is missing.
        ValueError: If the arrays are not images of that size and as many digits.
    """
    with np.load(images, allow_pickle=False) as arrays:
        pixels, labels = arrays["images"], arrays["labels"]
    if pixels.shape != (len(labels), *IMAGE_SHAPE[:2]):
        raise ValueError(f"images of shape {pixels.shape} for {len(labels)} labels")
    return (pixels[..., np.newaxis] / _FULL_INK).astype(np.float32), labels.astype(np.int64)


def typed_in_a_hurry(y: NDArray[np.int64], share: float, seed: int) -> NDArray[np.int64]:
    """Labels as somebody types them who does not look twice: some are wrong.

    Args:
        y: Right labels, shape (samples,), int64, from 0 to 9.
        share: The share that becomes wrong, from 0 to 1.
        seed: The same seed makes the same mistakes.

    Returns:
        Labels, shape (samples,), int64; the wrong ones are any of the other nine digits.
    """
    draw = np.random.default_rng(seed)
    slips = np.zeros(len(y), np.int64)
    slips[: round(share * len(y))] = draw.integers(1, N_DIGITS, round(share * len(y)))
    wrong: NDArray[np.int64] = (y + draw.permutation(slips)) % N_DIGITS
    return wrong
