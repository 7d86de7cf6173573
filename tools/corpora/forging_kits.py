"""Grade the hostile submissions that make up what they should have trained."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

from courses import NAME, copy_course
from hostile_class import EXPECTED, hostile_file, told

from autograder.grading import fast_if_identical, start_grader
from autograder.submissions import SubmittedFile, read_notebook, read_submission

ROWS = ("09-", "11-", "12-", "19-forged", "53-", "54-")
"""The threats of docs/security.md whose aim is points without a training."""


def measured() -> bytes:
    """Grade each of them once, and say what it earned and why it is flagged: JSON."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        course = copy_course(Path(folder) / "course")
        source = read_notebook(course.source_notebook(NAME))
        release = read_notebook(course.release_notebook(NAME))
        grader = start_grader(course, course.assignment(NAME), stack)
        solution = SubmittedFile("solution", course.source_notebook(NAME))
        grader = fast_if_identical(grader, read_submission(solution, source, release))
        for row in EXPECTED:
            if row.startswith(ROWS):
                path = hostile_file(row, Path(folder) / row, told(course.root))
                grade = grader.grade(read_submission(SubmittedFile(row, path), source, release))
                share = round((grade.score or 0) / grade.max_score, 3)
                rows.append({"name": row, "score": share, "flags": list(grade.flags)})
    return (json.dumps(rows, indent=1) + "\n").encode()
