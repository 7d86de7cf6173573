"""What is odd about the way of the weights, for a person to look at."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from autograder.checks import CheckFailedError, TrainingRun
from autograder.checks.signs import signs_in_weights
from autograder.exercises import FloatArray, Training

DRAW = np.random.default_rng(7)
X = DRAW.normal(size=(200, 5)).astype(np.float32)
Y = (X @ np.array([3, -2, 1, 0, 2], np.float32) > 0).astype(np.float32)
START: list[FloatArray] = [np.zeros((5, 1), np.float32), np.full(1, 0.1, np.float32)]
EPOCHS = 6
STRAIGHT = "From epoch to epoch the weights move along a straight line."
LEAP = "The weights move in the first epoch alone, and hardly after it."
CHANGED = "The weights were not the initial ones when fit began."


def probabilities(weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:
    """What logistic regression computes."""
    result: FloatArray = 1 / (1 + np.exp(-(x @ weights[0][:, 0] + weights[1])))
    return result


def cross_entropy(weights: Sequence[FloatArray]) -> float:
    """The loss on all samples."""
    p = np.clip(probabilities(weights, X), 1e-6, 1 - 1e-6)
    return float(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)))


def trained(rate: float = 0.1) -> list[list[FloatArray]]:
    """Weights after each epoch of real training, by stochastic gradient descent in NumPy."""
    kernel, bias, epochs = START[0].copy(), START[1].copy(), []
    order = np.random.default_rng(1)
    for _ in range(EPOCHS):
        for batch in np.array_split(order.permutation(len(X)), 20):
            error = probabilities([kernel, bias], X[batch]) - Y[batch]
            kernel = kernel - rate * (X[batch].T @ error / len(batch))[:, None].astype(np.float32)
            bias = bias - rate * np.float32(error.mean())
        epochs.append([kernel, bias])
    return epochs


def line(*shares: float) -> list[list[FloatArray]]:
    """Weights that go straight from the start to trained ones, these shares of the way."""
    end = trained()[-1]
    return [[s + share * (e - s) for s, e in zip(START, end, strict=True)] for share in shares]


@dataclasses.dataclass(frozen=True)
class Observed:
    """What was observed.

    Attributes:
        training: The training, if any.
    """

    training: Training | None


@dataclasses.dataclass(frozen=True)
class FakeRun:
    """A run of logistic regression.

    Attributes:
        observed: As in `TrainingRun`.
        initial_weights: As in `TrainingRun`.
        breaks: Whether the model takes no samples.
    """

    observed: Observed
    initial_weights: list[FloatArray] = dataclasses.field(default_factory=lambda: START)
    breaks: bool = False

    def training_loss(self, weights: Sequence[FloatArray]) -> float:
        """The loss of these weights."""
        if self.breaks:
            raise CheckFailedError("The model does not take the samples.")
        return cross_entropy(weights)


def signs(
    epochs: Sequence[list[FloatArray] | None], *, breaks: bool = False, **fields: Any
) -> tuple[str, ...]:
    """What is odd about a training with these weights after its epochs."""
    training = Training(
        epochs_run=len(epochs),
        epochs_kept=list(range(1, len(epochs) + 1)),
        epoch_weights=list(epochs),
        **{"weights": epochs[-1] if epochs else None, **fields},
    )
    run = FakeRun(Observed(training), breaks=breaks)
    return signs_in_weights(cast("TrainingRun[Any, Any]", run))


@pytest.mark.parametrize("rate", [0.01, 0.1, 1.0])
def test_real_training_has_no_sign(rate: float) -> None:
    """Gradients change while the loss goes down, and go on after the first epoch."""
    epochs = trained(rate)
    assert cross_entropy(epochs[-1]) < cross_entropy(START)
    assert signs(epochs) == ()


@pytest.mark.parametrize(
    "shares", [(0.2, 0.4, 0.6, 0.8, 1.0), (0.5, 0.75, 0.875, 1.0)], ids=["even", "slower"]
)
def test_weights_on_a_straight_line_are_told(shares: tuple[float, ...]) -> None:
    """Whoever computes only the end, and invents what is between, goes straight to it."""
    assert signs(line(*shares)) == (STRAIGHT,)


def test_weights_that_leap_are_told() -> None:
    """Whoever sets the weights in the first epoch leaves the others little to do."""
    (end,) = line(1)
    steps = [np.float32(1e-4) * number for number in (1, -1, 2, -2)]
    wobble = [[end[0] + step, end[1]] for step in steps]
    assert LEAP in signs([end, *wobble])


def test_weights_that_stay_after_the_first_epoch_leap_and_have_no_direction() -> None:
    """A change of nothing is on no line."""
    assert signs(line(1, 1, 1, 1, 1)) == (LEAP,)


def test_few_epochs_tell_nothing() -> None:
    """Two or three changes are on a line by chance."""
    assert signs(line(0.3, 0.6, 1.0)) == ()


def test_training_that_learned_little_tells_nothing() -> None:
    """While the loss hardly changes, neither does its gradient."""
    assert signs(line(0.01, 0.02, 0.03, 0.04, 0.05)) == ()


def test_model_without_a_loss_tells_nothing() -> None:
    """The checks say what is wrong with it."""
    assert signs(line(0.25, 0.5, 0.75, 1.0), breaks=True) == ()


def test_other_start_is_told_whatever_follows() -> None:
    """Weights that were changed before `fit` began did not come from it."""
    assert signs(trained(), start_weights=trained()[0]) == (CHANGED,)
    assert signs(line(1), start_weights=START) == (CHANGED,)


def test_training_without_weights_has_no_sign() -> None:
    """Without an end, or without any training, there is no way to look at."""
    assert signs(line(0.25, 0.5, 0.75, 1.0), weights=None, start_weights=START) == ()
    run = FakeRun(Observed(None))
    assert signs_in_weights(cast("TrainingRun[Any, Any]", run)) == ()


def test_epochs_whose_weights_are_not_finite_are_passed_over() -> None:
    """The others are looked at all the same."""
    epochs = line(0.25, 0.5, 0.75, 1.0)
    assert signs([epochs[0], None, *epochs[1:]]) == (STRAIGHT,)
