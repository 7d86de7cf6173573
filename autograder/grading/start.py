"""Ready to grade: a warm process, and a scorer beside it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from autograder.course import Assignment, Course
from autograder.grading.grade import Grader, course_digest
from autograder.grading.scorer import Scorer
from autograder.sandbox.client import WARM, WarmProcess
from autograder.seeds import course_key, fingerprint, grading_seeds


def start_grader(
    course: Course,
    assignment: Assignment,
    stack: ExitStack,
    *,
    unsafe: bool = False,
    practice_seeds: bool = False,
    program: Sequence[str] = WARM,
) -> Grader:
    """Start a warm process and a scorer, which end with `stack`.

    Args:
        course: The course.
        assignment: The assignment.
        stack: What ends them.
        unsafe: Build no walls.
        practice_seeds: Train with the seeds that students know, to see what they saw.
        program: As in `WarmProcess`.

    Returns:
        A grader.
    """
    seeds = course.practice_seeds
    if not practice_seeds:
        seeds = grading_seeds(course_key(course.key_file), assignment.name)
    warm = stack.enter_context(WarmProcess(course.preload, unsafe=unsafe, program=program))
    scorer = stack.enter_context(Scorer(warm, course, assignment, seeds))
    return Grader(
        course=course,
        assignment=assignment,
        warm=warm,
        scorer=scorer,
        seeds={
            "kind": "practice" if practice_seeds else "grading",
            "fingerprint": fingerprint(seeds),
        },
        course_sha256=course_digest(course, assignment),
    )
