"""Start what grades one assignment: a fork server and a scorer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from autograder.course import (
    Assignment,
    Course,
    FixedSeeds,
    KeyedSeeds,
    SeedSource,
    course_key,
)
from autograder.grading import scorer
from autograder.grading.grader import PROGRAM, Grader
from autograder.grading.provenance import grading_digest
from autograder.grading.scorer import Scorer
from autograder.sandbox import (
    FORK_SERVER,
    OWN_MEMORY_MB,
    ForkServer,
    Limits,
    Programs,
    require_limits,
)
from autograder.submissions import read_notebook, solution_names


def programs(course: Course, assignment: Assignment | None = None) -> Programs:
    """What a fork server imports to grade a course.

    Args:
        course: The course, for its `preload`.
        assignment: The assignment whose exercise it loads, if any.
    """
    folder = None if assignment is None else str(course.folder(assignment.name).path)
    return Programs(
        modules=(PROGRAM, scorer.PROGRAM),
        preload=course.preload,
        loads=() if folder is None else ((PROGRAM, folder),),
    )


def select_seeds(course: Course, assignment: Assignment, *, practice_seeds: bool) -> SeedSource:
    """The seeds to grade an assignment with: the practice seeds, or those of the course key."""
    if practice_seeds:
        return FixedSeeds(course.practice_seeds)
    return KeyedSeeds(course_key(course.key_file), assignment.name)


def start_grader(
    course: Course,
    assignment: Assignment,
    stack: ExitStack,
    *,
    unsafe: bool = False,
    practice_seeds: bool = False,
    own_memory_mb: int = OWN_MEMORY_MB,
    arguments: Sequence[str] = FORK_SERVER,
) -> Grader:
    """Start a fork server and a scorer, which end with `stack`.

    Args:
        course: The course.
        assignment: The assignment.
        stack: Ends them.
        unsafe: Run without a sandbox.
        practice_seeds: Train with the seeds that students know.
        own_memory_mb: As in `require_limits`.
        arguments: As in `ForkServer`.

    Returns:
        A grader.
    """
    require_limits(
        Limits(
            wall_seconds=course.limits.wall_seconds,
            memory_mb=course.limits.memory_mb,
            processes=course.limits.processes,
        ),
        own_memory_mb,
    )
    seeds = select_seeds(course, assignment, practice_seeds=practice_seeds)
    server = stack.enter_context(
        ForkServer(programs(course, assignment), unsafe=unsafe, arguments=arguments)
    )
    return Grader(
        course=course,
        assignment=assignment,
        server=server,
        scorer=stack.enter_context(Scorer(server, course, assignment)),
        seeds=seeds,
        course_sha256=grading_digest(course, assignment, seeds),
        files=course.folder(assignment.name).released_files(),
        answers=solution_names(read_notebook(course.source_notebook(assignment.name))),
    )
