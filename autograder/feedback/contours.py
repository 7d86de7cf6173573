"""Filled contours of numbers on a grid, as path data for SVG."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import cast

import contourpy
import numpy as np
import numpy.typing as npt

from autograder.feedback.drawing import Plot

FloatArray = npt.NDArray[np.float64]

LEVELS = 10
"""How many colors there are."""
_WIDE = 20  # from this ratio on, levels are multiples of one another
_LARGEST = 1e100
_Polygons = tuple[list[FloatArray], list[list[int]]]


def known_numbers(rows: Sequence[Sequence[float | None]]) -> FloatArray:
    """The numbers of a grid; NaN for what is missing or too large to compute with."""
    numbers = np.array([[math.nan if n is None else n for n in row] for row in rows], np.float64)
    return np.where(np.abs(numbers) < _LARGEST, numbers, math.nan)


def levels_of(numbers: FloatArray) -> tuple[list[float], bool]:
    """The bounds between the colors, ascending, and whether they are multiples of one another.

    Args:
        numbers: The grid, NaN where there is no number; at least one is known.

    Returns:
        `LEVELS` + 1 bounds; the first is the lowest number, the last the highest.
    """
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    if low > 0 and high / low > _WIDE:
        return [float(n) for n in np.geomspace(low, high, LEVELS + 1)], True
    return [float(n) for n in np.linspace(low, high, LEVELS + 1)], False


def filled_contours(
    plot: Plot, x: Sequence[float], y: Sequence[float], numbers: FloatArray, bounds: list[float]
) -> list[str]:
    """The area of all that is at or above each bound but the last, as path data.

    Painted one over the other they leave no seams. Fill them by the even-odd rule.

    Args:
        plot: Where the grid is drawn.
        x: The grid's columns, ascending.
        y: The grid's rows, ascending.
        numbers: One number for each point, NaN where there is none.
        bounds: As `levels_of`.
    """
    columns, rows = [plot.x(value) for value in x], [plot.y(value) for value in y]
    generator = contourpy.contour_generator(
        columns, rows, np.ma.masked_invalid(numbers), fill_type=contourpy.FillType.OuterOffset
    )
    above = float(np.nextafter(bounds[-1], math.inf)) + abs(bounds[-1]) + 1
    lowest = bounds[0] - abs(bounds[0]) - 1
    paths = []
    for bound in (lowest, *bounds[1:-1]):
        polygons, offsets = cast("_Polygons", generator.filled(bound, above))
        paths.append("".join(map(_path, polygons, offsets)))
    return paths


def _path(points: FloatArray, offsets: Sequence[int]) -> str:
    """A polygon and its holes."""
    rings = [points[start:end] for start, end in itertools.pairwise(offsets)]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1].tolist()) + "Z" for ring in rings
    )
