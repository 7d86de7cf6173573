"""From plain values that a sandbox sent to a model: checked first, then built."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

from autograder.errors import ArchitectureError
from autograder.exercises.architecture.graph import MOST_LAYERS, Architecture
from autograder.exercises.architecture.layers import ALLOWED, LAYER_TYPES

MOST_PARAMETERS: Final = 1_000_000
MOST_OPERATIONS: Final = 100_000_000
MOST_VALUES: Final = 1_000_000
"""The most numbers that one sample may have, between any two layers."""
_SETTING_DEPTH: Final = 4
"""Length of the path that pydantic reports for a setting: layers, number, kind, name."""


def decode(value: object) -> Architecture:
    """Check a description that came out of a sandbox.

    Args:
        value: From `wire.decode`; anything.

    Returns:
        An architecture that `build` takes.

    Raises:
        ArchitectureError: If the model is no graph of layers, a layer is not allowed, a setting is
            not one of Keras', or layers do not fit together; the message names the layer.
    """
    fields = dict(value) if isinstance(value, Mapping) else {}
    fields = {name: fields.get(name) for name in Architecture.model_fields}
    _require_allowed_layers(fields)
    if fields["layers"] and not fields["calls"]:
        raise ArchitectureError(
            "The model's own code decides how its layers are used.", _USE_KERAS_GRAPHS
        )
    try:
        architecture = Architecture.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(str(part) for part in first["loc"])[:100]
        if first["type"] == "extra_forbidden" and len(first["loc"]) == _SETTING_DEPTH:
            _, number, kind, setting = first["loc"]
            raise ArchitectureError(
                f"Layer {int(number) + 1} of the model, {kind}, sets {str(setting)[:100]}, which "
                "the grader does not support.",
                "Leave that setting at Keras' default.",
            ) from None
        raise ArchitectureError(
            f"The model's {place} cannot be used: {first['msg'][:200]}.", _USE_KERAS_GRAPHS
        ) from None
    _require_fitting_layers(architecture)
    return architecture


_USE_KERAS_GRAPHS: Final = "Build the model from Keras' own layers."


def _require_fitting_layers(architecture: Architecture) -> None:
    """Raise ArchitectureError unless all layers fit together."""
    layers, calls = architecture.layers, architecture.calls
    if {call.layer for call in calls} != set(range(len(layers))) or any(
        tensor >= number for number, call in enumerate(calls, start=1) for tensor in call.inputs
    ):
        raise ArchitectureError("The model's layers are not a graph.", _USE_KERAS_GRAPHS)
    if len(architecture.positions) != len(layers):
        raise ArchitectureError("The model's weights are not told apart.", _USE_KERAS_GRAPHS)
    shapes = [architecture.input_shape]
    for call in calls:
        layer, number = layers[call.layer], call.layer + 1
        try:
            shapes.append(layer.merge(*(shapes[tensor] for tensor in call.inputs)))
        except ValueError as error:
            raise ArchitectureError(
                f"Layer {number} of the model, {layer.kind}, does not fit what comes before it: "
                f"{error}.",
                "Compare the shapes in `model.summary()`.",
            ) from None


def _require_small(architecture: Architecture) -> None:
    """Raise ArchitectureError if a model would take too much memory, or too long."""
    values, parameters = max(map(math.prod, architecture.shapes)), architecture.parameters
    if parameters > MOST_PARAMETERS or values > MOST_VALUES:
        raise ArchitectureError(
            f"The model has {parameters:,} parameters, and a sample takes up to {values:,} "
            f"numbers; at most {MOST_PARAMETERS:,} and {MOST_VALUES:,} are allowed.",
            "Use fewer units, filters or layers.",
        )
    if architecture.operations > MOST_OPERATIONS:
        raise ArchitectureError(
            f"For one sample the model takes about {architecture.operations:,} multiplications; at "
            f"most {MOST_OPERATIONS:,} are allowed.",
            "Use fewer units, filters or layers, or smaller windows.",
        )


def _require_allowed_layers(value: Mapping[str, object]) -> None:
    layers = value["layers"]
    for layer in layers[:MOST_LAYERS] if isinstance(layers, list) else ():
        kind = layer.get("kind") if isinstance(layer, Mapping) else None
        if isinstance(kind, str) and kind not in LAYER_TYPES:
            raise ArchitectureError(
                f"The model has a layer {kind[:100]!r}, which the grader does not support.",
                f"Use these layers: {', '.join(ALLOWED)}.",
            )


@dataclasses.dataclass(frozen=True)
class RebuiltModel:
    """A Keras model built from an architecture, with initial weights of Keras' own.

    Attributes:
        model: The model, not compiled.
        layers: Its layers, as in `Architecture.layers`.
        positions: As in `Architecture.positions`.
    """

    model: Any
    layers: Sequence[Any]
    positions: Sequence[Sequence[int]]
    _compiled: dict[tuple[str, tuple[int, ...]], Any] = dataclasses.field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def variables(self) -> list[tuple[int, Any]]:
        """Pairs of a layer's index and a variable, in the order of the described model's weights.

        Raises:
            ArchitectureError: If the positions do not name each array once.
        """
        named = {
            position: (number, variable)
            for number, (layer, places) in enumerate(zip(self.layers, self.positions, strict=True))
            for position, variable in zip(places, layer.weights, strict=False)
        }
        count = sum(len(layer.weights) for layer in self.layers)
        if sorted(named) != list(range(count)) or count != sum(map(len, self.positions)):
            raise ArchitectureError("The model's weights are not told apart.", _USE_KERAS_GRAPHS)
        return [named[position] for position in range(count)]

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Give the model weights, in the order of the described model's `get_weights`."""
        for layer, places in zip(self.layers, self.positions, strict=True):
            layer.set_weights([weights[position] for position in places])

    def outputs_of_each(self, points: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The model's outputs for many weights, by one compiled function that is kept.

        Args:
            points: The weights as rows, shape (points, parameters), float32: the arrays in the
                order of the described model's `get_weights`, one after another.
            x: Samples, shape (samples, ...).

        Returns:
            Shape (points, samples, ...), float32, as with `set_weights` up to rounding.
        """
        kind = str(x.dtype), x.shape[1:]
        if kind not in self._compiled:
            self._compiled[kind] = self._compile(*kind)
        return np.asarray(self._compiled[kind](points, x))

    def _compile(self, dtype: str, shape: tuple[int, ...]) -> Any:
        import keras  # noqa: PLC0415 - as in `build`
        import tensorflow as tf  # noqa: PLC0415 - as in `build`

        variables = [variable for _, variable in self.variables]
        sizes = [math.prod(variable.shape) for variable in variables]

        def outputs_of_each(points: Any, x: Any) -> Any:
            def outputs(point: Any) -> Any:
                values = [
                    tf.reshape(part, variable.shape)
                    for part, variable in zip(tf.split(point, sizes), variables, strict=True)
                ]
                with keras.StatelessScope(zip(variables, values, strict=True)):
                    return self.model(x, training=False)

            return tf.map_fn(outputs, points, parallel_iterations=1, fn_output_signature=tf.float32)

        weights = tf.TensorSpec((None, sum(sizes)), tf.float32)
        samples = tf.TensorSpec((None, *shape), dtype)
        return tf.function(outputs_of_each, input_signature=[weights, samples], autograph=False)


def build(architecture: Architecture) -> RebuiltModel:
    """Build a Keras model.

    Args:
        architecture: From `decode`.

    Returns:
        The model and its layers.

    Raises:
        ArchitectureError: If the model would take too much memory, or Keras refuses it.
    """
    _require_small(architecture)
    import keras  # noqa: PLC0415 - `describe` and `decode` do not need Keras

    try:
        layers = [
            getattr(keras.layers, layer.kind)(**layer.model_dump(exclude={"kind"}))
            for layer in architecture.layers
        ]
        start = keras.Input(architecture.input_shape)
        tensors = [start]
        for call in architecture.calls:
            inputs = [tensors[number] for number in call.inputs]
            tensors.append(layers[call.layer](inputs[0] if len(inputs) == 1 else inputs))
        model = keras.Model(start, tensors[-1])
    except Exception as error:
        raise ArchitectureError(
            f"Keras cannot build the model again: {type(error).__name__}.", _USE_KERAS_GRAPHS
        ) from error
    return RebuiltModel(model, layers, architecture.positions)
