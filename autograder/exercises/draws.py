"""Draws that exercises share: who is held out, and which number a class gets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from autograder.course import Seeds
from autograder.errors import CourseError

Data = TypeVar("Data")
HELD_OUT = "held_out"
"""How the name of a file in `solutions/ASSIGNMENT/` begins whose data students never get."""


@dataclasses.dataclass(frozen=True)
class Private:
    """What grading has and practice has not.

    Attributes:
        practice: What students know: what was learned or found with these seeds must not do.
        folder: The assignment's folder in `solutions/`, with the data that students never get.
    """

    practice: Seeds
    folder: Path

    def read(self, suffix: str, reader: Callable[[Path], Data]) -> Data:
        """Read the data that students never get.

        Args:
            suffix: Of the file `held_out`, such as ".csv".
            reader: Reads it.

        Raises:
            CourseError: If the file is missing, or is not what the reader reads.
        """
        path = self.folder / f"{HELD_OUT}{suffix}"
        try:
            return reader(path)
        except (OSError, KeyError, ValueError) as error:
            raise CourseError(
                f"The data that students never get cannot be read: {path}: {error}.",
                f"Put {path.name} back from the course's repository.",
            ) from None


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """What never enters the sandbox.

    Attributes:
        x: Features, shape (samples, ...).
        y: Answers, shape (samples,): int64 classes, or float32 numbers.
    """

    x: np.ndarray
    y: np.ndarray


def sample(draw: np.random.Generator, labels: NDArray[np.int64], each: int) -> NDArray[np.int64]:
    """Draw as many samples of every class, in random order.

    Args:
        draw: The random generator.
        labels: Classes of all samples, shape (samples,).
        each: Samples of each class.

    Returns:
        Indices, shape (classes * each,), int64.

    Raises:
        ValueError: If a class has fewer samples.
    """
    chosen = [
        draw.choice(np.flatnonzero(labels == one), each, replace=False) for one in np.unique(labels)
    ]
    return draw.permutation(np.concatenate(chosen))


def new_numbers(
    draw: np.random.Generator, classes: int, private: Private | None
) -> NDArray[np.int64]:
    """Which number each class gets: its own in practice, another one in grading.

    Weights that were found at home are then of no use, and what is to be learned is the same.

    Args:
        draw: The random generator.
        classes: How many there are.
        private: What grading has besides; None in practice.

    Returns:
        A permutation without a fixed point, or 0, 1, ...; shape (classes,), int64:
        `new_numbers(...)[labels]` are the labels.
    """
    plain = np.arange(classes)
    if private is None:
        return plain
    while True:
        numbers = draw.permutation(classes)
        if not (numbers == plain).any():
            return numbers
