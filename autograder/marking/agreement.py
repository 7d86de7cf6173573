"""How far those who marked the same submissions agree, beyond what chance would give."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from autograder.marking.sheets import Place, Sheet

FEW = 20
"""With fewer submissions than this, a measure of agreement is no more than a hint."""
_RESAMPLES = 2_000
_PERCENTILES = (2.5, 97.5)
_SEED = 20270215
_CLOSE = 1e-9
_LEAST_MARKS = 2

FloatArray = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Agreement:
    """How far assistants agree about one cell.

    Attributes:
        cell: The cell.
        submissions: How many at least two of them marked.
        same: How many of these got the same points from all.
        share_interval: Where the share of these lies with 95% confidence.
        alpha: Krippendorff's alpha for points: 1 is agreement, 0 what chance gives. None if all
            marks are the same, so that chance cannot be told from agreement.
        interval: Where alpha lies with 95% confidence, by resampling the submissions; None if that
            cannot be said, as where all agree.
    """

    cell: str
    submissions: int
    same: int
    share_interval: tuple[float, float]
    alpha: float | None
    interval: tuple[float, float] | None


def agreements(sheets: Sequence[Sheet]) -> list[Agreement]:
    """Compare sheets, cell by cell.

    Args:
        sheets: One of each assistant.

    Returns:
        One row for each cell, in the order of the first sheet that has it.
    """
    cells = dict.fromkeys(cell for sheet in sheets for _, cell in sheet)
    return [_agreement(cell, _marks_by_student(sheets, cell)) for cell in cells]


def marks_of(sheets: Mapping[str, Sheet]) -> dict[Place, dict[str, float]]:
    """What each assistant gave, by student and cell.

    Args:
        sheets: Each assistant's.
    """
    marks: dict[Place, dict[str, float]] = {}
    for assistant, sheet in sheets.items():
        for place, points in sheet.items():
            marks.setdefault(place, {})[assistant] = points
    return marks


def is_unanimous(marks: Mapping[str, float]) -> bool:
    """Whether all gave the same points."""
    return max(marks.values()) - min(marks.values()) < _CLOSE


def alpha(units: Sequence[Sequence[float]]) -> float | None:
    """Krippendorff's alpha for numbers whose differences count.

    Args:
        units: The marks of each submission, by whoever marked it; units with one mark count for
            nothing.

    Returns:
        At most 1; None if no two marks can be compared, or all are the same.

    Source:
        Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section E, interval data.
    """
    sums = _sums([unit for unit in units if len(unit) >= _LEAST_MARKS])
    value = float(_alphas(sums[np.newaxis])[0]) if len(sums) else np.nan
    return None if np.isnan(value) else value


def _agreement(cell: str, by_student: Mapping[str, Sequence[float]]) -> Agreement:
    units = [marks for _, marks in sorted(by_student.items()) if len(marks) >= _LEAST_MARKS]
    same = sum(max(marks) - min(marks) < _CLOSE for marks in units)
    return Agreement(
        cell,
        submissions=len(units),
        same=same,
        share_interval=_share_interval(same, len(units)),
        alpha=alpha(units),
        interval=_interval(units) if same < len(units) else None,
    )


def _share_interval(successes: int, trials: int) -> tuple[float, float]:
    """The exact 95% interval of a share.

    Source:
        Clopper and Pearson (1934).
    """
    low, high = (percentile / 100 for percentile in _PERCENTILES)
    failures = trials - successes
    return (
        float(betaincinv(successes, failures + 1, low)) if successes else 0.0,
        float(betaincinv(successes + 1, failures, high)) if failures else 1.0,
    )


def _marks_by_student(sheets: Sequence[Sheet], cell: str) -> dict[str, list[float]]:
    marks: dict[str, list[float]] = {}
    for sheet in sheets:
        for (student, name), points in sheet.items():
            if name == cell:
                marks.setdefault(student, []).append(points)
    return marks


def _interval(units: Sequence[Sequence[float]]) -> tuple[float, float] | None:
    """The middle 95% of alpha over samples of as many submissions, drawn with replacement."""
    if len(units) < _LEAST_MARKS:
        return None
    generator = np.random.default_rng(_SEED)
    drawn = generator.integers(len(units), size=(_RESAMPLES, len(units)))
    values = _alphas(_sums(units)[drawn])
    values = values[~np.isnan(values)]  # samples in which all marks are the same
    if 2 * len(values) < _RESAMPLES:
        return None
    low, high = np.percentile(values, _PERCENTILES)
    return float(low), float(high)


def _sums(units: Sequence[Sequence[float]]) -> FloatArray:
    """For each unit: the number of marks, their sum, and the sum of their squares; (units, 3)."""
    rows = [(len(unit), sum(unit), sum(mark * mark for mark in unit)) for unit in units]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _alphas(sums: FloatArray) -> FloatArray:
    """Alpha of each sample of units.

    Args:
        sums: As from `_sums`, shape (samples, units, 3).

    Returns:
        Shape (samples,); NaN where all marks are the same.
    """
    count, total, squares = np.moveaxis(sums, -1, 0)
    within = count * (squares - total**2 / count) / (count - 1)
    n = count.sum(axis=1)
    overall = squares.sum(axis=1) - total.sum(axis=1) ** 2 / n
    observed = (n - 1) / n * within.sum(axis=1)
    varies = overall > _CLOSE * (1 + squares.sum(axis=1))
    return np.where(varies, 1 - observed / np.where(varies, overall, 1), np.nan)
