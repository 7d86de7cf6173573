"""Pictures of what the weights did: the loss curve, and the kernel before and after."""

from __future__ import annotations

import dataclasses
import functools
import math

import numpy as np
import numpy.typing as npt
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from autograder.feedback.evidence import (
    Kernel,
    LossCurve,
    kernel_words,
    loss_words,
    number,
    true_minus,
)
from autograder.feedback.sheet import WIDTH, Picture, Sheet

FloatArray = npt.NDArray[np.float64]

_INK, _MUTED, _RULE = "#1c1c1a", "#5c5c57", "#e2e0da"
_BLUE, _RUST = "#2b5f8a", "#b04a1c"
_CACHED = 16  # a card and a report show the same pictures, one after the other


# --- the loss curve -----------------------------------------------------------------------------

_LOSS_HEIGHT = 272


@dataclasses.dataclass(frozen=True)
class _Pen:
    colour: str
    width: float
    dot: float
    dashes: tuple[float, float] | None = None


_RECOMPUTED = _Pen(_BLUE, 2, 6)
_REPORTED = _Pen(_RUST, 1.75, 4.5, (3, 2.5))
_PLOT = Bbox.from_extents(60, 56, WIDTH - 64, _LOSS_HEIGHT - 56)
_MARGIN = _PLOT.padded(4)
_LABEL_ROOM = 24
_MOST_DOTS = 40
_MOST_ABOVE = 1.5  # reported losses beyond this many times the largest loss leave the picture


@functools.lru_cache(maxsize=_CACHED)
def loss_picture(curve: LossCurve) -> Picture:
    """The loss before training and after each epoch, and what the student's history says."""
    losses = np.array(curve.recomputed)
    reported = np.array(curve.reported, dtype=np.float64)
    epochs = max(len(losses) - 1, len(reported))
    low, high = _span(losses, reported)
    sheet = Sheet(_LOSS_HEIGHT)
    _draw_scales(sheet, epochs, low, high)
    points = _place(np.arange(len(losses), dtype=np.float64), losses, epochs, low, high)
    _draw_curve(sheet, points, _RECOMPUTED)
    _draw_key(sheet, _PLOT.x0, "recomputed by the grader from the weights", _RECOMPUTED)
    if len(reported):
        # Keras reports the mean over an epoch's batches, so its place is the middle of the epoch.
        claimed = _place(
            np.arange(len(reported), dtype=np.float64) + 0.5, reported, epochs, low, high
        )
        _draw_curve(sheet, claimed, _REPORTED)
        words = "reported by the history, mean of each epoch"
        _draw_key(sheet, _PLOT.x0 + 300, words, _REPORTED)
    _label_ends(sheet, points, losses)
    return sheet.picture(loss_words(curve), _loss_caption(curve))


def _draw_curve(sheet: Sheet, points: FloatArray, pen: _Pen) -> None:
    sheet.line(Path(points), pen.colour, width=pen.width, dashes=pen.dashes, clip=_MARGIN)
    if len(points) <= _MOST_DOTS:
        sheet.dots(points, pen.colour, pen.dot, _MARGIN)


def _draw_key(sheet: Sheet, x: float, words: str, pen: _Pen) -> None:
    y = _LOSS_HEIGHT - 22
    sheet.line(Path([(x, y), (x + 24, y)]), pen.colour, width=pen.width, dashes=pen.dashes)
    sheet.text(x + 32, y - 4, words, _INK, "left")


def _label_ends(sheet: Sheet, points: FloatArray, losses: FloatArray) -> None:
    """Write the first and the last loss where the curve leaves room."""
    x, y = points[0]
    ends = len(losses) > 1
    if ends and losses[1] > losses[0]:
        below = y - _PLOT.y0 > _LABEL_ROOM
        sheet.text(x - 4 + 12 * below, y + (-17 if below else 12), number(losses[0]), _INK, "left")
    else:
        sheet.text(x + 8, y + 8, number(losses[0]), _INK, "left")
    if ends:
        sheet.text(points[-1, 0] + 9, points[-1, 1] - 4, number(losses[-1]), _INK, "left")


