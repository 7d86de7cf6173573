"""A step that `gradient_step` took, held against the step by hand."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from autograder.arithmetic import FloatArray
from autograder.checks.expect import CheckFailedError, Finding, listed, reached
from autograder.checks.weight_steps.by_hand import (
    LINEX,
    SQUARED_ERROR,
    Array,
    Loss,
    Network,
)
from autograder.exercises import exercise_04_weight_steps as exercise
from autograder.exercises.student import Trouble
from autograder.training import TrainingRun

ROUNDING = 1e-3
"""Of an array's largest move: steps in float32 are right to a thirtieth of this."""
SMALLEST = 1e-6
_LOSSES = {
    exercise.SQUARED_ERROR: SQUARED_ERROR,
    exercise.OTHER_LOSS: LINEX,
    exercise.FROZEN: SQUARED_ERROR,
}
_ABOUT = {
    exercise.SQUARED_ERROR: "the squared error",
    exercise.OTHER_LOSS: "another loss function",
    exercise.FROZEN: "a frozen first layer",
}


@dataclasses.dataclass(frozen=True)
class StepTaken:
    """One step, before and after.

    Attributes:
        loss: The loss function that was handed over.
        rate: The learning rate.
        before: The network before the step.
        after: The network after it.
        arrays: What the four arrays of weights are called.
    """

    loss: Loss
    rate: float
    before: Network
    after: Network
    arrays: list[str]

    @functools.cached_property
    def by_hand(self) -> Network:
        """The network as it should be after the step."""
        return self.before.step(self.loss, self.rate)

    @property
    def is_right(self) -> bool:
        """Whether it is the step by hand."""
        return self.leads_to(self.by_hand)

    def leads_to(self, network: Network) -> bool:
        """Whether the weights afterwards are those of a network, but for rounding."""
        return not self._off(network)

    def _off(self, network: Network) -> list[int]:
        """Places of the arrays that differ from a network's."""
        return [
            place
            for place, (old, now, wanted) in enumerate(
                zip(self.before.weights, self.after.weights, network.weights, strict=True)
            )
            if np.abs(now - wanted).max() > ROUNDING * np.abs(wanted - old).max() + SMALLEST
        ]

    def show(self, found: Finding) -> None:
        """Put the step made and the step by hand into the evidence."""
        made, right = self.after.minus(self.before), self.by_hand.minus(self.before)
        for name, move, wanted in zip(self.arrays, made, right, strict=True):
            found.show(**{name: {"step": move.tolist(), "step by hand": wanted.tolist()}})
        found.show(learning_rate=self.rate)

    def __str__(self) -> str:
        """One weight before and after: of the first wrong array that which moves most."""
        place = (self._off(self.by_hand) or [0])[0]
        old, now, wanted = (
            network.weights[place] for network in (self.before, self.after, self.by_hand)
        )
        most = int(np.abs(wanted - old).argmax())
        gradient = (old.flat[most] - wanted.flat[most]) / self.rate
        return (
            f"a weight of the {self.arrays[place]} was {old.flat[most]:.4f}, its gradient "
            f"{gradient:.4f}, the learning rate {self.rate:.4f}: w - learning_rate * gradient is "
            f"{wanted.flat[most]:.4f}, and the step made it {now.flat[most]:.4f}."
        )

    def hint(self) -> str:
        """Which wrong step it is."""
        made, right = self.after.minus(self.before), self.by_hand.minus(self.before)
        still = [name for name, move in zip(self.arrays, made, strict=True) if not move.any()]
        if len(still) == len(made):
            return (
                "No weight moved: change it in the model, with weight.assign_sub(...); "
                "weight = weight - ... only makes a new name."
            )
        if still:
            return f"Unmoved: {listed(still)}. Step with every array of model.trainable_weights."
        if self.leads_to(self.by_hand.step(self.loss, self.rate)):
            return "The step was taken twice: go through the weights once."
        if self.leads_to(dataclasses.replace(self.before, weights=right)):
            return "The weight became the step itself: take it from the weight, with assign_sub."
        if all(np.allclose(np.abs(move), self.rate, rtol=1e-2) for move in made):
            return "The gradient's size counts, not only its sign: learning_rate * gradient."
        return self._hint_of_length(
            np.concatenate([move.ravel() for move in made]),
            np.concatenate([move.ravel() for move in right]),
        )

    def _hint_of_length(self, made: Array, right: Array) -> str:
        """What to say of a step along the right line, but not as far, or the other way."""
        times = float(made @ right / (right @ right))
        if np.linalg.norm(made - times * right) > 1e-2 * np.linalg.norm(made):
            return (
                "Take one loss of all samples and all gradients from it; then move every weight: "
                "w - learning_rate * gradient."
            )
        samples = len(self.before.x)
        known = {
            -1.0: "The step goes uphill: subtract learning_rate * gradient, do not add it.",
            1 / self.rate: "Multiply the gradient by learning_rate before you subtract it.",
            -1 / self.rate: "Subtract the gradient, multiplied by learning_rate.",
            float(samples): "loss_fn gives the mean over the samples: do not sum over them.",
            1 / samples: "loss_fn gives the mean over the samples: do not divide again.",
        }
        for factor, hint in known.items():
            if np.isclose(times, factor, rtol=1e-2):
                return hint
        return (
            f"The step is {times:.3g} times learning_rate * gradient: use the learning_rate that "
            "you are given, once."
        )


