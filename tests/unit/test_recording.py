"""OutputUpdater are kept in step with Grades; what one student's files do to them stays theirs."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from gradebooks import graded

from autograder.errors import GradebookError
from autograder.grading import GradeStore, recording
from autograder.grading.recording import OutputUpdater
from autograder.grading.retries import Tell, with_retries
from autograder.outputs import GradedFile, History, Recorder
from autograder.results import Grade

LOCKED = GradebookError("The gradebook is locked.", passes=True)
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "ada.html")


class FakeRecorder:
    """Notes for whom something is written; has trouble with some students.

    Attributes:
        trouble: What is raised for a student, as long as it is there.
        written: Students whose outputs were written.
        complete: Whether everything that was written is still there.
    """

    def __init__(self) -> None:
        self.trouble: dict[str, Exception] = {}
        self.written: list[str] = []
        self.complete = True

    def is_complete(self, grade: Grade) -> bool:
        """Whether nothing was deleted since."""
        return self.complete and grade.student in self.written

    def review(self, _student: str) -> None:
        """Nobody has added anything in the gradebook."""

    def write(self, file: GradedFile) -> tuple[str, ...]:
        """Write it, or raise."""
        if error := self.trouble.get(file.grade.student):
            raise error
        self.written.append(file.grade.student)
        return (f"wrote {file.grade.student}",)


class Class:
    """A class whose outputs are kept, without waiting.

    Attributes:
        recorder: What writes them.
        outputs: What is tested.
        told: The sentences that it told.
        waits: Seconds that it would have waited.
        folder: Where the Grades are.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "01-first-training"
        self.recorder = FakeRecorder()
        self.told: list[str] = []
        self.waits: list[float] = []

        def without_waiting(
            action: Callable[[], tuple[str, ...]], tell: Tell, attempts: int | None = None
        ) -> tuple[str, ...]:
            return with_retries(action, tell, self.waits.append, attempts)

        monkeypatch.setattr(recording, "with_retries", without_waiting)
        recorder = cast("Recorder", self.recorder)
        history = History(folder, "01-first-training")
        self.outputs = OutputUpdater(recorder, GradeStore(self.folder), history, self.told.append)

    def update(self, student: str) -> tuple[str, ...]:
        """Keep one student's outputs."""
        file = GradedFile(graded(student), None, graded=True, folder=self.folder)
        return self.outputs.update(file)


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    """A class without trouble."""
    return Class(tmp_path, monkeypatch)


def test_new_grade_is_recorded_once(group: Class) -> None:
    """The second time everything is there already."""
    assert group.update("ada") == ("wrote ada",)
    assert group.update("ada") == ()
    assert group.recorder.written == ["ada"]
    assert list(group.outputs.missing) == []


def test_outputs_that_were_deleted_are_written_again(group: Class) -> None:
    """That they were written once does not count where they are gone."""
    group.update("ada")
    group.recorder.complete = False
    assert group.update("ada") == ("wrote ada",)


def test_outputs_that_were_never_finished_are_written_again(group: Class) -> None:
    """That some files are there does not count either: they may be of another Grade."""
    group.recorder.written.append("ada")
    assert group.update("ada") == ("wrote ada",)


@pytest.mark.parametrize(
    "error", [ValueError("a bug of ours"), GradebookError("The gradebook is damaged.")]
)
def test_trouble_of_one_student_stays_theirs(error: Exception, group: Class) -> None:
    """The others are recorded, and the student is named at the end."""
    group.recorder.trouble["bob"] = error
    assert [group.update(student) for student in ("ada", "bob", "cyd")] == [
        ("wrote ada",),
        (),
        ("wrote cyd",),
    ]
    assert list(group.outputs.missing) == ["bob"]
    assert len(group.told) == 1
    assert group.told[0].startswith("bob is graded, and not recorded: ")
    assert group.waits == []


def test_defect_of_ours_leaves_a_log(group: Class) -> None:
    """The traceback is beside the Grade, and not on the terminal."""
    group.recorder.trouble["bob"] = ValueError("a bug of ours")
    group.update("bob")
    assert "see the log" in group.told[0]
    assert "a bug of ours" not in group.told[0]
    log = (group.folder / "bob.log").read_text()
    assert "Traceback" in log
    assert log.rstrip().endswith("ValueError: a bug of ours")


@pytest.mark.parametrize("error", [LOCKED, FULL], ids=["locked gradebook", "full disk"])
def test_after_trouble_that_does_not_pass_nothing_waits_again(
    error: Exception, group: Class
) -> None:
    """A class of a thousand must not wait a minute and a half a thousand times."""
    group.recorder.trouble = dict.fromkeys(("ada", "bob"), error)
    group.update("ada")
    waited = list(group.waits)
    assert sum(waited) > 60
    group.update("bob")
    group.update("cyd")
    assert group.waits == waited
    assert list(group.outputs.missing) == ["ada", "bob"]
    assert group.recorder.written == ["cyd"]


def test_trouble_that_passes_costs_nothing(group: Class) -> None:
    """After a wait the outputs are written, and the next trouble may be waited for too."""
    group.recorder.trouble["ada"] = LOCKED
    group.waits = Passing(group.recorder)
    assert group.update("ada") == ("wrote ada",)
    assert list(group.outputs.missing) == []
    assert len(group.told) == 1


class Passing(list[float]):
    """Waits during which the trouble passes."""

    def __init__(self, recorder: FakeRecorder) -> None:
        super().__init__()
        self._recorder = recorder

    def append(self, seconds: float) -> None:
        """Wait."""
        self._recorder.trouble.clear()
        super().append(seconds)