def _loss_caption(curve: LossCurve) -> str:
    caption = (
        "The loss on the training data, computed by the grader from the weights before training "
        "and after each epoch."
    )
    if not curve.reported:
        return caption
    return (
        f"{caption} What the history reports is a mean over the epoch's batches, so it stands in "
        "the middle of its epoch."
    )


def _span(losses: FloatArray, reported: FloatArray) -> tuple[float, float]:
    """The lowest and the highest loss in the picture."""
    top = float(losses.max())
    near = reported[reported <= max(top * _MOST_ABOVE, 0)]
    top = max(top, *near, 0)
    low = float(min(losses.min(), 0))
    return low, low + (top - low or 1)


def _place(epoch: FloatArray, loss: FloatArray, epochs: int, low: float, high: float) -> FloatArray:
    """Where on the sheet a loss after an epoch stands, shape (points, 2)."""
    x = _PLOT.x0 + epoch / epochs * _PLOT.width
    return np.column_stack([x, _PLOT.y0 + (loss - low) / (high - low) * _PLOT.height])


def _draw_scales(sheet: Sheet, epochs: int, low: float, high: float) -> None:
    ticks = np.asarray(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)).tolist()
    for tick in ticks:
        if not low <= tick <= high:
            continue
        y = _PLOT.y0 + (tick - low) / (high - low) * _PLOT.height
        sheet.line(Path([(_PLOT.x0, y), (_PLOT.x1, y)]), _RULE)
        sheet.text(_PLOT.x0 - 12, y - 4, number(tick), _MUTED, "right")
    step = next(s * 10**p for p in range(9) for s in (1, 2, 5) if s * 10**p * 13 >= epochs)
    for epoch in range(0, epochs + 1, step):
        x = _PLOT.x0 + epoch / epochs * _PLOT.width
        sheet.text(x, _PLOT.y0 - 20, "start" if epoch == 0 else str(epoch), _MUTED)
    sheet.text(_PLOT.x0 + _PLOT.width / 2, _PLOT.y0 - 40, "epoch", _MUTED)


# --- the kernel ---------------------------------------------------------------------------------

_SHADES = 65
_COLOURS = [
    to_hex(colour)
    for colour in LinearSegmentedColormap.from_list("weights", [_BLUE, "#f7f5f0", _RUST])(
        np.linspace(0, 1, _SHADES)
    )
]
_LEFT, _GAP, _TOP, _BELOW = 58, 18, 40, 76
_PANEL = (WIDTH - 24 - _LEFT - 2 * _GAP) / 3
_CELL_HEIGHT, _TALLEST = 34, 340
_NUMBER_WIDTH, _NUMBER_HEIGHT = 34, 16  # the smallest cell that holds its number
_LEGEND, _LEGEND_STEPS = 220, 16
_DIFFERENCE = "change: after \N{MINUS SIGN} before"


@functools.lru_cache(maxsize=_CACHED)
def kernel_picture(kernel: Kernel) -> Picture:
    """A layer's kernel before and after training, and the difference, on one scale of colour."""
    before, after = np.array(kernel.before), np.array(kernel.after)
    panels = {"before": before, "after": after, _DIFFERENCE: after - before}
    most = max(float(np.abs(weights).max()) for weights in panels.values()) or 1.0
    rows, columns = before.shape
    cell = _PANEL / columns, min(_CELL_HEIGHT, _TALLEST / rows)
    height = round(_TOP + cell[1] * rows + _BELOW)
    sheet = Sheet(height)
    left = float(_LEFT)
    for title, weights in panels.items():
        sheet.text(left + _PANEL / 2, height - 26, title, _INK)
        _draw_cells(sheet, weights, most, (left, height - _TOP), cell)
        left += _PANEL + _GAP
    _label_rows(sheet, rows, height - _TOP, cell[1])
    _draw_legend(sheet, most)
    return sheet.picture(kernel_words(kernel), _kernel_caption(kernel))


def _kernel_caption(kernel: Kernel) -> str:
    return (
        f"The kernel of the layer “{kernel.layer}”. Each square is one weight, from an input (row) "
        "to a unit (column); the three grids share one scale of colour."
    )


