"""Predict with a model that only the student's own code can build.

Some models cannot be rebuilt outside: subclassed ones, or those with layers of the student's own.
Their predictions come from a second run of the submission, which gets samples and weights, but no
answers. What it predicts is evidence; losses and accuracy are computed outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from pydantic import Field

from autograder.exercises.student import Student
from autograder.exercises.values import Observation

_BATCH = 256
PREDICT = "build_model, again"
"""The step's name: `build_model` is called again to predict."""


class PredictionInputs(Observation):
    """What a second run is asked.

    Attributes:
        arguments: The arguments of `build_model`.
        shuffling: Seed of everything random.
        samples: Shape (samples, ...), in an order of the grader's own.
        weights: Weights of the model, as `get_weights` returns them; one list for each prediction.
    """

    arguments: list[Any]
    shuffling: int
    samples: np.ndarray
    weights: list[list[np.ndarray]]


class Predictions(Observation):
    """What a second run answered.

    Attributes:
        outputs: For each list of weights the outputs of all samples, shape (samples, outputs),
            float32; None if they are not numbers. Empty if the model could not be built again.
    """

    outputs: list[np.ndarray | None] = Field(default_factory=list)


def predict(student: Student, inputs: PredictionInputs) -> Predictions:
    """Build the student's model again, and predict with each list of weights.

    Args:
        student: The student's functions.
        inputs: Samples, and the weights to predict with.

    Returns:
        The predictions.
    """
    outputs: list[np.ndarray | None] = []
    keras.utils.set_random_seed(inputs.shuffling)
    with student.step(PREDICT):
        arguments = [tuple(a) if isinstance(a, list) else a for a in inputs.arguments]
        model = student.call("build_model", *arguments)
        build_with(model, inputs.samples[:1])
        for weights in inputs.weights:
            model.set_weights(weights)
            outputs.append(_outputs(model, inputs.samples))
    return Predictions(outputs=outputs)


def build_with(model: Any, samples: np.ndarray) -> None:
    """Build a model's weights, if it has none yet.

    Args:
        model: A Keras model.
        samples: Samples that it takes, shape (samples, ...).
    """
    if not model.built and isinstance(model, keras.Sequential):
        model.build((None, *samples.shape[1:]))
    elif not model.built or not model.weights:
        model(samples)


def _outputs(model: Any, samples: np.ndarray) -> np.ndarray | None:
    parts = [
        np.asarray(model(samples[start : start + _BATCH], training=False), np.float32)
        for start in range(0, len(samples), _BATCH)
    ]
    outputs = np.concatenate(parts)
    return outputs if np.isfinite(outputs).all() else None


def in_one_order(
    inputs: Sequence[np.ndarray], seed: Sequence[int]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Samples of several kinds in one random order, so that nothing tells which kind one is.

    Args:
        inputs: Arrays of samples, shape (samples, ...), alike but for their number.
        seed: Of the order.

    Returns:
        All samples, and for each array where its samples are.
    """
    together = np.concatenate(inputs)
    order = np.random.default_rng(list(seed)).permutation(len(together))
    places = np.argsort(order)
    ends = np.cumsum([len(array) for array in inputs])
    return together[order], np.split(places, ends[:-1])
