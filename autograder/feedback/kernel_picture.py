"""A picture of a layer's kernel before and after training, and of what changed."""

from __future__ import annotations

import functools
import math

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.path import Path

from autograder.feedback.drawing import (
    BLUE,
    CACHE_SIZE,
    INK,
    MUTED,
    RUST,
    WIDTH,
    Drawing,
    FloatArray,
    Picture,
)
from autograder.feedback.evidence import Kernel, describe_kernel, format_number, with_minus_sign

_COLOR_COUNT = 65
_COLORS = [
    to_hex(color)
    for color in LinearSegmentedColormap.from_list("weights", [BLUE, "#f7f5f0", RUST])(
        np.linspace(0, 1, _COLOR_COUNT)
    )
]
_LEFT, _GAP, _TOP, _BELOW = 58, 18, 40, 76
_PANEL = (WIDTH - 24 - _LEFT - 2 * _GAP) / 3
_CELL_HEIGHT, _MAX_HEIGHT = 34, 340
_NUMBER_WIDTH, _NUMBER_HEIGHT = 34, 16  # the smallest cell that holds its number
_SCALE_WIDTH, _SCALE_STEPS = 220, 16
_DIFFERENCE = "change: after \N{MINUS SIGN} before"


@functools.lru_cache(maxsize=CACHE_SIZE)
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
        drawing.text(left + _PANEL / 2, height - 26, title, INK)
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
        drawing.text(right, middle + 4, str(rows), MUTED, "right")
        drawing.text(right, middle - 12, "inputs", MUTED, "right")
        return
    for row in range(rows):
        drawing.text(right, top - (row + 0.5) * height - 4, _label("input", row), MUTED, "right")


def _label_columns(drawing: Drawing, columns: int, left: float, y: float) -> None:
    """Number the units, or count them if numbers do not fit."""
    labels = [f"{columns} units"]
    if _PANEL / columns >= _NUMBER_WIDTH:
        labels = [_label("unit", column) for column in range(columns)]
    step = _PANEL / len(labels)
    for column, label in enumerate(labels):
        drawing.text(left + (column + 0.5) * step, y, label, MUTED)


def _draw_color_scale(drawing: Drawing, largest: float) -> None:
    """Draw the color scale, from the most negative to the most positive weight."""
    left, y = _LEFT + 1.5 * _PANEL + _GAP - _SCALE_WIDTH / 2, 20
    width = _SCALE_WIDTH / (_SCALE_STEPS + 1)
    for step in range(_SCALE_STEPS + 1):
        color = _weight_color(2 * step / _SCALE_STEPS - 1)
        drawing.area(_box(left + step * width, y, width + 0.5, 10), color)
    drawing.text(left - 10, y + 1, format_number(-largest), MUTED, "right")
    right_label = format_number(largest, sign=True)
    drawing.text(left + _SCALE_WIDTH + 10, y + 1, right_label, MUTED, "left")


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
