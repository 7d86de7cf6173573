"""Start what grades: one fork server for all assignments of a command, a scorer for each."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from typing_extensions import Self

from autograder.course import (
    Assignment,
    Course,
    FixedSeeds,
    KeyedSeeds,
    SeedSource,
    course_key,
)
from autograder.errors import AutograderError
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
    find_capacity,
    require_limits,
)
from autograder.submissions import read_notebook, solution_names


def programs(course: Course, *assignments: Assignment) -> Programs:
    """What a fork server imports to grade a course.

    Args:
        course: The course, for its `preload`.
        assignments: The assignments whose exercises it loads.
    """
    return Programs(
        modules=(PROGRAM, scorer.PROGRAM),
        preload=course.preload,
        loads=tuple((PROGRAM, str(course.folder(each.name).path)) for each in assignments),
    )


class LocalSession:
    """What the assignments of one command share; a context manager, and threads may share it.

    Args:
        course: The course.
        assignments: Those that will be graded.
        unsafe: Run without a sandbox.
        workers: Submissions at a time; None finds out how many this machine has room for.
    """

    def __init__(
        self,
        course: Course,
        assignments: Sequence[Assignment],
        *,
        unsafe: bool = False,
        workers: int | None = None,
    ) -> None:
        self._course = course
        self._assignments = {assignment.name: assignment for assignment in assignments}
        self._unsafe = unsafe
        self._workers = workers
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._server: ForkServer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the fork server, and every submission that still runs."""
        self._stack.close()

    def workers(self, tell: Callable[[str], None]) -> int:
        """How many submissions run at a time.

        Args:
            tell: Called once with why there are fewer than cores, if so.
        """
        with self._lock:
            if self._workers is None:
                capacity = find_capacity(course_limits(self._course))
                self._workers = capacity.workers
                if capacity.reason:
                    tell(
                        f"Grading {capacity.workers} at a time, with {os.cpu_count()} cores: "
                        f"{capacity.reason}. --workers N sets another number."
                    )
            return self._workers

    def server(self, assignment: Assignment) -> ForkServer:
        """The running fork server; it starts when it is needed first, and again if it was ended.

        It has the exercises of all assignments; if one of them cannot be loaded, only this one's.

        Raises:
            AutograderError: As `ForkServer` does.
        """
        with self._lock:
            known = {assignment.name: assignment, **self._assignments}
            if self._server is None or not self._server.alive or known != self._assignments:
                self._assignments = known
                self._server = self._start(assignment)
            return self._server

    def _start(self, assignment: Assignment) -> ForkServer:
        try:
            server = self._fork_server(*self._assignments.values())
        except AutograderError:
            if len(self._assignments) == 1:
                raise
            self._assignments = {assignment.name: assignment}  # each by itself from now on
            server = self._fork_server(assignment)
        return self._stack.enter_context(server)

    def _fork_server(self, *assignments: Assignment) -> ForkServer:
        return ForkServer(programs(self._course, *assignments), unsafe=self._unsafe)


def course_limits(course: Course) -> Limits:
    """What one submission may use."""
    return Limits(
        wall_seconds=course.limits.wall_seconds,
        memory_mb=course.limits.memory_mb,
        processes=course.limits.processes,
    )


def select_seeds(course: Course, assignment: Assignment, *, practice_seeds: bool) -> SeedSource:
    """The seeds to grade an assignment with: the practice seeds, or those of the course key."""
    if practice_seeds:
        return FixedSeeds(course.practice_seeds)
    return KeyedSeeds(course_key(course.key_file), assignment.name)


def start_grader(  # noqa: PLR0913 - of its options, each has a default
    course: Course,
    assignment: Assignment,
    stack: ExitStack,
    *,
    unsafe: bool = False,
    practice_seeds: bool = False,
    own_memory_mb: int = OWN_MEMORY_MB,
    arguments: Sequence[str] = FORK_SERVER,
    session: LocalSession | None = None,
) -> Grader:
    """Start a scorer and, without a session that has one, a fork server; they end with `stack`.

    Args:
        course: The course.
        assignment: The assignment.
        stack: Ends what it starts.
        unsafe: Run without a sandbox.
        practice_seeds: Train with the seeds that students know.
        own_memory_mb: As in `require_limits`.
        arguments: As in `ForkServer`.
        session: Has the fork server; `unsafe` and `arguments` are its own affair.

    Returns:
        A grader.
    """
    require_limits(course_limits(course), own_memory_mb)
    seeds = select_seeds(course, assignment, practice_seeds=practice_seeds)
    if session is not None:
        server = session.server(assignment)
    else:
        own = ForkServer(programs(course, assignment), unsafe=unsafe, arguments=arguments)
        server = stack.enter_context(own)
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
