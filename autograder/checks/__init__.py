"""The vocabulary of checks: what a submission must do, in plain words.

An assignment's `grading/checks.py` has one pytest test per check. Each test reads a `TrainingRun`,
recomputes what matters from the weights, and reports what it measured. Students may read every
line; they do not have the data and the seeds.

Each expectation tests one idea. It reports what it measured, or fails with the values and one thing
to do next; the figures become the evidence. Expectations that compare with a threshold of
`course.yml` name it: `largest_step`, `loss_drop`, `accuracy`, `error_share`.

| about | expectations |
|---|---|
| `build_model` | `model_fits`, `built_for_other_sizes` |
| `compile_model` | `optimizer_descends`, `optimizer_is_sgd`, `optimizer_is_adam`, `loss_fits`, |
| | `accuracy_is_reported` |
| `train_model` and other functions that train | `history_is_honest`, `every_epoch_runs`, |
| | `loss_goes_down`, `every_weight_changes`, `held_out_accuracy`, `held_out_error` |
| what another function returned | `require_array` |

Checks with expectations of their own use `reached`, `trained`, `compiled` and `finite_weights`,
which fail if there is nothing to judge; measures such as `loss_curve` and `largest_changes`;
`format_number`, `format_numbers`, `format_apart`, `format_share`, `join_names` and `with_article`
for messages; and `CheckFailedError`.
"""

from __future__ import annotations

from autograder.checks.answers import require_array, with_article
from autograder.checks.building import built_for_other_sizes, model_fits
from autograder.checks.compiling import accuracy_is_reported, compiled, loss_fits
from autograder.checks.diagnosis import (
    NO_LEARNING_RATE,
    epochs,
    recompiled,
    same_weights,
    why_it_did_not_learn,
)
from autograder.checks.evidence import Reply, read_evidence
from autograder.checks.finding import CheckFailedError, Finding
from autograder.checks.graded_model import GradedModel, Rebuilt
from autograder.checks.measures import (
    format_apart,
    format_number,
    format_numbers,
    format_share,
    join_names,
    largest_changes,
    loss_curve,
    same_numbers,
)
from autograder.checks.optimizers import (
    optimizer_descends,
    optimizer_is_adam,
    optimizer_is_sgd,
    steps_like_adam,
    steps_like_sgd,
)
from autograder.checks.plugin import run_checks
from autograder.checks.preconditions import reached, trained
from autograder.checks.predictions import predicted_model, prediction_request
from autograder.checks.training import (
    every_epoch_runs,
    every_weight_changes,
    finite_weights,
    held_out_accuracy,
    held_out_error,
    history_is_honest,
    loss_goes_down,
)
from autograder.checks.training_run import Run, TrainingRun, training_run

__all__ = [
    "NO_LEARNING_RATE",
    "CheckFailedError",
    "Finding",
    "GradedModel",
    "Rebuilt",
    "Reply",
    "Run",
    "TrainingRun",
    "accuracy_is_reported",
    "built_for_other_sizes",
    "compiled",
    "epochs",
    "every_epoch_runs",
    "every_weight_changes",
    "finite_weights",
    "format_apart",
    "format_number",
    "format_numbers",
    "format_share",
    "held_out_accuracy",
    "held_out_error",
    "history_is_honest",
    "join_names",
    "largest_changes",
    "loss_curve",
    "loss_fits",
    "loss_goes_down",
    "model_fits",
    "optimizer_descends",
    "optimizer_is_adam",
    "optimizer_is_sgd",
    "predicted_model",
    "prediction_request",
    "reached",
    "read_evidence",
    "recompiled",
    "require_array",
    "run_checks",
    "same_numbers",
    "same_weights",
    "steps_like_adam",
    "steps_like_sgd",
    "trained",
    "training_run",
    "why_it_did_not_learn",
    "with_article",
]
