"""A picture of weights before and after training, and of what changed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from autograder.feedback.drawing import Label, Picture, draw
from autograder.feedback.evidence import Kernel, describe_kernel, format_number, with_minus_sign
from autograder.feedback.templating import pixels

FloatArray = npt.NDArray[np.float64]

_WIDTH = 720
_LOW, _MIDDLE, _HIGH = (0x2B, 0x5F, 0x8A), (0xF7, 0xF5, 0xF0), (0xB0, 0x4A, 0x1C)
_COLOR_COUNT = 65
_LEFT, _MOST_LEFT, _LETTER, _GAP, _TOP, _BELOW, _RIGHT = 58, 150, 6.6, 18, 40, 76, 24
_CELL_HEIGHT, _MAX_HEIGHT = 34, 340
_NUMBER_WIDTH, _NUMBER_HEIGHT = 33, 16  # the smallest cell that holds its number
_SCALE_WIDTH, _SCALE_STEPS = 220, 16
_DIFFERENCE = "change: after \N{MINUS SIGN} before"


def kernel_picture(kernel: Kernel) -> Picture:
    """Weights before and after training, and the difference, on one color scale."""
    before, after = np.array(kernel.before), np.array(kernel.after)
    panels = {"before": before, "after": after, _DIFFERENCE: after - before}
    largest = max(float(np.abs(weights).max()) for weights in panels.values()) or 1.0
    rows, columns = before.shape
    left = min(max([_LEFT, *(18 + _LETTER * len(name) for name in kernel.inputs)]), _MOST_LEFT)
    panel = (_WIDTH - _RIGHT - left - 2 * _GAP) / 3
    cell = panel / columns, min(_CELL_HEIGHT, _MAX_HEIGHT / rows)
    bottom = _TOP + cell[1] * rows
    lefts = [left + index * (panel + _GAP) for index in range(3)]
    corners = dict(zip(lefts, panels.values(), strict=True))
    texts = [
        Label(x + panel / 2, 26, title, "middle") for x, title in zip(lefts, panels, strict=True)
    ]
    texts += _row_labels(kernel, rows, left - 8, cell[1])
    for x in lefts:
        texts += _column_labels(columns, x, panel, bottom + 20)
    height = round(bottom + _BELOW)
    middle = lefts[1] + panel / 2
    texts += _scale_labels(middle, largest, height)
    return draw(
        "kernel.svg.j2",
        describe_kernel(kernel),
        _caption(kernel),
        (_WIDTH, height),
        cells=_cells(corners, largest, cell),
        numbers=_numbers(corners, largest, cell),
        swatch=_SCALE_WIDTH / (_SCALE_STEPS + 1),
        scale=_scale(middle),
        texts=texts,
    )


def _caption(kernel: Kernel) -> str:
    return (
        f"The {kernel.kind} “{kernel.layer}”. Each square is one weight, from an input (row) "
        "to a unit (column); the three grids share one color scale."
    )


def _has_numbers(cell: tuple[float, float]) -> bool:
    return cell[0] >= _NUMBER_WIDTH and cell[1] >= _NUMBER_HEIGHT


def _cells(
    corners: Mapping[float, FloatArray], largest: float, cell: tuple[float, float]
) -> list[tuple[str, str]]:
    """All squares, as one path for each color."""
    width, height = cell
    gap = 1.0 if _has_numbers(cell) else 0.0
    right, down = pixels(width - gap), pixels(height - gap)
    paths = defaultdict(list)
    for left, weights in corners.items():
        for (row, column), weight in np.ndenumerate(weights):
            x, y = pixels(left + column * width), pixels(_TOP + row * height)
            paths[_weight_color(weight / largest)].append(f"M{x} {y}h{right}v{down}h-{right}z")
    return [(color, "".join(squares)) for color, squares in paths.items()]


def _numbers(
    corners: Mapping[float, FloatArray], largest: float, cell: tuple[float, float]
) -> list[tuple[str, float, float, str]]:
    """The weights' numbers, each with its color and its place, if they fit."""
    if not _has_numbers(cell):
        return []
    width, height = cell
    return [
        (
            "#ffffff" if _is_dark(_weight_color(weight / largest)) else "#000000",
            left + (column + 0.5) * width,
            _TOP + (row + 0.5) * height + 4,
            _cell_number(weight),
        )
        for left, weights in corners.items()
        for (row, column), weight in np.ndenumerate(weights)
    ]


def _row_labels(kernel: Kernel, rows: int, right: float, height: float) -> list[Label]:
    """Name or number the inputs, or count them if that does not fit."""
    if height < _NUMBER_HEIGHT:
        middle = _TOP + height * rows / 2
        return [
            Label(right, middle - 4, str(rows), "end", "tick"),
            Label(right, middle + 12, "inputs", "end", "tick"),
        ]
    fitting = int(right / _LETTER)
    names = [
        name if len(name) <= fitting else f"{name[: fitting - 1]}…"
        for name in kernel.inputs or [_label("input", row) for row in range(rows)]
    ]
    return [
        Label(right, _TOP + (row + 0.5) * height + 4, name, "end", "tick")
        for row, name in enumerate(names)
    ]


def _column_labels(columns: int, left: float, panel: float, y: float) -> list[Label]:
    """Number the units, or count them if numbers do not fit."""
    names = [f"{columns} units"]
    if panel / columns >= _NUMBER_WIDTH:
        names = [_label("unit", column) for column in range(columns)]
    step = panel / len(names)
    return [
        Label(left + (column + 0.5) * step, y, name, "middle", "tick")
        for column, name in enumerate(names)
    ]


def _scale(middle: float) -> list[tuple[str, float]]:
    """The color scale, from the most negative to the most positive weight."""
    width = _SCALE_WIDTH / (_SCALE_STEPS + 1)
    return [
        (_weight_color(2 * step / _SCALE_STEPS - 1), middle - _SCALE_WIDTH / 2 + step * width)
        for step in range(_SCALE_STEPS + 1)
    ]


def _scale_labels(middle: float, largest: float, height: int) -> list[Label]:
    y = height - 21
    far = _SCALE_WIDTH / 2 + 10
    return [
        Label(middle - far, y, format_number(-largest), "end", "tick"),
        Label(middle + far, y, format_number(largest, sign=True), role="tick"),
    ]


def _label(noun: str, index: int) -> str:
    """A row's or a column's label; the first one has the noun."""
    return str(index + 1) if index else f"{noun} 1"


def _weight_color(share: float) -> str:
    """The color of a weight that is this share, in [-1, 1], of the largest."""
    half = (_COLOR_COUNT - 1) // 2
    step = round(share * half) / half
    end = _HIGH if step > 0 else _LOW
    mixed = (round(m + (e - m) * abs(step)) for m, e in zip(_MIDDLE, end, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


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
    elif size >= 10:  # noqa: PLR2004 - two decimals do not fit
        text = f"{weight:.1f}"
    elif 0 < size < 0.0005:  # noqa: PLR2004 - three decimals cannot show it
        text = "≈0"
    elif 0 < size < 0.005:  # noqa: PLR2004 - two decimals cannot show it
        text = f"{weight:.3f}"
    else:
        text = f"{weight:.2f}"
    return with_minus_sign(text)
