"""A digest of everything that decides a mark besides the submission.

It is computed, not listed: the assignment's folder, and whatever our programs for running and
checking a submission import.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.course import Assignment, AssignmentFolder, Course, SeedSource
from autograder.grading.import_closure import (
    defining_modules,
    find_dependencies,
    imported_names,
)

_ROOTS = (
    "autograder.grading.session",
    "autograder.grading.grader",
    "autograder.sandbox.fork_server",
    "autograder.exercises.run_submission",
    "autograder.checks.scoring",
)
_PACKAGE = Path(__file__).parents[1]


def grading_digest(course: Course, assignment: Assignment, seeds: SeedSource) -> str:
    """Digest of everything that decides a mark besides the submission.

    Args:
        course: The course.
        assignment: The assignment.
        seeds: The seeds to grade with.

    Returns:
        SHA-256 in hexadecimal of limits, rubric, seeds, the assignment's folder and our own code.
    """
    settings = {"limits", "practice_seeds", "preload"}
    digest = hashlib.sha256(course.model_dump_json(include=settings).encode())
    digest.update(assignment.model_dump_json(include={"name", "checks", "thresholds"}).encode())
    digest.update(seeds.fingerprint().encode())
    folder = course.folder(assignment.name)
    for path in [*grading_code(folder), *assignment_files(folder)]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def grading_code(folder: AssignmentFolder) -> list[Path]:
    """Modules of this package that run and check an assignment's submissions, sorted.

    Packages that only re-export names are left out: their other exports decide nothing here.
    """
    names = [
        name
        for path in assignment_modules(folder)
        for name in imported_names(path.read_text("utf-8"), folder.name + ".grading")
    ]
    return defining_modules(_PACKAGE, [*_ROOTS, *names])


def assignment_modules(folder: AssignmentFolder) -> list[Path]:
    """An assignment's exercise and checks, with the modules of its folder that they import; sorted.

    Students may read them, because their `check` runs them too.
    """
    names = [f"{folder.name}.{folder.grading.name}.{name}" for name in ("exercise", "checks")]
    return [folder.path.parent / path for path in find_dependencies(folder.path, names).files]


def assignment_files(folder: AssignmentFolder) -> list[Path]:
    """Files of an assignment's folder that decide a mark: no evidence, corpus or unused modules."""
    modules = set(assignment_modules(folder))
    return [path for path in folder.grading_paths() if path.suffix != ".py" or path in modules]
