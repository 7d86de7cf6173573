"""A model as a graph of layers: which layers it has, and how they are used."""

from __future__ import annotations

import functools
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from autograder.exercises.architecture.layers import Layer, LayerBase, Shape, Size, as_tuple

MOST_LAYERS: Final = 64
MOST_CALLS: Final = 256
_KEEP_FEATURES: Final = frozenset(
    {
        *("BatchNormalization", "LayerNormalization", "Rescaling", "Dropout", "GaussianDropout"),
        *("GaussianNoise", "Activation", "ReLU", "LeakyReLU", "ELU", "Flatten"),
    }
)
"""Layers after which a sample of one axis still has one number per feature, in the same order."""

_Index = Annotated[int, Field(ge=0, le=MOST_CALLS * 16)]


class Call(BaseModel):
    """One use of a layer; a layer that is used twice is called twice.

    Attributes:
        layer: Index of the layer in `Architecture.layers`.
        inputs: What it gets: 0 is the model's input, n the result of the n-th call.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    layer: _Index
    inputs: Annotated[
        tuple[_Index, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=16)
    ]


class Architecture(BaseModel):
    """A graph of layers, from one sample to the model's output, which is the last call's result.

    Attributes:
        input_shape: Shape of one sample; () for a single number.
        layers: The layers, in the order in which they are first used.
        calls: The uses of the layers, each after those whose results it gets.
        positions: For each layer, where `Model.get_weights` has its arrays.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    input_shape: Annotated[
        tuple[Size, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=4)
    ]
    layers: Annotated[
        tuple[Layer, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=MOST_LAYERS)
    ]
    calls: Annotated[
        tuple[Call, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=MOST_CALLS)
    ]
    positions: Annotated[
        tuple[Annotated[tuple[_Index, ...], BeforeValidator(as_tuple)], ...],
        BeforeValidator(as_tuple),
    ]

    @functools.cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """Shapes of one sample: of the input, then of each call's result."""
        shapes = [self.input_shape]
        for call in self.calls:
            shapes.append(self.layers[call.layer].merge(*(shapes[n] for n in call.inputs)))
        return tuple(shapes)

    @property
    def output_shape(self) -> Shape:
        """The shape of the model's output for one sample."""
        return self.shapes[-1]

    @property
    def parameters(self) -> int:
        """How many numbers the model learns or stores."""
        first = {call.layer: call.inputs[0] for call in reversed(self.calls)}
        return sum(
            self.layers[layer].parameters(self.shapes[tensor]) for layer, tensor in first.items()
        )

    @property
    def operations(self) -> int:
        """About how many multiplications the model takes for one sample."""
        return sum(
            self.layers[call.layer].operations(self.shapes[call.inputs[0]]) for call in self.calls
        )

    @property
    def input_kernels(self) -> frozenset[int]:
        """Where `Model.get_weights` has the kernels with one row per feature of a sample."""
        unmixed, kernels = {0} if len(self.input_shape) == 1 else set(), set()
        for number, call in enumerate(self.calls, start=1):
            kind, positions = self.layers[call.layer].kind, self.positions[call.layer]
            if not (len(call.inputs) == 1 and unmixed.issuperset(call.inputs)):
                continue
            if kind in _KEEP_FEATURES:
                unmixed.add(number)
            elif kind == "Dense" and positions:
                kernels.add(positions[0])
        return frozenset(kernels)

    @property
    def last_layer(self) -> LayerBase:
        """The layer whose result is the model's output."""
        return self.layers[self.calls[-1].layer]
