"""What a worker of a cluster runs in a test instead of training: its Grades are made up.

A real Dask worker imports this by `PYTHONPATH`. While somebody has the file that `GATE` names
locked, it answers `BEFORE_GATE` jobs of a session and keeps the next one.
"""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from pathlib import Path

from courses import NAME, ROOT
from grades import make_rubric_grade

from autograder.grading.cluster.messages import GradeJob, NoSession, OpenSession
from autograder.grading.cluster.messages import SessionProof as Proof
from autograder.grading.delegation import GradeDone
from autograder.wire import unpack

GATE = "MADE_UP_WORKERS_GATE"
BEFORE_GATE = 10

_sessions: dict[str, OpenSession] = {}
_answered: Counter[str] = Counter()


def make_proof(course_sha256: str) -> Proof:
    """A proof that every client of a test has too."""
    return Proof(tier="full", environment={}, course_sha256=course_sha256, reply_sha256="bits")


def make_up(opening: OpenSession, job: GradeJob) -> GradeDone:
    """Full marks for whatever is handed in."""
    checks = opening.course(ROOT).assignment(NAME).checks
    grade = make_rubric_grade(
        checks,
        student="",
        submission_sha256=job.submission.sha256,
        course_sha256=opening.course_sha256,
        seeds={"kind": opening.seeds_kind, "fingerprint": job.fingerprint},
    )
    return GradeDone(grade=grade.model_dump_json(), broken=())


def open_session(_version: str, packed: bytes) -> bytes:
    """As a worker's own `open_session`."""
    opening = unpack(packed, OpenSession)
    _sessions[opening.session] = opening
    return make_proof(opening.course_sha256).pack()


def grade_job(session: str, packed: bytes) -> bytes:
    """As a worker's own `grade_job`."""
    opening = _sessions.get(session)
    if opening is None:
        return NoSession().pack()
    _answered[session] += 1
    if GATE in os.environ and _answered[session] > BEFORE_GATE:
        with Path(os.environ[GATE]).open() as gate:
            fcntl.flock(gate, fcntl.LOCK_SH)
    return make_up(opening, unpack(packed, GradeJob)).pack()


def close_session(session: str) -> None:
    """As a worker's own `close_session`."""
    _sessions.pop(session, None)
