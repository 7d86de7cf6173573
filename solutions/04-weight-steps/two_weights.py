"""A linear model with two weights, and its steps of gradient descent, in NumPy."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True)
class Step:
    """One step of gradient descent with both weights.

    Attributes:
        rate: The learning rate.
        before: Both weights before the step.
        gradient: The gradient of the loss for each weight, before the step.
        after: Both weights after it.
        loss_before: The loss before the step.
        loss_after: The loss after it.
    """

    rate: float
    before: tuple[float, float]
    gradient: tuple[float, float]
    after: tuple[float, float]
    loss_before: float
    loss_after: float


class TwoWeights:
    """A linear model with two weights, which takes steps of gradient descent.

    Args:
        x: Features, shape (samples, 2).
        y: True values, shape (samples, 1).
        start: The weights to start from, shape (2, 1) or (2,).
    """

    def __init__(self, x: Any, y: Any, start: Any) -> None:
        self._x: NDArray[np.float64] = np.asarray(x, np.float64)
        self._y: NDArray[np.float64] = np.asarray(y, np.float64).ravel()
        self._start: NDArray[np.float64] = np.asarray(start, np.float64).ravel()
        self.steps: list[Step] = []

    @property
    def weights(self) -> NDArray[np.float64]:
        """Both weights now."""
        return np.array(self.steps[-1].after) if self.steps else self._start

    def loss(self, weights: Any) -> float:
        """The mean squared error with these weights."""
        return float(np.mean((self._x @ np.asarray(weights) - self._y) ** 2))

    def gradient(self, weights: Any) -> NDArray[np.float64]:
        """How fast the loss grows with each weight, shape (2,)."""
        error = self._x @ np.asarray(weights) - self._y
        slopes: NDArray[np.float64] = 2 * self._x.T @ error / len(self._y)
        return slopes

    def step(self, rate: float) -> Step:
        """Take one step: each weight becomes weight - rate * gradient."""
        before, slopes = self.weights, self.gradient(self.weights)
        after = before - rate * slopes
        taken = Step(
            rate, _pair(before), _pair(slopes), _pair(after), self.loss(before), self.loss(after)
        )
        self.steps.append(taken)
        return taken

    def restart(self) -> None:
        """Go back to the start."""
        self.steps.clear()


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])
