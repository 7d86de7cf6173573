"""A class whose grader is killed by SIGKILL at a chosen moment, again and again."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from courses import NAME
from fake_grader import FakeClass

from autograder.grading import Options, Progress, grade

_EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect", "os.chmod")
"""Moments at which a grader touches a disk, as Python audits them."""


class KilledClass:
    """A class of made-up Grades; each run is a process of its own.

    Attributes:
        root: The course folder.
        students: Their ids, sorted.
    """

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, students: int) -> None:
        root.mkdir()
        self.root = root
        self._log = root / "graded.log"
        self._count = root / "moments.log"
        self._class = FakeClass(root, monkeypatch)
        self.students = [f"s{number:03}" for number in range(students)]
        self._class.hand_in(*self.students)

    def run(self, options: Options, moments: int | None = None) -> tuple[int, list[str]]:
        """Grade in a process of its own.

        Args:
            options: How.
            moments: After how many moments at the disk it is killed, counted from the first Grade
                on unless it is 1; default: never.

        Returns:
            As `finish`.
        """
        return self.finish(self.start(options, moments))

    def start(self, options: Options, moments: int | None = None) -> int:
        """As `run`, but do not wait; returns the process's id."""
        self._log.write_bytes(b"")
        process = os.fork()
        if process == 0:
            status = 1
            try:
                passed = _count_moments(moments)
                with self._log.open("a", buffering=1) as file:

                    def write_down(progress: Progress) -> None:
                        if progress.graded:
                            print(progress.grade.student, file=file)

                    course = self._class.course
                    grade(course, NAME, options, write_down, on_notice=lambda _: None)
                self._count.write_text(str(passed()))
                status = 0
            except BaseException:  # noqa: BLE001 - the fork must not return into the tests
                traceback.print_exc()
            finally:
                os._exit(status)
        return process

    def finish(self, process: int) -> tuple[int, list[str]]:
        """Wait for what `start` began.

        Returns:
            Its status, as from `os.waitstatus_to_exitcode`; and whom it graded, sorted.
        """
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status), sorted(self.graded())

    def moments(self) -> int:
        """How many moments at the disk the last run that was not killed took."""
        return int(self._count.read_text())

    def graded(self) -> list[str]:
        """Whom the last run has graded so far."""
        return self._log.read_text().split()

    def require_same(self, other: KilledClass) -> None:
        """Require the Grades, the gradebook and the files of another class."""
        assert self.grades() == other.grades()
        assert self.marks() == other.marks()
        assert self.outputs() == other.outputs()

    def stamps(self) -> dict[str, int]:
        """When each Grade on disk was written."""
        paths = (self.root / "grades" / NAME).glob("*.json")
        return {path.stem: path.stat().st_mtime_ns for path in paths}

    def marks(self) -> list[tuple[Any, ...]]:
        """Every row of the gradebook that says something of a student."""
        with contextlib.closing(sqlite3.connect(self.root / "gradebook.db")) as database:
            return sorted(
                database.execute(
                    "SELECT student_id, base_cell.name, auto_score, manual_score, extra_credit, "
                    "needs_manual_grade FROM grade JOIN base_cell ON base_cell.id = grade.cell_id "
                    "JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id "
                    "JOIN submitted_assignment ON "
                    "submitted_assignment.id = submitted_notebook.assignment_id"
                )
            )

    def grades(self) -> dict[str, Any]:
        """The Grades on disk, by student."""
        paths = (self.root / "grades" / NAME).glob("*.json")
        return {path.stem: json.loads(path.read_bytes()) for path in paths}

    def outputs(self) -> set[Path]:
        """Everything else that was written."""
        folders = (self.root / name for name in ("autograded", "feedback", "grades"))
        return {path.relative_to(self.root) for folder in folders for path in folder.rglob("*")}


def require_nothing_lost(
    killed: KilledClass, calm: KilledClass, options: Options, kills: int
) -> None:
    """Kill a class's grader again and again, let it finish, and compare with one left alone.

    Args:
        killed: A class that nobody has graded yet.
        calm: Another one, of the same students.
        options: How both are graded.
        kills: How often the grader is killed: the first time at once, then somewhere in the first
            half of what is left to do.
    """
    students = killed.students
    assert calm.run(options) == (0, students)
    moments = random.Random(20)  # noqa: S311 - moments, no secrets
    written: dict[str, int] = {}
    for number in range(kills):
        left = calm.moments() * (len(students) - len(written)) // len(students)
        status, graded = killed.run(options, moments.randint(1, left // 2) if number else 1)
        stamps = killed.stamps()
        assert written.items() <= stamps.items(), "a finished Grade was made again"
        assert not written.keys() & graded, "a graded submission was graded again"
        written = stamps
        assert status == -signal.SIGKILL, f"{len(written)} Grades, status {status}"
    assert 0 < len(written) < len(students)
    assert killed.run(options) == (0, [s for s in students if s not in written])
    killed.require_same(calm)


def _count_moments(kill_at: int | None) -> Callable[[], int]:
    """Count this process's moments at the disk, from the first Grade on or, to kill at 1, from now.

    Args:
        kill_at: At which moment it kills itself; None: never.

    Returns:
        How many there were so far.
    """
    counts = kill_at == 1
    passed = 0
    lock = threading.Lock()

    def count(event: str, _arguments: object) -> None:
        nonlocal passed, counts
        counts = counts or event == "os.rename"  # as the store of Grades writes; imports do not
        if counts and event in _EVENTS:
            with lock:
                passed += 1
                if passed == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    return lambda: passed
