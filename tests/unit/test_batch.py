"""What ended early is kept only once the machine is known to be fit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from gradebooks import graded as make_graded

from autograder.errors import SandboxUnavailableError, UnfitMachineError
from autograder.grading import IncrementalGrader, batch
from autograder.outputs import GradedFile
from autograder.results import Outcome, SandboxRecord
from autograder.submissions import SubmittedFile


class Log:
    """A grader and its class; notes what happens to them, in order.

    Attributes:
        events: Such as "graded ada", "solution", "kept ada", "yielded ada".
        is_fit: Whether the course's own solution gets full marks.
    """

    def __init__(self, *, is_fit: bool = True) -> None:
        self.events: list[str] = []
        self.is_fit = is_fit

    def keep(self, file: GradedFile) -> None:
        """Write a Grade to disk."""
        self.events.append(f"kept {file.grade.student}")

    def require_fit_machine(self) -> None:
        """Grade the solution."""
        self.events.append("solution")
        if not self.is_fit:
            raise UnfitMachineError("The course's own solution does not get full marks.")

    def files(self, *files: GradedFile) -> Iterator[GradedFile]:
        """The class, graded one by one."""
        for file in files:
            self.events.append(f"graded {file.grade.student}")
            yield file

    def run(self, *files: GradedFile) -> list[str]:
        """Confirm what was graded; returns what happened."""
        grader = cast("IncrementalGrader", self)
        for file in batch._confirmed(self.files(*files), grader):
            self.events.append(f"yielded {file.grade.student}")
        return self.events

    @property
    def told(self) -> list[str]:
        """What happened, without the grading."""
        return [event for event in self.events if not event.startswith("graded")]


def normal(student: str) -> GradedFile:
    """A file that was graded to its end."""
    return GradedFile(make_graded(student), None, graded=True, folder=Path())


def early(student: str, outcome: Outcome = Outcome.TIMEOUT) -> GradedFile:
    """A file of which a part ended before it answered."""
    grade = make_graded(student, loss_goes_down=outcome)
    return GradedFile(grade, None, graded=True, folder=Path())


def before(student: str) -> GradedFile:
    """A file that an earlier run graded, and that had ended early."""
    grade = make_graded(student, loss_goes_down=Outcome.TIMEOUT)
    return GradedFile(grade, None, graded=False, folder=Path())


@pytest.mark.parametrize(
    ("outcome", "is_early"),
    [
        (Outcome.TIMEOUT, True),
        (Outcome.RESOURCE_LIMIT, True),
        (Outcome.GRADER_ERROR, True),
        (Outcome.FAILED, False),
        (Outcome.NOT_ATTEMPTED, False),
        (Outcome.PASSED, False),
    ],
)
def test_outcome_tells_whether_a_submission_ended_early(
    outcome: Outcome,
    is_early: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A machine may cause the first three, and never the others."""
    assert early("ada", outcome).ended_early is is_early


def test_part_that_was_left_out_ended_early_whatever_the_outcomes() -> None:
    """A run that was ended, and repeated without a cell, may have been ended by the machine."""
    grade = make_graded().model_copy(update={"endings": ("cell 1 ended the process",)})
    assert GradedFile(grade, None, graded=True, folder=Path()).ended_early


def test_files_that_end_normally_pass_through() -> None:
    """Their Grades are on disk already, and nothing is proved."""
    log = Log()
    log.run(normal("ada"), normal("bob"))
    assert log.told == ["yielded ada", "yielded bob"]


def test_early_ending_is_kept_once_another_submission_ended_normally() -> None:
    """That one shows that the machine is fit; the solution need not run."""
    log = Log()
    log.run(early("ada"), normal("bob"))
    assert log.events == ["graded ada", "graded bob", "kept ada", "yielded ada", "yielded bob"]


def test_file_that_cannot_be_read_proves_nothing() -> None:
    """Nothing of it ran, so it shows nothing about the machine."""
    grade = make_graded("bob").model_copy(update={"sandbox": SandboxRecord(tier="none")})
    unreadable = GradedFile(grade, None, graded=True, folder=Path())
    log = Log(is_fit=False)
    with pytest.raises(UnfitMachineError):
        log.run(early("ada"), unreadable)
    assert log.told == ["yielded bob", "solution"]


def test_grade_of_an_earlier_run_proves_nothing() -> None:
    """It passes at once, and what waits goes on waiting."""
    log = Log()
    log.run(early("ada"), before("bob"), normal("cyd"))
    assert log.told == ["yielded bob", "kept ada", "yielded ada", "yielded cyd"]


def test_last_early_ending_waits_for_the_solution() -> None:
    """Nobody comes after it."""
    log = Log()
    log.run(normal("ada"), early("bob"))
    assert log.told == ["yielded ada", "solution", "kept bob", "yielded bob"]


def test_three_early_endings_in_a_row_wait_for_the_solution() -> None:
    """It is graded before the fourth, and once for the three."""
    log = Log()
    log.run(early("ada"), early("bob"), early("cyd"), normal("dan"))
    assert log.events == [
        *("graded ada", "graded bob", "graded cyd", "solution"),
        *("kept ada", "yielded ada", "kept bob", "yielded bob", "kept cyd", "yielded cyd"),
        *("graded dan", "yielded dan"),
    ]


def test_early_endings_between_normal_ones_do_not_add_up() -> None:
    """Two and two are not three in a row."""
    log = Log()
    log.run(early("a"), early("b"), normal("c"), early("d"), early("e"), normal("f"))
    assert "solution" not in log.events


@pytest.mark.parametrize("number", [1, 2, 3])
def test_unfit_machine_keeps_no_early_ending(number: int) -> None:
    """Nothing of what waited is on disk, so the next run grades it again."""
    log = Log(is_fit=False)
    with pytest.raises(UnfitMachineError):
        log.run(normal("ada"), *(early(f"late-{n}") for n in range(number)))
    assert log.told == ["yielded ada", "solution"]


def test_reader_that_stops_leaves_the_rest_unkept() -> None:
    """A Grade is kept at the moment when it is handed on, and not before."""
    log = Log()
    files = log.files(early("ada"), early("bob"), normal("cyd"))
    confirmed = batch._confirmed(files, cast("IncrementalGrader", log))
    assert next(confirmed).grade.student == "ada"
    assert log.told == ["kept ada"]


def test_low_limits_are_refused_before_a_thread_starts() -> None:
    """Where a user may have no more processes, a thread could not start: that says nothing."""

    class Limited:
        def require_limits(self) -> None:
            raise SandboxUnavailableError("ulimit -H -u is 40.")

    with ThreadPoolExecutor(1) as pool:
        pool.shutdown()  # it would refuse work
        files = batch.graded_files(
            cast("IncrementalGrader", Limited()), pool, [SubmittedFile("ada", Path("a.ipynb"))], 1
        )
        with pytest.raises(SandboxUnavailableError, match="ulimit"):
            next(files)
