"""Plots as numbers and SVG paths, which templates draw; colors are the style sheet's."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from autograder.outputs.class_report.curves import PASSED, CurveGroup
from autograder.outputs.class_report.entry import Curve
from autograder.outputs.marks import format_points

PANEL_WIDTH, PANEL_HEIGHT = 264, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 8, 24
_BARS_WIDTH, _BARS_HEIGHT = 720, 220
_BARS_TOP, _BARS_BOTTOM = 24, 28
_MOST_BARS = 20
_HEADROOM = 1.15
"""Losses above this multiple of the largest loss before training are cut off."""


@dataclasses.dataclass(frozen=True)
class Bar:
    """One bar of a histogram, in pixels from the upper left.

    Attributes:
        x: The left edge.
        y: The upper edge.
        width: In pixels.
        height: In pixels.
        count: How many students.
        scores: Which scores, such as "18" or a range.
    """

    x: float
    y: float
    width: float
    height: float
    count: int
    scores: str


@dataclasses.dataclass(frozen=True)
class Histogram:
    """How scores are distributed.

    Attributes:
        bars: From no points to all.
        alt: The figures in words.
        width: In pixels.
        height: In pixels.
    """

    bars: tuple[Bar, ...]
    alt: str
    width: int = _BARS_WIDTH
    height: int = _BARS_HEIGHT


def histogram(scores: Sequence[float], max_score: float) -> Histogram | None:
    """The distribution of scores; None if there are none.

    Args:
        scores: Scores of those who have a mark; extra credit may exceed `max_score`.
        max_score: Points that can be earned.
    """
    if not scores:
        return None
    top = max(max_score, *scores)
    step = max(1, math.ceil((math.floor(top) + 1) / _MOST_BARS))
    number = math.floor(top / step) + 1
    counts = [0] * number
    for score in scores:
        counts[min(number - 1, max(0, int(score // step)))] += 1
    pitch, most = _BARS_WIDTH / number, max(counts)
    room = _BARS_HEIGHT - _BARS_TOP - _BARS_BOTTOM
    bars = []
    for index, count in enumerate(counts):
        first, last = index * step, min((index + 1) * step - 1, math.floor(top))
        height = round(room * count / most, 1)
        bars.append(
            Bar(
                x=round(index * pitch + pitch * 0.08, 1),
                y=round(_BARS_HEIGHT - _BARS_BOTTOM - height, 1),
                width=round(pitch * 0.84, 1),
                height=height,
                count=count,
                scores=f"{first}" if last <= first else f"{first}–{last}",  # noqa: RUF001
            )
        )
    ordered = sorted(scores)
    alt = (
        f"Scores of {len(scores)} students, of {format_points(max_score)} points: lowest "
        f"{format_points(ordered[0])}, median {format_points(median(ordered))}, highest "
        f"{format_points(ordered[-1])}. Most students in one bar: {most}."
    )
    return Histogram(tuple(bars), alt)


def median(ordered: Sequence[float]) -> float:
    """The median of sorted numbers, of which there is at least one."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


@dataclasses.dataclass(frozen=True)
class Panel:
    """One small plot of losses over epochs.

    Attributes:
        heading: Whose.
        advice: The hint that they share, or "".
        students: How many.
        band: The path of the area from low to high; "" if each line is drawn.
        lines: The path of each student's line.
        middle: The path of the median; "" for one student.
        compared: The path that it is compared with, or "".
        top: The label of the upper end of the loss axis.
        last: The label of the right end of the axis of epochs.
        alt: The figures in words.
        width: In pixels.
        height: In pixels.
    """

    heading: str
    advice: str
    students: int
    band: str
    lines: tuple[str, ...]
    middle: str
    compared: str
    top: str
    last: str
    alt: str
    width: int = PANEL_WIDTH
    height: int = PANEL_HEIGHT


@dataclasses.dataclass(frozen=True)
class Scale:
    """The axes that the panels of an assignment share.

    Attributes:
        epochs: The right end.
        loss: The upper end; 0 is the lower.
    """

    epochs: float
    loss: float

    def path(self, epochs: Sequence[float], losses: Sequence[float]) -> str:
        """An SVG path through those points that are numbers; "" without any."""
        return self._move(self._points(epochs, losses))

    def band(self, epochs: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
        """The SVG path of an area between two curves."""
        points = [*self._points(epochs, high), *reversed(self._points(epochs, low))]
        return f"{self._move(points)}Z" if points else ""

    def _points(self, epochs: Sequence[float], losses: Sequence[float]) -> list[str]:
        width, height = PANEL_WIDTH - _LEFT - _RIGHT, PANEL_HEIGHT - _TOP - _BOTTOM
        return [
            f"{_LEFT + width * epoch / self.epochs:.1f} "
            f"{_TOP + height * (1 - min(max(loss / self.loss, 0), 1)):.1f}"
            for epoch, loss in zip(epochs, losses, strict=True)
            if not math.isnan(loss)
        ]

    @staticmethod
    def _move(points: Sequence[str]) -> str:
        return f"M{'L'.join(points)}" if points else ""


def scale_of(groups: Sequence[CurveGroup]) -> Scale | None:
    """The axes for all groups; None without any."""
    if not groups:
        return None
    starts = [value for group in groups for value in (group.high[0], group.median[0])]
    largest = max((value for value in starts if math.isfinite(value)), default=0)
    return Scale(max(groups[0].epochs[-1], 1), largest * _HEADROOM or 1)


def panels(groups: Sequence[CurveGroup], reference: Curve | None) -> list[Panel]:
    """Small plots that share their axes, each beside the same curve for comparison.

    Args:
        groups: Those of one assignment; first those who passed everything, if anybody did.
        reference: The course's own solution; without it, who passed everything is compared with.
    """
    scale = scale_of(groups)
    if scale is None:
        return []
    compared = reference_path(scale, groups, reference)
    return [_panel(group, scale, compared) for group in groups]


def reference_path(scale: Scale, groups: Sequence[CurveGroup], reference: Curve | None) -> str:
    """The path to compare with: the solution's, else the median of who passed everything."""
    if reference is not None:
        return scale.path(reference.epochs, reference.losses)
    passed = next((group for group in groups if group.heading == PASSED), None)
    return scale.path(passed.epochs, passed.median) if passed else ""


def curve_panel(curve: Curve, scale: Scale, compared: str, heading: str) -> Panel:
    """One student's loss."""
    line = scale.path(curve.epochs, curve.losses)
    alt = (
        f"Loss from {curve.losses[0]:.3g} before training to {curve.losses[-1]:.3g} after "
        f"{curve.epochs[-1]:g} epochs."
    )
    labels = (f"{scale.loss:.2g}", f"{scale.epochs:g}")
    return Panel(heading, "", 1, "", (line,), "", compared, *labels, alt)


def _panel(group: CurveGroup, scale: Scale, compared: str) -> Panel:
    epochs, ends = group.epochs, [v for v in group.median if not math.isnan(v)]
    who = "1 student" if group.students == 1 else f"median of {group.students} students"
    alt = f"Loss, {who}: {ends[0]:.3g} before training, {ends[-1]:.3g} at the end."
    return Panel(
        heading=group.heading,
        advice=group.advice,
        students=group.students,
        band="" if group.lines else scale.band(epochs, group.low, group.high),
        lines=tuple(scale.path(epochs, line) for line in group.lines),
        middle=scale.path(epochs, group.median) if group.students > 1 else "",
        compared=compared,
        top=f"{scale.loss:.2g}",
        last=f"{scale.epochs:g}",
        alt=alt,
    )
