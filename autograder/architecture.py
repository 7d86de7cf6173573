"""A model's architecture in plain values: how it crosses the wall, is judged, and is built again.

`describe` runs beside student code; `decode` takes what it sent for what it is, bytes of a
stranger, and `build` makes a model of the layers that it lets through. No configuration, function
or file of a submission is ever loaded.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from autograder.errors import ArchitectureError

MOST_LAYERS: Final = 64
MOST_PARAMETERS: Final = 200_000
MOST_VALUES: Final = 1_000_000
"""The most numbers that one sample may be, between any two layers."""

_TRAINING_ONLY = re.compile(
    r"name|dtype|trainable|weights|seed|momentum|dropout|recurrent_dropout|unroll|data_format|axis|"
    r"\w*_(initializer|regularizer|constraint)"
)
"""Settings of Keras' layers that change no output of a trained model."""

Shape = tuple[int, ...]


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _as_pair(value: object) -> object:
    """One number for windows that are as wide as high."""
    if isinstance(value, (list, tuple)) and value and all(item == value[0] for item in value):
        return value[0]
    return value


_SETTING_DEPTH: Final = 4
"""Where pydantic says that a setting is: layers, number, kind, name."""

Size = Annotated[int, Field(ge=1, le=65_536)]
Window = Annotated[int, BeforeValidator(_as_pair), Field(ge=1, le=64)]
Rate = Annotated[float, Field(ge=0, lt=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Padding = Literal["valid", "same"]
# fmt: off
Activation = Literal[
    "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "hard_sigmoid",
    "tanh", "softplus", "softsign", "softmax",
]
# fmt: on


class _Layer(BaseModel):
    """One layer: its class in Keras, and the settings that decide what it computes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def __str__(self) -> str:
        """As Python would call it: Dense(units=5, activation='relu', use_bias=True)."""
        settings = self.model_dump()
        kind = settings.pop("kind")
        return f"{kind}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"

    def output(self, shape: Shape) -> Shape:
        """The shape of one sample behind this layer."""
        return shape

    def parameters(self, _shape: Shape) -> int:
        """How many numbers the layer learns or keeps."""
        return 0


class Dense(_Layer):
    """keras.layers.Dense."""

    kind: Literal["Dense"]
    units: Size
    activation: Activation = "linear"
    use_bias: bool = True

    def output(self, shape: Shape) -> Shape:  # noqa: D102 - as the base class says, so below
        return (*_at_least(shape, 1)[:-1], self.units)

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        return self.units * (shape[-1] + self.use_bias)


class _Convolution(_Layer):
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


class Pooling(_Layer):
    """keras.layers.MaxPooling1D, and the like."""

    kind: Literal["MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D"]
    pool_size: Window = 2
    strides: Window = 2
    padding: Padding = "valid"

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        rank = int(self.kind[-2])
        return (*_windows(shape, rank, self.pool_size, self.strides, self.padding), shape[-1])


class GlobalPooling(_Layer):
    """keras.layers.GlobalAveragePooling1D, and the like."""

    kind: Literal[
        "GlobalAveragePooling1D",
        "GlobalMaxPooling1D",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
    ]

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        return _exactly(shape, int(self.kind[-2]) + 1)[-1:]


class Recurrent(_Layer):
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


class Embedding(_Layer):
    """keras.layers.Embedding."""

    kind: Literal["Embedding"]
    input_dim: Size
    output_dim: Size
    mask_zero: bool = False

    def output(self, shape: Shape) -> Shape:  # noqa: D102
        return (*shape, self.output_dim)

    def parameters(self, _shape: Shape) -> int:  # noqa: D102
        return self.input_dim * self.output_dim


class Normalizing(_Layer):
    """keras.layers.BatchNormalization or LayerNormalization along the last axis."""

    kind: Literal["BatchNormalization", "LayerNormalization"]
    epsilon: Annotated[float, Field(gt=0, le=1)] = 1e-3

    def parameters(self, shape: Shape) -> int:  # noqa: D102
        return (4 if self.kind == "BatchNormalization" else 2) * _at_least(shape, 1)[-1]


class Dropout(_Layer):
    """keras.layers.Dropout."""

    kind: Literal["Dropout"]
    rate: Rate


class Rescaling(_Layer):
    """keras.layers.Rescaling by one number."""

    kind: Literal["Rescaling"]
    scale: Finite
    offset: Finite = 0.0


class Plain(_Layer):
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
_CLASSES: Final[dict[str, type[_Layer]]] = {
    kind: layer
    for layer in get_args(get_args(Layer)[0])
    for kind in get_args(layer.model_fields["kind"].annotation)
}
ALLOWED: Final = tuple(sorted(_CLASSES))
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


def is_chain(model: Any) -> bool:
    """Whether a built model's layers follow one another, each used once; runs beside student code.

    Args:
        model: A Keras model.
    """
    if type(model).__name__ == "Sequential":
        return True
    if type(model).__name__ != "Functional":
        return False
    before = None
    for layer in model.layers:
        nodes = layer._inbound_nodes  # noqa: SLF001 - Keras tells it nowhere else
        if len(nodes) != 1:
            return False
        parents = [node.operation for node in nodes[0].parent_nodes]
        if parents != ([] if before is None else [before]):
            return False
        before = layer
    return before is not None


def describe(model: Any) -> dict[str, Any]:
    """Put a Keras model into plain values; runs beside student code.

    Args:
        model: A built model whose layers follow one another.

    Returns:
        What `decode` reads; a layer that is not allowed appears by its class alone.
    """
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    return {
        "input_shape": [size if isinstance(size, int) else 0 for size in model.input_shape[1:]],
        "layers": [_described(layer) for layer in layers],
    }


def _described(layer: Any) -> dict[str, Any]:
    kind = type(layer).__name__
    known = _CLASSES.get(kind)
    if known is None:
        return {"kind": kind[:100]}
    names = {name for name in known.model_fields if name != "kind" and hasattr(layer, name)}
    settings = {name: _plain(getattr(layer, name)) for name in sorted(names)}
    return {"kind": kind, **settings, **_unlike_keras(layer, names)}


def _unlike_keras(layer: Any, described: Collection[str]) -> dict[str, Any]:
    """Further settings that change what a layer computes, where they are not Keras' own."""
    needed = {
        name: parameter.default
        for name, parameter in inspect.signature(type(layer).__init__).parameters.items()
        if parameter.default is not parameter.empty
    }
    return {
        name: _plain(getattr(layer, name))
        for name, usual in needed.items()
        if name not in described
        and hasattr(layer, name)
        and not _TRAINING_ONLY.fullmatch(name)
        and _plain(getattr(layer, name)) != _plain(usual)
        and _as_pair(_plain(getattr(layer, name))) != usual
    }


def _plain(value: Any) -> Any:
    """A setting as a plain value; a function is called by its name."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (bool, int, float, str)):
        return value
    return str(getattr(value, "__name__", type(value).__name__))[:100]


def decode(value: object) -> Architecture:
    """Check a description that came out of a sandbox.

    Args:
        value: From `wire.decode`; anything.

    Returns:
        An architecture that is safe to build.

    Raises:
        ArchitectureError: If a layer is not allowed, a setting is not one of Keras', layers do not
            fit together, or the model is too large; the message names the layer.
    """
    _insist_on_allowed_layers(value)
    try:
        architecture = Architecture.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(str(part) for part in first["loc"])[:100]
        if first["type"] == "extra_forbidden" and len(first["loc"]) == _SETTING_DEPTH:
            _, number, kind, setting = first["loc"]
            raise ArchitectureError(
                f"Layer {int(number) + 1} of the model, {kind}, sets {str(setting)[:100]}, which "
                "is not graded.",
                "Leave that setting as Keras has it.",
            ) from None
        raise ArchitectureError(
            f"The model's {place} cannot be used: {first['msg'][:200]}.",
            "Build the model of Keras' own layers, one after another.",
        ) from None
    shape, total = architecture.input_shape, 0
    for number, layer in enumerate(architecture.layers, start=1):
        try:
            behind = layer.output(shape)
        except ValueError as error:
            raise ArchitectureError(
                f"Layer {number} of the model, {layer.kind}, does not fit what comes before it: "
                f"{error}.",
                "Look at model.summary().",
            ) from None
        total += layer.parameters(shape)
        shape = behind
        if total > MOST_PARAMETERS or math.prod(shape) > MOST_VALUES:
            raise ArchitectureError(
                f"Up to layer {number} the model has {total:,} parameters, and a sample takes "
                f"{math.prod(shape):,} numbers; at most {MOST_PARAMETERS:,} and {MOST_VALUES:,} "
                "are graded.",
                "Use fewer units, filters or layers.",
            )
    return architecture


def _insist_on_allowed_layers(value: object) -> None:
    layers = value.get("layers") if isinstance(value, Mapping) else None
    for layer in layers[:MOST_LAYERS] if isinstance(layers, list) else ():
        kind = layer.get("kind") if isinstance(layer, Mapping) else None
        if isinstance(kind, str) and kind not in _CLASSES:
            raise ArchitectureError(
                f"The model has a layer {kind[:100]!r}, which is not graded.",
                f"Use these layers: {', '.join(ALLOWED)}.",
            )


def build(architecture: Architecture) -> Any:
    """Build a Keras model; its weights are Keras' own random start.

    Args:
        architecture: From `decode`.

    Returns:
        A built `keras.Sequential`, not compiled.
    """
    import keras  # noqa: PLC0415 - `describe` and `decode` need no Keras

    model = keras.Sequential([keras.Input(architecture.input_shape)])
    for layer in architecture.layers:
        settings = layer.model_dump(exclude={"kind"})
        model.add(getattr(keras.layers, layer.kind)(**settings))
    return model


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
        raise ValueError(f"it needs {dimensions} dimensions a sample, and gets the shape {shape}")
    return shape


def _at_least(shape: Shape, dimensions: int) -> Shape:
    if len(shape) < dimensions:
        raise ValueError(f"it needs {dimensions} dimensions a sample, and gets the shape {shape}")
    return shape
