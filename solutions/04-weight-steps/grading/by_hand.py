"""One step of gradient descent by hand, in plain NumPy: the oracle of 04-weight-steps.

The network is x → tanh(x @ w1 + b1) → h @ w2 + b2. Each line of `gradient` is one link of the
chain rule, from the loss back to the first weights. No TensorFlow, and float64 throughout.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Loss:
    """A loss of the gaps, prediction - truth, shape (samples, 1).

    Attributes:
        value: The loss, one number.
        slope: How much it grows with each gap, shape (samples, 1).
    """

    value: Callable[[Array], float]
    slope: Callable[[Array], Array]

    @property
    def swapped(self) -> Loss:
        """The same loss with truth and prediction in the wrong order."""
        return Loss(lambda gap: self.value(-gap), lambda gap: -self.slope(-gap))


SQUARED_ERROR = Loss(
    value=lambda gap: float(np.mean(gap**2)),
    slope=lambda gap: 2 * gap / len(gap),
)
LINEX = Loss(
    value=lambda gap: float(np.mean(np.exp(gap) - gap - 1)),
    slope=lambda gap: (np.exp(gap) - 1) / len(gap),
)
"""exp(gap) - gap - 1, on average (Varian 1975)."""


@dataclasses.dataclass(frozen=True)
class Network:
    """The small network with its weights, and the samples that it predicts.

    Args:
        weights: Kernel and bias of both layers, shapes (2, 6), (6,), (6, 1), (1,).
        x: Features, shape (samples, 2).
        y: True values, shape (samples, 1).
    """

    weights: Sequence[Array]
    x: Array
    y: Array

    def hidden(self) -> Array:
        """Outputs of the hidden layer, shape (samples, 6)."""
        w1, b1, _, _ = self.weights
        return np.asarray(np.tanh(self.x @ w1 + b1))

    def gaps(self) -> Array:
        """Prediction - truth, shape (samples, 1)."""
        _, _, w2, b2 = self.weights
        return np.asarray(self.hidden() @ w2 + b2 - self.y)

    def loss(self, loss: Loss) -> float:
        """The loss of these weights on the samples."""
        return loss.value(self.gaps())

    def minus(self, other: Network) -> list[Array]:
        """The difference of each array of weights from another network's."""
        return [mine - theirs for mine, theirs in zip(self.weights, other.weights, strict=True)]

    def gradient(self, loss: Loss) -> list[Array]:
        """How much the loss grows with each weight; arrays of the weights' shapes."""
        hidden, w2 = self.hidden(), self.weights[2]
        of_output = loss.slope(self.gaps())
        of_hidden = (of_output @ w2.T) * (1 - hidden**2)
        return [
            self.x.T @ of_hidden,
            of_hidden.sum(axis=0),
            hidden.T @ of_output,
            of_output.sum(axis=0),
        ]

    def step(self, loss: Loss, learning_rate: float) -> Network:
        """The same network one step further downhill: w - learning_rate * gradient."""
        moved = [
            weight - learning_rate * slope
            for weight, slope in zip(self.weights, self.gradient(loss), strict=True)
        ]
        return dataclasses.replace(self, weights=moved)
