"""Grade answers to other assignments than the first one."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from courses import ROOT
from weakened import without

from autograder.course import Course
from autograder.grading import start_grader
from autograder.results import Grade, Outcome
from autograder.sandbox import FORK_SERVER
from autograder.submissions import SubmittedFile, read_notebook, read_submission


def reference_answers(name: str) -> dict[str, str]:
    """The answers of the assignment's own solution, by the name of the cell."""
    notebook = json.loads((ROOT / "solutions" / name / f"{name}.ipynb").read_text())
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def grade_answers(
    course: Course, name: str, folder: Path, answers: Mapping[str, str], *layers: str, wall: float
) -> Grade:
    """Grade the assignment's own solution with some answers replaced.

    Args:
        course: The course.
        name: The assignment.
        folder: Where the file is written.
        answers: Sources by the name of the cell.
        layers: What to leave out; see `weakened_server.py`.
        wall: `wall_seconds`.
    """
    limits = course.limits.model_copy(update={"wall_seconds": wall})
    course = course.model_copy(update={"limits": limits})
    cells = {**reference_answers(name), **answers}
    path = folder / f"{name}.py"
    path.write_text("\n".join(f"# %% {cell}\n{source}" for cell, source in cells.items()))
    source, release = (
        read_notebook(course.source_notebook(name)),
        read_notebook(course.release_notebook(name)),
    )
    arguments = without(*layers, "self-test") if layers else FORK_SERVER
    with ExitStack() as stack:
        grader = start_grader(course, course.assignment(name), stack, arguments=arguments)
        broken: list[str] = []
        grader = dataclasses.replace(grader, on_broken=lambda _, text: broken.append(text))
        submission = read_submission(SubmittedFile("ada", path), source, release)
        grade = grader.grade(submission, alone=True)
    assert broken == []
    return grade


def failed(grade: Grade) -> dict[str, str]:
    """The messages of the checks that did not pass, by name."""
    return {v.name: v.message for v in grade.checks if v.outcome is not Outcome.PASSED}
