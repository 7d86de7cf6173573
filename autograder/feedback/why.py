"""Why training changed the weights, in one or two sentences made from the figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograder.feedback.evidence import format_number
from autograder.feedback.shares import Part, array_part, input_parts, name_of, percent, shares_of
from autograder.results import ArrayChange, TrainingSummary

_MOST = 0.5
_EXPLODED = 10
_LEADS = 0.4  # an input with less of an array's change is one among others
_NAMED = 2
_MIN_LOSSES = 2


def why(summary: TrainingSummary) -> str:
    """What moved the most, what stood still, and what the loss did meanwhile.

    Args:
        summary: The figures of a training.

    Returns:
        Sentences, with names in backticks; "" if there are neither arrays nor losses.
    """
    changes, loss = summary.changes, _loss(summary)
    if not changes:
        return f"{_capital(loss)}." if loss else ""
    broken = [change for change in changes if not math.isfinite(change.change)]
    moved = [change for change in changes if change.still < change.weights]
    if broken:
        verb = "has" if len(broken) == 1 else "have"
        words = f"After training, {_names(broken)} {verb} numbers that are not finite"
    elif not moved:
        return _nothing_moved(summary)
    elif len(moved) == 1 < len(changes):
        words = _only(moved[0])
    else:
        words = _most(changes)
    sentence = f"{words}; {loss}." if loss else f"{words}."
    still = [change for change in changes if change.still == change.weights]
    if broken or not still or len(moved) == 1:
        return sentence
    return f"{sentence} {_capital(_names(still))} stood still."


def _nothing_moved(summary: TrainingSummary) -> str:
    total = sum(change.weights for change in summary.changes)
    words = (
        f"No weight moved: all {total:,} are the same to the last bit after training"
        if total > 1
        else "No weight moved: the only one is the same to the last bit after training"
    )
    ends = _ends(summary)
    if ends and ends[0] == ends[1]:
        return f"{words}, so the loss stayed at {format_number(ends[0])}."
    return f"{words}."


def _only(change: ArrayChange) -> str:
    """The one array that moved."""
    top = next(iter(input_parts(change, 1.0)), None)
    if top is None or top.share < _MOST:
        return f"Only {name_of(change)} moved"
    return f"Only {name_of(change)} moved, most of it ({percent(top.share)}) in {_told(top)}"


def _most(changes: Sequence[ArrayChange]) -> str:
    """The part that moved the most: the weights from one input, or an array."""
    shares = shares_of([change.change for change in changes])
    pairs = list(zip(changes, shares, strict=True))
    inputs = [part for change, share in pairs for part in input_parts(change, share)]
    top_input = max(inputs, key=lambda part: part.share, default=None)
    if top_input and top_input.share >= _MOST:
        return _mostly(top_input)
    change, share = max(pairs, key=lambda pair: pair[1])
    part = array_part(change, share)
    parts = input_parts(change, share)
    if len(parts) > 1 and parts[0].share >= _LEADS * share:
        first = parts[0]
        name = f"{part.name}, above all in {first.name} ({percent(first.share)})"
        part = Part(name, share, first.growth)
    if share >= _MOST:
        return _mostly(part)
    return (
        f"The change is spread over {len(changes)} arrays of weights; the largest share "
        f"({percent(share)}) is in {_told(part)}"
    )


def _mostly(part: Part) -> str:
    if part.share >= 1:
        return f"All of the change is in {_told(part)}"
    return f"Most of the change ({percent(part.share)}) is in {_told(part)}"


def _told(part: Part) -> str:
    """A part, and whether it grew."""
    if not part.growth:
        return part.name
    return f"{part.name}, which {'grew' if part.growth > 0 else 'shrank'}"


def _names(changes: Sequence[ArrayChange]) -> str:
    if len(changes) > _NAMED:
        return f"{len(changes)} arrays of weights"
    return " and ".join(map(name_of, changes))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _ends(summary: TrainingSummary) -> tuple[float, float] | None:
    """The losses before and after training, if both are numbers."""
    if len(summary.loss) < _MIN_LOSSES or len(summary.epochs) != len(summary.loss):
        return None
    first, last = summary.loss[0], summary.loss[-1]
    if first is None or last is None or not (math.isfinite(first) and math.isfinite(last)):
        return None
    return first, last


def _loss(summary: TrainingSummary) -> str:
    """What the loss did, such as "the loss fell from 0.693 to 0.21 in 20 epochs"."""
    if len(summary.loss) < _MIN_LOSSES or len(summary.epochs) != len(summary.loss):
        return ""
    ends = _ends(summary)
    if ends is None:
        first = summary.loss[0]
        if first is None or not math.isfinite(first):
            return "the loss was not a finite number before training"
        return f"the loss began at {format_number(first)} and did not end at a finite number"
    epochs = summary.epochs[-1]
    within = f"in {epochs} epoch" + "s" * (epochs != 1)
    before, after = map(format_number, ends)
    if before == after:
        return f"the loss stayed at about {before} {within}"
    verb = "fell" if ends[1] < ends[0] else "rose"
    if ends[1] > _EXPLODED * abs(ends[0]):
        verb = "exploded, rising"
    return f"the loss {verb} from {before} to {after} {within}"
