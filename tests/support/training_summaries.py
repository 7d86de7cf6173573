"""Figures of a real training: a small network that gradient descent trains in plain NumPy."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.results import ArrayChange, Landscape, Mistake, PathPoint, TrainingSummary

FloatArray = NDArray[np.float64]

FEATURES = ("softness", "hue", "weight")
"""What the inputs of the first layer are called."""
_NAMES = ("hidden kernel", "hidden bias", "output kernel", "output bias")
_SAMPLES, _HIDDEN, _GRID = 60, 5, 25


@dataclasses.dataclass(frozen=True)
class _Data:
    x: FloatArray
    y: FloatArray


def train(
    *, epochs: int = 20, rate: float = 1.0, frozen: Sequence[str] = (), reference: bool = True
) -> TrainingSummary:
    """Train for some epochs, and tell what the weights did.

    Args:
        epochs: How many steps of gradient descent.
        rate: The learning rate; 0 moves nothing, a large one lets the loss explode.
        frozen: Names of arrays that stay, such as "hidden kernel".
        reference: Whether the course's own solution is trained beside it, at another rate.
    """
    rng = np.random.default_rng(7)
    data = _Data(rng.normal(size=(_SAMPLES, len(FEATURES))), np.zeros(_SAMPLES))
    data.y[:] = data.x[:, 0] - 0.3 * data.x[:, 1] > 0.1
    start = [
        rng.normal(scale=0.5, size=(len(FEATURES), _HIDDEN)),
        np.zeros(_HIDDEN),
        rng.normal(scale=0.5, size=(_HIDDEN, 1)),
        np.zeros(1),
    ]
    path = _descend(data, start, epochs, rate, frozen)
    solution = _descend(data, start, epochs, 1.6, ()) if reference else []
    losses = [_loss(data, weights) for weights in path]
    moved = not np.array_equal(_flat(path[0]), _flat(path[-1]))
    return TrainingSummary(
        landscape=_landscape(data, path, solution) if moved else None,
        changes=tuple(map(_change, _NAMES, path[0], path[-1])),
        loss=tuple(losses),
        epochs=tuple(range(epochs + 1)),
        reference_loss=tuple(_loss(data, weights) for weights in solution),
        reference_epochs=tuple(range(len(solution))),
        mistakes=(
            Mistake(predicted="ripe", expected="unripe", text="soft, green, 120 g"),
            Mistake(predicted="7", expected="1", pixels=digit()),
        ),
        wrong=9,
        practice_samples=_SAMPLES,
    )


def digit() -> tuple[tuple[int, ...], ...]:
    """A picture of 28 by 28 pixels that could be a seven."""
    rows, columns = np.mgrid[:28, :28]
    stroke = (np.abs(rows - 6) < 2) & (columns > 7) & (columns < 21)
    stroke |= (np.abs(columns + (rows - 6) / 2 - 19) < 1.5) & (rows > 5) & (rows < 25)
    return tuple(tuple(int(255 * pixel) for pixel in row) for row in stroke)


def _probability(data: _Data, weights: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    hidden = np.tanh(data.x @ weights[0] + weights[1])
    return hidden, 1 / (1 + np.exp(-(hidden @ weights[2] + weights[3])[:, 0]))


def _loss(data: _Data, weights: Sequence[FloatArray]) -> float:
    """The binary cross-entropy."""
    _, p = _probability(data, weights)
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return float(-(data.y * np.log(p) + (1 - data.y) * np.log(1 - p)).mean())


def _descend(
    data: _Data, start: Sequence[FloatArray], epochs: int, rate: float, frozen: Sequence[str]
) -> list[list[FloatArray]]:
    """The weights before training and after each step."""
    path = [[array.copy() for array in start]]
    for _ in range(epochs):
        weights = path[-1]
        hidden, p = _probability(data, weights)
        error = ((p - data.y) / _SAMPLES)[:, np.newaxis]
        back = error @ weights[2].T * (1 - hidden**2)
        slopes = [data.x.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]
        path.append(
            [
                array if name in frozen else array - rate * slope
                for name, array, slope in zip(_NAMES, weights, slopes, strict=True)
            ]
        )
    return path


def _flat(weights: Sequence[FloatArray]) -> FloatArray:
    return np.concatenate([array.ravel() for array in weights])


def _landscape(
    data: _Data, path: Sequence[Sequence[FloatArray]], solution: Sequence[Sequence[FloatArray]]
) -> Landscape:
    """The plane through start and end, and in the direction of most other movement."""
    points = np.stack([_flat(weights) for weights in path])
    moves = points - points[0]
    along = moves[-1] / np.linalg.norm(moves[-1])
    rest = moves - np.outer(moves @ along, along)
    across = np.linalg.svd(rest)[2][0]
    plane = np.stack([along, across])
    flat = moves @ plane.T
    other = [(_flat(weights) - points[0]) @ plane.T for weights in solution]
    every = np.vstack([flat, *other])
    low, high = every.min(0), every.max(0)
    margin = 0.25 * (high - low).max()
    x = np.linspace(low[0] - margin, high[0] + margin, _GRID)
    y = np.linspace(low[1] - margin, high[1] + margin, _GRID)
    shapes = [array.shape for array in path[0]]

    def loss_at(place: FloatArray) -> float:
        ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])
        parts = np.split(points[0] + place @ plane, ends[:-1])
        return _loss(data, [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)])

    return Landscape(
        x=tuple(x.tolist()),
        y=tuple(y.tolist()),
        loss=tuple(tuple(loss_at(np.array([a, b])) for a in x) for b in y),
        path=_path(data, path, flat),
        in_plane=float((flat**2).sum() / (moves**2).sum()),
        reference=_path(data, solution, np.array(other)) if solution else (),
    )


def _path(
    data: _Data, path: Sequence[Sequence[FloatArray]], flat: FloatArray
) -> tuple[PathPoint, ...]:
    return tuple(
        PathPoint(epoch=epoch, x=float(x), y=float(y), loss=_loss(data, weights))
        for epoch, (weights, (x, y)) in enumerate(zip(path, flat, strict=True))
    )


def _change(name: str, before: FloatArray, after: FloatArray) -> ArrayChange:
    rows = [values.reshape(1, -1) if values.ndim == 1 else values for values in (before, after)]
    is_first = name == "hidden kernel"
    return ArrayChange(
        array=name,
        shape=before.shape,
        inputs=FEATURES if is_first else (),
        weights=before.size,
        still=int((before == after).sum()),
        before=float(np.linalg.norm(before)),
        change=float(np.linalg.norm(after - before)),
        by_input=(
            tuple(np.linalg.norm(after - before, axis=1).tolist()) if before.ndim > 1 else ()
        ),
        values_before=tuple(map(tuple, rows[0].tolist())),
        values_after=tuple(map(tuple, rows[1].tolist())),
    )
