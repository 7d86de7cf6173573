"""Grade on the workers of a cluster: each proves first that it grades as this machine does."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import ExitStack

from typing_extensions import Self

from autograder import __version__
from autograder.errors import MachineError, WireError
from autograder.grading.cluster.connection import DaskCluster, Scheduler
from autograder.grading.cluster.dispatch import MOST_LOSSES, Dispatcher
from autograder.grading.cluster.members import Cluster
from autograder.grading.cluster.messages import GradeJob, NoSession, OpenSession, SessionProof
from autograder.grading.cluster.worker import close_session, grade_job, open_session
from autograder.grading.delegation import GradeDone, GradingTask, JobFailed, RemoteSubmission
from autograder.grading.reference import fast_if_identical, reply_digest
from autograder.grading.retries import Tell
from autograder.grading.session import start_grader
from autograder.results import Grade
from autograder.sandbox import TIERS
from autograder.submissions import Submission
from autograder.wire import Failed, unpack

_CLOSE_SECONDS = 20
REFERENCE = "reference training"
DIFFERS = "differs from the client's"
"""What a Grade's environment says of a reference training on a machine with other bits."""
_NO_GRADE = (
    "it answered with something else than a Grade of this submission; install the same version of "
    "autograder on it"
)


class ClusterGrader:
    """Grades on a cluster; see `Place`. A context manager, which connects when it must.

    Args:
        task: What to grade.
        solution: The course's own solution.
        scheduler: Where the cluster is, and what is allowed there.
        tell: Called with what happens to workers, as sentences.
        on_broken: As in `Grader`.
        connect: Connects to the scheduler; default: by Dask.
    """

    def __init__(
        self,
        task: GradingTask,
        solution: Submission,
        scheduler: Scheduler,
        tell: Tell,
        on_broken: Callable[[str, str], None],
        connect: Callable[[Scheduler], Cluster] | None = None,
    ) -> None:
        self._task = task
        self._solution = solution
        self._scheduler = scheduler
        self._tell = tell
        self._on_broken = on_broken
        self._connect = connect or DaskCluster
        self._opening = OpenSession.of(task, solution)
        self._packed = self._opening.pack()
        self._lock = threading.Lock()
        self._cluster: Cluster | None = None
        self._dispatcher: Dispatcher | None = None
        self._proofs: dict[str, SessionProof] = {}
        self._own: SessionProof | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        closing: list[Future[None]] = []
        for worker in () if self._dispatcher is None else self._dispatcher.close():
            with contextlib.suppress(Exception):  # its scheduler has ended
                closing.append(worker.executor.submit(close_session, self._opening.session))
        wait(closing, _CLOSE_SECONDS)
        if self._cluster is not None:
            self._cluster.close()

    def grade(self, submission: Submission) -> Grade:  # noqa: D102 - see `Place`
        dispatcher = self._start()
        session = self._opening.session
        job = GradeJob(
            session=session,
            submission=RemoteSubmission.of(submission),
            seeds=self._task.seeds.seeds(submission.sha256),
            fingerprint=self._task.seeds.fingerprint(submission.sha256),
        ).pack()
        for _ in range(MOST_LOSSES):
            worker, packed = dispatcher.run(
                lambda executor: executor.submit(grade_job, session, job), submission.student
            )
            try:
                answer = unpack(packed, GradeDone, JobFailed, NoSession, Failed)
            except WireError as error:
                answer = Failed(error=f"it answered with something else: {error.message}")
            if isinstance(answer, GradeDone):
                grade = self._accepted(answer.grade, submission, worker)
                if grade is not None:
                    for text in answer.broken:
                        self._on_broken(submission.student, text)
                    return grade
                answer = Failed(error=_NO_GRADE)
            if isinstance(answer, JobFailed):
                self._on_broken(submission.student, answer.traceback)
                raise MachineError(
                    f"The grader itself failed on this submission on {worker}; the log beside its "
                    "Grade has the traceback.",
                    "Please report it.",
                )
            if isinstance(answer, Failed):
                dispatcher.refuse(worker, _sentence(answer))
            else:
                dispatcher.forget(worker)
        raise MachineError(
            f"{MOST_LOSSES} workers became unfit or were started again while they graded "
            f"{submission.student}.",
            "Read the workers' logs, and grade it on another machine.",
        )

    def require_fit_machine(self) -> None:
        """Do nothing: a worker itself does so before it answers."""

    def _start(self) -> Dispatcher:
        """The dispatcher; made for the first submission."""
        with self._lock:
            if self._dispatcher is None:
                self._cluster = self._connect(self._scheduler)
                self._own = self._prove_this_machine()
                self._dispatcher = Dispatcher(
                    self._cluster,
                    lambda executor: executor.submit(open_session, __version__, self._packed),
                    self._why_not,
                    self._tell,
                )
            return self._dispatcher

    def _prove_this_machine(self) -> SessionProof:
        """What every worker's proof is compared with."""
        with ExitStack() as stack:
            grader = start_grader(
                self._task.course, self._task.assignment, stack, practice_seeds=True
            )
            grader = fast_if_identical(grader, self._solution)
            return SessionProof(
                tier=grader.server.tier,
                environment=grader.server.environment,
                course_sha256=self._opening.course_sha256,
                reply_sha256=reply_digest(grader, self._solution),
            )

    def _why_not(self, worker: str, packed: bytes) -> str:
        """Why a worker may not grade, given its answer; "" if it may."""
        try:
            proof = unpack(packed, SessionProof, Failed)
        except WireError as error:
            return f"it answered with something else: {error.message}"
        if isinstance(proof, Failed):
            return _sentence(proof)
        assert self._own is not None  # noqa: S101 - proved before any worker was asked
        reason = why_different(proof, self._own, different_bits=self._scheduler.different_bits)
        if not reason:
            self._proofs[worker] = proof
        return reason

    def _accepted(self, text: str, submission: Submission, worker: str) -> Grade | None:
        """A worker's Grade; None if it is not one of this submission."""
        proof = self._proofs[worker]
        grade = self._task.accepted(text, submission, proof.tier)
        if grade is None:
            return None
        if self._own is None or proof.reply_sha256 != self._own.reply_sha256:
            environment = {**grade.environment, REFERENCE: DIFFERS}
            return grade.model_copy(update={"environment": environment})
        return grade


def _sentence(failed: Failed) -> str:
    """What a worker says of itself, without the last period."""
    return " ".join(part for part in (f"{failed.error.rstrip('.')}.", failed.tip) if part).rstrip(
        "."
    )


def why_different(proof: SessionProof, own: SessionProof, *, different_bits: bool) -> str:
    """Why a machine does not grade as this one does; "" if it does.

    Args:
        proof: The machine's.
        own: This machine's.
        different_bits: Whether its trainings may have other last bits.
    """
    differing = [
        f"{name} {proof.environment.get(name, 'none')} instead of {value}"
        for name, value in own.environment.items()
        if proof.environment.get(name) != value
    ]
    if differing:
        return f"it has {', '.join(differing)}"
    if proof.tier not in TIERS or TIERS.index(proof.tier) > TIERS.index(own.tier):
        return f"its sandbox is of the {proof.tier} tier, and this machine's of the {own.tier} tier"
    if proof.course_sha256 != own.course_sha256:
        return "its copy of the grader's code is another one"
    if proof.reply_sha256 != own.reply_sha256 and not different_bits:
        return (
            "the course's own solution has other weights there, in the last bits, than on this "
            "machine. Use workers with this machine's kind of processor, or --different-bits"
        )
    return ""
