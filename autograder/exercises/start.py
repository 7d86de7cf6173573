"""The random start: weights that the grader draws for whatever model it is given.

The sandbox and the trusted process draw them by the same seed for the same layers, so both have
the same start to the last bit, and no student's initializer decides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_ONES = ("gamma", "moving_variance")
_DRAWN = ("kernel", "recurrent_kernel", "embeddings")
_EMBEDDING_LIMIT = 0.05


def random_start(model: Any, seed: int) -> list[np.ndarray]:
    """Draw a start for a built model.

    Args:
        model: A built Keras model.
        seed: The same seed gives the same start.

    Returns:
        Arrays as `get_weights` returns them, float32: kernels uniform within Glorot's limit,
        embeddings within 0.05, scales one, biases zero.

    Source:
        keras.initializers.GlorotUniform, and the defaults of keras.layers.
    """
    draw = np.random.default_rng(seed)
    return [_drawn(draw, weight.name, tuple(weight.shape)) for weight in model.weights]


def _drawn(draw: np.random.Generator, name: str, shape: Sequence[int]) -> np.ndarray:
    if name in _DRAWN:
        limit = _EMBEDDING_LIMIT if name == "embeddings" else _glorot(shape)
        return draw.uniform(-limit, limit, shape).astype(np.float32)
    return np.full(shape, 1 if name in _ONES else 0, np.float32)


def _glorot(shape: Sequence[int]) -> float:
    """The limit for a kernel of shape (..., inputs, outputs)."""
    field = float(np.prod(shape[:-2]))
    return float(np.sqrt(6 / (field * (shape[-2] + shape[-1]))))
