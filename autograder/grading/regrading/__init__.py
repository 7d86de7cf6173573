"""Grade a class again apart from its Grades, show what would change, and apply exactly that."""

from __future__ import annotations

from autograder.grading.regrading.apply import Applied, apply_plan, stale_students
from autograder.grading.regrading.compare import (
    Comparison,
    compare,
    comparisons_as_csv,
    moves_text,
)
from autograder.grading.regrading.plan import make_plan
from autograder.grading.regrading.staging import Plan, Staging

__all__ = [
    "Applied",
    "Comparison",
    "Plan",
    "Staging",
    "apply_plan",
    "compare",
    "comparisons_as_csv",
    "make_plan",
    "moves_text",
    "stale_students",
]
