"""Read one student's submission: the bytes, the merged notebook, the cells to run."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import datetime

from autograder.exercises.student import Cell
from autograder.submissions.files import SubmittedFile, handed_in_at, read_once
from autograder.submissions.merging import cells_to_run, merge, merge_script, untouched_cells
from autograder.submissions.notebooks import Notebook, parse, text_of


@dataclasses.dataclass(frozen=True)
class Submission:
    """What is graded.

    Attributes:
        student: The student's id.
        sha256: Digest of the file's bytes.
        submitted_at: From `timestamp.txt` beside it, as nbgrader's collectors write; or None.
        notebook: The merged notebook, in the source version's order.
        cells: Its code cells that define something, in order.
        untouched: Names of solution cells that are as released; None for a Python file.
        notices: What was changed or ignored, in words.
    """

    student: str
    sha256: str
    submitted_at: datetime | None
    notebook: Notebook
    cells: tuple[Cell, ...]
    untouched: frozenset[str] | None
    notices: tuple[str, ...]


def read_submission(file: SubmittedFile, source: Notebook, release: Notebook) -> Submission:
    """Open a submission and merge it into the source version's order.

    Args:
        file: From `find_submissions`.
        source: The source version, nbformat 4.
        release: The release version, whose solution cells are the stubs.

    Returns:
        The submission.

    Raises:
        SubmissionError: If the file is not a notebook that can be graded, and why.
    """
    data = read_once(file.path)
    notices: tuple[str, ...] = ()
    untouched = None
    if file.path.suffix == ".py":
        merged = merge_script(text_of(data), source)
    else:
        merged, notices = merge(parse(data), source, release)
        untouched = untouched_cells(merged, release)
    return Submission(
        student=file.student,
        sha256=hashlib.sha256(data).hexdigest(),
        submitted_at=handed_in_at(file.path.with_name("timestamp.txt")),
        notebook=merged,
        cells=tuple(cells_to_run(merged)),
        untouched=untouched,
        notices=notices,
    )
