"""How often right answers fail, and wrong ones pass: what the trials of the corpus say."""

from __future__ import annotations

from autograder.authoring.fairness.assess import Count, Fairness, Unknown, assess, pool
from autograder.authoring.fairness.leave_out import (
    LeftOut,
    failed,
    families,
    leave_misconceptions_out,
    leave_styles_out,
    passed,
    wrong_values,
)
from autograder.authoring.fairness.margins import (
    Chance,
    Halves,
    Margin,
    chance_to_miss,
    foretell_halves,
    margins,
)
from autograder.authoring.fairness.mean_bound import mean_at_most
from autograder.authoring.fairness.older_runs import leave_calibrated_styles_out
from autograder.authoring.fairness.picture import draw_margins
from autograder.authoring.fairness.tails import CONFIDENCE, Tail, fit_tail, tail_runs

__all__ = [
    "CONFIDENCE",
    "Chance",
    "Count",
    "Fairness",
    "Halves",
    "LeftOut",
    "Margin",
    "Tail",
    "Unknown",
    "assess",
    "chance_to_miss",
    "draw_margins",
    "failed",
    "families",
    "fit_tail",
    "foretell_halves",
    "leave_calibrated_styles_out",
    "leave_misconceptions_out",
    "leave_styles_out",
    "margins",
    "mean_at_most",
    "passed",
    "pool",
    "tail_runs",
    "wrong_values",
]
