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

from autograder.feedback.drawing import WIDTH, Drawing, Picture
from autograder.feedback.evidence import (
    VALIDATION,
    Kernel,
    LossCurve,
    Scalar,
    describe_kernel,
    describe_loss,
    format_number,
    with_minus_sign,
)

FloatArray = npt.NDArray[np.float64]

_INK, _MUTED, _RULE = "#1c1c1a", "#5c5c57", "#e2e0da"
_BLUE, _RUST = "#2b5f8a", "#b04a1c"
_CACHE_SIZE = 16  # a card and a report show the same pictures, one after the other


# --- the loss curve -----------------------------------------------------------------------------

_LOSS_HEIGHT = 272


@dataclasses.dataclass(frozen=True)
class _LineStyle:
    color: str
    width: float
    dot: float
    dashes: tuple[float, float] | None = None


_ON_TRAINING_DATA = "recomputed by the grader for the weights"
_RECOMPUTED = _LineStyle(_BLUE, 2, 6)
_REPORTED = _LineStyle(_RUST, 1.75, 4.5, (3, 2.5))
_PLOT = Bbox.from_extents(60, 56, WIDTH - 64, _LOSS_HEIGHT - 56)
_MARGIN = _PLOT.padded(4)
_LABEL_HEIGHT = 24
_MAX_DOTS = 40
_LEFT_DOT = 10
_MAX_REPORTED = 4  # the scale includes reported losses up to this multiple of the largest loss


@functools.lru_cache(maxsize=_CACHE_SIZE)
def loss_picture(curve: LossCurve) -> Picture:
    """The loss before training and after each epoch, and the losses of the student's history."""
    losses = np.array(curve.recomputed)
    reported = np.array(curve.reported, dtype=np.float64)
    epochs = max(len(losses) - 1, len(reported))
    low, high = _range(losses, reported)
    drawing = Drawing(_LOSS_HEIGHT)
    _draw_axes(drawing, epochs, low, high)
    points = _to_pixels(np.arange(len(losses), dtype=np.float64), losses, epochs, low, high)
    _draw_curve(drawing, points, _RECOMPUTED)
    on = "recomputed on the validation data" if curve.data == VALIDATION else _ON_TRAINING_DATA
    _draw_legend(drawing, _PLOT.x0, on, _RECOMPUTED)
    if len(reported):
        # Keras reports the mean over an epoch's batches, so it belongs to the middle of the epoch.
        middles = np.arange(len(reported), dtype=np.float64) + 0.5
        _draw_curve(drawing, _to_pixels(middles, reported, epochs, low, high), _REPORTED)
        label = "reported by the history, mean of each epoch"
        _draw_legend(drawing, _PLOT.x0 + 300, label, _REPORTED)
        _label_off_scale(drawing, reported, epochs, high)
    _label_ends(drawing, points, losses)
    if curve.left is not None:
        _label_left(drawing, points[curve.left], curve.left, losses[curve.left])
    return drawing.picture(describe_loss(curve), _loss_caption(curve))


def _draw_curve(drawing: Drawing, points: FloatArray, style: _LineStyle) -> None:
    drawing.line(Path(points), style.color, width=style.width, dashes=style.dashes, clip=_MARGIN)
    if len(points) <= _MAX_DOTS:
        drawing.dots(points, style.color, style.dot, _MARGIN)


def _draw_legend(drawing: Drawing, x: float, label: str, style: _LineStyle) -> None:
    y = _LOSS_HEIGHT - 22
    line = Path([(x, y), (x + 24, y)])
    drawing.line(line, style.color, width=style.width, dashes=style.dashes)
    drawing.text(x + 32, y - 4, label, _INK, "left")


def _label_ends(drawing: Drawing, points: FloatArray, losses: FloatArray) -> None:
    """Write the first and the last loss where the curve leaves space."""
    x, y = points[0]
    first = format_number(losses[0])
    if len(losses) > 1 and losses[1] > losses[0]:
        below = y - _PLOT.y0 > _LABEL_HEIGHT
        drawing.text(x - 4 + 12 * below, y + (-17 if below else 12), first, _INK, "left")
    else:
        drawing.text(x + 8, y + 8, first, _INK, "left")
    if len(losses) > 1:
        last = format_number(losses[-1])
        drawing.text(points[-1, 0] + 9, points[-1, 1] - 4, last, _INK, "left")


