"""Trouble that passes is waited for; any other trouble is told at once."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import pytest

from autograder.errors import GradebookError, MachineError
from autograder.grading.retries import with_retries

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/course/grades/ada.json")
LOCKED = GradebookError("The gradebook is locked.", passes=True)


class Waits:
    """Keeps what was told, and how long was waited, without waiting."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.seconds: list[float] = []

    def do(self, action: Callable[[], str]) -> str:
        """Do something with_retries."""
        return with_retries(action, self.told.append, self.seconds.append)


def failing(*errors: Exception) -> Callable[[], str]:
    """An action that raises these errors, one at each attempt, and then returns "done"."""
    left = list(errors)

    def act() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return act


def test_action_that_works_is_done_without_a_word() -> None:
    """Nothing is told and nothing is waited for."""
    waits = Waits()
    assert waits.do(failing()) == "done"
    assert (waits.told, waits.seconds) == ([], [])


@pytest.mark.parametrize("error", [FULL, LOCKED], ids=["full disk", "locked gradebook"])
def test_trouble_that_passes_is_waited_for(error: Exception) -> None:
    """After two failures the third attempt counts; each wait is told, and longer than the last."""
    waits = Waits()
    assert waits.do(failing(error, error)) == "done"
    assert len(waits.told) == 2
    assert "Trying again in 1 s; finished Grades are kept." in waits.told[0]
    assert waits.seconds[0] < waits.seconds[1]


def test_full_disk_is_named_with_its_file() -> None:
    """What is told names the file and what the system says."""
    waits = Waits()
    waits.do(failing(FULL))
    assert waits.told[0].startswith("/course/grades/ada.json cannot be written: No space left")


def test_disk_that_stays_full_is_an_error_of_the_machine() -> None:
    """After a minute and a half of waiting it is raised, and is no plain OSError."""
    waits = Waits()
    with pytest.raises(MachineError, match="cannot be written: No space left"):
        waits.do(failing(*[FULL] * 100))
    assert 60 <= sum(waits.seconds) <= 120


def test_gradebook_that_stays_locked_is_an_error_of_the_gradebook() -> None:
    """The last attempt raises the gradebook's own error."""
    waits = Waits()
    with pytest.raises(GradebookError, match="is locked"):
        waits.do(failing(*[LOCKED] * 100))
    assert len(waits.told) == len(waits.seconds) > 3


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "grades"), MachineError),
        (GradebookError("The gradebook is damaged."), GradebookError),
        (ValueError("a bug"), ValueError),
    ],
    ids=["permission", "damaged gradebook", "bug"],
)
def test_trouble_that_stays_is_raised_at_once(error: Exception, expected: type[Exception]) -> None:
    """Waiting would not help, so nothing is waited for."""
    waits = Waits()
    with pytest.raises(expected):
        waits.do(failing(error))
    assert (waits.told, waits.seconds) == ([], [])
