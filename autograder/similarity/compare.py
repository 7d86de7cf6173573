"""Compare the answers of a class with one another, and hold the result against chance."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.course import Course
from autograder.grading import GradeStore, Options
from autograder.similarity.answers import Answer, AnswerReader, Refuse, Tell
from autograder.similarity.base_rate import BaseRate, Rarity, base_rate
from autograder.similarity.matching import Matches, Overlap
from autograder.similarity.signs import Pair, same_figures

WORTH_A_LOOK = 0.01
"""A pair is listed if at most this share of unrelated pairs is as alike, by one sign."""
MOST_LISTED = 1_000
"""Pairs that are listed; a large class has thousands that are as rare by chance alone."""
_MOST_CANDIDATES = 10_000
_COMMON = 0.05
"""A word that more answers than this share have is not rare."""
_SHOWN_WORDS = 12


@dataclasses.dataclass(frozen=True)
class AlikePair:
    """Two answers of a class that are alike.

    Attributes:
        first: The one answer.
        second: The other one.
        code: The share of the shorter answer's own code that the other one has too, in [0, 1].
        code_rarity: How rare that is among unrelated answers.
        words: What the rare words count that both have, in bits.
        words_rarity: How rare that is.
        shared_words: The rarest of these words, each with how many answers have it.
        figures: Figures of the training that are the same, as clauses.
    """

    first: Answer
    second: Answer
    code: float
    code_rarity: Rarity
    words: float
    words_rarity: Rarity
    shared_words: tuple[tuple[str, int], ...]
    figures: tuple[str, ...]

    @property
    def is_beyond_chance(self) -> bool:
        """Whether no unrelated pair of the corpus is as alike, by one sign."""
        rarities = (self.code_rarity, self.words_rarity)
        return any(rarity.pairs and not rarity.as_alike for rarity in rarities)


@dataclasses.dataclass(frozen=True)
class Similarity:
    """What came out of a comparison.

    Attributes:
        assignment: The assignment's name.
        answers: How many different files were compared.
        students: How many students handed them in.
        pairs: How many pairs of them there are.
        alike: The pairs worth a look, the rarest first; at most `MOST_LISTED`.
        groups: Groups of more than two files, each two of which are alike beyond chance, or have
            figures in common: the students of each.
        same_file: Students who handed in the same file, byte by byte.
        code: How alike the code of unrelated answers is.
        words: What their rare words count.
        unrelated: How many unrelated answers there are.
        common: Fingerprints that everybody has.
    """

    assignment: str
    answers: int
    students: int
    pairs: int
    alike: tuple[AlikePair, ...]
    groups: tuple[tuple[str, ...], ...]
    same_file: tuple[tuple[str, ...], ...]
    code: BaseRate
    words: BaseRate
    unrelated: int
    common: frozenset[int]


def compare(
    course: Course,
    assignment: str,
    options: Options,
    on_refused: Refuse,
    tell: Tell,
    *,
    unrelated: Sequence[Path] = (),
) -> Similarity:
    """Compare each two answers of a class.

    Args:
        course: The course.
        assignment: The assignment's name.
        options: Whose answers, and where they are.
        on_refused: Called for everything in the folder of submissions that is not compared.
        tell: Called with what is worth knowing, as sentences.
        unrelated: Folders with further answers that were written independently.

    Raises:
        CourseError: If the course cannot be read.
        SubmissionError: If there are no submissions.
    """
    reader = AnswerReader(course, course.assignment(assignment))
    answers = reader.class_answers(options, on_refused, tell)
    others = reader.unrelated_answers(unrelated)
    figures = same_figures(answers, GradeStore(course.root / "grades" / assignment))
    return compare_answers(assignment, answers, others, figures, reader.common)


def compare_answers(
    assignment: str,
    answers: Sequence[Answer],
    others: Sequence[Answer],
    figures: Mapping[Pair, tuple[str, ...]],
    common: frozenset[int] = frozenset(),
) -> Similarity:
    """Compare each two of some answers.

    Args:
        assignment: The assignment's name.
        answers: Those of the class, each of another file.
        others: Unrelated answers.
        figures: From `same_figures`.
        common: Fingerprints that everybody has.
    """
    everybody = [*answers, *others]
    code = Overlap([answer.prints for answer in everybody])
    rare, words = _rare_words(everybody)
    mine = range(len(answers))
    theirs = range(len(answers), len(everybody))
    authors = [answer.author for answer in others]
    code_rate = base_rate(code.shares(theirs).minus(len(answers)), authors)
    words_rate = base_rate(words.bits(theirs).minus(len(answers)), authors)
    by_code, by_words = _by_pair(code.shares(mine)), _by_pair(words.bits(mine))
    counts = Counter(word for own in rare for word in own)
    alike = []
    for one, other in {*by_code, *by_words, *figures}:
        value, bits = by_code.get((one, other), 0.0), by_words.get((one, other), 0.0)
        pair = AlikePair(
            first=answers[one],
            second=answers[other],
            code=value,
            code_rarity=code_rate.rarity(value),
            words=bits,
            words_rarity=words_rate.rarity(bits),
            shared_words=_shared(rare[one] & rare[other], counts),
            figures=figures.get((one, other), ()),
        )
        if pair.figures or min(pair.code_rarity.rate, pair.words_rarity.rate) <= WORTH_A_LOOK:
            alike.append(pair)
    alike.sort(key=lambda pair: _rank(pair, code_rate, words_rate))
    return Similarity(
        assignment=assignment,
        answers=len(answers),
        students=sum(len(answer.students) for answer in answers),
        pairs=_pairs(len(answers)),
        alike=tuple(alike[:MOST_LISTED]),
        groups=_groups(alike[:MOST_LISTED]),
        same_file=tuple(sorted(a.students for a in answers if len(a.students) > 1)),
        code=code_rate,
        words=words_rate,
        unrelated=len(others),
        common=common,
    )


def _rare_words(answers: Sequence[Answer]) -> tuple[list[frozenset[str]], Overlap]:
    """The words of each answer that few others have, and what is shared of them."""
    counts = Counter(word for answer in answers for word in answer.words)
    most = max(2.0, _COMMON * len(answers))
    rare = [frozenset(word for word in a.words if counts[word] <= most) for a in answers]
    return rare, Overlap(rare)


def _by_pair(matches: Matches) -> dict[Pair, float]:
    top = matches.top(_MOST_CANDIDATES)
    pairs = zip(top.first.tolist(), top.second.tolist(), strict=True)
    return dict(zip(pairs, top.value.tolist(), strict=True))


def _shared(words: frozenset[str], counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    rows = sorted((counts[word], word) for word in words)
    return tuple((word, count) for count, word in rows[:_SHOWN_WORDS])


def _rank(pair: AlikePair, code: BaseRate, words: BaseRate) -> tuple[object, ...]:
    """The rarer by its rarer sign, the earlier; then by how far it is beyond what is usual."""
    excess = pair.code / (code.largest or 1) + pair.words / (words.largest or 1)
    rate = min(pair.code_rarity.rate, pair.words_rarity.rate)
    return not pair.figures, rate, -excess, pair.first.students, pair.second.students


def _groups(pairs: Sequence[AlikePair]) -> tuple[tuple[str, ...], ...]:
    """Groups of more than two files of which each two are alike beyond chance; the rarest first.

    Two groups become one only if that holds for all their members. A chain, in which everybody is
    like the next one alone, is none: in a large class it would take in everybody.
    """
    linked = [pair for pair in pairs if pair.is_beyond_chance or pair.figures]
    links = {frozenset((pair.first.students, pair.second.students)) for pair in linked}
    groups: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for pair in linked:
        one, other = (
            groups.setdefault(answer.students, {answer.students})
            for answer in (pair.first, pair.second)
        )
        if one is not other and all(frozenset((a, b)) in links for a in one for b in other):
            one |= other
            groups.update(dict.fromkeys(other, one))
    distinct = {id(group): group for group in groups.values() if len(group) > 2}  # noqa: PLR2004
    return tuple(
        tuple(sorted(student for students in group for student in students))
        for group in distinct.values()
    )


def _pairs(number: int) -> int:
    return math.comb(number, 2)
