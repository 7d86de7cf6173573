"""A picture of a calibration: each threshold, with the values on both sides of it."""

from __future__ import annotations

import io

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autograder.authoring.calibration.evidence import Evidence, ThresholdEvidence

_RIGHT, _WRONG, _LINE = "#2b5f8a", "#b04a1c", "#1c1c1a"
_WIDTH, _ROW, _MARGIN = 9.0, 0.19, 1.15
_FAR_APART = 20


def draw(evidence: Evidence, title: str) -> bytes:
    """Draw the evidence: one panel per threshold, one row per submission, one dot per run.

    Args:
        evidence: From `calibrate`.
        title: The assignment's title.

    Returns:
        A PNG file's bytes.
    """
    panels = list(evidence.thresholds.items())
    heights = [_ROW * (len(e.right) + len(e.wrong)) + _MARGIN for _, e in panels]
    with mpl.rc_context({"font.size": 8, "svg.hashsalt": "calibration"}):
        figure = Figure(figsize=(_WIDTH, sum(heights) + 1.1), layout="constrained")
        figure.suptitle(
            f"{title}\nA right submission fails by chance in at most "
            f"{evidence.false_fail_at_most:.2g} of cases\n"
            f"({evidence.confidence:.0%} confidence; of {evidence.right_runs:,} runs in "
            f"{evidence.right_styles} right styles {evidence.false_fails} failed)",
            fontsize=10,
        )
        grid = figure.subplots(len(panels), 1, height_ratios=heights, squeeze=False)
        for axes, (name, threshold) in zip(grid[:, 0], panels, strict=True):
            _draw_panel(axes, name, threshold)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=110, metadata={"Software": None})
    return picture.getvalue()


def _draw_panel(axes: Axes, name: str, evidence: ThresholdEvidence) -> None:
    rows = [(label, values.spread, _RIGHT) for label, values in evidence.right.items()]
    rows += [(label, values.spread, _WRONG) for label, values in evidence.wrong.items()]
    for place, (_, values, color) in enumerate(rows):
        jitter = np.linspace(-0.25, 0.25, len(values))
        axes.scatter(values, place + jitter, s=5, color=color, alpha=0.7, linewidths=0)
    axes.axvline(evidence.chosen, color=_LINE, linewidth=1.4)
    axes.axvline(evidence.weakest_right, color=_RIGHT, linewidth=1, linestyle="--")
    axes.axvline(evidence.nearest_wrong, color=_WRONG, linewidth=1, linestyle="--")
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows], fontsize=6.5)
    axes.invert_yaxis()
    _set_scale(axes, evidence, [value for _, values, _ in rows for value in values])
    side = "at least" if evidence.direction == "at_least" else "at most"
    axes.set_title(
        f"{name}: {side} {evidence.chosen:g} passes (dashed: the worst of all right runs, the best "
        "of all wrong ones)",
        loc="left",
        fontsize=9,
    )
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)


def _set_scale(axes: Axes, evidence: ThresholdEvidence, values: list[float]) -> None:
    """Use a logarithmic scale where values lie far apart."""
    near = max(abs(evidence.weakest_right), abs(evidence.nearest_wrong))
    if min(values) > 0 and max(values) > _FAR_APART * min(values):
        axes.set_xscale("log")
    elif max(map(abs, values)) > _FAR_APART * near:
        axes.set_xscale("symlog", linthresh=near)
