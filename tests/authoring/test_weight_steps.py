"""The helper modules of 04-weight-steps: the step by hand, and which optimizer took two steps."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from courses import ROOT
from keras import optimizers

from autograder.course import load_course
from autograder.exercises import load_module

FOLDER = load_course(ROOT).folder("04-weight-steps")
BY_HAND = load_module(FOLDER, "by_hand")
RECOGNIZER = load_module(FOLDER, "optimizers")

LOSSES = {
    "squared error": BY_HAND.SQUARED_ERROR,
    "linex": BY_HAND.LINEX,
    "swapped linex": BY_HAND.LINEX.swapped,
}
OPTIMIZERS = {
    "sgd": [
        optimizers.SGD(),
        optimizers.SGD(0.5, clipnorm=1.0),
        optimizers.SGD(0.1, weight_decay=1e-3),
    ],
    "momentum": [
        optimizers.SGD(0.05, momentum=0.9),
        optimizers.SGD(0.01, momentum=0.5, nesterov=True),
    ],
    "adam": [
        optimizers.Adam(),
        optimizers.Adam(0.05, beta_1=0.8),
        optimizers.Adam(epsilon=1e-4),
        optimizers.AdamW(0.01),
    ],
}
OTHERS = [
    optimizers.RMSprop(),
    optimizers.Nadam(),
    optimizers.Adamax(),
    optimizers.Adagrad(),
    optimizers.Lion(),
    optimizers.Adadelta(),
    optimizers.SGD(-0.1),
]


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_gradient_by_hand_agrees_with_finite_differences(loss: Any) -> None:
    """Each derivative is the slope between the losses of two nearby weights."""
    rng = np.random.default_rng(4)
    weights = [rng.normal(size=shape) for shape in ((2, 6), (6,), (6, 1), (1,))]
    network = BY_HAND.Network(weights, rng.normal(size=(20, 2)), rng.normal(size=(20, 1)))
    for array, slopes in zip(weights, network.gradient(loss), strict=True):
        for place in np.ndindex(array.shape):
            middle = array[place]
            array[place] = middle + 1e-5
            above = network.loss(loss)
            array[place] = middle - 1e-5
            below = network.loss(loss)
            array[place] = middle
            assert slopes[place] == pytest.approx((above - below) / 2e-5, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("name", "optimizer"), [(name, each) for name, row in OPTIMIZERS.items() for each in row]
)
def test_two_steps_show_the_kind_of_optimizer(
    name: str, optimizer: keras.optimizers.Optimizer
) -> None:
    """Plain gradient descent, momentum and Adam are recognized whatever their settings."""
    assert RECOGNIZER.kind_of(two_steps(optimizer)) == RECOGNIZER.KINDS[name]


@pytest.mark.parametrize("optimizer", OTHERS, ids=lambda optimizer: optimizer.name)
def test_other_optimizers_are_none_of_the_three(optimizer: keras.optimizers.Optimizer) -> None:
    """Optimizers that are only similar are told apart."""
    assert RECOGNIZER.kind_of(two_steps(optimizer)) not in RECOGNIZER.KINDS.values()


def two_steps(optimizer: keras.optimizers.Optimizer) -> np.ndarray:
    """What two steps with the exercise's gradients add, shape (2, 4)."""
    gradients = RECOGNIZER.FIRST_GRADIENT, RECOGNIZER.SECOND_GRADIENT
    variable = keras.Variable(np.zeros(len(gradients[0]), np.float32))
    places = [variable.numpy()]
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(np.array(gradient, np.float32))], [variable])
        places.append(variable.numpy())
    return np.diff(np.array(places), axis=0)
