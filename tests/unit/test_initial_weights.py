"""Initial weights are the grader's own, the same in every process, and like Keras'."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from autograder.checks import Rebuilt
from autograder.exercises import (
    GradingData,
    draw_initial_weights,
    initial_weights_of,
    renumber_classes,
    sample_per_class,
)
from autograder.exercises.architecture import decode, describe

L = keras.layers
LAYERS = [
    keras.Input((6,)),
    L.Embedding(9, 4),
    L.Conv1D(8, 3, kernel_initializer="ones"),
    L.BatchNormalization(),
    L.LSTM(5),
    L.Dense(3, bias_initializer="ones"),
]
CONSTANTS = {"bias": 0, "beta": 0, "moving_mean": 0, "gamma": 1, "moving_variance": 1}
"""What weights of these names begin with."""


def test_rebuilt_model_gets_the_same_weights() -> None:
    """What the sandbox draws for a student's model, the trusted process draws again."""
    model = keras.Sequential(LAYERS)
    again = Rebuilt(decode(describe(model)))
    first = draw_initial_weights(initial_weights_of(model), 7)
    second = draw_initial_weights(again.starts, 7)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(first[0], draw_initial_weights(initial_weights_of(model), 8)[0])


def test_initializers_of_the_student_decide_nothing() -> None:
    """Kernels are random, biases are zero and scales are one, whatever the layers ask for."""
    model = keras.Sequential(LAYERS)
    drawn = draw_initial_weights(initial_weights_of(model), 7)
    start = dict(zip([w.path for w in model.weights], drawn, strict=True))
    for path, array in start.items():
        name = path.rsplit("/", 1)[1]
        if name in CONSTANTS:
            assert (array == CONSTANTS[name]).all()
        else:
            assert np.unique(array).size > array.size / 2
    assert {path.rsplit("/", 1)[1] for path in start} > CONSTANTS.keys()


def test_kernel_that_starts_at_zero_stays_at_zero() -> None:
    """A start from which nothing is learned is not replaced by a better one."""
    dead = L.Dense(4, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((6,)), dead, L.Dense(2)])
    again = Rebuilt(decode(describe(model)), starts=initial_weights_of(model))
    for starts in (initial_weights_of(model), again.starts):
        first, _, second, _ = draw_initial_weights(starts, 7)
        assert not first.any()
        assert second.all()


def test_layer_of_ones_own_keeps_what_only_its_author_knows() -> None:
    """Small arrays and those that are not trained start as in the model; matrices are drawn."""

    class Scale(keras.layers.Layer):  # type: ignore[misc] # Keras has no types
        def build(self, shape: Any) -> None:
            self.scale = self.add_weight(shape=(shape[-1],), initializer="ones", name="scale")
            self.mix = self.add_weight(shape=(shape[-1], 3), name="mix")
            self.fixed = self.add_weight(shape=(2, 2), initializer="ones", trainable=False)

        def call(self, x: Any) -> Any:
            return keras.ops.matmul(x * self.scale, self.mix)

    model = keras.Sequential([keras.Input((6,)), Scale()])
    start = dict(
        zip(
            ["scale", "mix", "fixed"],
            draw_initial_weights(initial_weights_of(model), 7),
            strict=True,
        )
    )
    assert (start["scale"] == 1).all()
    assert np.unique(start["mix"]).size == 18
    assert (start["fixed"] == 1).all()


def test_kernels_are_distributed_like_glorots() -> None:
    """Kernels have the range and the spread of Keras' own initializer."""
    model = keras.Sequential([keras.Input((30,)), L.Dense(50)])
    drawn = draw_initial_weights(initial_weights_of(model), 1)[0]
    keras_own = np.asarray(keras.initializers.GlorotUniform(seed=1)((30, 50)))
    assert np.abs(drawn).max() == pytest.approx(np.abs(keras_own).max(), rel=0.02)
    assert drawn.std() == pytest.approx(keras_own.std(), rel=0.05)


def test_sample_has_as_many_of_each_class() -> None:
    """Each class gives the same number of samples, and none is drawn twice."""
    labels = np.repeat([0, 1, 2], [50, 20, 30])
    chosen = sample_per_class(np.random.default_rng(0), labels, 15)
    assert len(set(chosen.tolist())) == 45
    assert np.bincount(labels[chosen]).tolist() == [15, 15, 15]


def test_classes_get_other_numbers_in_grading(grading_data: GradingData) -> None:
    """In practice a class keeps its number; in grading every class gets another one."""
    assert renumber_classes(np.random.default_rng(0), 8, None).tolist() == list(range(8))
    for seed in range(20):
        numbers = renumber_classes(np.random.default_rng(seed), 8, grading_data)
        assert sorted(numbers.tolist()) == list(range(8))
        assert not (numbers == np.arange(8)).any()
