"""Describe a Keras model in plain values; this runs beside student code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection
from typing import Any

from autograder.exercises.architecture.layers import LAYER_TYPES, as_pair

_TRAINING_ONLY = re.compile(
    r"name|dtype|trainable|weights|seed|momentum|dropout|recurrent_dropout|unroll|data_format|axis|"
    r"\w*_(initializer|regularizer|constraint)"
)
"""Settings of Keras' layers that do not change the outputs of a trained model."""


def is_chain(model: Any) -> bool:
    """Whether a built model's layers simply follow one another, each used once.

    Args:
        model: A Keras model.
    """
    if type(model).__name__ == "Sequential":
        return True
    if type(model).__name__ != "Functional":
        return False
    previous = None
    for layer in model.layers:
        nodes = layer._inbound_nodes  # noqa: SLF001 - not public in Keras
        if len(nodes) != 1:
            return False
        parents = [node.operation for node in nodes[0].parent_nodes]
        if parents != ([] if previous is None else [previous]):
            return False
        previous = layer
    return previous is not None


def describe(model: Any) -> dict[str, Any]:
    """Describe a Keras model in plain values.

    Args:
        model: A built model whose layers follow one another.

    Returns:
        What `decode` reads; of a layer that is not allowed only the class.
    """
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    return {
        "input_shape": [size if isinstance(size, int) else 0 for size in model.input_shape[1:]],
        "layers": [_describe_layer(layer) for layer in layers],
    }


def _describe_layer(layer: Any) -> dict[str, Any]:
    kind = type(layer).__name__
    layer_type = LAYER_TYPES.get(kind)
    if layer_type is None:
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
    }


def _plain(value: Any) -> Any:
    """A setting as a plain value; a function as its name."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (bool, int, float, str)):
        return value
    return str(getattr(value, "__name__", type(value).__name__))[:100]
