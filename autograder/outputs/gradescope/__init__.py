"""What Gradescope's autograder platform gives us, and what it takes: metadata and results."""

from __future__ import annotations

from autograder.outputs.gradescope.metadata import Earlier, SubmissionMetadata, read_metadata
from autograder.outputs.gradescope.results import grade_as_results, refusal_as_results

__all__ = [
    "Earlier",
    "SubmissionMetadata",
    "grade_as_results",
    "read_metadata",
    "refusal_as_results",
]
