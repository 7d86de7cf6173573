"""A picture of the path of a training over the loss around it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from autograder.feedback.contours import (
    LEVELS,
    filled_contours,
    known_numbers,
    levels_of,
)
from autograder.feedback.drawing import Label, Picture, Plot, Point, draw, points_of, ticks
from autograder.feedback.evidence import format_number
from autograder.feedback.labels import place_labels
from autograder.results import Landscape, PathPoint

_WIDTH = 560
_LEFT, _RIGHT, _TOP, _BELOW = 52, 88, 16, 48
_MIN_HEIGHT, _MAX_HEIGHT = 210, 380
_MAX_DOTS = 60
_SWATCH, _SCALE_LEFT = 14, 20
_MIN_GRID = 2


@dataclasses.dataclass(frozen=True)
class _Path:
    """A training's path in pixels."""

    points: str
    dots: list[Point]


def landscape_picture(landscape: Landscape) -> Picture | None:
    """The loss over the plane, the path with its epochs, and the reference's path beside it.

    Args:
        landscape: The grid and the paths.

    Returns:
        The picture; None if the grid has no loss, or the path no point.
    """
    if not _is_drawable(landscape):
        return None
    numbers = known_numbers(landscape.loss)
    if np.isnan(numbers).all():
        return None
    bounds, is_log = levels_of(numbers)
    plot = _plot(landscape)
    path, reference = landscape.path, landscape.reference
    right = plot.right + _SCALE_LEFT
    step = plot.height / LEVELS
    return draw(
        "landscape.svg.j2",
        _describe(landscape, numbers),
        _caption(landscape, plot, is_log=is_log, blank=bool(np.isnan(numbers).any())),
        (_WIDTH, round(plot.bottom + _BELOW)),
        plot=plot,
        levels=filled_contours(plot, landscape.x, landscape.y, numbers, bounds),
        path=_pixels(plot, path),
        ends=(plot.point(path[0].x, path[0].y), plot.point(path[-1].x, path[-1].y)),
        reference=_pixels(plot, reference) if reference else None,
        reference_end=plot.point(reference[-1].x, reference[-1].y) if reference else None,
        scale=[(right, plot.bottom - (level + 1) * step, step) for level in range(LEVELS)],
        swatch=_SWATCH,
        names=_names(landscape, plot),
        texts=[*_axis_labels(plot), *_scale_labels(plot, bounds)],
    )


def _is_drawable(landscape: Landscape) -> bool:
    """Whether the grid is one, and everything else is a number."""
    columns, rows = len(landscape.x), len(landscape.y)
    points = [*landscape.path, *landscape.reference]
    numbers = [*landscape.x, *landscape.y, *(n for point in points for n in (point.x, point.y))]
    return (
        bool(landscape.path)
        and min(columns, rows) >= _MIN_GRID
        and len(landscape.loss) == rows
        and all(len(row) == columns for row in landscape.loss)
        and all(math.isfinite(number) for number in numbers)
        and landscape.x[0] < landscape.x[-1]
        and landscape.y[0] < landscape.y[-1]
    )


def _plot(landscape: Landscape) -> Plot:
    """The plane on paper, with equal scales unless it is much wider than high, or higher."""
    low, high = (landscape.x[0], landscape.y[0]), (landscape.x[-1], landscape.y[-1])
    width = _WIDTH - _LEFT - _RIGHT
    height = min(max(width * (high[1] - low[1]) / (high[0] - low[0]), _MIN_HEIGHT), _MAX_HEIGHT)
    return Plot(_LEFT, _TOP, _LEFT + width, _TOP + height, low, high)


def _pixels(plot: Plot, path: Sequence[PathPoint]) -> _Path:
    points = [plot.point(point.x, point.y) for point in path]
    return _Path(points_of(points), points if len(points) <= _MAX_DOTS else [])


def _names(landscape: Landscape, plot: Plot) -> list[Label]:
    """Names of the paths' ends, where they hide neither one another nor the ends."""
    path, reference = landscape.path, landscape.reference
    epoch = path[-1].epoch
    end = f"end: epoch {epoch} restored" if _is_restored(path) else f"end, epoch {epoch}"
    ends = [("start", path[0]), (end, path[-1])]
    if reference:
        ends.append(("course's solution", reference[-1]))
    inside = [(words, plot.point(end.x, end.y)) for words, end in ends]
    inside = [(words, point) for words, point in inside if plot.holds(*point)]
    lines = [plot.point(point.x, point.y) for point in (*path, *reference)]
    return place_labels(plot, inside, lines)


