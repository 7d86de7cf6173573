"""Describe a Keras model in plain values; this runs beside student code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import keras

from autograder.exercises.architecture.layers import LAYER_TYPES, as_pair

_TRAINING_ONLY = re.compile(
    r"name|dtype|trainable|weights|seed|momentum|dropout|recurrent_dropout|unroll|data_format|"
    r"\w*_(initializer|regularizer|constraint)"
)
"""Settings of Keras' layers that do not change the outputs of a trained model."""
_MOST_DESCRIBED = 256
_MOST_ARRAYS = 1000
_LAST_AXIS = (-1, [-1])


def describe(model: Any) -> dict[str, Any]:
    """Describe a Keras model in plain values.

    Args:
        model: A built model.

    Returns:
        What `decode` and `Description` read. Of a layer that cannot be rebuilt only the class,
        and how it is used only if the model is a graph of layers.
    """
    graph = _Graph()
    calls = graph.calls_of(model)
    layers = graph.layers if calls else list(model._flatten_layers(include_self=False))  # noqa: SLF001
    layers = [layer for layer in layers if type(layer).__name__ != "InputLayer"]
    position = {id(weight): number for number, weight in enumerate(model.weights)}
    described = {
        "layers": [_describe_layer(layer) for layer in layers[:_MOST_DESCRIBED]],
        "calls": calls,
        "positions": [[position[id(w)] for w in layer.weights] for layer in graph.layers]
        if calls
        else [],
    }
    return {
        "kind": type(model).__name__[:100],
        "input_shape": _sizes(getattr(model, "input_shape", None)),
        "output_shape": _sizes(getattr(model, "output_shape", None)),
        "arrays": [[int(n) for n in weight.shape] for weight in model.weights[:_MOST_ARRAYS]],
        **described,
    }


class _Graph:
    """The layers of a model and how they are used, nested models taken apart.

    Attributes:
        layers: The layers, in the order of their first use.
        calls: The uses of layers, as `Architecture.calls`.
    """

    def __init__(self) -> None:
        self.layers: list[Any] = []
        self.calls: list[dict[str, Any]] = []

    def calls_of(self, model: Any) -> list[dict[str, Any]]:
        """The calls of a model with one input and one output; [] if it is no such graph."""
        try:
            if not _is_graph(model) or len(model.inputs) != 1 or len(model.outputs) != 1:
                return []
            if self._trace(model.outputs[0], {id(model.inputs[0]): 0}) != len(self.calls):
                return []  # the output is not the last result, as in a model without layers
        except (AttributeError, LookupError, TypeError):
            return []  # a model whose own code says what it computes
        return self.calls

    def _trace(self, tensor: Any, known: dict[int, int]) -> int:
        """The number of a tensor: 0 for the input, n for the result of the n-th call.

        Args:
            tensor: A symbolic tensor of the model.
            known: Numbers of the tensors that were traced, by identity.
        """
        if id(tensor) in known:
            return known[id(tensor)]
        operation, node_number, _ = tensor._keras_history  # noqa: SLF001 - not public in Keras
        node = operation._inbound_nodes[node_number]  # noqa: SLF001
        inputs = [self._trace(parent, known) for parent in _tensors_of(node)]
        known[id(tensor)] = self._call(operation, inputs)
        return known[id(tensor)]

    def _call(self, operation: Any, inputs: list[int]) -> int:
        if _is_graph(operation):
            (start,), (end,) = operation.inputs, operation.outputs
            return self._trace(end, {id(start): inputs[0]})
        if not isinstance(operation, keras.layers.Layer):
            raise TypeError("an operation without a layer, such as x + y or one of keras.ops")
        if operation not in self.layers:
            self.layers.append(operation)
        self.calls.append({"layer": self.layers.index(operation), "inputs": inputs})
        return len(self.calls)


def _is_graph(model: Any) -> bool:
    """Whether a model is one of Keras' own kinds, which compute what their layers say."""
    kind = type(model)
    return kind.__module__.startswith("keras.") and kind.__name__ in {"Sequential", "Functional"}


def _tensors_of(node: Any) -> list[Any]:
    """The tensors that a layer was called with: one, or one list of them.

    Raises:
        TypeError: If it was called with anything else, such as a mask of the student's own.
    """
    arguments, options = node.arguments.args, node.arguments.kwargs
    if len(arguments) != 1:
        raise TypeError("a layer is called with further arguments")
    tensors = list(arguments[0]) if isinstance(arguments[0], (list, tuple)) else [arguments[0]]
    masks = [getattr(tensor, "_keras_mask", None) for tensor in tensors]
    for name, value in options.items():
        passed_on = name == "mask" and any(value is mask for mask in (*masks, masks))
        if value is not None and name != "training" and not passed_on:
            raise TypeError("a layer is called with further arguments")
    return tensors


def _describe_layer(layer: Any) -> dict[str, Any]:
    kind = type(layer).__name__
    layer_type = LAYER_TYPES.get(kind)
    if layer_type is None or not type(layer).__module__.startswith("keras."):
        return {"kind": kind[:100]}
    names = {name for name in layer_type.model_fields if name != "kind" and hasattr(layer, name)}
    settings = {name: _plain(getattr(layer, name)) for name in sorted(names)}
    return {"kind": kind, **settings, **_other_settings(layer, names)}


def _other_settings(layer: Any, described: Collection[str]) -> dict[str, Any]:
    """Further settings that change what a layer computes, where they are not Keras' defaults."""
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(type(layer).__init__).parameters.items()
        if parameter.default is not parameter.empty
    }
    return {
        name: _plain(getattr(layer, name))
        for name, default in defaults.items()
        if name not in described
        and hasattr(layer, name)
        and not _TRAINING_ONLY.fullmatch(name)
        and _plain(getattr(layer, name)) != _plain(default)
        and as_pair(_plain(getattr(layer, name))) != default
        and not _is_last_axis(layer, name)
    }


def _is_last_axis(layer: Any, name: str) -> bool:
    """Whether a layer works along the last axis, which built layers store as a number."""
    if name != "axis":
        return False
    axis = _plain(getattr(layer, name))
    rank = len(layer.input.shape) if _has_input(layer) else 0
    return axis in (*_LAST_AXIS, rank - 1, [rank - 1])


def _has_input(layer: Any) -> bool:
    try:
        return hasattr(layer.input, "shape")
    except (AttributeError, ValueError):
        return False


def _plain(value: Any) -> Any:
    """A setting as a plain value; a function as its name."""
    if isinstance(value, Mapping):
        return [type(value).__name__]
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (bool, int, float, str)):
        return value
    if callable(value) and not str(getattr(value, "__module__", "")).startswith("keras."):
        return "a function of your own"
    return str(getattr(value, "__name__", type(value).__name__))[:100]


def _sizes(shape: Any) -> list[int]:
    """The shape of one sample; 0 for a size that is not fixed, [] if there is no such shape."""
    if not isinstance(shape, Sequence) or not all(n is None or isinstance(n, int) for n in shape):
        return []
    return [n if isinstance(n, int) else 0 for n in shape[1:]]
