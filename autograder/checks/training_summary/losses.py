"""The training loss of many lists of weights at once."""

from __future__ import annotations

import math

import numpy as np

from autograder.checks.graded_model import Rebuilt
from autograder.checks.training_run import Run
from autograder.exercises import FloatArray

_AT_ONCE = 2**22
"""The most numbers of weights, and of outputs, that are in memory at once."""


def work_of(model: Rebuilt, samples: int) -> int:
    """About how many multiplications one loss takes, and how many numbers are copied for it."""
    return samples * model.operations + model.parameters


def losses_of(run: Run, model: Rebuilt, points: FloatArray, every: int = 1) -> list[float]:
    """The loss of each of many points on the training data, as `Run.training_loss` gives of one.

    Args:
        run: The training run.
        model: Its model.
        points: The weights as rows, shape (points, parameters), float32; anything.
        every: Takes every n-th sample.

    Returns:
        One loss per point; it may be NaN or infinite.

    Raises:
        ValueError: If the model outputs too few numbers.
    """
    x, y = run.given.x[::every], run.given.y[::every]
    needed = run.given.probe.outputs.shape[1]
    width = max(model.parameters, len(x) * math.prod(model.output_shape))
    step = max(1, _AT_ONCE // max(1, width))
    losses: list[float] = []
    with np.errstate(all="ignore"):  # weights far away overflow, which the losses show
        for first in range(0, len(points), step):
            outputs = model.outputs_of_each(points[first : first + step], x)
            if outputs.ndim != 3 or outputs.shape[2] < needed:  # noqa: PLR2004 - points, samples
                raise ValueError(f"outputs of shape {outputs.shape}")
            losses += [float(run.objective.loss(rows, y)) for rows in outputs]
    return losses
