"""Random initial weights, which the grader draws for any model.

The sandbox and the trusted process draw them with the same seed for the same arrays. So both have
the same weights, bit for bit, and a student's initializers have no effect; only a kernel that
starts at zero stays at zero, because a start that cannot learn must not pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import Self

from autograder.exercises.values import MOST_NUMBERS, Observation

_ZEROS = ("bias", "beta", "moving_mean")
_ONES = ("gamma", "moving_variance")
_RANDOM = ("kernel", "recurrent_kernel", "embeddings", "depthwise_kernel", "pointwise_kernel")
_EMBEDDING_LIMIT = 0.05
_MOST_ARRAYS = 1000

ArraySize = Annotated[int, Field(ge=0, le=10_000_000)]


class InitialWeight(Observation):
    """How one array of weights starts.

    Attributes:
        layer: The name of its layer.
        name: Its name in the layer, such as "kernel".
        shape: Its shape.
        value: The number or the array that it starts with; None if it is drawn.
    """

    layer: str = Field(max_length=100)
    name: str = Field(max_length=100)
    shape: list[ArraySize] = Field(max_length=8)
    value: float | np.ndarray | None = None

    @model_validator(mode="after")
    def _require_shape(self) -> Self:
        """A sandbox may have sent any array."""
        if isinstance(self.value, np.ndarray) and list(self.value.shape) != self.shape:
            raise ValueError("the value does not have the shape")
        return self

    def __str__(self) -> str:
        """As in messages: "dense kernel"."""
        return f"{self.layer} {self.name}"


def initial_weights_of(model: Any) -> list[InitialWeight]:
    """How the arrays of a model start.

    Args:
        model: A built Keras model, as the student's code initialized it.

    Returns:
        One start for each array of `get_weights`.
    """
    return [_initial_weight_of(weight) for weight in model.weights[:_MOST_ARRAYS]]


def usual_initial_weight(layer: str, weight: Any) -> InitialWeight | None:
    """How an array starts that Keras' own layers have; None for a name that only others have.

    Args:
        layer: The name of its layer.
        weight: The variable.
    """
    value = 0.0 if weight.name in _ZEROS else 1.0 if weight.name in _ONES else None
    if value is None and weight.name not in _RANDOM:
        return None
    shape = [int(size) for size in weight.shape]
    return InitialWeight(layer=layer[:100], name=weight.name, shape=shape, value=value)


def _initial_weight_of(weight: Any) -> InitialWeight:
    array = np.asarray(weight)
    layer = str(weight.path).split("/")[-2:][0]
    start = usual_initial_weight(layer, weight)
    if start is None:  # an array of a layer that only its author knows
        value = array.astype(np.float32) if array.size <= MOST_NUMBERS else 0.0
        start = InitialWeight(
            layer=layer[:100], name=weight.name[:100], shape=list(array.shape), value=value
        )
        if weight.trainable and array.ndim > 1:
            start = start.model_copy(update={"value": None})
    if start.value is None and array.size and not array.any():
        return start.model_copy(update={"value": 0.0})
    return start


def draw_initial_weights(starts: Sequence[InitialWeight], seed: int) -> list[np.ndarray]:
    """Draw the initial weights of a model.

    Args:
        starts: From `initial_weights_of`.
        seed: The same seed gives the same weights.

    Returns:
        Arrays as `get_weights` returns them, float32: kernels uniform within Glorot's limit,
        embeddings within 0.05, scales one, biases zero.

    Source:
        keras.initializers.GlorotUniform, and the defaults of keras.layers.
    """
    rng = np.random.default_rng(seed)
    return [_draw(rng, start) for start in starts]


def _draw(rng: np.random.Generator, start: InitialWeight) -> np.ndarray:
    if start.name in _RANDOM or start.value is None:
        limit = _EMBEDDING_LIMIT if start.name == "embeddings" else _glorot_limit(start.shape)
        drawn = rng.uniform(-limit, limit, start.shape).astype(np.float32)
        return drawn if start.value is None else np.zeros_like(drawn)
    return np.broadcast_to(np.float32(start.value), start.shape).copy()


def _glorot_limit(shape: Sequence[int]) -> float:
    """Glorot's limit for a kernel of shape (..., inputs, outputs)."""
    inputs, outputs = [1, 1, *shape][-2:]
    field = float(np.prod(shape[:-2]))
    return float(np.sqrt(6 / max(1.0, field * (inputs + outputs))))
