"""The layers that a model may have, with the settings that decide what they compute."""

from __future__ import annotations

import math
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Shape = tuple[int, ...]


def as_tuple(value: object) -> object:
    """A list, which is how a tuple arrives, as a tuple."""
    return tuple(value) if isinstance(value, list) else value


def as_pair(value: object) -> object:
    """One number for a window whose sides are equal."""
    if isinstance(value, (list, tuple)) and value and all(item == value[0] for item in value):
        return value[0]
    return value


Size = Annotated[int, Field(ge=1, le=65_536)]
_Length = Annotated[int, Field(ge=1, le=64)]
Window = Annotated[
    _Length | Annotated[tuple[_Length, ...], BeforeValidator(as_tuple), Field(max_length=3)],
    BeforeValidator(as_pair),
]
"""A window's sides: one number if they are equal, else one for each dimension."""
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

    kind: str

    def __str__(self) -> str:
        """As in Python: Dense(units=5, activation='relu', use_bias=True)."""
        settings = self.model_dump()
        kind = settings.pop("kind")
        return f"{kind}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"

    def output(self, shape: Shape) -> Shape:
        """The shape of one sample after this layer."""
        return shape

    def merge(self, *shapes: Shape) -> Shape:
        """The shape of one sample after this layer, which gets one input or several.

        Raises:
            ValueError: If the layer does not take these inputs; the message says why.
        """
        if len(shapes) != 1:
            raise ValueError(f"it takes one input, but gets {len(shapes)}")
        return self.output(*shapes)

    def parameters(self, _shape: Shape) -> int:
        """How many numbers the layer learns or stores."""
        return 0

    def operations(self, shape: Shape) -> int:
        """About how many multiplications one sample takes: each place uses every parameter."""
        result = self.output(shape)
        places = max(math.prod(shape[:-1]), math.prod(result[:-1]))
        return places * self.parameters(shape) + math.prod(result)


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
        window = math.prod(_sides(self.kernel_size, self._rank))
        return self.filters * (window * shape[-1] + self.use_bias)


class Conv1D(_Convolution):
    """keras.layers.Conv1D."""

    kind: Literal["Conv1D"]


class Conv2D(_Convolution):
    """keras.layers.Conv2D."""

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

    def operations(self, shape: Shape) -> int:  # noqa: D102
        window = math.prod(_sides(self.pool_size, int(self.kind[-2])))
        return math.prod(self.output(shape)) * window


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

    def operations(self, shape: Shape) -> int:  # noqa: D102
        return math.prod(self.output(shape))


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


class Noise(LayerBase):
    """keras.layers.GaussianNoise and its relatives, which change nothing after training."""

    kind: Literal["GaussianNoise"]
    stddev: Annotated[float, Field(ge=0, le=1e6)]


class SpatialDropout(LayerBase):
    """keras.layers.GaussianDropout and dropout of whole channels."""

    kind: Literal["GaussianDropout", "SpatialDropout1D", "SpatialDropout2D"]
    rate: Rate


class ActivationLayer(LayerBase):
    """keras.layers.Activation."""

    kind: Literal["Activation"]
    activation: Activation


class LeakyReLU(LayerBase):
    """keras.layers.LeakyReLU."""

    kind: Literal["LeakyReLU"]
    negative_slope: Annotated[float, Field(ge=0, le=1e6)] = 0.3


class ELU(LayerBase):
    """keras.layers.ELU."""

    kind: Literal["ELU"]
    alpha: Finite = 1.0


class Reshape(LayerBase):
    """keras.layers.Reshape."""

    kind: Literal["Reshape"]
    target_shape: Annotated[
        tuple[Size, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=4)
    ]

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        if math.prod(shape) != math.prod(self.target_shape):
            raise ValueError(f"{shape} and {self.target_shape} do not have as many numbers")
        return self.target_shape


class Merge(LayerBase):
    """keras.layers.Add and its relatives, for inputs of the same shape."""

    kind: Literal["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]

    def merge(self, *shapes: Shape) -> Shape:  # noqa: D102
        if len(shapes) < 2 or len(set(shapes)) != 1:  # noqa: PLR2004 - a merge of two or more
            raise ValueError(f"it merges inputs of the same shape, but gets {list(shapes)}")
        return shapes[0]


class Concatenate(LayerBase):
    """keras.layers.Concatenate along the last axis."""

    kind: Literal["Concatenate"]

    def merge(self, *shapes: Shape) -> Shape:  # noqa: D102
        if len(shapes) < 2 or len({shape[:-1] for shape in shapes}) != 1:  # noqa: PLR2004
            raise ValueError(f"it cannot join inputs of the shapes {list(shapes)}")
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))


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
    | Noise
    | SpatialDropout
    | ActivationLayer
    | LeakyReLU
    | ELU
    | Reshape
    | Merge
    | Concatenate
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
"""The layers of which a model can be rebuilt."""


def _sides(window: int | tuple[int, ...], rank: int) -> tuple[int, ...]:
    sides = (window,) * rank if isinstance(window, int) else window
    if len(sides) != rank:
        raise ValueError(f"a window of {rank} dimensions has {len(sides)} sides")
    return sides


def _windows(
    shape: Shape,
    rank: int,
    window: int | tuple[int, ...],
    strides: int | tuple[int, ...],
    padding: str,
) -> Shape:
    lengths = _exactly(shape, rank + 1)[:-1]
    result = []
    for length, size, stride in zip(
        lengths, _sides(window, rank), _sides(strides, rank), strict=True
    ):
        steps = length if padding == "same" else length - size + 1
        if steps < 1:
            raise ValueError(f"a window of {size} is larger than {length}")
        result.append(-(-steps // stride))
    return tuple(result)


def _exactly(shape: Shape, dimensions: int) -> Shape:
    if len(shape) != dimensions:
        raise ValueError(f"it needs {dimensions} dimensions per sample, but gets shape {shape}")
    return shape


def _at_least(shape: Shape, dimensions: int) -> Shape:
    if len(shape) < dimensions:
        raise ValueError(f"it needs {dimensions} dimensions per sample, but gets shape {shape}")
    return shape
