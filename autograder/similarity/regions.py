"""Where two answers are alike: the regions that both have, for pages that show them together."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from autograder.results import clean, clean_line
from autograder.similarity.answers import Answer
from autograder.similarity.fingerprints import Place, all_runs
from autograder.submissions import SCRIPT

_MOST_SHOWN = 40_000
"""Characters of an answer on a page."""


@dataclasses.dataclass(frozen=True)
class Segment:
    """A part of a cell's text.

    Attributes:
        text: Safe to show; an HTML template escapes it.
        region: The number of the region that it is, from 1; 0 if the other answer does not have it.
        other: The number of the most similar region of the other answer.
        label: The number that both are shown with.
    """

    text: str
    region: int = 0
    other: int = 0
    label: int = 0


@dataclasses.dataclass(frozen=True)
class CellView:
    """A cell with its regions.

    Attributes:
        name: What people call the cell.
        segments: Its text in parts.
    """

    name: str
    segments: tuple[Segment, ...]


def side_by_side(
    first: Answer, second: Answer, common: AbstractSet[int]
) -> tuple[tuple[CellView, ...], tuple[CellView, ...]]:
    """Both answers with what both have, apart from what everybody has.

    Args:
        first: The one answer.
        second: The other one.
        common: Runs of tokens that everybody has.
    """
    runs = [all_runs(first.tokens), all_runs(second.tokens)]
    shared = (runs[0].keys() & runs[1].keys()) - common
    regions = [_regions(own, shared) for own in runs]
    of_run = [_by_run(own, shared, areas) for own, areas in zip(runs, regions, strict=True)]
    right_of = _counterparts(of_run[0], of_run[1])
    left_of = _counterparts(of_run[1], of_run[0])
    labels = {region: region for region in right_of}
    return (
        _view(first, regions[0], right_of, labels),
        _view(second, regions[1], left_of, left_of),
    )


def _regions(runs: Mapping[int, Sequence[Place]], shared: AbstractSet[int]) -> list[Place]:
    """Overlapping places as one, in the order of the text."""
    merged: list[Place] = []
    for cell, start, end in sorted(place for run in shared for place in runs[run]):
        if merged and merged[-1][0] == cell and start <= merged[-1][2]:
            merged[-1] = (cell, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((cell, start, end))
    return merged


def _by_run(
    runs: Mapping[int, Sequence[Place]], shared: AbstractSet[int], regions: Sequence[Place]
) -> dict[int, list[int]]:
    """The numbers of the regions that each run is in."""
    starts = sorted((place, run) for run in shared for place in runs[run])
    numbers: dict[int, list[int]] = {}
    region = 0
    for (cell, start, _), run in starts:
        while not (regions[region][0] == cell and start < regions[region][2]):
            region += 1
        numbers.setdefault(run, []).append(region + 1)
    return numbers


def _counterparts(own: Mapping[int, list[int]], others: Mapping[int, list[int]]) -> dict[int, int]:
    """For each region, the one of the other answer that shares the most with it."""
    votes: dict[int, Counter[int]] = {}
    for run, numbers in own.items():
        for number in numbers:
            votes.setdefault(number, Counter()).update(others[run][:_FEW])
    return {number: min(_best(count)) for number, count in votes.items()}


_FEW = 10
"""Places of one run that may be its counterpart; a run that is repeated often says little."""


def _best(count: Counter[int]) -> Iterator[int]:
    most = max(count.values())
    return (number for number, votes in count.items() if votes == most)


def _view(
    answer: Answer,
    regions: Sequence[Place],
    counterparts: Mapping[int, int],
    labels: Mapping[int, int],
) -> tuple[CellView, ...]:
    left, views = _MOST_SHOWN, []
    for number, cell in enumerate(answer.cells):
        segments, position = [], 0
        for region, (_, start, end) in enumerate(regions, start=1):
            if regions[region - 1][0] != number:
                continue
            segments.append(Segment(cell.source[position:start]))
            text = cell.source[start:end]
            segments.append(Segment(text, region, counterparts[region], labels[region]))
            position = end
        segments.append(Segment(cell.source[position:]))
        shown = tuple(_limited(segments, left))
        left -= sum(len(segment.text) for segment in shown)
        views.append(CellView(_title(cell.name), shown))
    return tuple(views)


def _limited(segments: Sequence[Segment], most: int) -> Iterator[Segment]:
    for segment in segments:
        if segment.text and most > 0:
            yield dataclasses.replace(segment, text=clean(segment.text, max(most, 100)))
        most -= len(segment.text)


def _title(name: str) -> str:
    if name == SCRIPT:
        return "Python file"
    return f"added cell {name.split()[1]}" if name.startswith("number ") else clean_line(name)
