"""How often independent answers are alike: what a figure must be held against."""

from __future__ import annotations

import bisect
import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Sequence

from autograder.similarity.matching import Matches


@dataclasses.dataclass(frozen=True)
class Rarity:
    """How rare it is that independent answers are at least as alike.

    Attributes:
        pairs: How many pairs of independent answers it rests on.
        as_alike: How many of them are at least as alike.
    """

    pairs: int
    as_alike: int

    @property
    def rate(self) -> float:
        """The share of independent pairs; 1 if there are none to compare with."""
        return self.as_alike / self.pairs if self.pairs else 1.0

    @property
    def words(self) -> str:
        """Such as "1 in 57 unrelated pairs", never "none"."""
        if not self.pairs:
            return "unknown: the corpus has no two answers"
        if not self.as_alike:
            return f"fewer than 1 in {self.pairs:,}"
        return f"1 in {self.pairs / self.as_alike:,.0f}"

    def by_chance(self, pairs: int) -> str:
        """How many of so many unrelated pairs would be this alike, such as "about 12"."""
        if not self.pairs:
            return "unknown"
        number = max(self.as_alike, 1) / self.pairs * pairs
        return f"{'about' if self.as_alike else 'fewer than'} {max(number, 1):,.0f}"


class BaseRate:
    """The empirical distribution of how alike independent answers are.

    Args:
        values: How alike the pairs are that share anything.
        pairs: How many pairs there are.
    """

    def __init__(self, values: Iterable[float], pairs: int) -> None:
        self._values = sorted(values)
        self.pairs = pairs

    def rarity(self, value: float) -> Rarity:
        """How rare a value is among independent pairs."""
        if value <= 0:
            return Rarity(self.pairs, self.pairs)
        at_least = len(self._values) - bisect.bisect_left(self._values, value)
        return Rarity(self.pairs, at_least)

    def quantile(self, share: float) -> float:
        """The value that this share of independent pairs does not exceed; 0 without pairs."""
        if not self._values:
            return 0.0
        position = int(share * self.pairs) - (self.pairs - len(self._values))
        return self._values[min(position, len(self._values) - 1)] if position >= 0 else 0.0

    @property
    def largest(self) -> float:
        """How alike the most alike independent pair is."""
        return self._values[-1] if self._values else 0.0


def base_rate(matches: Matches, authors: Sequence[str]) -> BaseRate:
    """The distribution over pairs of answers by different authors.

    Args:
        matches: How alike the pairs of all answers are that share anything.
        authors: The author of each answer that may be in it; "" if no other is by the same. If
            all are by one author, their answers count as independent: there are no others.
    """
    known = Counter(filter(None, authors))
    if len(known) == 1 and sum(known.values()) == len(authors):
        known.clear()
    values = [
        value
        for first, second, value in zip(matches.first, matches.second, matches.value, strict=True)
        if authors[first] not in known or authors[first] != authors[second]
    ]
    pairs = math.comb(len(authors), 2) - sum(math.comb(own, 2) for own in known.values())
    return BaseRate(map(float, values), pairs)
