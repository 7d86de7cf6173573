"""Keras' `fit` without the work that it does twice: the same numbers in less time.

Installed in a submission's process before its code runs, and only after `grading.fast_path` has
compared: the course's own solution gives identical results with it and without it, bit for bit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from keras.src import tree
from keras.src.backend.tensorflow.trainer import TensorFlowTrainer
from keras.src.trainers.epoch_iterator import EpochIterator

IN_MEMORY = "ArrayDataAdapter"


def install() -> None:
    """Change Keras in this process.

    TensorFlow's graph optimizer stays on: without it training is even faster, but RMSprop and
    learning-rate schedules give slightly different weights.

    Raises:
        AttributeError: If this Keras version has other internals.
    """
    _trace_once()
    _iterate_once()


def _trace_once() -> None:
    """Build model, metrics and optimizer before the first trace.

    Keras builds them while it traces the train step; TensorFlow then traces it a second time,
    because the first trace made variables.
    """
    keras_build = TensorFlowTrainer._maybe_symbolic_build  # noqa: SLF001 - Keras' own step

    def build(model: Any, iterator: Any = None, data_batch: Any = None) -> Any:
        if iterator is not None and model.built and not model.run_eagerly:
            # Whatever fails here fails in fit too, which reports it.
            with contextlib.suppress(Exception):
                spec = iterator._distributed_dataset.element_spec  # noqa: SLF001 - as above
                if all(isinstance(part, tf.TensorSpec) for part in tree.flatten(spec)):
                    model._symbolic_build(data_batch=spec)  # noqa: SLF001 - as above
        return keras_build(model, iterator, data_batch)

    TensorFlowTrainer._maybe_symbolic_build = build  # noqa: SLF001 - as above


def _iterate_once() -> None:
    """Make one dataset iterator per epoch.

    Keras makes a second one at the end of each epoch and drops it. With arrays in memory, leaving
    it out changes nothing; with a student's `tf.data` pipeline the shuffles would differ.
    """
    keras_enumerate = EpochIterator._enumerate_iterator  # noqa: SLF001 - as above

    def enumerate_iterator(epochs: Any) -> Iterator[tuple[int, int, Any]]:
        steps = epochs._num_batches  # noqa: SLF001 - as above
        in_memory = type(epochs.data_adapter).__name__ == IN_MEMORY
        if epochs.steps_per_epoch is not None or not steps or steps < 0 or not in_memory:
            yield from keras_enumerate(epochs)
            return
        epochs.data_adapter.on_epoch_begin()
        iterator = epochs._current_iterator = iter(epochs._get_iterator())  # noqa: SLF001 - as above
        at_once = epochs.steps_per_execution
        for step in range(0, steps, at_once):
            epochs._steps_seen = step + at_once  # noqa: SLF001 - as above
            yield step, step + at_once - 1, iterator
        epochs._steps_seen = 0  # noqa: SLF001 - as above
        epochs.data_adapter.on_epoch_end()

    EpochIterator._enumerate_iterator = enumerate_iterator  # noqa: SLF001 - as above
