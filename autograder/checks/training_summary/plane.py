"""The plane through all weights in which the path of a training is drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Weights as rows, or positions in the plane as rows."""

_NOTHING = 1e-6
"""A share of the longest way that counts as none: weights are float32."""


@dataclasses.dataclass(frozen=True)
class Plane:
    """A plane with a position for each list of weights.

    Attributes:
        start: The weights at (0, 0), shape (parameters,), float64.
        axes: Two orthonormal directions, shape (2, parameters), float64.
    """

    start: Points
    axes: Points

    def positions(self, points: Points) -> Points:
        """Where points are seen from straight above.

        Args:
            points: Shape (points, parameters).

        Returns:
            x and y of each, shape (points, 2), in the weights' units.
        """
        return (points - self.start) @ self.axes.T

    def weights(self, positions: Points) -> NDArray[np.float32]:
        """The weights at positions in the plane, shape (positions, parameters)."""
        return (self.start + positions @ self.axes).astype(np.float32)

    def share(self, points: Points) -> float:
        """Share of the squared distances from the start that lies in the plane, in [0, 1]."""
        whole = np.square(points - self.start).sum()
        shown = np.square(self.positions(points)).sum()
        return float(min(1.0, shown / whole)) if whole > 0 else 1.0


def plane_through(path: Points) -> Plane | None:
    """The plane through the start and the end of a path, and the direction of most movement beside.

    The second axis is the first principal component of what leaves the line from start to end. A
    path that returns to its start has its two principal components as axes. A straight path gets
    the direction in which all weights grow.

    Args:
        path: Weights in order, shape (points, parameters), finite.

    Returns:
        The plane; None if nothing moved, or if there are fewer than two weights.
    """
    start = path[0]
    ways = path - start
    farthest = float(np.linalg.norm(ways, axis=1).max())
    if farthest == 0 or path.shape[1] < 2:  # noqa: PLR2004 - a plane has two directions
        return None
    first = ways[-1]
    if np.linalg.norm(first) <= _NOTHING * farthest:
        first = _principal(ways)
    first = first / np.linalg.norm(first)
    rest = _principal(ways - np.outer(ways @ first, first))
    candidates = [rest] if np.linalg.norm(rest) > _NOTHING * farthest else []
    return Plane(start, np.stack([first, _across(first, [*candidates, start])]))


def _principal(rows: Points) -> Points:
    """The direction in which the rows are longest, as long as the longest; zeros if all are."""
    values, vectors = np.linalg.eigh(rows @ rows.T)
    direction: Points = vectors[:, -1] @ rows
    length = np.linalg.norm(direction)
    if values[-1] <= 0 or length == 0:
        return np.zeros(rows.shape[1])
    ahead = rows @ direction
    sign = 1.0 if ahead[np.abs(ahead).argmax()] >= 0 else -1.0
    longest = np.abs(ahead).max() / length
    principal: Points = sign * longest * direction / length
    return principal


def _across(first: Points, candidates: Sequence[Points]) -> Points:
    """The first candidate's direction that is not along `first`, at a right angle to it."""
    lone = np.zeros_like(first)
    lone[np.abs(first).argmin()] = 1
    for candidate in (*candidates, lone):
        length = np.linalg.norm(candidate)
        if length == 0:
            continue
        across: Points = candidate / length
        for _ in range(2):  # the second time for what rounding left
            across = across - (across @ first) * first
        rest = np.linalg.norm(across)
        if rest > _NOTHING:
            return across / rest
    return lone
