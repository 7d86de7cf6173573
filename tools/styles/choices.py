"""What the assignments' texts leave free, enumerated from Keras itself.

The choices come from Keras' public classes and functions, not from what the checks look at.
`style_answers` puts them into answers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import keras

NO_OPTIMIZERS = {
    "Optimizer": "the base class",
    "LossScaleOptimizer": "wraps another one",
    "MultiOptimizer": "wraps others",
}
NO_ACTIVATIONS = {
    "deserialize": "not an activation",
    "get": "not an activation",
    "serialize": "not an activation",
    "exponential": "overflows",
    "glu": "halves the units",
    "log_softmax": "for outputs",
    "softmax": "for outputs",
    "sparsemax": "for outputs",
    "sparse_sigmoid": "0 or 1 for most inputs, without a slope",
    "threshold": "needs its threshold",
}
NO_INITIALIZERS = {
    "Initializer": "the base class",
    "Constant": "makes all units equal",
    "Ones": "makes all units equal",
    "Zeros": "makes all units equal",
    "STFT": "for sound",
    "Identity": "for square kernels",
}
"""What is left out of an enumeration, with the reason."""

SCHEDULES = (
    "keras.optimizers.schedules.ExponentialDecay({rate}, 100, 0.9)",
    "keras.optimizers.schedules.InverseTimeDecay({rate}, 100, 0.5)",
    "keras.optimizers.schedules.PolynomialDecay({rate}, 200, {rate} / 10)",
    "keras.optimizers.schedules.PiecewiseConstantDecay([50], [{rate}, {rate} / 4])",
    "keras.optimizers.schedules.CosineDecay({rate}, 200)",
    "keras.optimizers.schedules.CosineDecayRestarts({rate}, 50)",
)
BATCHES = ("", *(f"batch_size={2**n}" for n in range(3, 9)))
CALLBACKS = (
    "",
    'keras.callbacks.ReduceLROnPlateau(monitor="loss")',
    "keras.callbacks.TerminateOnNaN()",
    "keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.98)",
    'keras.callbacks.EarlyStopping(monitor="loss", patience=5, restore_best_weights=True)',
)
VALIDATION = ("", "validation_split=0.1", "validation_split=0.2", "validation_data=(x, y)")
OTHER = ("", "shuffle=False", "shuffle=True, verbose=2")
BETWEEN = (
    "",
    "keras.layers.BatchNormalization()",
    "keras.layers.LayerNormalization()",
    "keras.layers.Dropout(0.1)",
    "keras.layers.Dropout(0.2)",
    "keras.layers.Dropout(0.5)",
    "keras.layers.GaussianNoise(0.1)",
    "keras.layers.GaussianDropout(0.2)",
)
"""Layers that people put between others."""
PENALTIES = (
    "",
    "kernel_regularizer=keras.regularizers.L2(0.01)",
    "kernel_regularizer=keras.regularizers.L2(0.001)",
    "kernel_regularizer=keras.regularizers.L1(0.001)",
    "kernel_constraint=keras.constraints.MaxNorm(2)",
)


def public(
    module: ModuleType, test: Callable[[Any], bool], without: Mapping[str, str]
) -> list[str]:
    """Names of a Keras module, one for each class or function, without those left out."""
    names: dict[int, str] = {}
    for name in dir(module):
        thing = getattr(module, name)
        if test(thing):
            names.setdefault(id(thing), name)
    return [name for name in names.values() if name not in without]


def optimizer_classes() -> list[str]:
    """Keras' public optimizers."""

    def is_optimizer(thing: object) -> bool:
        return inspect.isclass(thing) and issubclass(thing, keras.optimizers.Optimizer)

    return public(keras.optimizers, is_optimizer, NO_OPTIMIZERS)


def optimizers() -> list[str]:
    """Each of Keras' optimizers as an object and by its name, at its default learning rate."""
    names = optimizer_classes()
    return [
        *(f"keras.optimizers.{name}()" for name in names),
        *(f'"{name.lower()}"' for name in names if _has_name(name.lower())),
    ]


def _has_name(name: str) -> bool:
    """Whether `compile` knows an optimizer by this name; some are objects only."""
    try:
        keras.optimizers.get(name)
    except ValueError:
        return False
    return True


def activations() -> list[str]:
    """Keras' activations for hidden layers, by name."""
    names = public(keras.activations, inspect.isfunction, NO_ACTIVATIONS)
    return ["relu", *(name for name in names if name != "relu")]


def initializers() -> list[str]:
    """Keras' initializers for kernels, as arguments of a layer."""

    def is_initializer(thing: object) -> bool:
        return inspect.isclass(thing) and issubclass(thing, keras.initializers.Initializer)

    names = public(keras.initializers, is_initializer, NO_INITIALIZERS)
    return ["", *(f"kernel_initializer=keras.initializers.{name}()" for name in names)]


def first(usual: str, choices: Sequence[str]) -> list[str]:
    """Choices with the usual one first."""
    return [usual, *(choice for choice in choices if choice != usual)]


def at_rates(rates: Sequence[float], patterns: Sequence[str]) -> list[str]:
    """Optimizers at each learning rate, and with each of Keras' schedules from the first rate."""
    plain = [pattern.format(rate=rate) for pattern in patterns for rate in rates]
    return [*plain, *(patterns[0].format(rate=s.format(rate=rates[0])) for s in SCHEDULES)]
