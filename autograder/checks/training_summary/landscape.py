"""The training loss over the plane of a training's path."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from autograder.checks.graded_model import Rebuilt
from autograder.checks.training_run import Run
from autograder.checks.training_summary import figures
from autograder.checks.training_summary.losses import losses_of, work_of
from autograder.checks.training_summary.path import Path, as_points
from autograder.checks.training_summary.plane import Plane, Points, plane_through
from autograder.results import Landscape, PathPoint

_MOST_WORK = 2_000_000_000
"""Multiplications for the losses of a grid: about a fifth of a second."""
_SIDES = (21, 15, 11)
"""Points of a grid in each direction, as many as can be afforded."""
_FEWEST_SAMPLES = 64
_MARGIN = 0.2
"""Share of the paths' extent that the grid leaves around them."""
_NARROWEST = 0.5
"""The shorter side of a grid, as a share of the longer one."""
_FARTHEST = 10
"""How many times its own extent a training's grid grows to show the reference's path."""


@dataclasses.dataclass(frozen=True)
class Losses:
    """The recomputed losses of one training.

    Attributes:
        run: The training run.
        path: Its path.
        values: The loss of each of `path.finite`.
    """

    run: Run
    path: Path
    values: Sequence[float]


def draw_landscape(training: Losses, reference: Losses | None) -> Landscape | None:
    """The loss around the path of a training.

    Args:
        training: The training.
        reference: The training of the course's own solution, if there is one.

    Returns:
        The landscape; None if neither moved, or if the model cannot be evaluated often enough.
    """
    run, model = training.run, training.run.model
    if not isinstance(model, Rebuilt) or not len(run.given.x):
        return None
    size = _affordable(model, len(run.given.x))
    path = _points(training)
    other = _points(reference) if reference and _same_start(training, reference) else None
    plane = plane_through(path) or (None if other is None else plane_through(other))
    if size is None or plane is None:
        return None
    side, every = size
    positions = plane.positions(path)
    others = np.empty((0, 2)) if other is None else plane.positions(other)
    x, y = (np.linspace(low, high, side) for low, high in _box(positions, others))
    losses = losses_of(run, model, _grid(plane, x, y), every)
    rows = np.reshape(losses, (side, side))
    return Landscape(
        x=figures.row(x),
        y=figures.row(y),
        loss=tuple(figures.losses(values, figures.FEW_DIGITS) for values in rows),
        samples=len(run.given.x[::every]),
        path=_path(training, positions),
        in_plane=figures.rounded(plane.share(path)),
        reference=() if other is None or reference is None else _path(reference, others),
    )


def _affordable(model: Rebuilt, samples: int) -> tuple[int, int] | None:
    """Points in each direction, and every how many-th sample is taken; None if it is too much."""
    for side in _SIDES:
        fewest = min(samples, _FEWEST_SAMPLES)
        for every in range(1, samples // fewest + 1):
            if side**2 * work_of(model, -(-samples // every)) <= _MOST_WORK:
                return side, every
    return None


def _points(training: Losses) -> Points:
    return as_points([weights for _, weights in training.path.finite])


def _same_start(training: Losses, reference: Losses) -> bool:
    """Whether two trainings began with the same weights of the same arrays."""
    ours, theirs = training.run.initial_weights, reference.run.initial_weights
    return len(ours) == len(theirs) and all(map(np.array_equal, ours, theirs))


def _grid(plane: Plane, x: Points, y: Points) -> np.ndarray:
    """The weights at each point of a grid, row by row."""
    positions = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    with np.errstate(over="ignore"):  # beyond float32 the loss is not finite
        return plane.weights(positions)


def _box(positions: Points, others: Points) -> tuple[tuple[float, float], tuple[float, float]]:
    """The extent of the grid in x and in y, around a path and as far as useful a reference's."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    reach = _FARTHEST * float((high - low).max()) or np.inf
    if len(others):
        low = np.minimum(low, np.maximum(others.min(axis=0), low - reach))
        high = np.maximum(high, np.minimum(others.max(axis=0), high + reach))
    extent = high - low
    least = _NARROWEST * extent.max()
    half = np.maximum(extent, least) / 2 + _MARGIN * extent.max()
    middle = (low + high) / 2
    sides = zip((middle - half).tolist(), (middle + half).tolist(), strict=True)
    (left, right), (bottom, top) = sides
    return (left, right), (bottom, top)


def _path(training: Losses, positions: Points) -> tuple[PathPoint, ...]:
    epochs = [epoch for epoch, _ in training.path.finite]
    losses = figures.losses(training.values)
    return tuple(
        PathPoint(epoch=epoch, x=figures.rounded(x), y=figures.rounded(y), loss=loss)
        for epoch, (x, y), loss in zip(epochs, positions.tolist(), losses, strict=True)
    )
