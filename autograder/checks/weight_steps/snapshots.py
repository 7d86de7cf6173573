"""The snapshots that `weight_trajectory` returned."""

from __future__ import annotations

import numpy as np

from autograder.arithmetic import FloatArray
from autograder.checks.expect import CheckFailedError, a, reached
from autograder.checks.expect.diagnosis import same_weights
from autograder.training import TrainingRun

Snapshot = list[FloatArray]
KEEP_COPIES = (
    "The snapshots changed while the model trained on: keep copies, model.get_weights(), "
    "not the live model.weights."
)


def snapshots(run: TrainingRun) -> list[Snapshot]:
    """All of them, once it is sure that each holds all of the model's arrays.

    Args:
        run: The submission's run.

    Raises:
        CheckFailedError: If `weight_trajectory` did not run, or returned something else.
    """
    reached(run, "weight_trajectory")
    seen, shapes = run.observed.trajectory, [array.shape for array in run.initial_weights]
    if not seen:
        what = "an empty list" if seen == [] else a(run.observed.trajectory_type)
        raise CheckFailedError(
            f"weight_trajectory returned {what}, not a list of snapshots.",
            "Begin with trajectory = [model.get_weights()], and return trajectory at the end.",
        )
    for number, snapshot in enumerate(seen):
        if (
            snapshot is None
            or [array.shape for array in snapshot] != shapes
            or not all(np.isfinite(array).all() for array in snapshot)
        ):
            raise CheckFailedError(
                f"Snapshot {number} is not a list of the model's {len(shapes)} arrays of numbers.",
                "Each snapshot is what model.get_weights() returns: all arrays of all layers.",
            )
    return list(seen)


def all_alike(seen: list[Snapshot]) -> bool:
    """Whether several snapshots are one and the same."""
    return len(seen) > 1 and all(same_weights(one, seen[0]) for one in seen)


def behind_the_start(run: TrainingRun, seen: list[Snapshot], epochs: int) -> list[Snapshot]:
    """The snapshots without the random start, or without what stands in its place.

    Args:
        run: The submission's run.
        seen: From `snapshots`.
        epochs: How many the training was asked for.
    """
    in_place = len(seen) == epochs + 1 or same_weights(seen[0], run.initial_weights)
    return seen[1:] if in_place else seen