def _draw_cells(
    sheet: Sheet,
    weights: FloatArray,
    most: float,
    corner: tuple[float, float],
    cell: tuple[float, float],
) -> None:
    """One grid of weights, `corner` its upper left; numbers where they fit."""
    (left, top), (width, height) = corner, cell
    numbers = width >= _NUMBER_WIDTH and height >= _NUMBER_HEIGHT
    seam = 1.0 if numbers else 0.0
    for (row, column), weight in np.ndenumerate(weights):
        x, y = left + column * width, top - (row + 1) * height
        shade = _shade(weight / most)
        sheet.area(_box(x, y, width - seam, height - seam), shade)
        if numbers:
            ink = "#ffffff" if is_dark(shade) else "#000000"
            sheet.text(x + width / 2, y + height / 2 - 4, _cell_number(weight), ink)
    _label_columns(sheet, weights.shape[1], left, top - len(weights) * height - 17)


def _label_rows(sheet: Sheet, rows: int, top: float, height: float) -> None:
    """Number the inputs, or count them where numbers do not fit."""
    right = _LEFT - 8
    if height < _NUMBER_HEIGHT:
        middle = top - height * rows / 2
        sheet.text(right, middle + 4, str(rows), _MUTED, "right")
        sheet.text(right, middle - 12, "inputs", _MUTED, "right")
        return
    for row in range(rows):
        sheet.text(right, top - (row + 0.5) * height - 4, _nth("input", row), _MUTED, "right")


def _label_columns(sheet: Sheet, columns: int, left: float, y: float) -> None:
    """Number the units, or count them where numbers do not fit."""
    fit = _PANEL / columns >= _NUMBER_WIDTH
    labels = [_nth("unit", column) for column in range(columns)] if fit else [f"{columns} units"]
    step = _PANEL / len(labels)
    for column, label in enumerate(labels):
        sheet.text(left + (column + 0.5) * step, y, label, _MUTED)


def _draw_legend(sheet: Sheet, most: float) -> None:
    """The scale of colour, from the most negative to the most positive weight."""
    left, y = _LEFT + 1.5 * _PANEL + _GAP - _LEGEND / 2, 20
    width = _LEGEND / (_LEGEND_STEPS + 1)
    for step in range(_LEGEND_STEPS + 1):
        shade = _shade(2 * step / _LEGEND_STEPS - 1)
        sheet.area(_box(left + step * width, y, width + 0.5, 10), shade)
    sheet.text(left - 10, y + 1, number(-most), _MUTED, "right")
    sheet.text(left + _LEGEND + 10, y + 1, number(most, sign=True), _MUTED, "left")


def _nth(what: str, index: int) -> str:
    """A row's or a column's label; the first says what is counted."""
    return str(index + 1) if index else f"{what} 1"


def _shade(share: float) -> str:
    """The colour of a weight that is this share, in [-1, 1], of the largest."""
    return _COLOURS[round((share + 1) / 2 * (_SHADES - 1))]


def is_dark(colour: str) -> bool:
    """Whether white reads better on a colour than black.

    Source:
        Relative luminance, WCAG 2.2; black and white have the same contrast at 0.179.
    """
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear: list[float] = [
        ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]  # no channel here is below 0.04
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return luminance < math.sqrt(1.05 * 0.05) - 0.05


def _cell_number(weight: float) -> str:
    """A weight in at most six characters."""
    size = abs(weight)
    if size >= 1000:  # noqa: PLR2004 - four digits do not fit
        text = f"{weight:.0e}"
    elif size >= 100:  # noqa: PLR2004 - as above
        text = f"{weight:.0f}"
    elif 0 < size < 0.0005:  # noqa: PLR2004 - three decimals cannot show it
        text = "≈0"
    elif 0 < size < 0.005:  # noqa: PLR2004 - two decimals cannot show it
        text = f"{weight:.3f}"
    else:
        text = f"{weight:.2f}"
    return true_minus(text)


def _box(x: float, y: float, width: float, height: float) -> Path:
    return Path([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)])
