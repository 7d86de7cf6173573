"""Random initial weights, which the grader draws for any model.

The sandbox and the trusted process draw them with the same seed for the same layers. So both have
the same weights, bit for bit, and a student's initializers have no effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_ONES = ("gamma", "moving_variance")
_RANDOM = ("kernel", "recurrent_kernel", "embeddings")
_EMBEDDING_LIMIT = 0.05


def draw_initial_weights(model: Any, seed: int) -> list[np.ndarray]:
    """Draw initial weights for a built model.

    Args:
        model: A built Keras model.
        seed: The same seed gives the same weights.

    Returns:
        Arrays as `get_weights` returns them, float32: kernels uniform within Glorot's limit,
        embeddings within 0.05, scales one, biases zero.

    Source:
        keras.initializers.GlorotUniform, and the defaults of keras.layers.
    """
    rng = np.random.default_rng(seed)
    return [_draw(rng, weight.name, tuple(weight.shape)) for weight in model.weights]


def _draw(rng: np.random.Generator, name: str, shape: Sequence[int]) -> np.ndarray:
    if name in _RANDOM:
        limit = _EMBEDDING_LIMIT if name == "embeddings" else _glorot_limit(shape)
        return rng.uniform(-limit, limit, shape).astype(np.float32)
    return np.full(shape, 1 if name in _ONES else 0, np.float32)


def _glorot_limit(shape: Sequence[int]) -> float:
    """Glorot's limit for a kernel of shape (..., inputs, outputs)."""
    field = float(np.prod(shape[:-2]))
    return float(np.sqrt(6 / (field * (shape[-2] + shape[-1]))))
