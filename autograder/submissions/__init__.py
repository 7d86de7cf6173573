"""Read what students handed in, and put it into the source version's order."""

from autograder.submissions.files import SubmittedFile, find_submissions
from autograder.submissions.merging import merge
from autograder.submissions.notebooks import (
    Notebook,
    NotebookCell,
    grade_id,
    is_solution,
    points,
    read_notebook,
)
from autograder.submissions.reading import Submission, read_submission

__all__ = [
    "Notebook",
    "NotebookCell",
    "Submission",
    "SubmittedFile",
    "find_submissions",
    "grade_id",
    "is_solution",
    "merge",
    "points",
    "read_notebook",
    "read_submission",
]
