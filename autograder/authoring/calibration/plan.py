"""The order of trials: all bounds tighten together, wherever time ends."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from autograder.authoring.corpus import Corpus, Entry

_RIGHT_PER_WRONG: Final = 20
"""Seeds of right submissions for each seed of the wrong ones that a threshold decides."""
_LEAST_WRONG: Final = 3


class Planned(NamedTuple):
    """One run to make.

    Attributes:
        place: Right runs of the assignment before it; assignments take turns by it.
        assignment: The assignment's name.
        entry: The submission.
        number: The number of its seeds, from 0.
    """

    place: float
    assignment: str
    entry: Entry
    number: int


def plan_runs(
    assignment: str, corpus: Corpus, seeds: int, is_decided: Callable[[Entry], bool]
) -> Iterator[Planned]:
    """All runs of one assignment, in rounds: each right submission once, then wrong ones.

    A wrong submission that a threshold decides gets a twentieth of the seeds, at least 3; one that
    fails by what no seed changes gets 1.

    Args:
        assignment: The assignment's name.
        corpus: Its corpus.
        seeds: Runs of each right submission.
        is_decided: Whether a threshold decides a wrong submission; asked after its first run.
    """
    planned = dict.fromkeys(corpus.wrong, 0)
    for number in range(max(seeds, _LEAST_WRONG)):
        place = number * len(corpus.right)
        for entry in corpus.right if number < seeds else ():
            yield Planned(place, assignment, entry, number)
            place += 1
        due = max(min(number + 1, _LEAST_WRONG), (number + 1) // _RIGHT_PER_WRONG)
        for entry in corpus.wrong:
            while planned[entry] < due and (planned[entry] == 0 or is_decided(entry)):
                yield Planned(place, assignment, entry, planned[entry])
                planned[entry] += 1


def take_turns(plans: Sequence[Iterator[Planned]]) -> Iterator[Planned]:
    """The runs of several assignments, so that each has about as many right runs at any time."""
    return heapq.merge(*plans, key=lambda run: run.place)
