"""What is made from Grades: autograded notebooks, reports, the gradebook."""

from __future__ import annotations

from autograder.outputs.autograded_notebook import autograded_notebook
from autograder.outputs.gradebook import reviews
from autograder.outputs.recorder import GradedFile, Recorder, notebook_with_verdicts, write_report

__all__ = [
    "GradedFile",
    "Recorder",
    "autograded_notebook",
    "notebook_with_verdicts",
    "reviews",
    "write_report",
]
