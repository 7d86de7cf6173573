"""A class whose grader is killed by SIGKILL at a chosen moment, again and again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import sys
import threading
import traceback
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
    """

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, students: int) -> None:
        root.mkdir()
        self.root = root
        self._class = FakeClass(root, monkeypatch)
        self._class.hand_in(*(f"s{number:03}" for number in range(students)))

    def run(self, options: Options, moments: int | None = None) -> tuple[int, list[str]]:
        """Grade in a process of its own.

        Args:
            options: How.
            moments: After how many moments at the disk it is killed; default: never.

        Returns:
            Its status, as from `os.waitstatus_to_exitcode`; and whom it graded, sorted.
        """
        log = self.root / "graded.log"
        log.write_bytes(b"")
        process = os.fork()
        if process == 0:
            status = 1
            try:
                if moments is not None:
                    _kill_after(moments)
                with log.open("a", buffering=1) as file:

                    def write_down(progress: Progress) -> None:
                        if progress.graded:
                            print(progress.grade.student, file=file)

                    course = self._class.course
                    grade(course, NAME, options, write_down, on_notice=lambda _: None)
                status = 0
            except BaseException:  # noqa: BLE001 - the fork must not return into the tests
                traceback.print_exc()
            finally:
                os._exit(status)
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status), sorted(log.read_text().split())

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


def _kill_after(moments: int) -> None:
    """Kill this process at its n-th moment at the disk."""
    left = moments
    lock = threading.Lock()

    def count(event: str, _arguments: object) -> None:
        nonlocal left
        if event in _EVENTS:
            with lock:
                left -= 1
                if left <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
