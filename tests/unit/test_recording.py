"""OutputUpdater are kept in step with Grades; what one student's files do to them stays theirs."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest
from gradebooks import graded

from autograder.errors import GradebookError
from autograder.grading import GradeStore, recording
from autograder.grading.recording import OutputUpdater
from autograder.grading.retries import Tell, with_retries
from autograder.outputs import GradedFile, History, Recorded, Recorder
from autograder.results import Grade

LOCKED = GradebookError("The gradebook is locked.", passes=True)
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "ada.html")


class FakeRecorder:
    """Notes for whom something is written; has trouble with some students.

    Attributes:
        trouble: What is raised where a student is recorded, as long as it is there.
        files_trouble: The same where a student's files are written.
        transactions: Students who were recorded, by transaction.
        written: Students whose outputs were written.
        is_complete: Whether everything that was written is still there.
    """

    def __init__(self) -> None:
        self.trouble: dict[str, Exception] = {}
        self.files_trouble: dict[str, Exception] = {}
        self.transactions: list[list[str]] = []
        self.written: list[str] = []
        self.is_complete = True

    def complete(self, grades: Sequence[Grade]) -> frozenset[str]:
        """Those of whom nothing was deleted since."""
        students = {grade.student for grade in grades} & set(self.written)
        return frozenset(students) if self.is_complete else frozenset()

    def reviews(self, students: Sequence[str]) -> dict[str, None]:
        """Nobody has added anything in the gradebook."""
        return dict.fromkeys(students)

    def record(self, files: Sequence[GradedFile]) -> list[Recorded]:
        """Record them in the gradebook, or raise."""
        students = [file.grade.student for file in files]
        for student in students:
            if error := self.trouble.get(student):
                raise error
        self.transactions.append(students)
        return [Recorded((f"wrote {student}",), None, None) for student in students]

    def write_files(self, file: GradedFile, _recorded: Recorded) -> None:
        """Write them, or raise."""
        if error := self.files_trouble.get(file.grade.student):
            raise error
        self.written.append(file.grade.student)


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
        return self.update_all(student)[0]

    def update_all(self, *students: str) -> list[tuple[str, ...]]:
        """Keep the outputs of students who finished at about the same time."""
        return self.outputs.update(
            [GradedFile(graded(s), None, graded=True, folder=self.folder) for s in students]
        )


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
    group.recorder.is_complete = False
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


def test_those_who_finish_together_share_a_transaction(group: Class) -> None:
    """Each has a share of what a transaction costs."""
    group.update("bob")
    told = group.update_all("ada", "bob", "cyd")
    assert told == [("wrote ada",), (), ("wrote cyd",)]
    assert group.recorder.transactions == [["bob"], ["ada", "cyd"]]


def test_trouble_with_one_of_a_transaction_costs_only_that_one(group: Class) -> None:
    """The others are recorded by themselves."""
    group.recorder.trouble["bob"] = GradebookError("The gradebook is damaged.")
    told = group.update_all("ada", "bob", "cyd")
    assert told == [("wrote ada",), (), ("wrote cyd",)]
    assert group.recorder.transactions == [["ada"], ["cyd"]]
    assert list(group.outputs.missing) == ["bob"]


def test_files_that_cannot_be_written_cost_the_others_no_notice(group: Class) -> None:
    """They are not recorded again, which would find nothing new to tell."""
    group.recorder.files_trouble["bob"] = ValueError("a bug of ours")
    told = group.update_all("ada", "bob", "cyd")
    assert told == [("wrote ada",), (), ("wrote cyd",)]
    assert group.recorder.transactions == [["ada", "bob", "cyd"]]
    assert group.recorder.written == ["ada", "cyd"]
    assert list(group.outputs.missing) == ["bob"]


def test_transaction_that_a_locked_gradebook_refuses_is_waited_for(group: Class) -> None:
    """Alone: then the others follow."""
    group.recorder.trouble["ada"] = LOCKED
    group.waits = Passing(group.recorder)
    assert group.update_all("ada", "bob") == [("wrote ada",), ("wrote bob",)]
    assert list(group.outputs.missing) == []
