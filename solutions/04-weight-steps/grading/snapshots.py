"""The snapshots that `weight_trajectory` returned."""

from __future__ import annotations

import numpy as np

from autograder.checks import CheckFailedError, TrainingRun, reached, same_weights, with_article
from autograder.exercises import FloatArray

from .schema import Given, Observed

Run = TrainingRun[Given, Observed]
Snapshot = list[FloatArray]
KEEP_COPIES = (
    "The snapshots changed while training continued: keep copies, `model.get_weights()`, "
    "not the live `model.weights`."
)


def require_snapshots(run: Run) -> list[Snapshot]:
    """All snapshots, once it is certain that each has all of the model's arrays.

    Args:
        run: The training run.

    Raises:
        CheckFailedError: If `weight_trajectory` did not run, or returned something else.
    """
    reached(run, "weight_trajectory")
    trajectory, shapes = run.observed.trajectory, [array.shape for array in run.initial_weights]
    if not trajectory:
        empty = trajectory is not None
        returned = "an empty list" if empty else with_article(run.observed.trajectory_type)
        raise CheckFailedError(
            f"`weight_trajectory` returned {returned}, not a list of snapshots.",
            "Begin with `trajectory = [model.get_weights()]`, and `return trajectory` at the end.",
        )
    snapshots = []
    for number, snapshot in enumerate(trajectory):
        if (
            snapshot is None
            or [array.shape for array in snapshot] != shapes
            or not all(np.isfinite(array).all() for array in snapshot)
        ):
            raise CheckFailedError(
                f"Snapshot {number} is not a list of the model's {len(shapes)} arrays of numbers.",
                "Each snapshot is what `model.get_weights()` returns: all arrays of all layers.",
            )
        snapshots.append(snapshot)
    return snapshots


def all_equal(snapshots: list[Snapshot]) -> bool:
    """Whether there are several snapshots, all of the same weights."""
    return len(snapshots) > 1 and all(same_weights(one, snapshots[0]) for one in snapshots)


def after_start(run: Run, snapshots: list[Snapshot], epochs: int) -> list[Snapshot]:
    """The snapshots without the initial weights, or without what is in their place.

    Args:
        run: The training run.
        snapshots: From `require_snapshots`.
        epochs: How many epochs the training was asked for.
    """
    has_start = len(snapshots) == epochs + 1 or same_weights(snapshots[0], run.initial_weights)
    return snapshots[1:] if has_start else snapshots
