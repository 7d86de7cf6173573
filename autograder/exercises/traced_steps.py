"""Train steps that are traced once, by the course's own solution, and used by equal models.

Half of a short training is the trace of its train step. What it gives, a graph, depends on the
model's layers, optimizer, loss and metrics, not on their numbers: these are its inputs. So the run
of the course's own solution hands out its graphs, and a submission whose model is equal in all that
a trace depends on (see `fingerprint`) takes the graph in place of a trace of its own. No other one
can: a graph tells the loss and the optimizer, so it is sealed with a key made of the fingerprint.

Nothing changes by it: `grading.reference` compares the solution's own run with and without, bit for
bit, and wherever something happens that a trace would have to tell, such as an exception, the
submission is run again without.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from keras.src.backend.tensorflow.trainer import TensorFlowTrainer
from keras.src.trainers.epoch_iterator import EpochIterator
from tensorflow.core.framework import attr_value_pb2, function_pb2
from tensorflow.python.data.ops import optional_ops
from tensorflow.python.data.ops.iterator_ops import OwnedIterator
from tensorflow.python.eager import context

from autograder.exercises.fast_fit import STEP
from autograder.exercises.fingerprint import fingerprint, variables_of, watch
from autograder.exercises.values import Observation
from autograder.wire import RUN_AGAIN, decode, encode

__all__ = ["SealedStep", "TracedStep", "open_step", "record", "seal", "use", "watch"]

_MOST_BYTES = 4 * 2**20
_MOST_STEPS = 16


class TracedStep(Observation):
    """The trace of one model's train or test step.

    Attributes:
        fingerprint: From `fingerprint`.
        name: The graph's name.
        functions: The graph and those that it calls, as TensorFlow's own bytes.
        variables: The variables that it reads and writes: group and number in `variables_of`.
        outputs: Name, shape and dtype of each number that it gives.
    """

    fingerprint: str
    name: str
    functions: list[bytes]
    variables: list[list[str | int]]
    outputs: list[list[Any]]


class SealedStep(Observation):
    """A traced step that only a process with an equal model can open.

    Whoever guesses the whole model opens it too, and learns what `check` tells about a guess.

    Attributes:
        label: Tells whether a fingerprint opens it.
        content: The step, enciphered.
    """

    label: str
    content: bytes


def seal(step: TracedStep) -> SealedStep:
    """Seal a step with its own fingerprint."""
    content = encode(step.model_dump())
    return SealedStep(
        label=_label(step.fingerprint), content=_enciphered(content, step.fingerprint)
    )


def open_step(sealed: SealedStep, digest: str) -> TracedStep:
    """The step again.

    Args:
        sealed: From `seal`.
        digest: The step's fingerprint.

    Raises:
        WireError: If it is another one.
    """
    return TracedStep.model_validate(decode(_enciphered(sealed.content, digest)))


def _label(digest: str) -> str:
    return hashlib.sha256(f"label {digest}".encode()).hexdigest()


def _enciphered(content: bytes, digest: str) -> bytes:
    """Content combined with a stream of bytes that follows from a digest; twice gives it back.

    A digest belongs to one content, so no stream is used for two.
    """
    stream = hashlib.shake_256(f"key {digest}".encode()).digest(len(content))
    combined = np.frombuffer(content, np.uint8) ^ np.frombuffer(stream, np.uint8)
    return combined.tobytes()


def record(steps: list[TracedStep]) -> None:
    """Collect what this process traces from now on.

    Args:
        steps: Takes each step once.
    """
    keras_make_function = TensorFlowTrainer._make_function  # noqa: SLF001 - Keras' own step

    def make_function(trainer: Any, step: Any) -> Callable[[Any], Any]:
        keras_function = keras_make_function(trainer, step)
        called = False

        def function(iterator: Any) -> Any:
            nonlocal called
            is_first, called = not called, True
            digest = _digest(trainer, step, iterator) if is_first else None
            outputs = keras_function(iterator)
            if digest and len(steps) < _MOST_STEPS:
                with contextlib.suppress(Exception):  # then it has no graph to hand out
                    _add(steps, _taken_from(keras_function, trainer, digest))
            return outputs

        function.__qualname__ = STEP
        return function

    TensorFlowTrainer._make_function = make_function  # noqa: SLF001 - as above
    watch(TensorFlowTrainer, EpochIterator)


def use(steps: list[SealedStep]) -> None:
    """Let models take these steps instead of a trace of their own.

    Args:
        steps: From `record` and `seal`, in a process that ran the course's own solution only.
    """
    known = {step.label: step for step in steps}
    keras_make_function = TensorFlowTrainer._make_function  # noqa: SLF001 - as above

    def make_function(trainer: Any, step: Any) -> Callable[[Any], Any]:
        keras_function = keras_make_function(trainer, step)
        chosen: Callable[[Any], Any] | None = None

        def function(iterator: Any) -> Any:
            nonlocal chosen
            if chosen is None:
                chosen = keras_function
                digest = _digest(trainer, step, iterator)
                if digest and (sealed := known.get(_label(digest))):
                    chosen = _runner(open_step(sealed, digest), trainer, iterator)
            return chosen(iterator)

        function.__qualname__ = STEP
        return function

    TensorFlowTrainer._make_function = make_function  # noqa: SLF001 - as above
    watch(TensorFlowTrainer, EpochIterator)


def _digest(trainer: Any, step: Any, iterator: Any) -> str | None:
    if type(iterator) is not OwnedIterator or trainer.run_eagerly:
        return None
    if trainer.steps_per_execution != 1:
        return None
    return fingerprint(trainer, step.__name__, iterator.element_spec)


def _runner(step: TracedStep, model: Any, first: Any) -> Callable[[Any], Any]:
    """A step's graph with a model's variables."""
    eager = context.context()
    for packed in step.functions:
        eager.add_function_def(function_pb2.FunctionDef.FromString(packed))
    groups = variables_of(model)
    variables = [groups[str(group)][int(number)].value.handle for group, number in step.variables]
    spec = {name: tf.TensorSpec(shape, dtype) for name, shape, dtype in step.outputs}
    element_spec, name = first.element_spec, step.name.encode()

    def run(iterator: Any) -> Any:
        try:
            if type(iterator) is not OwnedIterator or iterator.element_spec != element_spec:
                raise TypeError("Keras would trace again")  # noqa: TRY301 - one way out
            inputs = [iterator._iterator_resource, *variables]  # noqa: SLF001 - as Keras' step
            (outputs,) = eager.call_function(name, inputs, 1)
            return optional_ops._OptionalImpl(outputs, spec).get_value()  # noqa: SLF001 - as above
        except tf.errors.OutOfRangeError:  # the end of the data
            raise
        except Exception:  # noqa: BLE001 - a trace of its own says more about it
            os._exit(RUN_AGAIN)

    return run


def _taken_from(keras_function: Any, model: Any, digest: str) -> TracedStep:
    """The graph of a step that ran once.

    Raises:
        Exception: Whatever is other than expected.
    """
    cells = dict(zip(keras_function.__code__.co_freevars, keras_function.__closure__, strict=True))
    step = cells["multi_step_on_iterator"].cell_contents
    (concrete,) = step._list_all_concrete_functions()  # noqa: SLF001 - as above
    graph = concrete.graph.as_graph_def()
    own = concrete._inference_function  # noqa: SLF001 - as above
    definitions = {each.signature.name: each for each in graph.library.function}
    definitions[own.name.decode()] = own.definition
    names = {name: f"step_{digest[:16]}_{n}" for n, name in enumerate(sorted(definitions))}
    handles: dict[int, list[str | int]] = {
        id(variable.value.handle): [group, number]
        for group, variables in variables_of(model).items()
        for number, variable in enumerate(variables)
    }
    spec = concrete.structured_outputs.element_spec
    return TracedStep(
        fingerprint=digest,
        name=names[own.name.decode()],
        functions=[_renamed(each, names) for each in definitions.values()],
        variables=[handles[id(handle)] for handle in concrete.captured_inputs],
        outputs=[[name, each.shape.as_list(), each.dtype.name] for name, each in spec.items()],
    )


def _renamed(definition: Any, names: dict[str, str]) -> bytes:
    """A function under its new name, which no trace of a submission's own has."""
    renamed = function_pb2.FunctionDef()
    renamed.CopyFrom(definition)
    renamed.signature.name = names[renamed.signature.name]
    for node in renamed.node_def:
        for value in node.attr.values():
            for called in _functions_in(value):
                called.name = names[called.name]
    packed: bytes = renamed.SerializeToString()
    return packed


def _functions_in(value: attr_value_pb2.AttrValue) -> list[Any]:
    return [value.func] if value.HasField("func") else list(value.list.func)


def _add(steps: list[TracedStep], step: TracedStep) -> None:
    size = sum(len(packed) for each in (*steps, step) for packed in each.functions)
    if size <= _MOST_BYTES and all(each.fingerprint != step.fingerprint for each in steps):
        steps.append(step)
