"""The oracle of 04-weight-steps against finite differences, and its judgement of optimizers."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import optimizers

from autograder.checks.weight_steps.by_hand import LINEX, SQUARED_ERROR, Loss, Network
from autograder.checks.weight_steps.optimizers import KINDS, kind_of
from autograder.exercises.exercise_04_weight_steps import FIRST_GRADIENT, SECOND_GRADIENT

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


@pytest.mark.parametrize("loss", [SQUARED_ERROR, LINEX, LINEX.swapped])
def test_gradient_by_hand_agrees_with_finite_differences(loss: Loss) -> None:
    """Each derivative is the slope between two near losses."""
    draw = np.random.default_rng(4)
    weights = [draw.normal(size=shape) for shape in ((2, 6), (6,), (6, 1), (1,))]
    network = Network(weights, draw.normal(size=(20, 2)), draw.normal(size=(20, 1)))
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
    ("name", "optimizer"), [(name, one) for name, ones in OPTIMIZERS.items() for one in ones]
)
def test_optimizer_is_known_by_two_steps(name: str, optimizer: keras.optimizers.Optimizer) -> None:
    """Whatever its settings, its kind shows."""
    assert kind_of(_two_steps(optimizer)) == KINDS[name]


@pytest.mark.parametrize("optimizer", OTHERS, ids=lambda one: one.name)
def test_other_optimizers_are_none_of_the_three(optimizer: keras.optimizers.Optimizer) -> None:
    """What is only similar is told apart."""
    assert kind_of(_two_steps(optimizer)) not in KINDS.values()


def _two_steps(optimizer: keras.optimizers.Optimizer) -> np.ndarray:
    places = [np.zeros(len(FIRST_GRADIENT), np.float32)]
    variable = keras.Variable(places[0])
    for gradient in (FIRST_GRADIENT, SECOND_GRADIENT):
        optimizer.apply([keras.ops.convert_to_tensor(np.array(gradient, np.float32))], [variable])
        places.append(variable.numpy())
    return np.diff(np.array(places), axis=0)
