"""How late a submission is and what that costs: arithmetic alone, which imports nothing of ours."""

from __future__ import annotations

from autograder.lateness.clock import Unit, days_after
from autograder.lateness.penalty import LatePenalty, LateRules, late_penalty
from autograder.lateness.term import LateSubmission, late_penalties

__all__ = [
    "LatePenalty",
    "LateRules",
    "LateSubmission",
    "Unit",
    "days_after",
    "late_penalties",
    "late_penalty",
]
