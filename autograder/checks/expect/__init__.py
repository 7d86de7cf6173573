"""The vocabulary that checks are written in: what is expected of a submission, in plain words.

Each expectation holds a training run against one idea. It says what it found, or fails with the
values and one thing to do next; the figures go into the finding. Those that compare with a
threshold of `course.yml` name it: `largest_step`, `history_gap`, `loss_drop`, `accuracy`,
`error_share`.

| about | expectations |
|---|---|
| `build_model` | `model_fits`, `built_for_other_sizes` |
| `compile_model` | `optimizer_descends`, `optimizer_is_sgd`, `optimizer_is_adam`, `loss_fits`, |
| | `accuracy_is_reported` |
| `train_model`, and others that train | `history_is_honest`, `every_epoch_runs`, |
| | `loss_goes_down`, `every_weight_changes`, `held_out_accuracy`, `held_out_error` |
| what another function returned | `an_array` |

For checks that need words of their own: `reached`, `trained`, `finite_weights`, `compiled`,
`CheckFailedError`, and the measures of `expect.measures`.
"""

from __future__ import annotations

from autograder.checks.expect.answers import a, an_array
from autograder.checks.expect.compiling import (
    accuracy_is_reported,
    built_for_other_sizes,
    compiled,
    loss_fits,
    model_fits,
    optimizer_descends,
    optimizer_is_adam,
    optimizer_is_sgd,
    steps_like_adam,
    steps_like_sgd,
)
from autograder.checks.expect.finding import MEASURED, CheckFailedError, Finding
from autograder.checks.expect.measures import (
    history_gap,
    largest_changes,
    listed,
    loss_curve,
    same_numbers,
    shown,
)
from autograder.checks.expect.reached import reached, trained
from autograder.checks.expect.training import (
    every_epoch_runs,
    every_weight_changes,
    finite_weights,
    held_out_accuracy,
    held_out_error,
    history_is_honest,
    loss_goes_down,
)

__all__ = [
    "MEASURED",
    "CheckFailedError",
    "Finding",
    "a",
    "accuracy_is_reported",
    "an_array",
    "built_for_other_sizes",
    "compiled",
    "every_epoch_runs",
    "every_weight_changes",
    "finite_weights",
    "held_out_accuracy",
    "held_out_error",
    "history_gap",
    "history_is_honest",
    "largest_changes",
    "listed",
    "loss_curve",
    "loss_fits",
    "loss_goes_down",
    "model_fits",
    "optimizer_descends",
    "optimizer_is_adam",
    "optimizer_is_sgd",
    "reached",
    "same_numbers",
    "shown",
    "steps_like_adam",
    "steps_like_sgd",
    "trained",
]
