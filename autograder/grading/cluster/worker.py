"""What runs on a worker of a cluster: sessions, each of which grades one assignment.

Dask calls `open_session`, `grade_job` and `close_session`, and carries their bytes. They never
raise: Dask would log their arguments, which are secret, to the worker's disk.
"""

from __future__ import annotations

import atexit
import sys
import threading

from autograder import __version__
from autograder.errors import (
    CourseError,
    SandboxUnavailableError,
    StoppedError,
    UnfitMachineError,
)
from autograder.grading.cluster.messages import GradeJob, NoSession, OpenSession
from autograder.grading.cluster.worker_session import WorkerSession, failed
from autograder.wire import Failed, unpack

_UNFIT = (CourseError, SandboxUnavailableError, UnfitMachineError)

_sessions: dict[str, WorkerSession] = {}
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
        _require_no_spilling()
        opening = unpack(packed, OpenSession)
        with _lock:
            session = _sessions.get(opening.session)
            if session is None:
                session = WorkerSession(opening, lambda: close_session(opening.session))
                _sessions[opening.session] = session
        return session.prove().pack()
    except Exception as error:  # noqa: BLE001 - see the top of this module
        return failed(error).pack()


def grade_job(session: str, packed: bytes) -> bytes:
    """Grade one submission.

    Args:
        session: The session's name.
        packed: A `GradeJob`.

    Returns:
        `GradeDone`; `JobFailed`, if the grader failed on it; `NoSession`; or `Failed`, if this
        machine must grade nothing more.
    """
    opened = _sessions.get(session)
    if opened is None:
        return NoSession().pack()
    try:
        return opened.grade(unpack(packed, GradeJob)).pack()
    except StoppedError:  # the session was closed meanwhile
        return NoSession().pack()
    except _UNFIT as error:
        return failed(error).pack()
    except Exception as error:  # noqa: BLE001 - see the top of this module
        return opened.explain(error).pack()


def close_session(session: str) -> None:
    """End a session, with everything that it holds."""
    with _lock:
        opened = _sessions.pop(session, None)
    if opened is not None:
        opened.close()


def _require_no_spilling() -> None:
    """Refuse a worker that may write results to its disk, as Dask does where memory is short.

    Raises:
        UnfitMachineError: If it may.
    """
    worker = getattr(sys.modules.get("distributed"), "get_worker", None)
    if worker is None:
        return
    try:
        kept_in_memory = isinstance(worker().data, dict)
    except ValueError:  # not called by Dask
        return
    if not kept_in_memory:
        raise UnfitMachineError(
            "Dask may write Grades to its disk, where memory is short.",
            "Start the worker with --memory-limit 0.",
        )


def _close_all() -> None:
    for session in list(_sessions):
        close_session(session)


atexit.register(_close_all)
