"""Keras' `fit` without the work that it does twice: the same numbers in less time.

Installed in a submission's process before its code runs, and only after `grading.reference` has
compared: the course's own solution gives identical results with it and without it, bit for bit.
Whatever is not known to be the same, `fit` does in Keras' own way.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from keras.src import tree
from keras.src.backend.tensorflow.trainer import TensorFlowTrainer
from keras.src.trainers.epoch_iterator import EpochIterator
from tensorflow.python.eager import context
from tensorflow.python.framework import config

IN_MEMORY = "ArrayDataAdapter"
MOST_KEPT_BYTES = 16 * 2**20
"""Larger arrays are batched anew each epoch: the batches that are kept count as the student's
memory."""
STEP = "TensorFlowTrainer._make_function.<locals>.function"
"""Keras' own train and test function, which takes one batch per step."""


def install() -> None:
    """Change Keras in this process.

    TensorFlow's graph optimizer stays on: without it training is even faster, but RMSprop and
    learning-rate schedules give slightly different weights.

    Raises:
        AttributeError: If this Keras version has other internals.
    """
    _know_the_model()
    _iterate_once()


def _know_the_model() -> None:
    """Let the iterator of a `fit` or `evaluate` know the model that it is for."""
    keras_build = TensorFlowTrainer._maybe_symbolic_build  # noqa: SLF001 - Keras' own step

    def build(model: Any, iterator: Any = None, data_batch: Any = None) -> Any:
        if iterator is not None:
            iterator.stepped_by = model
        return keras_build(model, iterator, data_batch)

    TensorFlowTrainer._maybe_symbolic_build = build  # noqa: SLF001 - as above


def _build(epochs: Any) -> None:
    """Build model, metrics and optimizer before the first trace.

    Keras builds them while it traces the train step; TensorFlow then traces it a second time,
    because the first trace made variables.
    """
    model = getattr(epochs, "stepped_by", None)
    if model is not None and model.built and not model.run_eagerly:
        # Whatever fails here fails in fit too, which reports it.
        with contextlib.suppress(Exception):
            dataset = epochs._distributed_dataset  # noqa: SLF001 - as above
            spec = dataset.element_spec
            # One of a `tf.distribute` strategy builds its variables in another scope.
            if isinstance(dataset, tf.data.Dataset) and all(
                isinstance(part, tf.TensorSpec) for part in tree.flatten(spec)
            ):
                model._symbolic_build(data_batch=spec)  # noqa: SLF001 - as above


def _iterate_once() -> None:
    """Make one dataset iterator for all epochs of arrays in memory.

    Keras makes one at the start of each epoch, and one at its end that it drops. Each draws the
    same batches: an iterator's shuffles start from the seeds of its dataset. Leaving all but the
    first out changes nothing; with a student's `tf.data` pipeline the shuffles would differ.
    """
    keras_enumerate = EpochIterator._enumerate_iterator  # noqa: SLF001 - as above

    def enumerate_iterator(epochs: Any) -> Iterator[tuple[int, int, Any]]:
        _build(epochs)
        steps = epochs._num_batches  # noqa: SLF001 - as above
        in_memory = type(epochs.data_adapter).__name__ == IN_MEMORY
        if epochs.steps_per_epoch is not None or not steps or steps < 0 or not in_memory:
            yield from keras_enumerate(epochs)
            return
        epochs.data_adapter.on_epoch_begin()
        iterator = epochs._current_iterator = _start_epoch(epochs)  # noqa: SLF001 - as above
        at_once = epochs.steps_per_execution
        for step in range(0, steps, at_once):
            epochs._steps_seen = step + at_once  # noqa: SLF001 - as above
            yield step, step + at_once - 1, iterator
        epochs.at_epoch_end = iterator  # not reached by an epoch that stops early
        epochs._steps_seen = 0  # noqa: SLF001 - as above
        epochs.data_adapter.on_epoch_end()

    EpochIterator._enumerate_iterator = enumerate_iterator  # noqa: SLF001 - as above


def _start_epoch(epochs: Any) -> Any:
    """An iterator that begins with the epoch's first batch.

    The first one of a `fit` keeps its batches and starts over with them. After an epoch that
    stopped early, and wherever an iterator might draw other batches than the one before or have to
    end with its epoch, each epoch gets its own.
    """
    dataset = epochs._get_iterator()  # noqa: SLF001 - as above
    if not isinstance(dataset, tf.data.Dataset):  # one of a `tf.distribute` strategy
        return iter(dataset)
    if not (_is_repeatable(epochs.data_adapter) and _takes_one_batch_per_step(epochs)):
        return iter(dataset)
    if not hasattr(epochs, "at_epoch_end"):
        epochs.at_epoch_end = None
        return iter(dataset.cache().repeat())
    iterator, epochs.at_epoch_end = epochs.at_epoch_end, None
    return iter(dataset) if iterator is None else iterator


def _is_repeatable(adapter: Any) -> bool:
    """Whether all iterators over arrays draw the same batches, and the batches may be kept."""
    arrays = [array for array in tree.flatten(adapter._inputs) if array is not None]  # noqa: SLF001 - as above
    seeded = config.is_op_determinism_enabled() and context.global_seed() is not None
    return (
        (seeded or not adapter._shuffle)  # noqa: SLF001 - as above
        and all(isinstance(array, (np.ndarray, tf.Tensor)) for array in arrays)
        and sum(map(_numeric_bytes, arrays)) <= MOST_KEPT_BYTES
    )


def _numeric_bytes(array: np.ndarray | tf.Tensor) -> float:
    """The size of an array of numbers; that of other arrays is not known."""
    size = tf.as_dtype(array.dtype).size
    return size * math.prod(array.shape) if size else math.inf


def _takes_one_batch_per_step(epochs: Any) -> bool:
    """Whether each step of `fit` or `evaluate` takes one batch from its iterator."""
    model = getattr(epochs, "stepped_by", None)
    functions = (getattr(model, name, None) for name in ("train_function", "test_function"))
    return (
        model is not None
        and epochs.steps_per_execution == 1
        and all(f is None or getattr(f, "__qualname__", "") == STEP for f in functions)
    )
