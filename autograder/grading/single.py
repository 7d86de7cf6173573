"""Grade one file on a machine that is thrown away afterwards, such as Gradescope's."""

from __future__ import annotations

from contextlib import ExitStack

from autograder.course import Assignment, Course
from autograder.errors import UnfitMachineError
from autograder.grading.grader import Grader
from autograder.grading.incremental import IncrementalGrader, Options
from autograder.outputs import GradedFile
from autograder.results import Grade
from autograder.sandbox import OWN_MEMORY_MB, enclosing_memory_mb
from autograder.submissions import SubmittedFile

LEAST_MEMORY_MB = 768
"""The least that `limits` in `course.yml` may say; below, TensorFlow fails."""


def grade_single(
    course: Course, assignment: Assignment, file: SubmittedFile, *, unsafe: bool = False
) -> Grade:
    """Grade one file, with the memory that the container around this process allows.

    In a small container a submission may use less than the course says. What then has to be ended
    for lack of memory in the whole container has no mark.

    Args:
        course: The course.
        assignment: The assignment.
        file: The file.
        unsafe: Run without a sandbox, with the practice seeds; the course needs no solution then.

    Returns:
        Its Grade; nothing else is recorded.

    Raises:
        AutograderError: If nothing can be graded here: no sandbox, too little memory, a course that
            is wrong, or a machine on which the course's own solution fails.
    """
    options = Options(force=True, unsafe=unsafe, practice_seeds=unsafe, workers=1)
    kind = _WithoutSolution if unsafe else _InSmallContainer
    with ExitStack() as stack:
        grader = kind(_fitted(course), assignment, options, stack, size=1)
        graded = grader.grade(file)
        if graded.ended_early:
            grader.require_fit_machine()
        return graded.grade


class _InSmallContainer(IncrementalGrader):
    """Shares the container's memory with the submission, and records nothing."""

    def keep(self, file: GradedFile) -> None:
        """Leave the Grade to whoever asked for it."""

    def _start(self, own_memory_mb: int = 0) -> Grader:
        return super()._start(own_memory_mb)


class _WithoutSolution(_InSmallContainer):
    """Has no solution of the course to prove the machine with."""

    def require_fit_machine(self) -> None:
        """Take the machine as it is."""

    def _proved(self, grader: Grader) -> Grader:
        return grader


def _fitted(course: Course) -> Course:
    """The course, with no more memory for a submission than the container leaves.

    Raises:
        UnfitMachineError: If that is too little for any.
    """
    allowed = enclosing_memory_mb()
    if allowed is None:
        return course
    if allowed < LEAST_MEMORY_MB:
        raise UnfitMachineError(
            f"This container has {allowed} MB of memory, and grading needs {LEAST_MEMORY_MB}."
        )
    left = max(LEAST_MEMORY_MB, allowed - OWN_MEMORY_MB)
    memory = min(course.limits.memory_mb, left)
    limits = course.limits.model_copy(update={"memory_mb": memory})
    return course.model_copy(update={"limits": limits})
