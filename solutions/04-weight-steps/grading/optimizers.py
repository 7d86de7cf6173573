"""Recognize the kind of an optimizer by two of its steps."""

from __future__ import annotations

import numpy as np

from autograder.exercises import FloatArray

FIRST_GRADIENT = (0.4, -0.2, 0.1, 0.3)
SECOND_GRADIENT = (0.2, 0.2, -0.3, 0.1)
"""An optimizer takes one step with each: what it remembers of the first shows in the second.

Their norms are below 1, where clipping usually begins.
"""
KINDS = {
    "sgd": "plain gradient descent",
    "momentum": "gradient descent with momentum",
    "adam": "Adam",
}
"""The kind of optimizer that each name stands for."""
HOW_TO_GET = {
    "sgd": "`keras.optimizers.SGD(learning_rate)`, without momentum",
    "momentum": "`keras.optimizers.SGD(learning_rate, momentum=0.9)`",
    "adam": "`keras.optimizers.Adam(learning_rate)`",
}
_FIRST, _SECOND = np.array(FIRST_GRADIENT), np.array(SECOND_GRADIENT)
_NEAR = 0.05
"""Share of the largest step: schedules and weight decay stay within a tenth of this."""
_NO_MEMORY, _SOME_MEMORY = 0.02, 0.05
"""Share of the first gradient in the second step, relative to that in the first."""
_NEAR_ADAM = 0.1
"""Share of the learning rate: other betas and epsilons, and AdamW, stay within; Adamax does not."""


def kind_of(steps: FloatArray | None) -> str:
    """The kind of optimizer that took these steps, in words.

    Args:
        steps: Two steps with `FIRST_GRADIENT` and `SECOND_GRADIENT`, shape (2, 4).

    Returns:
        One of `KINDS`, or other words.
    """
    if steps is None or steps.shape != (2, len(_FIRST)) or not np.isfinite(steps).all():
        return "no optimizer of Keras"
    if not steps.all():
        return "an optimizer that does not move every weight"
    if _like_adam(steps):
        return KINDS["adam"]
    memory = _memory(steps)
    if memory is not None and abs(memory) <= _NO_MEMORY:
        return KINDS["sgd"]
    if memory is not None and _SOME_MEMORY <= memory < 1:
        return KINDS["momentum"]
    return "another optimizer"


def _memory(steps: FloatArray) -> float | None:
    """How much of the first step comes back in the second.

    Gradient descent takes the steps -a g1 and -(b g2 + c g1), where c is 0 without momentum; the
    result is c / a. None if no such a, b and c give these steps, or they go uphill.
    """
    rate = -steps[0] @ _FIRST / (_FIRST @ _FIRST)
    both = np.stack([_SECOND, _FIRST])
    shares = np.linalg.lstsq(-both.T, steps[1], rcond=None)[0]
    linear = np.stack([-rate * _FIRST, -shares @ both])
    if rate <= 0 or (np.abs(steps - linear).max() > _NEAR * np.abs(steps).max()):
        return None
    return float(shares[1] / rate)


def _like_adam(steps: FloatArray) -> bool:
    """Whether the steps follow Adam's formula with beta_1 = 0.9 and beta_2 = 0.999.

    Source:
        Kingma and Ba (2015), Adam: a method for stochastic optimization, algorithm 1.
    """
    mean = (0.9 * _FIRST + _SECOND) / 1.9
    size = np.sqrt((0.999 * _FIRST**2 + _SECOND**2) / 1.999)
    expected = -np.stack([np.sign(_FIRST), mean / size])
    rate = np.abs(steps[0]).mean()
    return bool(np.allclose(steps / rate, expected, atol=_NEAR_ADAM, rtol=0))
