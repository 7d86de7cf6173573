"""Graders that keep running between submissions, for the watcher and for those whom it serves."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Collection, Iterator
from contextlib import ExitStack

from autograder.course import Assignment, Course, FixedSeeds, load_course
from autograder.errors import CourseError
from autograder.grading.delegation import RemoteSeeds
from autograder.grading.incremental import IncrementalGrader, Options
from autograder.grading.local import LocalGrader
from autograder.grading.provenance import grading_digest
from autograder.grading.retries import Tell
from autograder.grading.serving import Hello, Lent, Turns
from autograder.outputs import GradedFile
from autograder.submissions import SubmittedFile

_SIZE = 1_000
"""Files that a grader expects: enough that the proof of fast training pays."""
_KEPT = 2
"""Assignments whose graders keep running; each has a process with TensorFlow."""


class WatchedGrader(IncrementalGrader):
    """Grades with the practice seeds, each file in its turn.

    Args:
        course: The course.
        assignment: The assignment.
        options: How to grade.
        turns: Whose turn it is.
        stack: Ends what grades.
        tell: As in `IncrementalGrader`.

    Attributes:
        local: What grades, for others with other seeds.
    """

    local: LocalGrader

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        options: Options,
        turns: Turns,
        stack: ExitStack,
        tell: Tell,
    ) -> None:
        self._turns = turns
        options = dataclasses.replace(options, practice_seeds=True)
        super().__init__(course, assignment, options, stack, size=_SIZE, on_notice=tell)

    def grade(self, file: SubmittedFile) -> GradedFile:
        """Grade one file when its turn has come."""
        with self._turns.turn():
            return super().grade(file)

    def here(self) -> LocalGrader:
        """As in `IncrementalGrader`, and remember it."""
        self.local = super().here()
        return self.local


@dataclasses.dataclass
class _Running:
    """A grader that keeps its fork server.

    Attributes:
        grader: The grader.
        stack: Ends it.
        borrowers: How many use it.
    """

    grader: WatchedGrader
    stack: ExitStack
    borrowers: int = 0


class RunningGraders:
    """Keeps the graders of the assignments that were used last; threads may share it.

    A grader is replaced once anything that decides a mark has changed, and ends when nobody uses it
    anymore.

    Args:
        course: The course.
        assignments: Names of those that may be graded.
        options: How to grade.
        turns: Whose turn it is.
        tell: As in `IncrementalGrader`.
    """

    def __init__(
        self,
        course: Course,
        assignments: Collection[str],
        options: Options,
        turns: Turns,
        tell: Tell,
    ) -> None:
        self._root = course.root
        self._assignments = assignments
        self._options = options
        self._turns = turns
        self._tell = tell
        self._lock = threading.Lock()
        self._running: dict[str, _Running] = {}

    def close(self) -> None:
        """End all graders that nobody uses; the others end when they are given back."""
        with self._lock:
            while self._running:
                self._retire(next(iter(self._running)))

    @contextlib.contextmanager
    def lease(self, course: Course, assignment: Assignment) -> Iterator[WatchedGrader]:
        """A grader of the assignment as it is now, which is not ended meanwhile.

        Args:
            course: The course.
            assignment: The assignment.

        Raises:
            CourseError: As `IncrementalGrader` does.
        """
        digest = grading_digest(course, assignment, FixedSeeds(course.practice_seeds))
        with self._lock:
            running = self._running.get(assignment.name)
            if running is None or running.grader.course_sha256 != digest:
                running = self._start(course, assignment)
            self._running[assignment.name] = self._running.pop(assignment.name)  # used last
            running.borrowers += 1
        try:
            yield running.grader
        finally:
            with self._lock:
                running.borrowers -= 1
                if running not in self._running.values():
                    self._end_unused(running)

    @contextlib.contextmanager
    def lend(self, hello: Hello) -> Iterator[Lent]:
        """A grader for another command.

        Args:
            hello: What it wants to have graded.

        Raises:
            CourseError: If it is not watched, or the course is wrong.
        """
        if hello.assignment not in self._assignments:
            raise CourseError(f"it does not watch {hello.assignment}.")
        course = load_course(self._root)
        assignment = course.assignment(hello.assignment)
        with self.lease(course, assignment) as grader:
            digest = grading_digest(course, assignment, RemoteSeeds(hello.seeds_kind, hello.seeds))
            yield Lent(grader.local, digest)

    def _start(self, course: Course, assignment: Assignment) -> _Running:
        while assignment.name in self._running or len(self._running) >= _KEPT:
            outdated = assignment.name in self._running
            self._retire(assignment.name if outdated else next(iter(self._running)))
        stack = ExitStack()
        grader = WatchedGrader(course, assignment, self._options, self._turns, stack, self._tell)
        running = self._running[assignment.name] = _Running(grader, stack)
        return running

    def _retire(self, name: str) -> None:
        self._end_unused(self._running.pop(name))

    @staticmethod
    def _end_unused(running: _Running) -> None:
        if not running.borrowers:
            running.stack.close()
