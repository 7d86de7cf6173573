"""Find answers of a class that are alike, and say how often unrelated answers are."""

from __future__ import annotations

from autograder.similarity.answers import UNRELATED, Answer, AnswerReader
from autograder.similarity.base_rate import BaseRate, Rarity, base_rate
from autograder.similarity.compare import AlikePair, Similarity, compare, compare_answers
from autograder.similarity.site import write_site

__all__ = [
    "UNRELATED",
    "AlikePair",
    "Answer",
    "AnswerReader",
    "BaseRate",
    "Rarity",
    "Similarity",
    "base_rate",
    "compare",
    "compare_answers",
    "write_site",
]
