"""Clusters whose Grades are made up: of one worker in this process, or real ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import made_up_worker
import pytest
from made_up_worker import make_proof, make_up

from autograder.grading import Scheduler
from autograder.grading.cluster import ClusterGrader, place
from autograder.grading.cluster.messages import GradeJob, OpenSession, SessionProof
from autograder.grading.cluster.worker import grade_job, open_session
from autograder.wire import unpack


def use_made_up_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the workers of real schedulers make Grades up, with this machine's proof."""
    for function in (made_up_worker.open_session, made_up_worker.grade_job):
        monkeypatch.setattr(place, function.__name__, function)
    monkeypatch.setattr(place, "close_session", made_up_worker.close_session)
    _prove_nothing(monkeypatch)


def use_cluster(monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    """Let every scheduler be that of a worker which passes whatever it gets."""
    monkeypatch.setattr(place, "DaskCluster", _OneWorker)
    _prove_nothing(monkeypatch)
    return Scheduler("tcp://127.0.0.1")


def _prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def prove(grader: ClusterGrader) -> SessionProof:
        return make_proof(grader._opening.course_sha256)

    monkeypatch.setattr(ClusterGrader, "_prove_this_machine", prove)


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
            return make_proof(self._opening.course_sha256).pack()
        if function is grade_job and self._opening is not None:
            return make_up(self._opening, unpack(sent, GradeJob)).pack()
        return None
