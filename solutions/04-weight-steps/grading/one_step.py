"""A step that `gradient_step` took, compared with the step by hand."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from autograder.checks import (
    CheckFailedError,
    Finding,
    TrainingRun,
    join_names,
    reached,
)
from autograder.exercises import FloatArray

from .by_hand import LINEX, SQUARED_ERROR, Array, Loss, Network
from .schema import FROZEN_STEP, OTHER_LOSS_STEP, PLAIN_STEP, Given, Observed, Step

Run = TrainingRun[Given, Observed]
ROUNDING = 1e-3
"""Share of an array's largest change: float32 steps are right to a thirtieth of this."""
SMALLEST = 1e-6
_LOSSES = {PLAIN_STEP: SQUARED_ERROR, OTHER_LOSS_STEP: LINEX, FROZEN_STEP: SQUARED_ERROR}
_WITH = {
    PLAIN_STEP: "the squared error",
    OTHER_LOSS_STEP: "another loss function",
    FROZEN_STEP: "a frozen first layer",
}


@dataclasses.dataclass(frozen=True)
class StepTaken:
    """One step: the network before and after it.

    Attributes:
        loss: The loss function that `gradient_step` got.
        rate: The learning rate.
        before: The network before the step.
        after: The network after the step.
        arrays: The names of the four arrays of weights.
    """

    loss: Loss
    rate: float
    before: Network
    after: Network
    arrays: list[str]

    @functools.cached_property
    def by_hand(self) -> Network:
        """The network after the right step."""
        return self.before.step(self.loss, self.rate)

    @property
    def is_right(self) -> bool:
        """Whether it is the step by hand."""
        return self.leads_to(self.by_hand)

    def leads_to(self, network: Network) -> bool:
        """Whether the weights after the step are those of a network, up to rounding."""
        return not self._different_arrays(network)

    def _different_arrays(self, network: Network) -> list[int]:
        """Indices of the arrays that differ from a network's."""
        return [
            index
            for index, (old, new, expected) in enumerate(
                zip(self.before.weights, self.after.weights, network.weights, strict=True)
            )
            if np.abs(new - expected).max() > ROUNDING * np.abs(expected - old).max() + SMALLEST
        ]

    def show(self, finding: Finding) -> None:
        """Add the step and the step by hand to the evidence."""
        moves, expected = self.after.minus(self.before), self.by_hand.minus(self.before)
        for name, move, by_hand in zip(self.arrays, moves, expected, strict=True):
            finding.show(**{name: {"step": move.tolist(), "step by hand": by_hand.tolist()}})
        finding.show(learning_rate=self.rate)

    def __str__(self) -> str:
        """One weight before and after: the one of the first wrong array that must move most."""
        array = (self._different_arrays(self.by_hand) or [0])[0]
        old, new, expected = (
            network.weights[array] for network in (self.before, self.after, self.by_hand)
        )
        place = int(np.abs(expected - old).argmax())
        gradient = (old.flat[place] - expected.flat[place]) / self.rate
        return (
            f"a weight of the {self.arrays[array]} was {old.flat[place]:.4f}, its gradient "
            f"{gradient:.4f}, the learning rate {self.rate:.4f}: `w - learning_rate * gradient` is "
            f"{expected.flat[place]:.4f}, and the step made it {new.flat[place]:.4f}."
        )

    def hint(self) -> str:
        """One thing to do about a wrong step: which step it is."""
        moves, expected = self.after.minus(self.before), self.by_hand.minus(self.before)
        still = [name for name, move in zip(self.arrays, moves, strict=True) if not move.any()]
        if len(still) == len(moves):
            return (
                "No weight moved: change it in the model, with `weight.assign_sub(...)`; "
                "`weight = weight - ...` only makes a new name."
            )
        if still:
            return (
                f"Unmoved: {join_names(still)}. Step with every array of `model.trainable_weights`."
            )
        if self.leads_to(self.by_hand.step(self.loss, self.rate)):
            return "The step was taken twice: go through the weights once."
        if self.leads_to(dataclasses.replace(self.before, weights=expected)):
            return (
                "The weight became the step itself: subtract it from the weight, by `assign_sub`."
            )
        if all(np.allclose(np.abs(move), self.rate, rtol=1e-2) for move in moves):
            return "Use the gradient's size, not only its sign: `learning_rate * gradient`."
        return self._length_hint(
            np.concatenate([move.ravel() for move in moves]),
            np.concatenate([move.ravel() for move in expected]),
        )

    def _length_hint(self, move: Array, expected: Array) -> str:
        """One thing to do about a step along the right line, but too long, short or backward."""
        times = float(move @ expected / (expected @ expected))
        if np.linalg.norm(move - times * expected) > 1e-2 * np.linalg.norm(move):
            return (
                "Compute one loss of all samples and all gradients from it; then move every weight "
                "by `w - learning_rate * gradient`."
            )
        samples = len(self.before.x)
        mistakes = {
            -1.0: "The step goes uphill: subtract `learning_rate * gradient`, do not add it.",
            1 / self.rate: "Multiply the gradient by `learning_rate` before you subtract it.",
            -1 / self.rate: "Subtract the gradient, multiplied by `learning_rate`.",
            float(samples): "`loss_fn` returns the mean over the samples: do not sum over them.",
            1 / samples: "`loss_fn` returns the mean over the samples: do not divide again.",
        }
        for factor, hint in mistakes.items():
            if np.isclose(times, factor, rtol=1e-2):
                return hint
        return (
            f"The step is {times:.3g} times `learning_rate * gradient`: use the `learning_rate` "
            "that "
            "you are given, once."
        )