def answer(run: TrainingRun, question: str) -> exercise.Step:
    """What one call of `gradient_step` did, or why it did nothing.

    Args:
        run: The submission's run.
        question: `SQUARED_ERROR`, `OTHER_LOSS` or `FROZEN` of the exercise.

    Raises:
        CheckFailedError: If the call raised.
    """
    trouble = run.observed.step_troubles.get(question) or run.troubles.get("gradient_step")
    if trouble is not None and trouble.kind == "TypeError" and "NoneType" in trouble.message:
        raise CheckFailedError(
            f"gradient_step raised TypeError{place_of(trouble)}: {trouble.message}",
            "A gradient is None where the tape saw no path from the weights to the loss: compute "
            "loss_fn(y, model(x)) inside the with block.",
        )
    reached(run, "gradient_step")
    found: exercise.Step | None = run.observed.steps.get(question)
    if found is None:
        said = "" if trouble is None else f"{trouble.kind}{place_of(trouble)}: {trouble.message}"
        raise CheckFailedError(
            f"With {_ABOUT[question]} gradient_step raised {said}",
            "Move the arrays of model.trainable_weights, and call loss_fn as it is given.",
        )
    return found


def step_taken(run: TrainingRun, question: str) -> StepTaken:
    """The step that one call of `gradient_step` took; arguments as in `answer`.

    Raises:
        CheckFailedError: If the call raised, or left weights that are no numbers.
    """
    weights, given = answer(run, question).weights, run.given.step_weights
    if weights is None or not all(np.isfinite(array).all() for array in weights):
        raise CheckFailedError(
            "After the step the weights are not numbers any more (NaN or infinite).",
            "Compute w - learning_rate * gradient with the numbers as they come.",
        )
    if [array.shape for array in weights] != [array.shape for array in given]:
        raise CheckFailedError(
            "The step changed the shapes of the weights.",
            "Change the numbers in the model's weights, and nothing else about the model.",
        )
    return StepTaken(
        loss=_LOSSES[question],
        rate=run.given.learning_rates[question],
        before=_network(run, given),
        after=_network(run, weights),
        arrays=run.arrays,
    )


def _network(run: TrainingRun, weights: list[FloatArray]) -> Network:
    return Network(
        [array.astype(np.float64) for array in weights],
        run.given.step_x.astype(np.float64),
        run.given.step_y.astype(np.float64),
    )


def place_of(trouble: Trouble) -> str:
    """Where something was raised, in messages."""
    return f" (cell {trouble.cell}, line {trouble.line})" if trouble.cell else ""
