"""Sampling that exercises share: samples of each class, new class numbers, held-out data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from autograder.course import AssignmentFolder, Seeds
from autograder.errors import CourseError

Data = TypeVar("Data")


@dataclasses.dataclass(frozen=True)
class GradingData:
    """What only grading has.

    Attributes:
        practice_seeds: The seeds that students know: weights trained with them must not pass.
        folder: The assignment's folder, with the data that students never get.
    """

    practice_seeds: Seeds
    folder: AssignmentFolder

    def read(self, suffix: str, reader: Callable[[Path], Data]) -> Data:
        """Read the data that students never get: `grading/held_out.*`.

        Args:
            suffix: The file's suffix, such as ".csv".
            reader: Reads the file.

        Returns:
            What the reader returns.

        Raises:
            CourseError: If the file is missing, or the reader cannot read it.
        """
        path = self.folder.grading / f"held_out{suffix}"
        try:
            return reader(path)
        except (OSError, KeyError, ValueError) as error:
            raise CourseError(
                f"{path}, the data that students never get, cannot be read: {error}.",
                f"Restore {path.name} from the course's repository.",
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


@dataclasses.dataclass(frozen=True)
class PracticeSamples:
    """Public samples that reports may show, each as a text or as a picture.

    Attributes:
        x: Features, shape (samples, ...), as the model takes them.
        y: True classes, shape (samples,), int64, as the model numbers them.
        names: What each class is called, by its number.
        texts: The samples as texts; () if they are pictures.
        pictures: Gray values, shape (samples, rows, columns), uint8, 255 is white; None if the
            samples are texts.
    """

    x: np.ndarray
    y: NDArray[np.int64]
    names: Sequence[str]
    texts: Sequence[str] = ()
    pictures: NDArray[np.uint8] | None = None


def sample_per_class(
    rng: np.random.Generator, labels: NDArray[np.int64], each: int
) -> NDArray[np.int64]:
    """Draw the same number of samples from every class, in random order.

    Args:
        rng: The random generator.
        labels: Classes of all samples, shape (samples,), int64.
        each: How many samples to draw from each class.

    Returns:
        Indices, shape (classes * each,), int64.

    Raises:
        ValueError: If a class has fewer samples.
    """
    chosen = [
        rng.choice(np.flatnonzero(labels == label), each, replace=False)
        for label in np.unique(labels)
    ]
    return rng.permutation(np.concatenate(chosen))


def renumber_classes(
    rng: np.random.Generator, classes: int, grading: GradingData | None
) -> NDArray[np.int64]:
    """Give each class a number: its own in practice, another one in grading.

    So weights that were trained in practice are of no use, while the task stays the same.

    Args:
        rng: The random generator.
        classes: How many classes there are.
        grading: What only grading has; None in practice.

    Returns:
        The number of each class, shape (classes,), int64: `renumber_classes(...)[labels]` are the
        new labels. In grading no class keeps its number.
    """
    own_numbers = np.arange(classes)
    if grading is None:
        return own_numbers
    while True:
        numbers = rng.permutation(classes)
        if not (numbers == own_numbers).any():
            return numbers
