"""The trusted side's own arithmetic, against NumPy and Keras."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from autograder.architecture import decode, describe
from autograder.arithmetic import accuracy, cross_entropy, mean_squared_error
from autograder.course import Limits, Seeds
from autograder.datasets import fruit, lesson_samples
from autograder.exercises import exercise_01_first_training as exercise
from autograder.training import TrainingRun

SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)


@pytest.fixture(scope="module")
def run() -> TrainingRun:
    """A run that carries no observations, for its arithmetic alone."""
    given, held_out = exercise.prepare(SEEDS)
    model = decode(describe(exercise.build_model()))
    return TrainingRun(
        exercise, given, held_out, exercise.Observed(), {}, {}, None, {}, Limits(), model
    )


def test_outputs_agree_with_numpy(run: TrainingRun) -> None:
    """The rebuilt model computes ReLU and softmax of the given weights."""
    w1, b1, w2, b2 = run.given.moved_weights
    scores = np.maximum(run.given.x @ w1 + b1, 0) @ w2 + b2
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    found = run.outputs(run.given.moved_weights, run.given.x)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_cross_entropy_and_accuracy_agree_with_keras() -> None:
    """Both measures are Keras' own."""
    draw = np.random.default_rng(0)
    first = draw.uniform(0, 1, 50).astype(np.float32)
    probabilities = np.stack([first, 1 - first], axis=1)
    labels = draw.integers(0, 2, 50)
    loss = keras.losses.SparseCategoricalCrossentropy()(labels, probabilities)
    right = keras.metrics.SparseCategoricalAccuracy()
    right.update_state(labels, probabilities)
    assert cross_entropy(probabilities, labels) == pytest.approx(float(loss), rel=1e-5)
    assert accuracy(probabilities, labels) == pytest.approx(float(right.result()))


def test_mean_squared_error_agrees_with_keras() -> None:
    """It is Keras' own, for predictions in a column too."""
    draw = np.random.default_rng(0)
    predictions = draw.normal(size=(50, 1)).astype(np.float32)
    targets = draw.normal(size=50).astype(np.float32)
    loss = keras.losses.MeanSquaredError()(targets, predictions[:, 0])
    assert mean_squared_error(predictions, targets) == pytest.approx(float(loss), rel=1e-5)


def test_random_start_guesses(run: TrainingRun) -> None:
    """The random start is no better than a thrown coin."""
    assert 0.4 <= run.held_out_accuracy(run.given.initial_weights) <= 0.6


def test_seeds_decide_everything() -> None:
    """The same seeds give the same bits; any other seed gives others."""
    one, same = exercise.prepare(SEEDS)[0], exercise.prepare(SEEDS)[0]
    assert all(
        np.array_equal(a, b) for a, b in zip(one.initial_weights, same.initial_weights, strict=True)
    )
    other = exercise.prepare(SEEDS.model_copy(update={"training_draw": 9}))[0]
    assert not np.array_equal(one.x, other.x)


def test_probe_has_an_accuracy_of_its_own(run: TrainingRun) -> None:
    """No common metric gives the probe's accuracy by chance."""
    assert accuracy(run.given.probe.outputs, run.given.probe.answers) == 0.6875


def test_fruit_is_balanced_centred_and_separable() -> None:
    """Half the fruit is ripe, and the plane between the clouds parts nearly all."""
    x, y = fruit(1000, 5)
    assert x.shape == (1000, 3)
    assert x.dtype.name == "float32"
    assert y.dtype.name == "int64"
    assert y.mean() == 0.5
    assert np.abs(x.mean(axis=0)).max() < 1
    assert np.mean((x.sum(axis=1) > 0) == y) > 0.98


def test_lesson_samples_are_the_lessons() -> None:
    """Four samples, three features, alternating labels."""
    x, y = lesson_samples()
    assert x.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]
    assert y.tolist() == [0, 1, 0, 1]
