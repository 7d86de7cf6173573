"""What is made from Grades: autograded notebooks, reports, the gradebook."""

from __future__ import annotations

from autograder.outputs.autograded_notebook import autograded_notebook
from autograder.outputs.gradebook import (
    CourseLatePolicy,
    GradebookLocation,
    PenaltyUpdate,
    ReviewReader,
    each_review,
    find_gradebook,
    reviews,
    update_late_penalties,
    write_due_dates,
)
from autograder.outputs.history import History
from autograder.outputs.marks import Mark, MarkStatus, format_points, mark_of, no_mark
from autograder.outputs.recorder import (
    GradedFile,
    Recorded,
    Recorder,
    copy_receipts,
    notebook_with_verdicts,
    write_report,
)
from autograder.outputs.totals import Total, totals

__all__ = [
    "CourseLatePolicy",
    "GradebookLocation",
    "GradedFile",
    "History",
    "Mark",
    "MarkStatus",
    "PenaltyUpdate",
    "Recorded",
    "Recorder",
    "ReviewReader",
    "Total",
    "autograded_notebook",
    "copy_receipts",
    "each_review",
    "find_gradebook",
    "format_points",
    "mark_of",
    "no_mark",
    "notebook_with_verdicts",
    "reviews",
    "totals",
    "update_late_penalties",
    "write_due_dates",
    "write_report",
]
