"""Where submissions are graded: the interface, and this machine as one such place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from autograder.grading.causes import with_causes
from autograder.grading.grader import Grader
from autograder.grading.reference import require_full_marks
from autograder.grading.shared_lock import SharedLock
from autograder.grading.summaries import with_training
from autograder.results import Grade
from autograder.submissions import Cell, Submission


class Place(Protocol):
    """Where submissions of one assignment are graded; threads may share it."""

    def grade(self, submission: Submission) -> Grade:
        """Grade one submission; `grader_error` if the grader or a machine failed twice."""

    def require_fit_machine(self) -> None:
        """Make sure that what ended early was not ended by its machine.

        Raises:
            UnfitMachineError: If the course's own solution does not get full marks there.
        """


class LocalGrader:
    """Grades on this machine; see `Place`.

    What the machine or the grader fails is graded once more, alone, before it counts as failed. A
    fork server that was ended is started again.

    Args:
        start: Starts a grader whose machine is proved to be fit.
        solution: Reads the course's own solution, as a submission.
        functions: From `solution_cells`.
    """

    def __init__(
        self,
        start: Callable[[], Grader],
        solution: Callable[[], Submission],
        functions: Mapping[str, Cell],
    ) -> None:
        self._start = start
        self._solution = solution
        self._functions = functions
        self._lock = threading.Lock()
        self._runs = SharedLock()
        self._running: Grader | None = None

    def grader(self) -> Grader:
        """The running grader; starts it for the first submission, and again if it was ended."""
        with self._lock:
            if self._running is None or not self._running.server.alive:
                self._running = self._start()
            return self._running

    def grade(
        self,
        submission: Submission,
        adapt: Callable[[Grader], Grader] = lambda grader: grader,
        *,
        explained: bool = True,
    ) -> Grade:
        """Grade one submission.

        Args:
            submission: The submission.
            adapt: What to change of the grader for this submission, such as its seeds.
            explained: Whether to look for causes, and to describe the training.
        """
        run = self._explained if explained else Grader.grade
        grader = adapt(self.grader())
        with self._runs.shared():
            grade = run(grader, submission)
        if grade.score is None:
            grader = adapt(self.grader())
            with self._runs.exclusive():
                grade = run(grader, submission, alone=True)
        return grade

    def _explained(self, grader: Grader, submission: Submission, *, alone: bool = False) -> Grade:
        """Grade a submission, find the causes of what failed, and describe the training."""
        graded = grader.grade_and_keep(submission, alone=alone)
        cpu = graded.cpu_seconds
        grade = with_causes(grader, submission, graded.grade, self._functions, cpu)
        if graded.trained is None:
            return grade
        return with_training(grader, graded.trained, grade, self._functions, self._solution, cpu)

    def require_fit_machine(self) -> None:
        """Grade the course's own solution, which must get full marks."""
        grader = self.grader()
        with self._runs.exclusive():
            require_full_marks(grader, self._solution())