def _label_off_scale(drawing: Drawing, reported: FloatArray, epochs: int, high: float) -> None:
    """Write the largest reported loss at the upper edge, if the scale does not reach it."""
    if not (reported > high).any():
        return
    epoch = int(np.nanargmax(reported))
    x = _PLOT.x0 + (epoch + 0.5) / epochs * _PLOT.width
    words = f"↑ {format_number(reported[epoch])}"
    drawing.text(x + 4, _PLOT.y1 + 18, words, _REPORTED.color, "left")


def _label_left(drawing: Drawing, point: FloatArray, epoch: int, loss: Scalar) -> None:
    """Mark the epoch whose weights the training left."""
    drawing.dots(point[np.newaxis], _INK, _LEFT_DOT, _MARGIN)
    is_right = point[0] > _PLOT.x0 + _PLOT.width / 2
    words = f"weights of epoch {epoch} restored: {format_number(loss)}"
    align, shift = ("right", 6) if is_right else ("left", -6)
    drawing.text(point[0] + shift, point[1] + 14, words, _INK, align)


def _loss_caption(curve: LossCurve) -> str:
    caption = (
        f"The loss on the {curve.data} data, computed by the grader for the weights before "
        f"training and after {'some of the epochs' if curve.gaps else 'each epoch'}."
    )
    if not curve.reported:
        return caption
    return (
        f"{caption} The history reports the mean over each epoch's batches, so its points are in "
        "the middle of the epochs."
    )


def _range(losses: FloatArray, reported: FloatArray) -> tuple[float, float]:
    """The lowest and the highest loss in the picture."""
    top = float(losses.max())
    drawn = reported[reported <= max(top * _MAX_REPORTED, 0)]
    top = max(top, *drawn, 0)
    low = float(min(losses.min(), 0))
    return low, low + (top - low or 1)


def _to_pixels(
    epoch: FloatArray, loss: FloatArray, epochs: int, low: float, high: float
) -> FloatArray:
    """Positions in the drawing of losses after some epochs, shape (points, 2)."""
    x = _PLOT.x0 + epoch / epochs * _PLOT.width
    return np.column_stack([x, _PLOT.y0 + (loss - low) / (high - low) * _PLOT.height])


def _draw_axes(drawing: Drawing, epochs: int, low: float, high: float) -> None:
    ticks = np.asarray(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)).tolist()
    for tick in ticks:
        if not low <= tick <= high:
            continue
        y = _PLOT.y0 + (tick - low) / (high - low) * _PLOT.height
        drawing.line(Path([(_PLOT.x0, y), (_PLOT.x1, y)]), _RULE)
        drawing.text(_PLOT.x0 - 12, y - 4, format_number(tick), _MUTED, "right")
    step = next(s * 10**p for p in range(9) for s in (1, 2, 5) if s * 10**p * 13 >= epochs)
    for epoch in range(0, epochs + 1, step):
        x = _PLOT.x0 + epoch / epochs * _PLOT.width
        drawing.text(x, _PLOT.y0 - 20, "start" if epoch == 0 else str(epoch), _MUTED)
    drawing.text(_PLOT.x0 + _PLOT.width / 2, _PLOT.y0 - 40, "epoch", _MUTED)


# --- the kernel ---------------------------------------------------------------------------------

_COLOR_COUNT = 65
_COLORS = [
    to_hex(color)
    for color in LinearSegmentedColormap.from_list("weights", [_BLUE, "#f7f5f0", _RUST])(
        np.linspace(0, 1, _COLOR_COUNT)
    )
]
_LEFT, _GAP, _TOP, _BELOW = 58, 18, 40, 76
_PANEL = (WIDTH - 24 - _LEFT - 2 * _GAP) / 3
_CELL_HEIGHT, _MAX_HEIGHT = 34, 340
_NUMBER_WIDTH, _NUMBER_HEIGHT = 34, 16  # the smallest cell that holds its number
_SCALE_WIDTH, _SCALE_STEPS = 220, 16
_DIFFERENCE = "change: after \N{MINUS SIGN} before"


