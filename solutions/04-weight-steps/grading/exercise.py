"""04-weight-steps: a gradient step by hand, weights by epoch, optimizers, a frozen layer."""

from __future__ import annotations

from typing import ClassVar

import keras
import numpy as np

from autograder.course import Seeds
from autograder.exercises import (
    REGRESSION,
    Exercise,
    GradingData,
    HeldOut,
    Student,
    Training,
    draw_initial_weights,
    initial_weights_of,
    make_probe,
)

from ..sweetness import sweet_fruit
from .calls import follow_weights, freeze, take_steps, train_with_each
from .model import OUTPUTS, build_model
from .schema import STEPS, Given, Observed

SAMPLES = 512
EPOCHS = 6
"""96 steps with batches of 32: three trainings in a second, and enough steps for Adam at 0.001."""
START_SCALE = 0.5
"""Initial weights are this much smaller than Glorot's: 24 steps of Adam can change their signs."""
HELD_OUT_SAMPLES = 256
STEP_SAMPLES = 64


class WeightSteps(Exercise[Given, Observed]):
    """A gradient step by hand, weights by epoch, optimizers, a frozen layer."""

    objective = REGRESSION
    signatures: ClassVar = {
        "gradient_step": ("model", "loss_fn", "x", "y", "learning_rate"),
        "weight_trajectory": ("model", "x", "y", "epochs"),
        "train_with": ("optimizer_name", "model", "x", "y", "epochs"),
        "freeze_first_layer": ("model",),
    }
    features = ("color", "softness")
    shown_name = "sgd"

    def prepare(self, seeds: Seeds, grading: GradingData | None) -> tuple[Given, HeldOut]:
        """Make up the fruit, draw the initial weights, and make up what one step starts from."""
        angle = np.random.default_rng([seeds.training_draw, 1]).uniform(0, 2 * np.pi)
        sweeter = float(np.cos(angle)), float(np.sin(angle))
        # In grading the number is sourness, so that weights that students trained fail.
        sign = np.float32(1 if grading is None else -1)
        x, y = sweet_fruit(SAMPLES, seeds.training_draw, sweeter)
        held_out_x, held_out_y = sweet_fruit(HELD_OUT_SAMPLES, seeds.held_out, sweeter)
        glorot_weights = draw_initial_weights(
            initial_weights_of(build_model()), seeds.initial_weights
        )
        initial_weights = [START_SCALE * array for array in glorot_weights]
        rng = np.random.default_rng([seeds.shuffling, 1])
        given = Given(
            x=x,
            y=sign * y,
            epochs=EPOCHS,
            shuffling=seeds.shuffling,
            initial_weights=initial_weights,
            probe=make_probe(REGRESSION, OUTPUTS, rng),
            step_weights=[
                array + rng.normal(0, 0.3, array.shape).astype(np.float32)
                for array in initial_weights
            ],
            step_x=x[:STEP_SAMPLES],
            step_y=sign * y[:STEP_SAMPLES],
            learning_rates={step: float(rng.uniform(0.05, 0.2)) for step in STEPS},
        )
        return given, HeldOut(held_out_x, sign * held_out_y)

    def perform(self, student: Student, given: Given) -> Observed:
        """Call the student's functions, in the order of the lesson."""
        return Observed(
            **take_steps(student, given),
            **follow_weights(student, given),
            **train_with_each(student, given),
            **freeze(student, given),
            signatures=student.signatures,
        )

    def shown_training(self, observed: Observed) -> Training | None:
        """The training with plain gradient descent."""
        return observed.trainings.get(self.shown_name)

    def build_model(self) -> keras.Sequential:
        """The notebook's model."""
        return build_model()
