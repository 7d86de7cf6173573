"""A training run's own figures, against NumPy and Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from courses import NAME, ROOT

from autograder.checks import Rebuilt, TrainingRun
from autograder.course import AssignmentFolder, Limits, Seeds
from autograder.exercises import (
    CLASSIFICATION,
    accuracy,
    cross_entropy,
    load_module,
    mean_squared_error,
    softmax,
)
from autograder.exercises.architecture import decode, describe

SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)
FIRST_TRAINING = load_module(AssignmentFolder(ROOT / "solutions" / NAME), "exercise")

AnyRun = TrainingRun[Any, Any]


@pytest.fixture(scope="module")
def run() -> AnyRun:
    """A run without observations, for its arithmetic alone."""
    exercise = FIRST_TRAINING.FirstTraining()
    given, held_out = exercise.prepare(SEEDS, None)
    return TrainingRun(
        objective=CLASSIFICATION,
        signatures=exercise.signatures,
        given=given,
        held_out=held_out,
        observed=FIRST_TRAINING.Observed(),
        errors={},
        cell_errors={},
        untouched=None,
        thresholds={},
        limits=Limits(),
        model=Rebuilt(decode(describe(exercise.build_model()))),
    )


def outputs_by_numpy(weights: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """What the lesson's model computes: ReLU, then softmax."""
    w1, b1, w2, b2 = (array.astype(np.float64) for array in weights)
    scores = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    outputs: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return outputs


def test_outputs_agree_with_numpy(run: AnyRun) -> None:
    """The rebuilt model computes ReLU and softmax of the given weights."""
    expected = outputs_by_numpy(run.given.moved_weights, run.given.x)
    outputs = run.outputs(run.given.moved_weights, run.given.x)
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-6)


def test_losses_and_accuracy_agree_with_numpy(run: AnyRun) -> None:
    """Each figure is of the right weights on the right data."""
    weights = run.given.moved_weights
    trained = outputs_by_numpy(weights, run.given.x)[np.arange(len(run.given.y)), run.given.y]
    assert run.training_loss(weights) == pytest.approx(-np.log(trained).mean(), rel=1e-4)
    held_out = outputs_by_numpy(weights, run.held_out.x)
    of_truth = held_out[np.arange(len(run.held_out.y)), run.held_out.y]
    assert run.held_out_loss(weights) == pytest.approx(-np.log(of_truth).mean(), rel=1e-4)
    share = (held_out.argmax(axis=1) == run.held_out.y).mean()
    assert run.held_out_accuracy(weights) == pytest.approx(share, abs=2 / len(run.held_out.y))


def test_arrays_of_a_built_model_are_named_by_their_place(run: AnyRun) -> None:
    """Where students build the model, messages count its layers."""
    assert run.arrays == [
        "layer 1 (Dense) kernel",
        "layer 1 (Dense) bias",
        "layer 2 (Dense) kernel",
        "layer 2 (Dense) bias",
    ]


def test_cross_entropy_and_accuracy_agree_with_keras() -> None:
    """Both measures are Keras' own, also where a probability is zero."""
    draw = np.random.default_rng(0)
    first = draw.uniform(0, 1, 50).astype(np.float32)
    first[0] = 0
    probabilities = np.stack([first, 1 - first], axis=1)
    labels = draw.integers(0, 2, 50)
    labels[0] = 0
    loss = keras.losses.SparseCategoricalCrossentropy()(labels, probabilities)
    right = keras.metrics.SparseCategoricalAccuracy()
    right.update_state(labels, probabilities)
    assert cross_entropy(probabilities, labels) == pytest.approx(float(loss), rel=1e-5)
    assert accuracy(probabilities, labels) == pytest.approx(float(right.result()))


def test_mean_squared_error_agrees_with_keras() -> None:
    """It is Keras' own, also for predictions in a column."""
    draw = np.random.default_rng(0)
    predictions = draw.normal(size=(50, 1)).astype(np.float32)
    targets = draw.normal(size=50).astype(np.float32)
    loss = keras.losses.MeanSquaredError()(targets, predictions[:, 0])
    assert mean_squared_error(predictions, targets) == pytest.approx(float(loss), rel=1e-5)
    assert mean_squared_error(predictions[:, 0], targets) == pytest.approx(float(loss), rel=1e-5)


def test_softmax_agrees_with_keras() -> None:
    """It is Keras' own, also for values whose exponentials overflow."""
    values = np.array([[1, 2, 3], [1000, 1000, 999]], dtype=np.float32)
    expected = np.asarray(keras.ops.softmax(values))
    np.testing.assert_allclose(softmax(values), expected, rtol=1e-6)


def test_random_start_guesses(run: AnyRun) -> None:
    """The initial weights are no better than a coin."""
    assert 0.4 <= run.held_out_accuracy(run.given.initial_weights) <= 0.6


def test_same_seeds_give_the_same_bits() -> None:
    """The same seeds give the same weights and data; any other seed gives others."""
    exercise = FIRST_TRAINING.FirstTraining()
    (one, held_out), (same, same_held_out) = (exercise.prepare(SEEDS, None) for _ in range(2))
    for a, b in zip(one.initial_weights, same.initial_weights, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(one.x, same.x)
    np.testing.assert_array_equal(held_out.x, same_held_out.x)
    other, _ = exercise.prepare(SEEDS.model_copy(update={"training_draw": 9}), None)
    assert not np.array_equal(one.x, other.x)
    other, _ = exercise.prepare(SEEDS.model_copy(update={"initial_weights": 9}), None)
    assert not np.array_equal(one.initial_weights[0], other.initial_weights[0])
    _, other_held_out = exercise.prepare(SEEDS.model_copy(update={"held_out": 9}), None)
    assert not np.array_equal(held_out.x, other_held_out.x)


def test_probe_has_an_accuracy_of_its_own(run: AnyRun) -> None:
    """No common metric gives the probe's accuracy by chance."""
    assert accuracy(run.given.probe.outputs, run.given.probe.answers) == 0.6875
