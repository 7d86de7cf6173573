"""The random start is the grader's own, alike wherever it is drawn, and Keras' in kind."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from autograder.architecture import build, decode, describe
from autograder.exercises.draws import Private, new_numbers, sample
from autograder.exercises.start import random_start

L = keras.layers
LAYERS = [
    keras.Input((6,)),
    L.Embedding(9, 4),
    L.Conv1D(8, 3, kernel_initializer="zeros"),
    L.BatchNormalization(),
    L.LSTM(5),
    L.Dense(3, bias_initializer="ones"),
]


def test_start_is_the_same_for_the_rebuilt_model() -> None:
    """What the sandbox draws for a student's model, the trusted process draws again."""
    model = keras.Sequential(LAYERS)
    again = build(decode(describe(model)))
    for one, other in zip(random_start(model, 7), random_start(again, 7), strict=True):
        np.testing.assert_array_equal(one, other)


def test_start_is_no_students_choice() -> None:
    """Initializers of the student's own decide nothing; biases are zero, scales one."""
    model = keras.Sequential(LAYERS)
    start = dict(zip([w.path for w in model.weights], random_start(model, 7), strict=True))
    for path, array in start.items():
        name = path.rsplit("/", 1)[1]
        expected = {"bias": 0, "beta": 0, "moving_mean": 0, "gamma": 1, "moving_variance": 1}
        if name in expected:
            assert (array == expected[name]).all()
        else:
            assert np.abs(array).max() > 0


def test_kernels_are_glorots() -> None:
    """Kernels lie within the limit that Keras' own initializer has, and reach near to it."""
    model = keras.Sequential([keras.Input((30,)), L.Dense(50)])
    drawn = random_start(model, 1)[0]
    keras_own = np.asarray(keras.initializers.GlorotUniform(seed=1)((30, 50)))
    assert np.abs(drawn).max() == pytest.approx(np.abs(keras_own).max(), rel=0.02)
    assert drawn.std() == pytest.approx(keras_own.std(), rel=0.05)


def test_samples_are_drawn_class_by_class() -> None:
    """Each class gives as many samples, and none comes twice."""
    labels = np.repeat([0, 1, 2], [50, 20, 30])
    chosen = sample(np.random.default_rng(0), labels, 15)
    assert len(set(chosen.tolist())) == 45
    assert np.bincount(labels[chosen]).tolist() == [15, 15, 15]


def test_classes_get_other_numbers_in_grading_alone(private: Private) -> None:
    """At home a class keeps its number; in grading every class gets another one."""
    assert new_numbers(np.random.default_rng(0), 8, None).tolist() == list(range(8))
    for seed in range(20):
        numbers = new_numbers(np.random.default_rng(seed), 8, private)
        assert sorted(numbers.tolist()) == list(range(8))
        assert not (numbers == np.arange(8)).any()
