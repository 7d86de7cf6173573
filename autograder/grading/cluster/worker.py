"""What runs on a worker of a cluster: sessions, each of which grades one assignment.

Dask calls `open_session`, `grade_job` and `close_session`, and carries their bytes. They never
raise: Dask would log their arguments, which are secret, to the worker's disk.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import resource
import threading
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from autograder import __version__
from autograder.course import Assignment, Course, Seeds
from autograder.errors import (
    AutograderError,
    CourseError,
    SandboxUnavailableError,
    StoppedError,
    UnfitMachineError,
)
from autograder.grading.causes import solution_cells
from autograder.grading.cluster.memory_folder import memory_folder
from autograder.grading.cluster.messages import (
    GradeDone,
    GradeJob,
    JobFailed,
    NoSession,
    OpenSession,
    SessionProof,
)
from autograder.grading.grader import Grader
from autograder.grading.local import LocalGrader
from autograder.grading.provenance import grading_digest
from autograder.grading.reference import fast_if_identical, reply_digest
from autograder.grading.session import start_grader
from autograder.outputs import GradedFile
from autograder.results import Grade
from autograder.submissions import read_notebook
from autograder.wire import Failed, unpack

IDLE_SECONDS = 600
"""A session that gets no job for so long is closed: its client may have been killed."""

_UNFIT = (CourseError, SandboxUnavailableError, UnfitMachineError)

_sessions: dict[str, Session] = {}
_lock = threading.Lock()


def open_session(version: str, packed: bytes) -> bytes:
    """Open a session, unless it is open, and prove that it grades as the client does.

    Args:
        version: The client's version of this package.
        packed: An `OpenSession`; read only if the versions are equal.

    Returns:
        `SessionProof`, or `Failed`.
    """
    try:
        if version != __version__:
            return Failed(
                error=f"it has autograder {__version__}, and the client has {version}",
                tip="Install the same version on every machine.",
            ).pack()
        opening = unpack(packed, OpenSession)
        with _lock:
            session = _sessions.get(opening.session)
            if session is None:
                session = _sessions[opening.session] = Session(opening)
        return session.prove().pack()
    except AutograderError as error:
        return Failed(error=error.message, tip=error.tip).pack()
    except Exception as error:  # noqa: BLE001 - see the top of this module
        return Failed(error=f"it failed with {type(error).__name__}").pack()


def grade_job(session: str, packed: bytes) -> bytes:
    """Grade one submission.

    Args:
        session: The session's name.
        packed: A `GradeJob`.

    Returns:
        `GradeDone`; `JobFailed`, if the grader failed on it; `NoSession`; or `Failed`, if this
        machine must grade nothing more.
    """
    try:
        opened = _sessions.get(session)
        if opened is None:
            return NoSession().pack()
        return opened.grade(unpack(packed, GradeJob)).pack()
    except StoppedError:  # the session was closed meanwhile
        return NoSession().pack()
    except _UNFIT as error:
        return Failed(error=error.message, tip=error.tip).pack()
    except Exception as error:  # noqa: BLE001 - see the top of this module
        return JobFailed(traceback="".join(traceback.format_exception(error))).pack()


def close_session(session: str) -> None:
    """End a session, with everything that it holds."""
    with _lock:
        opened = _sessions.pop(session, None)
    if opened is not None:
        opened.close()


def _close_all() -> None:
    for session in list(_sessions):
        close_session(session)


atexit.register(_close_all)


@dataclasses.dataclass(frozen=True)
class JobSeeds:
    """The seeds of one submission, which the client derived; see `SeedSource`.

    Attributes:
        kind: What they are for.
        digits: Their fingerprint.
        of_job: The seeds; None where only the fingerprint is known.
    """

    kind: str
    digits: str
    of_job: Seeds | None = None

    def seeds(self, submission: str) -> Seeds:  # noqa: ARG002, D102 - one submission only
        if self.of_job is None:
            raise LookupError("no seeds came with the session")
        return self.of_job

    def fingerprint(self, submission: str = "") -> str:  # noqa: ARG002, D102 - as above
        return self.digits


class Session:
    """One assignment on one worker; threads may share it.

    Args:
        opening: What the client sent.
    """

    def __init__(self, opening: OpenSession) -> None:
        self._opening = opening
        self._stack = ExitStack()
        self._starting = threading.Lock()
        self._graders: tuple[Course, Assignment, LocalGrader] | None = None
        self._completed = 0
        self._busy = 0
        self._idle: threading.Timer | None = None
        self._rest()

    def close(self) -> None:
        """End the fork server and the scorer, and delete the folder in memory."""
        if self._idle is not None:
            self._idle.cancel()
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
                    JobSeeds(self._opening.seeds_kind, self._opening.seeds),
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
            seeds = JobSeeds(self._opening.seeds_kind, job.fingerprint, job.seeds)
            broken: list[str] = []

            def adapt(grader: Grader) -> Grader:
                return dataclasses.replace(
                    grader,
                    seeds=seeds,
                    course_sha256=self._opening.course_sha256,
                    on_broken=lambda _student, text: broken.append(text),
                )

            completed = self._completed
            grade = local.grade(job.submission.submission(), adapt)
            self._require_fit(local, grade, completed)
            return GradeDone(grade=grade.model_dump_json(), broken=tuple(broken))

    def _require_fit(self, local: LocalGrader, grade: Grade, completed: int) -> None:
        """Believe an early ending only of a machine on which others run to their end."""
        if grade.score is None:
            return
        if not GradedFile(grade, None, graded=True, folder=Path()).ended_early:
            self._completed += 1
        elif self._completed == completed:
            local.require_fit_machine()

    def _start(self) -> tuple[Course, Assignment, LocalGrader]:
        """The course in memory, and what grades it; made once."""
        with self._starting:
            if self._graders is None:
                self._graders = self._make()
            return self._graders

    def _make(self) -> tuple[Course, Assignment, LocalGrader]:
        _dump_no_core()
        root = self._stack.enter_context(memory_folder())
        self._opening.write(root)
        course = self._opening.course(root)
        assignment = course.assignment(self._opening.assignment)
        solution = self._opening.solution.submission()

        def start() -> Grader:
            grader = start_grader(course, assignment, self._stack, practice_seeds=True)
            if grader.server.tier == "unsafe":
                raise UnfitMachineError("It has no sandbox.")
            return fast_if_identical(grader, solution)

        functions = solution_cells(read_notebook(course.source_notebook(assignment.name)))
        return course, assignment, LocalGrader(start, lambda: solution, functions)

    @contextlib.contextmanager
    def _working(self) -> Iterator[None]:
        """Do not count as idle meanwhile."""
        with _lock:
            self._busy += 1
        try:
            yield
        finally:
            with _lock:
                self._busy -= 1
            self._rest()

    def _rest(self) -> None:
        """Count the seconds without work from now on."""
        if self._idle is not None:
            self._idle.cancel()
        self._idle = threading.Timer(IDLE_SECONDS, self._expire)
        self._idle.daemon = True
        self._idle.start()

    def _expire(self) -> None:
        if not self._busy:
            close_session(self._opening.session)


def _dump_no_core() -> None:
    """Let no process of this one write its memory to disk when it crashes."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
