"""A picture of the margins: for each threshold, how the right runs thin out before it."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from autograder.authoring.calibration import Measure, Trials
from autograder.authoring.fairness.leave_out import Expected, wrong_values
from autograder.authoring.fairness.margins import Margin

_RIGHT, _NEAR, _WRONG, _LINE = "#2b5f8a", "#7a1fa2", "#b04a1c", "#1c1c1a"
_LOWEST: Final = 1e-5
_BELOW: Final = _LOWEST / 2.5
"""Where the wrong runs lie, below the axis of chances."""
_WIDTH, _HEIGHT, _MARGIN = 8.0, 2.5, 1.0


def draw_margins(trials: Trials, expected: Expected, found: Sequence[Margin], title: str) -> bytes:
    """Draw one panel per comparison: each right style's share of runs beyond every value.

    Args:
        trials: The assignment's training runs.
        expected: The checks that its wrong submissions must fail.
        found: From `margins`; not empty.
        title: The assignment's title.

    Returns:
        A PNG file's bytes, the same for the same arguments.
    """
    panels = sorted({margin.measure for margin in found})
    thresholds = {margin.measure.threshold: margin.threshold for margin in found}
    wrong = wrong_values(trials.wrong, expected, thresholds)
    with mpl.rc_context({"font.size": 8}):
        size = (_WIDTH, _HEIGHT * len(panels) + _MARGIN)
        figure = Figure(figsize=size, layout="constrained")
        figure.suptitle(title, fontsize=10, x=0.01, ha="left")
        grid = figure.subplots(len(panels), 1, squeeze=False)
        for axes, measure in zip(grid[:, 0], panels, strict=True):
            shown = [margin for margin in found if margin.measure == measure]
            _draw_panel(axes, shown, trials, wrong.get(measure.threshold, []))
        figure.legend(handles=_legend(), loc="outside lower left", ncols=3, frameon=False)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=110, metadata={"Software": None})
    return picture.getvalue()


def _draw_panel(
    axes: Axes, shown: Sequence[Margin], trials: Trials, wrong: Sequence[float]
) -> None:
    first = shown[0]
    by_entry = {each.entry: each for each in trials.right}
    places = [first.threshold, *(value for value in wrong if math.isfinite(value))]
    for margin in shown:
        runs = by_entry[margin.entries[0]].runs
        row = [run.values[margin.measure] for run in runs if margin.measure in run.values]
        values = np.sort(margin.scale.apply(row))
        values = values[np.isfinite(values)]
        color = _NEAR if margin.is_near else _RIGHT
        shares = 1 - np.arange(len(values)) / len(row)
        at = margin.scale.undo(values)
        axes.step(at, shares, where="pre", color=color, linewidth=0.9, alpha=0.75)
        axes.plot(at[-1:], shares[-1:], ".", color=color, markersize=4)
        if margin.tail.curve:
            curve = np.array(margin.tail.curve)
            axes.plot(margin.scale.undo(curve[:, 0]), curve[:, 1], "--", color=color, linewidth=0.8)
        places += at.tolist()
    if wrong:
        axes.plot(wrong, [_BELOW] * len(wrong), "|", color=_WRONG, markersize=9, alpha=0.8)
    axes.axvline(first.threshold, color=_LINE, linewidth=1.4)
    axes.axhline(0.001, color=_LINE, linewidth=0.5, linestyle=":")
    _set_axes(axes, first, places)


def _set_axes(axes: Axes, first: Margin, places: Sequence[float]) -> None:
    axes.set_yscale("log")
    axes.set_ylim(_LOWEST / 6, 1.5)
    tens = [10**place for place in range(6)]
    axes.set_yticks([1 / ten for ten in tens], ["all", *(f"1 in {ten:,}" for ten in tens[1:])])
    axes.minorticks_off()
    low, high = min(places), max(places)
    if first.scale.is_log and low > 0:
        axes.set_xscale("log")
        axes.set_xlim(low / (high / low) ** 0.05, high * (high / low) ** 0.05)
    else:
        # A wrong run can lie anywhere; what matters is near the threshold.
        right = [place for place in places if _passes(first.measure, place, first.threshold)]
        reach = 1.6 * max(abs(place - first.threshold) for place in [*right, first.threshold])
        low, high = max(low, first.threshold - reach), min(high, first.threshold + reach)
        gap = 0.04 * (high - low) or 1
        axes.set_xlim(low - gap, high + gap)
    side = "at least" if first.measure.direction == "at_least" else "at most"
    axes.set_title(
        f"{first.measure.threshold} in {first.measure.check}: {side} {first.threshold:g} passes",
        loc="left",
        fontsize=9,
    )
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)


def _passes(measure: Measure, value: float, threshold: float) -> bool:
    return not measure.misses(value, threshold)


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], color=_RIGHT, label="a right style: share of its runs that are worse"),
        Line2D([], [], color=_RIGHT, linestyle="--", label="its fitted tail"),
        Line2D([], [], color=_NEAR, label="a style whose tail comes near"),
        Line2D([], [], color=_WRONG, marker="|", linestyle="", label="wrong runs"),
        Line2D([], [], color=_LINE, label="the threshold"),
        Line2D([], [], color=_LINE, linestyle=":", linewidth=0.8, label="1 run in 1,000"),
    ]
