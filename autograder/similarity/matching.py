"""How alike answers are: what they share, weighted by how rare it is."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt
from scipy import sparse

_ROWS = 256
"""Answers that are compared with all others at a time, which bounds the memory."""
_MOST_DIFFERENT = 4
"""An answer that is so many times as long as another counts as no longer."""

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Matches:
    """Pairs of answers, as arrays of the same length.

    Attributes:
        first: The number of the one answer.
        second: The number of the other one, which is larger.
        value: How alike they are.
    """

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    value: Floats

    def minus(self, number: int) -> Matches:
        """The same pairs, their answers counted from another one on."""
        return Matches(self.first - number, self.second - number, self.value)

    def top(self, most: int) -> Matches:
        """The pairs that are most alike."""
        order = np.argsort(-self.value, kind="stable")[:most]
        return Matches(self.first[order], self.second[order], self.value[order])


class Overlap:
    """What answers share of their fingerprints, or of their words.

    Each fingerprint counts by how rare it is: log2(answers / answers that have it). What everybody
    writes counts nothing, what two alone share counts most.

    Args:
        features: The features of each answer.

    Attributes:
        weight: What each feature counts, in bits.
    """

    def __init__(self, features: Sequence[AbstractSet[Hashable]]) -> None:
        counts = Counter(feature for own in features for feature in own)
        self.weight = {
            feature: float(np.log2(len(features) / count)) for feature, count in counts.items()
        }
        shared = {feature: n for n, feature in enumerate(f for f in counts if counts[f] > 1)}
        rows = [
            (row, shared[feature], self.weight[feature] ** 0.5)
            for row, own in enumerate(features)
            for feature in own
            if feature in shared
        ]
        row, column, root = zip(*rows, strict=True) if rows else ((), (), ())
        self._matrix = sparse.csr_matrix(
            (np.array(root, float), (np.array(row, int), np.array(column, int))),
            shape=(len(features), len(shared)),
        )
        self._total = np.array([sum(self.weight[f] for f in own) for own in features])
        known = self._total[self._total > 0]
        self._least = float(np.median(known)) / 2 if len(known) else 1.0

    def bits(self, numbers: Sequence[int]) -> Matches:
        """How much each two answers share, in bits; those that share nothing are left out.

        Args:
            numbers: Which answers to compare with one another, ascending.
        """
        return _joined(self._blocks(np.array(numbers, int)))

    def shares(self, numbers: Sequence[int]) -> Matches:
        """Which share of the shorter answer the other one has too, in [0, 1].

        A very short answer counts as half as long as the usual one: in a line or two, there is
        little that could differ. One that is much longer than the other counts as a fourth.

        Args:
            numbers: As in `bits`.
        """
        matches = self.bits(numbers)
        one, other = self._total[matches.first], self._total[matches.second]
        length = np.maximum(np.minimum(one, other), np.maximum(one, other) / _MOST_DIFFERENT)
        value = np.minimum(matches.value / np.maximum(length, self._least), 1.0)
        return Matches(matches.first, matches.second, value)

    def _blocks(self, numbers: npt.NDArray[np.int64]) -> Iterator[Matches]:
        matrix = self._matrix[numbers]
        for start in range(0, len(numbers), _ROWS):
            product = (matrix[start : start + _ROWS] @ matrix.T).tocoo()
            upper = product.col > product.row + start
            yield Matches(
                numbers[product.row[upper] + start],
                numbers[product.col[upper]],
                np.asarray(product.data[upper], float),
            )


def _joined(blocks: Iterator[Matches]) -> Matches:
    parts = list(blocks)
    if not parts:
        nothing = np.array([], int)
        return Matches(nothing, nothing, np.array([], float))
    return Matches(
        np.concatenate([part.first for part in parts]),
        np.concatenate([part.second for part in parts]),
        np.concatenate([part.value for part in parts]),
    )
