"""A digest of everything that decides a mark besides the submission.

It is computed, not listed: the assignment's folder, and whatever our programs for running and
checking a submission import.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder import __version__
from autograder.course import Assignment, AssignmentFolder, Course, SeedSource
from autograder.grading.import_closure import (
    defining_modules,
    find_dependencies,
    imported_names,
)

_ROOTS = (
    "autograder.grading.session",
    "autograder.grading.grader",
    "autograder.grading.causes",
    "autograder.sandbox.fork_server",
    "autograder.exercises.run_submission",
    "autograder.checks.scoring",
)
_VERDICT_ROOTS = (
    "autograder.exercises.run_submission",
    "autograder.checks.scoring",
    "autograder.course.KeyedSeeds",
)
_NO_VERDICT = (
    "checks/advice.py",  # what to do about an exception
    "checks/training_summary/",  # what reports say of a training, after the verdicts
    "course/descriptions.py",  # the checks' titles
    "course/folder.py",  # where files are; their content counts
    "course/late_policy.py",
    "course/models.py",  # what course.yml may hold; what of it decides counts
    "course/problems.py",
    "errors.py",
    "exercises/fast_fit.py",  # proved to change no bit whenever a grader starts
    "lateness/",
    "results/",  # how verdicts are stored
    "sandbox/",  # where it runs; the limits are part of the course
    "wire/channel.py",
)
"""What the programs that run and check submissions import, and what decides no verdict."""
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
    settings = {"limits", "practice_seeds", "preload", "follow_through"}
    digest = hashlib.sha256(course.model_dump_json(include=settings).encode())
    digest.update(assignment.model_dump_json(include={"name", "checks", "thresholds"}).encode())
    digest.update(seeds.fingerprint().encode())
    folder = course.folder(assignment.name)
    for path in [*grading_code(folder), *assignment_files(folder)]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def grading_parts(course: Course, assignment: Assignment, seeds: SeedSource) -> dict[str, str]:
    """What `grading_digest` is made of, by name, so that a history can say what changed.

    Args:
        course: The course.
        assignment: The assignment.
        seeds: The seeds to grade with.

    Returns:
        Numbers as text, and SHA-256 in hexadecimal of files and of our own code.
    """
    folder = course.folder(assignment.name)
    code = hashlib.sha256()
    for path in grading_code(folder):
        code.update(path.read_bytes())
    practice = course.practice_seeds.model_dump_json().encode()
    return {
        **{f"points for {name}": f"{points:g}" for name, points in assignment.checks.items()},
        **{f"threshold {name}": f"{value:g}" for name, value in assignment.thresholds.items()},
        **{f"limit {name}": f"{value:g}" for name, value in course.limits.model_dump().items()},
        **{
            str(path.relative_to(folder.path)): _sha256(path.read_bytes())
            for path in assignment_files(folder)
        },
        "the practice seeds": _sha256(practice),
        "the preloaded modules": ", ".join(course.preload) or "none",
        "the seeds' key": seeds.fingerprint(),
        "the grader's version": __version__,
        "the grader's own code": code.hexdigest(),
    }


def grading_code(folder: AssignmentFolder) -> list[Path]:
    """Modules of this package that run and check an assignment's submissions, sorted.

    Packages that only re-export names are left out: their other exports decide nothing here.
    """
    return defining_modules(_PACKAGE, [*_ROOTS, *_names_imported(folder)])


def verdict_code(folder: AssignmentFolder) -> list[Path]:
    """Those of `grading_code` that decide which checks pass, sorted.

    Left out are those that decide how a submission is run, stored and described, and when a run
    counts as a failure of the machine.
    """
    paths = defining_modules(_PACKAGE, [*_VERDICT_ROOTS, *_names_imported(folder)])
    return [path for path in paths if not _name(path).startswith(_NO_VERDICT)]


def _name(path: Path) -> str:
    return path.relative_to(_PACKAGE).as_posix()


def _names_imported(folder: AssignmentFolder) -> list[str]:
    """What an assignment's exercise and checks import."""
    return [
        name
        for path in assignment_modules(folder)
        for name in imported_names(path.read_text("utf-8"), folder.name + ".grading")
    ]


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


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
