"""A cluster of one worker in this process, whose Grades are made up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import pytest
from courses import NAME, ROOT
from grades import make_rubric_grade

from autograder.grading import Scheduler
from autograder.grading.cluster import ClusterGrader, place
from autograder.grading.cluster.messages import GradeDone, GradeJob, OpenSession, SessionProof
from autograder.grading.cluster.worker import grade_job, open_session
from autograder.wire import unpack


def use_cluster(monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    """Let every scheduler be that of a worker which passes whatever it gets."""

    def prove(grader: ClusterGrader) -> SessionProof:
        return _proof(grader._opening.course_sha256)

    monkeypatch.setattr(place, "DaskCluster", _OneWorker)
    monkeypatch.setattr(ClusterGrader, "_prove_this_machine", prove)
    return Scheduler("tcp://127.0.0.1")


def _proof(course_sha256: str) -> SessionProof:
    return SessionProof(
        tier="full", environment={}, course_sha256=course_sha256, reply_sha256="bits"
    )


class _OneWorker:
    """See `autograder.grading.cluster.dispatch.Cluster`."""

    def __init__(self, _scheduler: Scheduler) -> None:
        self._pool = ThreadPoolExecutor(2)
        self._opening: OpenSession | None = None

    def workers(self) -> dict[str, int]:
        """One, with two threads."""
        return {"w": 2}

    def executor(self, _worker: str) -> Executor:
        """What answers."""
        do, pool = self._do, self._pool

        class Worker(Executor):
            def submit(self, fn: Callable[..., Any], /, *sent: Any, **_: Any) -> Any:
                return pool.submit(do, fn, sent[-1])

        return Worker()

    def reconnect(self) -> None:
        """Never needed."""

    def close(self) -> None:
        """End the worker."""
        self._pool.shutdown()

    def _do(self, function: Callable[..., Any], sent: Any) -> bytes | None:
        if function is open_session:
            self._opening = unpack(sent, OpenSession)
            return _proof(self._opening.course_sha256).pack()
        if function is grade_job and self._opening is not None:
            return self._grade(self._opening, unpack(sent, GradeJob)).pack()
        return None

    @staticmethod
    def _grade(opening: OpenSession, job: GradeJob) -> GradeDone:

        checks = opening.course(ROOT).assignment(NAME).checks
        made = make_rubric_grade(
            checks,
            student="",
            submission_sha256=job.submission.sha256,
            course_sha256=opening.course_sha256,
            seeds={"kind": opening.seeds_kind, "fingerprint": job.fingerprint},
        )
        return GradeDone(grade=made.model_dump_json(), broken=())
