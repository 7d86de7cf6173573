"""From plain values that a sandbox sent to a model: checked first, then built."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from autograder.errors import ArchitectureError
from autograder.exercises.architecture.layers import (
    ALLOWED,
    LAYER_TYPES,
    MOST_LAYERS,
    Architecture,
)

MOST_PARAMETERS: Final = 200_000
MOST_VALUES: Final = 1_000_000
"""The most numbers that one sample may have, between any two layers."""
_SETTING_DEPTH: Final = 4
"""Length of the path that pydantic reports for a setting: layers, number, kind, name."""


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
    _require_allowed_layers(value)
    try:
        architecture = Architecture.model_validate(value)
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
            f"The model's {place} cannot be used: {first['msg'][:200]}.",
            "Build the model from Keras' own layers, one after another.",
        ) from None
    shape, total = architecture.input_shape, 0
    for number, layer in enumerate(architecture.layers, start=1):
        try:
            output = layer.output(shape)
        except ValueError as error:
            raise ArchitectureError(
                f"Layer {number} of the model, {layer.kind}, does not fit what comes before it: "
                f"{error}.",
                "Compare the shapes in model.summary().",
            ) from None
        total += layer.parameters(shape)
        shape = output
        if total > MOST_PARAMETERS or math.prod(shape) > MOST_VALUES:
            raise ArchitectureError(
                f"Up to layer {number} the model has {total:,} parameters, and a sample takes "
                f"{math.prod(shape):,} numbers; at most {MOST_PARAMETERS:,} and {MOST_VALUES:,} "
                "are allowed.",
                "Use fewer units, filters or layers.",
            )
    return architecture


def _require_allowed_layers(value: object) -> None:
    layers = value.get("layers") if isinstance(value, Mapping) else None
    for layer in layers[:MOST_LAYERS] if isinstance(layers, list) else ():
        kind = layer.get("kind") if isinstance(layer, Mapping) else None
        if isinstance(kind, str) and kind not in LAYER_TYPES:
            raise ArchitectureError(
                f"The model has a layer {kind[:100]!r}, which the grader does not support.",
                f"Use these layers: {', '.join(ALLOWED)}.",
            )


def build(architecture: Architecture) -> Any:
    """Build a Keras model, with initial weights of Keras' own.

    Args:
        architecture: From `decode`.

    Returns:
        A built `keras.Sequential`, not compiled.
    """
    import keras  # noqa: PLC0415 - `describe` and `decode` do not need Keras

    model = keras.Sequential([keras.Input(architecture.input_shape)])
    for layer in architecture.layers:
        settings = layer.model_dump(exclude={"kind"})
        model.add(getattr(keras.layers, layer.kind)(**settings))
    return model