@functools.lru_cache(maxsize=_CACHE_SIZE)
def kernel_picture(kernel: Kernel) -> Picture:
    """A layer's kernel before and after training, and the difference, on one color scale."""
    before, after = np.array(kernel.before), np.array(kernel.after)
    panels = {"before": before, "after": after, _DIFFERENCE: after - before}
    largest = max(float(np.abs(weights).max()) for weights in panels.values()) or 1.0
    rows, columns = before.shape
    cell = _PANEL / columns, min(_CELL_HEIGHT, _MAX_HEIGHT / rows)
    height = round(_TOP + cell[1] * rows + _BELOW)
    drawing = Drawing(height)
    left = float(_LEFT)
    for title, weights in panels.items():
        drawing.text(left + _PANEL / 2, height - 26, title, _INK)
        _draw_cells(drawing, weights, largest, (left, height - _TOP), cell)
        left += _PANEL + _GAP
    _label_rows(drawing, rows, height - _TOP, cell[1])
    _draw_color_scale(drawing, largest)
    return drawing.picture(describe_kernel(kernel), _kernel_caption(kernel))


def _kernel_caption(kernel: Kernel) -> str:
    return (
        f"The kernel of the layer “{kernel.layer}”. Each square is one weight, from an input (row) "
        "to a unit (column); the three grids share one color scale."
    )


def _draw_cells(
    drawing: Drawing,
    weights: FloatArray,
    largest: float,
    corner: tuple[float, float],
    cell: tuple[float, float],
) -> None:
    """Draw one grid of weights, with numbers if they fit; `corner` is its upper left."""
    (left, top), (width, height) = corner, cell
    has_numbers = width >= _NUMBER_WIDTH and height >= _NUMBER_HEIGHT
    gap = 1.0 if has_numbers else 0.0
    for (row, column), weight in np.ndenumerate(weights):
        x, y = left + column * width, top - (row + 1) * height
        color = _weight_color(weight / largest)
        drawing.area(_box(x, y, width - gap, height - gap), color)
        if has_numbers:
            ink = "#ffffff" if _is_dark(color) else "#000000"
            drawing.text(x + width / 2, y + height / 2 - 4, _cell_number(weight), ink)
    _label_columns(drawing, weights.shape[1], left, top - len(weights) * height - 17)


def _label_rows(drawing: Drawing, rows: int, top: float, height: float) -> None:
    """Number the inputs, or count them if numbers do not fit."""
    right = _LEFT - 8
    if height < _NUMBER_HEIGHT:
        middle = top - height * rows / 2
        drawing.text(right, middle + 4, str(rows), _MUTED, "right")
        drawing.text(right, middle - 12, "inputs", _MUTED, "right")
        return
    for row in range(rows):
        drawing.text(right, top - (row + 0.5) * height - 4, _label("input", row), _MUTED, "right")


def _label_columns(drawing: Drawing, columns: int, left: float, y: float) -> None:
    """Number the units, or count them if numbers do not fit."""
    labels = [f"{columns} units"]
    if _PANEL / columns >= _NUMBER_WIDTH:
        labels = [_label("unit", column) for column in range(columns)]
    step = _PANEL / len(labels)
    for column, label in enumerate(labels):
        drawing.text(left + (column + 0.5) * step, y, label, _MUTED)


def _draw_color_scale(drawing: Drawing, largest: float) -> None:
    """Draw the color scale, from the most negative to the most positive weight."""
    left, y = _LEFT + 1.5 * _PANEL + _GAP - _SCALE_WIDTH / 2, 20
    width = _SCALE_WIDTH / (_SCALE_STEPS + 1)
    for step in range(_SCALE_STEPS + 1):
        color = _weight_color(2 * step / _SCALE_STEPS - 1)
        drawing.area(_box(left + step * width, y, width + 0.5, 10), color)
    drawing.text(left - 10, y + 1, format_number(-largest), _MUTED, "right")
    right_label = format_number(largest, sign=True)
    drawing.text(left + _SCALE_WIDTH + 10, y + 1, right_label, _MUTED, "left")


def _label(noun: str, index: int) -> str:
    """A row's or a column's label; the first one has the noun."""
    return str(index + 1) if index else f"{noun} 1"


def _weight_color(share: float) -> str:
    """The color of a weight that is this share, in [-1, 1], of the largest."""
    return _COLORS[round((share + 1) / 2 * (_COLOR_COUNT - 1))]


def _is_dark(color: str) -> bool:
    """Whether white is more readable on a color than black.

    Source:
        Relative luminance, WCAG 2.2; black and white have the same contrast at 0.179.
    """
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
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
    return with_minus_sign(text)


def _box(x: float, y: float, width: float, height: float) -> Path:
    return Path([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)])
