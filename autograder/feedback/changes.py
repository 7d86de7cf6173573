"""What moved each weight: tables and grids of a training's changes."""

from __future__ import annotations

import dataclasses
import math

from autograder.feedback.drawing import Picture
from autograder.feedback.evidence import Kernel, Matrix, format_number
from autograder.feedback.kernel_picture import kernel_picture
from autograder.feedback.shares import percent, shares_of
from autograder.results import ArrayChange, TrainingSummary, clean_line

_MAX_ARRAYS, _MAX_INPUTS, _MAX_GRIDS = 40, 16, 4
_MAX_VALUES = 400
_LARGEST = 1e100


@dataclasses.dataclass(frozen=True)
class ArrayRow:
    """One array of weights in the table.

    Attributes:
        name: Its name.
        shape: Such as "3 x 5".
        before: Its length before training.
        change: The length of its change.
        relative: The change in relation to the start, in words.
        bar: The same as a part of the longest bar, in [0, 1].
        share: Its share of all change.
        still: How many of its numbers stood still, in words.
        moved: Whether any of them moved.
    """

    name: str
    shape: str
    before: str
    change: str
    relative: str
    bar: float
    share: str
    still: str
    moved: bool


@dataclasses.dataclass(frozen=True)
class InputRow:
    """The weights from one input in a table.

    Attributes:
        name: The feature's name.
        before: The weight before training, if there is only one.
        after: The same after training.
        change: The change, or the length of the changes.
        bar: Its size as a part of the largest, in [0, 1].
        negative: Whether the change is negative.
    """

    name: str
    before: str
    after: str
    change: str
    bar: float
    negative: bool = False


@dataclasses.dataclass(frozen=True)
class InputTable:
    """What the weights from each input did.

    Attributes:
        array: The array's name.
        rows: A row for each input.
        single: Whether each input has one weight, which then is shown.
        left_out: How many inputs that moved less are not shown.
    """

    array: str
    rows: list[InputRow]
    single: bool
    left_out: int


@dataclasses.dataclass(frozen=True)
class Changes:
    """All that a page shows of a training's changes.

    Attributes:
        arrays: A row for each array of weights.
        left_out: How many arrays are not shown.
        inputs: Tables of those arrays whose inputs have names.
        lead: A small array whose inputs have names, weight by weight; None if there is none.
        grids: Other small arrays, weight by weight.
    """

    arrays: list[ArrayRow]
    left_out: int
    inputs: list[InputTable]
    lead: Picture | None
    grids: list[Picture]


def changes_of(summary: TrainingSummary) -> Changes:
    """What each array of weights did in a training."""
    shown = summary.changes[:_MAX_ARRAYS]
    ratios = [_ratio(change) for change in shown]
    longest = max((ratio for ratio in ratios if ratio is not None), default=0) or 1
    shares = shares_of([change.change for change in summary.changes])
    arrays = [
        _array_row(change, ratio, longest, share)
        for change, ratio, share in zip(shown, ratios, shares, strict=False)
    ]
    inputs = [table for change in shown if (table := _input_table(change))]
    drawn = [(change, picture) for change in shown if (picture := _grid(change))][:_MAX_GRIDS]
    lead = next((picture for change, picture in drawn if change.inputs), None)
    grids = [picture for _, picture in drawn if picture is not lead]
    return Changes(arrays, len(summary.changes) - len(shown), inputs, lead, grids)


def _ratio(change: ArrayChange) -> float | None:
    """The length of the change in relation to the start; None if it started at zero."""
    if not 0 < change.before < math.inf or not math.isfinite(change.change):
        return None
    ratio = change.change / change.before
    return ratio if math.isfinite(ratio) else None


def _array_row(change: ArrayChange, ratio: float | None, longest: float, share: float) -> ArrayRow:
    moved = change.still < change.weights
    if not moved:
        still = "stood still"
    elif change.still:
        still = f"{change.still:,} of {change.weights:,} stood still"
    else:
        still = "all moved" if change.weights > 1 else "moved"
    relative = "from 0" if change.before == 0 else "not finite"
    if ratio is not None:
        relative = percent(ratio) if ratio < 1 else f"{format_number(ratio)} times"
    return ArrayRow(
        name=clean_line(change.array, 60),
        shape=" × ".join(str(size) for size in change.shape) or "1",  # noqa: RUF001
        before=format_number(change.before),
        change=format_number(change.change),
        relative=relative if moved else "0",
        bar=0 if ratio is None else ratio / longest,
        share=percent(share),
        still=still,
        moved=moved,
    )


def _input_table(change: ArrayChange) -> InputTable | None:
    """What the weights from each named input did, the largest change first."""
    names, lengths = change.inputs, change.by_input
    if not names or len(names) != len(lengths) or not all(map(math.isfinite, lengths)):
        return None
    largest = max(lengths) or 1.0
    before, after = _matrix(change.values_before), _matrix(change.values_after)
    single = bool(before and after) and len(before[0]) == 1 and len(before) == len(names)
    order = sorted(range(len(names)), key=lambda row: -lengths[row])[:_MAX_INPUTS]
    rows = []
    for row in order:
        name, bar = clean_line(names[row], 60), lengths[row] / largest
        if single:
            start, end = before[row][0], after[row][0]
            rows.append(
                InputRow(
                    name,
                    format_number(start),
                    format_number(end),
                    format_number(end - start, sign=True) if end != start else "0",
                    bar,
                    negative=end < start,
                )
            )
        else:
            rows.append(InputRow(name, "", "", format_number(lengths[row]), bar))
    return InputTable(clean_line(change.array, 60), rows, single, len(names) - len(rows))


def _grid(change: ArrayChange) -> Picture | None:
    """A small array, weight by weight; None if a table has the same numbers."""
    before, after = _matrix(change.values_before), _matrix(change.values_after)
    if not before or not after or (len(before), len(before[0])) != (len(after), len(after[0])):
        return None
    inputs = tuple(clean_line(name, 60) for name in change.inputs)
    if inputs and (len(before[0]) == 1 or len(inputs) != len(before)):
        return None
    if len(change.shape) == 1:
        if len(before[0]) == 1:  # a vector is a row
            before, after = (tuple(zip(*rows, strict=True)) for rows in (before, after))
        inputs = ("value",)
    return kernel_picture(Kernel(clean_line(change.array, 60), before, after, inputs, "weights"))


def _matrix(rows: Matrix) -> Matrix:
    """The same numbers; none if they are too many, not finite or ragged."""
    if not rows or not rows[0] or len(rows) * len(rows[0]) > _MAX_VALUES:
        return ()
    numbers = [number for row in rows for number in row]
    if any(len(row) != len(rows[0]) for row in rows):
        return ()
    return rows if all(abs(number) < _LARGEST for number in numbers) else ()