def _is_restored(path: Sequence[PathPoint]) -> bool:
    """Whether the training left the weights of an earlier epoch."""
    return len(path) > 1 and path[-1].epoch <= path[-2].epoch


def _axis_labels(plot: Plot) -> list[Label]:
    middle = (plot.left + plot.right) / 2
    along = [
        Label(plot.x(tick), plot.bottom + 18, format_number(tick), "middle", "tick")
        for tick in ticks(plot.low[0], plot.high[0])
    ]
    across = [
        Label(plot.left - 8, plot.y(tick) + 4, format_number(tick), "end", "tick")
        for tick in ticks(plot.low[1], plot.high[1])
    ]
    words = "how far the weights moved from the start toward the end"
    return [*along, *across, Label(middle, plot.bottom + 38, words, "middle", "tick")]


def _scale_labels(plot: Plot, bounds: list[float]) -> list[Label]:
    """The loss at some bounds of the color scale."""
    x = plot.right + _SCALE_LEFT + _SWATCH + 5
    step = plot.height / LEVELS
    marks = [(index, bounds[index]) for index in range(0, LEVELS + 1, 2)]
    labels = [
        Label(x, plot.bottom - index * step + 4, format_number(bound), role="tick")
        for index, bound in marks
    ]
    return [*labels, Label(plot.right + _SCALE_LEFT, plot.bottom + 20, "loss", role="tick")]


def _describe(landscape: Landscape, numbers: np.ndarray) -> str:
    """The figures of the picture in words."""
    path, reference = landscape.path, landscape.reference
    end = path[-1]
    distance = format_number(math.hypot(end.x - path[0].x, end.y - path[0].y))
    words = (
        f"The loss over a plane of weights, from {format_number(np.nanmin(numbers))} to "
        f"{format_number(np.nanmax(numbers))}. The path of the training leads from "
        f"{_loss_at(path[0])} at the start to {_loss_at(end)} after epoch {end.epoch}, over a "
        f"distance of {distance}."
    )
    if reference:
        last = reference[-1]
        away = format_number(math.hypot(last.x - end.x, last.y - end.y))
        words += (
            f" The path of the course's own solution ends at {_loss_at(last)}, "
            f"at a distance of {away} from there."
        )
    return words


def _loss_at(point: PathPoint) -> str:
    return "no finite loss" if point.loss is None else f"loss {format_number(point.loss)}"


def _caption(landscape: Landscape, plot: Plot, *, is_log: bool, blank: bool) -> str:
    reference, samples = landscape.reference, landscape.samples
    on = f" on {samples:,} training sample{'s' * (samples != 1)}" if samples else ""
    words = (
        f"Each place is one setting of all weights, and its color is the loss there{on}: the "
        "darker, the lower. The solid line is the path of your weights from start to end"
    )
    words += ", with a dot after each epoch" * (len(landscape.path) <= _MAX_DOTS)
    words += ". "
    if reference:
        words += (
            "The dashed line is the path of the course's own solution, projected onto this plane: "
            "the colors below it are not its own losses. "
        )
    if reference and not plot.holds(*plot.point(reference[-1].x, reference[-1].y)):
        words += "The course's solution ends outside of the picture. "
    if is_log:
        words += "From color to color the loss grows by the same factor. "
    if blank:
        words += "Where there is no color, the loss is not a finite number. "
    if len({(point.x, point.y) for point in landscape.path}) == 1:
        return words + "Your weights did not leave the start."
    share = min(max(landscape.in_plane, 0), 1)
    return words + f"This plane shows {_percent(share)} of your weights' movement."


def _percent(share: float) -> str:
    """A share that is not rounded to all or nothing."""
    if share in (0, 1):
        return f"{share:.0%}".replace("%", "\u2009%") if share == 0 else "all"
    return f"{min(max(round(share * 100), 1), 99)}\u2009%"
