"""The layers that a model may have, with the settings that decide what they compute."""

from __future__ import annotations

import math
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MOST_LAYERS: Final = 64

Shape = tuple[int, ...]


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def as_pair(value: object) -> object:
    """One number for a window whose sides are equal."""
    if isinstance(value, (list, tuple)) and value and all(item == value[0] for item in value):
        return value[0]
    return value


Size = Annotated[int, Field(ge=1, le=65_536)]
Window = Annotated[int, BeforeValidator(as_pair), Field(ge=1, le=64)]
Rate = Annotated[float, Field(ge=0, lt=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Padding = Literal["valid", "same"]
# fmt: off
Activation = Literal[
    "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "hard_sigmoid",
    "tanh", "softplus", "softsign", "softmax",
]
# fmt: on


class LayerBase(BaseModel):
    """One layer: its class in Keras, and the settings that decide what it computes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def __str__(self) -> str:
        """As in Python: Dense(units=5, activation='relu', use_bias=True)."""
        settings = self.model_dump()
        kind = settings.pop("kind")
        return f"{kind}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"

    def output(self, shape: Shape) -> Shape:
        """The shape of one sample after this layer."""
        return shape

    def parameters(self, _shape: Shape) -> int:
        """How many numbers the layer learns or stores."""
        return 0


class Dense(LayerBase):
    """keras.layers.Dense."""

    kind: Literal["Dense"]
    units: Size
    activation: Activation = "linear"
    use_bias: bool = True

    def output(self, shape: Shape) -> Shape:  # noqa: D102 - see the base class; likewise below
        return (*_at_least(shape, 1)[:-1], self.units)

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        return self.units * (shape[-1] + self.use_bias)


class _Convolution(LayerBase):
    filters: Size
    kernel_size: Window
    strides: Window = 1
    padding: Padding = "valid"
    activation: Activation = "linear"
    use_bias: bool = True
    _rank = 1

    def output(self, shape: Shape) -> Shape:
        sizes = _windows(shape, self._rank, self.kernel_size, self.strides, self.padding)
        return (*sizes, self.filters)

    def parameters(self, shape: Shape) -> int:
        window: int = self.kernel_size**self._rank
        return self.filters * (window * shape[-1] + self.use_bias)


class Conv1D(_Convolution):
    """keras.layers.Conv1D."""

    kind: Literal["Conv1D"]


class Conv2D(_Convolution):
    """keras.layers.Conv2D with square windows."""

    kind: Literal["Conv2D"]
    _rank = 2


class Pooling(LayerBase):
    """keras.layers.MaxPooling1D and its relatives."""

    kind: Literal["MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D"]
    pool_size: Window = 2
    strides: Window = 2
    padding: Padding = "valid"

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        rank = int(self.kind[-2])
        return (*_windows(shape, rank, self.pool_size, self.strides, self.padding), shape[-1])


class GlobalPooling(LayerBase):
    """keras.layers.GlobalAveragePooling1D and its relatives."""

    kind: Literal[
        "GlobalAveragePooling1D",
        "GlobalMaxPooling1D",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
    ]

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        return _exactly(shape, int(self.kind[-2]) + 1)[-1:]


class Recurrent(LayerBase):
    """keras.layers.LSTM, GRU or SimpleRNN."""

    kind: Literal["LSTM", "GRU", "SimpleRNN"]
    units: Size
    activation: Activation = "tanh"
    return_sequences: bool = False

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        steps = _exactly(shape, 2)[0]
        return (steps, self.units) if self.return_sequences else (self.units,)

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        gates, biases = {"LSTM": (4, 1), "GRU": (3, 2), "SimpleRNN": (1, 1)}[self.kind]
        return gates * self.units * (shape[-1] + self.units + biases)


class Embedding(LayerBase):
    """keras.layers.Embedding."""

    kind: Literal["Embedding"]
    input_dim: Size
    output_dim: Size
    mask_zero: bool = False

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        return (*shape, self.output_dim)

    def parameters(self, _shape: Shape) -> int:  # noqa: D102
        return self.input_dim * self.output_dim


class Normalizing(LayerBase):
    """keras.layers.BatchNormalization or LayerNormalization along the last axis."""

    kind: Literal["BatchNormalization", "LayerNormalization"]
    epsilon: Annotated[float, Field(gt=0, le=1)] = 1e-3

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        return (4 if self.kind == "BatchNormalization" else 2) * _at_least(shape, 1)[-1]


class Dropout(LayerBase):
    """keras.layers.Dropout."""

    kind: Literal["Dropout"]
    rate: Rate


class Rescaling(LayerBase):
    """keras.layers.Rescaling with one scale and one offset."""

    kind: Literal["Rescaling"]
    scale: Finite
    offset: Finite = 0.0


class Plain(LayerBase):
    """A layer without settings."""

    kind: Literal["Flatten", "ReLU", "Softmax"]

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        return (math.prod(shape),) if self.kind == "Flatten" else shape


Layer = Annotated[
    Dense
    | Conv1D
    | Conv2D
    | Pooling
    | GlobalPooling
    | Recurrent
    | Embedding
    | Normalizing
    | Dropout
    | Rescaling
    | Plain,
    Field(discriminator="kind"),
]
LAYER_TYPES: Final[dict[str, type[LayerBase]]] = {
    kind: layer
    for layer in get_args(get_args(Layer)[0])
    for kind in get_args(layer.model_fields["kind"].annotation)
}
ALLOWED: Final = tuple(sorted(LAYER_TYPES))
"""The layers that a model may have."""


class Architecture(BaseModel):
    """A chain of layers, from the shape of one sample to the model's output.

    Attributes:
        input_shape: Shape of one sample; () for a single number.
        layers: The layers, in order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    input_shape: Annotated[
        tuple[Size, ...], BeforeValidator(_as_tuple), Field(min_length=1, max_length=4)
    ]
    layers: Annotated[
        tuple[Layer, ...], BeforeValidator(_as_tuple), Field(min_length=1, max_length=MOST_LAYERS)
    ]

    @property
    def output_shape(self) -> Shape:
        """The shape of the model's output for one sample."""
        shape = self.input_shape
        for layer in self.layers:
            shape = layer.output(shape)
        return shape

    @property
    def parameters(self) -> int:
        """How many numbers the model learns or stores."""
        shape, total = self.input_shape, 0
        for layer in self.layers:
            total += layer.parameters(shape)
            shape = layer.output(shape)
        return total


def _windows(shape: Shape, rank: int, size: int, stride: int, padding: str) -> Shape:
    sizes = []
    for length in _exactly(shape, rank + 1)[:-1]:
        steps = length if padding == "same" else length - size + 1
        if steps < 1:
            raise ValueError(f"a window of {size} is larger than {length}")
        sizes.append(-(-steps // stride))
    return tuple(sizes)


def _exactly(shape: Shape, dimensions: int) -> Shape:
    if len(shape) != dimensions:
        raise ValueError(f"it needs {dimensions} dimensions per sample, but gets shape {shape}")
    return shape


def _at_least(shape: Shape, dimensions: int) -> Shape:
    if len(shape) < dimensions:
        raise ValueError(f"it needs {dimensions} dimensions per sample, but gets shape {shape}")
    return shape
