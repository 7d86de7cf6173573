"""A session on a worker: it ends whole, whenever it is closed, and a broken machine says so."""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from courses import CORPUS, NAME
from grades import make_rubric_grade

from autograder.course import Course, KeyedSeeds
from autograder.errors import StoppedError, UnfitMachineError
from autograder.grading.cluster import worker_session
from autograder.grading.cluster.messages import OpenSession
from autograder.grading.cluster.worker_session import WorkerSession, failed
from autograder.grading.delegation import GradingTask
from autograder.results import Grade, Outcome
from autograder.submissions import Submission


@pytest.fixture
def opening(course: Course, read: Callable[[Path], Submission]) -> OpenSession:
    """What a client sends for the first assignment."""
    seeds = KeyedSeeds(b"k" * 32, NAME)
    task = GradingTask(course, course.assignment(NAME), seeds, "c0")
    return OpenSession.of(task, read(CORPUS / "right/as-in-the-lesson.ipynb"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where sessions keep their files, instead of in memory."""
    place = tmp_path / "memory"

    @contextmanager
    def memory_folder() -> Iterator[Path]:
        place.mkdir()
        try:
            yield place
        finally:
            shutil.rmtree(place)

    monkeypatch.setattr(worker_session, "memory_folder", memory_folder)
    monkeypatch.setattr(worker_session, "_dump_no_core", lambda: None)
    return place


class Local:
    """Stands for what grades on the worker.

    Attributes:
        fit: Whether the course's own solution gets full marks.
        asked: How often that was asked.
    """

    def __init__(self, *, fit: bool) -> None:
        self.fit = fit
        self.asked = 0

    def require_fit_machine(self) -> None:
        """As `LocalGrader` does."""
        self.asked += 1
        if not self.fit:
            raise UnfitMachineError("The solution fails here.")


def no_mark() -> Grade:
    """A Grade without a mark."""
    return make_rubric_grade({"one": 1.0}, {"one": Outcome.GRADER_ERROR})


def test_session_closed_while_it_starts_leaves_nothing(
    opening: OpenSession, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is being started when the client leaves is ended, and nothing starts after that."""
    starting, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def start_grader(_course: Any, _assignment: Any, stack: ExitStack, **_: Any) -> Any:
        starting.set()
        assert go_on.wait(10)
        stack.callback(ended.set)
        raise UnfitMachineError("The session was closed meanwhile.")

    monkeypatch.setattr(worker_session, "start_grader", start_grader)
    session = WorkerSession(opening, lambda: None)

    def prove() -> None:
        with pytest.raises(UnfitMachineError):
            session.prove()

    proving = threading.Thread(target=prove)
    proving.start()
    assert starting.wait(10)
    assert folder.exists()
    closing = threading.Thread(target=session.close)
    closing.start()
    go_on.set()
    for thread in (proving, closing):
        thread.join(10)
        assert not thread.is_alive()
    assert ended.is_set()
    assert not folder.exists()
    with pytest.raises(StoppedError):
        session.prove()
    assert not folder.exists()


def test_folder_of_a_session_that_cannot_start_is_deleted(
    opening: OpenSession, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the course's files do not fit, what is there of them goes, and the client reads why."""
    full = OSError(errno.ENOSPC, "No space left on device", "/memory/checks.py")

    def write(*_: object) -> None:
        raise full

    monkeypatch.setattr(OpenSession, "write", write)
    session = WorkerSession(opening, lambda: None)
    with pytest.raises(OSError, match="No space left"):
        session.prove()
    assert not folder.exists()
    session.close()
    assert failed(full).error == "/memory/checks.py cannot be used there: No space left on device"


def test_session_without_work_is_closed(
    opening: OpenSession, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files of a client that was killed do not stay; while a job runs, they do."""
    monkeypatch.setattr(worker_session, "IDLE_SECONDS", 0.01)
    idle = threading.Event()
    session = WorkerSession(opening, idle.set)
    with session._working():
        assert not idle.wait(0.05)
    assert idle.wait(10)
    session.close()
    assert not folder.exists()


def test_broken_machine_answers_that_it_is_unfit(opening: OpenSession) -> None:
    """A `grader_error` of a machine on which the solution fails is not the submission's."""
    session = WorkerSession(opening, lambda: None)
    with pytest.raises(UnfitMachineError):
        session._require_fit(Local(fit=False), no_mark(), 0)  # type: ignore[arg-type]
    sound = Local(fit=True)
    session._require_fit(sound, no_mark(), 0)  # type: ignore[arg-type]
    assert sound.asked == 1


def test_defect_on_a_broken_machine_is_the_machines(
    opening: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks the grader is told as a defect only where the solution still passes."""
    session = WorkerSession(opening, lambda: None)
    local = Local(fit=True)
    monkeypatch.setattr(session, "_start", lambda: (None, None, local))
    assert "ValueError: odd" in getattr(session.explain(ValueError("odd")), "traceback", "")
    local.fit = False
    assert "The solution fails here." in getattr(session.explain(ValueError("odd")), "error", "")
    session.close()
    monkeypatch.undo()
    assert type(session.explain(ValueError("odd"))).__name__ == "NoSession"