def require_step(run: Run, name: str) -> Step:
    """What one call of `gradient_step` did.

    Args:
        run: The training run.
        name: One of `STEPS`.

    Raises:
        CheckFailedError: If the call raised.
    """
    error = run.observed.step_errors.get(name) or run.errors.get("gradient_step")
    if error is not None and error.kind == "TypeError" and "NoneType" in error.message:
        raise CheckFailedError(
            f"`gradient_step` {error}",
            "A gradient is None where the tape saw no path from the weights to the loss: compute "
            "`loss_fn(y, model(x))` inside the `with` block.",
        )
    reached(run, "gradient_step")
    step = run.observed.steps.get(name)
    if step is None:
        what = "did not return" if error is None else str(error)
        raise CheckFailedError(
            f"With {_WITH[name]} `gradient_step` {what}",
            "Move the arrays of `model.trainable_weights`, and call `loss_fn` as you get it.",
        )
    return step


def step_taken(run: Run, name: str) -> StepTaken:
    """The step that one call of `gradient_step` took; arguments as for `require_step`.

    Raises:
        CheckFailedError: If the call raised, or left weights that are not numbers.
    """
    weights, given = require_step(run, name).weights, run.given.step_weights
    if weights is None or not all(np.isfinite(array).all() for array in weights):
        raise CheckFailedError(
            "After the step the weights are no longer numbers (NaN or infinite).",
            "Compute `w - learning_rate * gradient` with the numbers that you get.",
        )
    if [array.shape for array in weights] != [array.shape for array in given]:
        raise CheckFailedError(
            "The step changed the shapes of the weights.",
            "Change the numbers in the model's weights, and nothing else in the model.",
        )
    return StepTaken(
        loss=_LOSSES[name],
        rate=run.given.learning_rates[name],
        before=_network(run, given),
        after=_network(run, weights),
        arrays=run.arrays,
    )


def _network(run: Run, weights: list[FloatArray]) -> Network:
    return Network(
        [array.astype(np.float64) for array in weights],
        run.given.step_x.astype(np.float64),
        run.given.step_y.astype(np.float64),
    )
