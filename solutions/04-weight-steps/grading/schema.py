"""What the functions of 04-weight-steps get, and what is observed of them."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from autograder.exercises import (
    Observation,
    StudentError,
    Training,
    TrainingGiven,
    TrainingObserved,
)

PLAIN_STEP, OTHER_LOSS_STEP, FROZEN_STEP = "squared error", "other loss", "frozen first layer"
"""The three steps that `gradient_step` is asked for."""
STEPS = (PLAIN_STEP, OTHER_LOSS_STEP, FROZEN_STEP)
OPTIMIZERS = ("sgd", "momentum", "adam")
FEW_SAMPLES, FEW_EPOCHS = 96, 4
"""Data for `weight_trajectory` and the frozen layer: three batches of 32 per epoch, so that one
cannot mistake batches for epochs."""


class Given(TrainingGiven):
    """What the student's functions get.

    Attributes:
        initial_weights: Kernel and bias of each layer, as `get_weights` returns them.
        step_weights: Other weights of the same shapes, also for the biases, to take one step from.
        step_x: Features for one step, shape (64, 2), float32.
        step_y: Answers for one step, shape (64, 1), float32.
        learning_rates: The learning rate of each step in `STEPS`.
    """

    initial_weights: list[np.ndarray]
    step_weights: list[np.ndarray]
    step_x: np.ndarray
    step_y: np.ndarray
    learning_rates: dict[str, float]


class Step(Observation):
    """What one call of `gradient_step` did.

    Attributes:
        returned: Class name of what it returned.
        loss: That value, if it is a finite number.
        weights: The model's weights after the step; None if not finite.
        called_loss: Whether it called the other loss function, where it was given that one.
    """

    returned: str
    loss: float | None
    weights: list[np.ndarray] | None
    called_loss: bool = False


class Observed(TrainingObserved):
    """What `perform` observes; see `TrainingObserved`.

    Attributes:
        steps: What `gradient_step` did, by the step's name; without calls that raised.
        step_errors: What such calls raised, if not all of them raised.
        trajectory_type: Class name of what `weight_trajectory` returned.
        trajectory: The snapshots that it returned, read after the weights have changed; None for
            one that is not a list of arrays.
        trajectory_training: What it did to the model.
        trajectory_compiled: Whether it compiled the model again.
        trainings: What `train_with` did, by the optimizer's name; without calls that raised.
        training_errors: What such calls raised, if not all of them raised.
        optimizer_steps: Two steps of each compiled optimizer, with `FIRST_GRADIENT` and
            `SECOND_GRADIENT`, shape (2, 4); None if it cannot take them.
        frozen: What a training did after `freeze_first_layer`.
        frozen_other: Whether that function returned another model than it was given.
    """

    steps: dict[str, Step] = Field(default_factory=dict)
    step_errors: dict[str, StudentError] = Field(default_factory=dict)
    trajectory_type: str = ""
    trajectory: list[list[np.ndarray] | None] | None = None
    trajectory_training: Training | None = None
    trajectory_compiled: bool = False
    trainings: dict[str, Training] = Field(default_factory=dict)
    training_errors: dict[str, StudentError] = Field(default_factory=dict)
    optimizer_steps: dict[str, np.ndarray | None] = Field(default_factory=dict)
    frozen: Training | None = None
    frozen_other: bool = False
