"""Loss curves of a whole class, in groups: of each only the middle and the spread."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from autograder.outputs.class_report.entry import Curve, Entry
from autograder.outputs.class_report.misconceptions import Misconception

FloatArray = npt.NDArray[np.float64]
_MOST_GROUPS = 8
_MOST_LINES = 8
_POINTS = 33
PASSED, OTHER = "Passed everything", "Other mistakes"


@dataclasses.dataclass(frozen=True)
class CurveGroup:
    """The losses of students with the same outcome or mistake.

    Attributes:
        heading: "Passed everything", or the function to fix.
        advice: The hint that they share, or "".
        students: How many they are.
        epochs: Where the losses below are, ascending.
        median: The median loss, NaN where fewer than half still train.
        low: The loss that one in ten is below.
        high: The loss that one in ten is above.
        lines: Each student's loss, if they are few; else ().
    """

    heading: str
    advice: str
    students: int
    epochs: tuple[float, ...]
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    lines: tuple[tuple[float, ...], ...]


def curve_groups(entries: Mapping[str, Entry], shared: Sequence[Misconception]) -> list[CurveGroup]:
    """Everybody's loss curves, grouped: who passed everything, then one group a misconception.

    A student with several belongs to the one that most share. Those whom few share are one group.

    Args:
        entries: Everybody's, by student.
        shared: The assignment's misconceptions, those that most share first.
    """
    with_curve = {s: e.curve for s, e in entries.items() if e.is_graded and e.curve is not None}
    grid = np.linspace(0, max((c.epochs[-1] for c in with_curve.values()), default=1), _POINTS)
    passed = [s for s in with_curve if entries[s].passed_everything]
    groups = [_group(PASSED, "", passed, with_curve, grid)] if passed else []
    left = with_curve.keys() - set(passed)
    for misconception in shared:
        members = [student for student in misconception.students if student in left]
        if not members or len(groups) >= _MOST_GROUPS:
            continue
        heading = f"`{misconception.function}`" if misconception.function else "Not known"
        groups.append(_group(heading, misconception.advice, members, with_curve, grid))
        left -= set(members)
    if left:
        groups.append(_group(OTHER, "", sorted(left), with_curve, grid))
    return groups


def reference_curve(entries: Mapping[str, Entry]) -> Curve | None:
    """The loss of the course's own solution: the median, as each student starts elsewhere.

    Grades of those who passed everything do not have it. None if no Grade has it.
    """
    curves = [entry.reference for entry in entries.values() if entry.reference is not None]
    if not curves:
        return None
    grid = np.linspace(0, max(curve.epochs[-1] for curve in curves), _POINTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where no curve has a loss
        middle = np.nanmedian(np.stack([_on_grid(curve, grid) for curve in curves]), axis=0)
    known = ~np.isnan(middle)
    return Curve(tuple(grid[known].tolist()), tuple(middle[known].tolist()))


def _group(
    heading: str, advice: str, members: Sequence[str], curves: Mapping[str, Curve], grid: FloatArray
) -> CurveGroup:
    losses = np.stack([_on_grid(curves[student], grid) for student in members])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where nobody trains any more
        low, median, high = np.nanquantile(losses, (0.1, 0.5, 0.9), axis=0)
    median[np.isnan(losses).mean(axis=0) > 0.5] = np.nan  # noqa: PLR2004 - half
    lines = tuple(map(tuple, losses.tolist())) if len(members) <= _MOST_LINES else ()
    return CurveGroup(
        heading=heading,
        advice=advice,
        students=len(members),
        epochs=tuple(grid.tolist()),
        median=tuple(median.tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        lines=lines,
    )


def _on_grid(curve: Curve, grid: FloatArray) -> FloatArray:
    """A curve's losses at the grid's epochs, NaN after its own end."""
    return np.interp(grid, curve.epochs, curve.losses, right=np.nan)
