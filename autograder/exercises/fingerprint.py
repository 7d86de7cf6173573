"""What the trace of a Keras model's train or test step depends on, as a digest.

Two models with the same digest give the same trace. Nothing is guessed: a model with anything that
is not Keras' own has no digest.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import operator
import sys
import types
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import keras
import tensorflow as tf
from tensorflow.python.framework import ops

_PACKAGE = "keras.src."
_WATCHED = (_PACKAGE, "tensorflow.python.eager.")
"""Packages whose functions and classes must be as they were imported."""
_SIMPLE = (str, int, float, complex, bool, type(None), bytes, tf.DType, tf.TensorShape)
_NO_EFFECT = {
    *("_tracker", "_auto_config", "_compile_config", "_trainable_variables_indices"),
    *("_distribution_strategy", "_distribute_strategy", "_inbound_nodes", "_outbound_nodes"),
    *("_initial_seed", "_build_shapes_dict", "_nodes", "_loss_ids", "_path", "_parent_path"),
}
"""What no step of a built model reads; there is no distribution."""
_OF_CALLS = {
    *("fit", "compile"),  # set by `observe`, and call Keras' own
    *("history", "stop_training", "_epoch_iterator", "_eval_epoch_iterator"),
    *("train_function", "test_function", "predict_function"),
}
"""Attributes of a model that say how it was called before."""
_WRAPPED = {"build", "quantize"}
"""Methods that Keras wraps in each layer; neither is called once the layer is built."""


class _UnknownError(Exception):
    """Something whose effect on a trace is not known."""


def fingerprint(model: Any, step: str, element_spec: Any) -> str | None:
    """The digest of all that the trace of a model's step depends on.

    Args:
        model: A Keras model that is built and compiled.
        step: "train_step" or "test_step".
        element_spec: What its iterator gives.

    Returns:
        A digest; None if the model, or this process, has something that is not Keras' own.
    """
    if not _is_as_imported():
        return None
    try:
        lines = [step, repr(element_spec), _settings(), *_Walk(model).lines()]
    except _UnknownError:
        return None
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def variables_of(model: Any) -> dict[str, list[Any]]:
    """A model's variables in groups; models with the same digest have the same ones."""
    return {
        "model": list(model.variables),
        "optimizer": list(getattr(model.optimizer, "variables", ())),
        "metrics": list(model.metrics_variables),
    }


def _settings() -> str:
    """Settings of this process that a trace depends on."""
    if not tf.executing_eagerly() or tf.distribute.has_strategy() or ops.get_name_scope():
        raise _UnknownError
    if tf.config.functions_run_eagerly():
        raise _UnknownError
    values = (
        keras.config.floatx(),
        keras.config.epsilon(),
        keras.config.image_data_format(),
        keras.config.dtype_policy().name,
        tf.config.optimizer.get_jit(),
        sorted(tf.config.optimizer.get_experimental_options().items()),
    )
    return repr(values)


class _Walk:
    """Describes everything that can be reached from a model.

    Args:
        model: The model.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._numbers: dict[int, int] = {}
        self._described: list[Any] = []  # kept, so that no other object gets its id
        self._lines: list[str] = []
        self._variables = {
            id(variable): f"{group} {number}"
            for group, variables in variables_of(model).items()
            for number, variable in enumerate(variables)
        }

    def lines(self) -> list[str]:
        """One line for each object.

        Raises:
            _UnknownError: If one of them is not known.
        """
        self._name(self._model)
        return self._lines

    def _name(self, value: Any) -> str:
        """A plain value, or the number of an object that has a line of its own."""
        if type(value) in _SIMPLE:
            return repr(value)
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._numbers)
            self._described.append(value)
            self._lines.append(f"#{number} {self._describe(value)}")
        return f"#{number}"

    def _describe(self, value: Any) -> str:
        kind = type(value)
        if isinstance(value, keras.Variable) and _is_kerass(kind):
            role = self._variables.get(id(value))
            if role is None:
                raise _UnknownError
            return f"variable {role} {value.shape} {value.dtype} {value.trainable}"
        if isinstance(value, (type, types.FunctionType)):
            if not _is_kerass(value):
                raise _UnknownError
            return f"{value.__module__}.{value.__qualname__}"
        if isinstance(value, Mapping):
            pairs = [f"{self._name(key)}: {self._name(each)}" for key, each in value.items()]
            return f"{kind.__name__} {pairs}"
        if isinstance(value, (list, tuple, set, frozenset)):
            names = [self._name(each) for each in value]
            return f"{kind.__name__} {sorted(names) if isinstance(value, AbstractSet) else names}"
        if isinstance(value, inspect.Signature):
            return str(value)
        if _is_kerass(kind):
            return f"{kind.__module__}.{kind.__qualname__} {self._attributes(value, kind)}"
        raise _UnknownError

    def _attributes(self, value: Any, kind: type) -> list[str]:
        skipped = _NO_EFFECT | (_OF_CALLS if value is self._model else set())
        attributes = {
            name: each
            for name, each in vars(value).items()
            if name not in skipped
            and not name.startswith("_self_")  # TensorFlow's bookkeeping
            and not isinstance(each, keras.initializers.Initializer)  # all variables exist
        }
        lines = []
        for name in sorted(attributes):
            each = attributes[name]
            if callable(each) and callable(getattr(kind, name, None)):
                if name not in _WRAPPED:  # it replaces a method
                    raise _UnknownError
                continue
            if name == "activity_regularizer" and each is not None:
                raise _UnknownError  # a trace leaves its loss in the layer
            lines.append(f"{name}={self._name(each)}")
        return lines


def _is_kerass(value: Any) -> bool:
    """Whether a class or function is Keras' own, found where its name says."""
    module = sys.modules.get(value.__module__)
    if module is None or not value.__module__.startswith(_PACKAGE):
        return False
    try:
        return operator.attrgetter(value.__qualname__)(module) is value
    except AttributeError:
        return False


@functools.cache
def _imported() -> dict[Any, dict[str, Any]]:
    """The functions and classes in each module and class of the packages, as they are now."""
    taken: dict[Any, dict[str, Any]] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith(_WATCHED):
            classes = [
                each
                for each in vars(module).values()
                if isinstance(each, type) and each.__module__ == name
            ]
            taken |= {owner: _code_in(owner) for owner in (module, *classes)}
    return taken


def _code_in(owner: Any) -> dict[str, Any]:
    kinds = (type, types.FunctionType, property, classmethod, staticmethod)
    return {name: value for name, value in vars(owner).items() if isinstance(value, kinds)}


def watch(*changed: type) -> None:
    """Note what Keras is, before a submission's code can change it.

    Args:
        changed: Classes that were changed since the last call, by us.
    """
    _imported().update({owner: _code_in(owner) for owner in changed})


def _is_as_imported() -> bool:
    return all(
        vars(owner).get(name) is value
        for owner, code in _imported().items()
        for name, value in code.items()
    )
