"""A session on a worker: what grades one assignment there, and when it ends."""

from __future__ import annotations

import contextlib
import resource
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import AutograderError, StoppedError, UnfitMachineError
from autograder.grading.causes import solution_cells
from autograder.grading.cluster.memory_folder import memory_folder
from autograder.grading.cluster.messages import GradeJob, NoSession, OpenSession, SessionProof
from autograder.grading.delegation import GradeDone, JobFailed, RemoteSeeds, grade_for_another
from autograder.grading.grader import Grader
from autograder.grading.local import LocalGrader
from autograder.grading.provenance import grading_digest
from autograder.grading.reference import fast_if_identical, reply_digest
from autograder.grading.session import start_grader
from autograder.outputs import GradedFile
from autograder.results import Grade
from autograder.submissions import read_notebook
from autograder.wire import Failed

IDLE_SECONDS = 600
"""A session that gets no job for so long is closed: its client may have been killed."""


class WorkerSession:
    """One assignment on one worker; threads may share it.

    Args:
        opening: What the client sent.
        on_idle: Closes it; called once it had no work for `IDLE_SECONDS`.
    """

    def __init__(self, opening: OpenSession, on_idle: Callable[[], None]) -> None:
        self._opening = opening
        self._on_idle = on_idle
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._starting = threading.Lock()
        self._closed = False
        self._graders: tuple[Course, Assignment, LocalGrader] | None = None
        self._completed = 0
        self._busy = 0
        self._idle: threading.Timer | None = None

    def close(self) -> None:
        """End the fork server and the scorer, and delete the folder in memory.

        What is being started is ended once it runs; nothing starts afterwards.
        """
        with self._lock:
            self._stop_timer()
        with self._starting:
            self._closed = True
            self._stack.close()

    def prove(self) -> SessionProof:
        """Start everything, and say how it grades.

        Raises:
            AutograderError: If this machine cannot grade.
        """
        with self._working():
            course, assignment, local = self._start()
            grader = local.grader()
            return SessionProof(
                tier=grader.server.tier,
                environment=grader.server.environment,
                course_sha256=grading_digest(
                    course,
                    assignment,
                    RemoteSeeds(self._opening.seeds_kind, self._opening.seeds),
                ),
                reply_sha256=reply_digest(grader, self._opening.solution.submission()),
            )

    def grade(self, job: GradeJob) -> GradeDone:
        """Grade one submission.

        Raises:
            UnfitMachineError: If it ended early, and the course's own solution fails too.
        """
        with self._working():
            _, _, local = self._start()
            seeds = RemoteSeeds(self._opening.seeds_kind, job.fingerprint, job.seeds)
            completed = self._completed
            grade, done = grade_for_another(
                local, job.submission, seeds, self._opening.course_sha256
            )
            self._require_fit(local, grade, completed)
            return done

    def explain(self, error: Exception) -> JobFailed | Failed | NoSession:
        """Blame the grader only on a machine on which the course's own solution gets full marks."""
        try:
            with self._working():
                self._start()[2].require_fit_machine()
        except StoppedError:
            return NoSession()
        except Exception as unfit:  # noqa: BLE001 - see the top of this module
            return failed(unfit)
        return JobFailed(traceback="".join(traceback.format_exception(error)))

    def _require_fit(self, local: LocalGrader, grade: Grade, completed: int) -> None:
        """Believe an early ending only of a machine on which others run to their end.

        Nor a `grader_error`: otherwise a machine that is broken would take one submission after
        another, because it fails so soon.
        """
        early = GradedFile(grade, None, graded=True, folder=Path()).ended_early
        if grade.score is not None and not early:
            self._completed += 1
        elif self._completed == completed:
            local.require_fit_machine()

    def _start(self) -> tuple[Course, Assignment, LocalGrader]:
        """The course in memory, and what grades it; made once."""
        with self._starting:
            self._require_open()
            if self._graders is None:
                self._graders = self._make()
            return self._graders

    def _require_open(self) -> None:
        if self._closed:
            raise StoppedError("The session was closed.")

    def _make(self) -> tuple[Course, Assignment, LocalGrader]:
        _dump_no_core()
        with ExitStack() as stack:
            root = stack.enter_context(memory_folder())
            self._opening.write(root)
            course = self._opening.course(root)
            assignment = course.assignment(self._opening.assignment)
            functions = solution_cells(read_notebook(course.source_notebook(assignment.name)))
            self._stack = stack.pop_all()
        solution = self._opening.solution.submission()

        def start() -> Grader:
            with self._starting:
                self._require_open()
                grader = start_grader(course, assignment, self._stack, practice_seeds=True)
            if grader.server.tier == "unsafe":
                raise UnfitMachineError("It has no sandbox.")
            return fast_if_identical(grader, solution)

        return course, assignment, LocalGrader(start, lambda: solution, functions)

    @contextlib.contextmanager
    def _working(self) -> Iterator[None]:
        """Do not count as idle meanwhile; afterwards, count the seconds without work."""
        with self._lock:
            self._busy += 1
            self._stop_timer()
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                if not (self._busy or self._closed):
                    self._idle = threading.Timer(IDLE_SECONDS, self._expire)
                    self._idle.daemon = True
                    self._idle.start()

    def _stop_timer(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _expire(self) -> None:
        if not self._busy:  # a job that begins now is told that there is no session
            self._on_idle()


def _dump_no_core() -> None:
    """Let no process of this one write its memory to disk when it crashes."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def failed(error: Exception) -> Failed:
    """Why this machine must grade nothing, for the client alone."""
    if isinstance(error, AutograderError):
        return Failed(error=error.message, tip=error.tip)
    if isinstance(error, OSError):
        return Failed(
            error=f"{error.filename or 'a file'} cannot be used there: {error.strerror}",
            tip="Free space and memory on it, and start its worker again.",
        )
    return Failed(error=f"it failed with {type(error).__name__}: {error}")
