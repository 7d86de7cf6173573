"""Trouble of the machine in the middle of a class: right answers keep full marks, or have none."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import hand_in, run
from courses import CORPUS, NAME, copy_course
from processes import children_of

from autograder.grading import Options, grade
from autograder.results import Outcome
from autograder.sandbox import ForkServer

pytestmark = pytest.mark.sandbox
RIGHT = (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes()
STUDENTS = ("ada", "bob", "cyd")


@pytest.fixture
def own_course(tmp_path: Path) -> Path:
    """A course with three right answers."""
    copy_course(tmp_path)
    for student in STUDENTS:
        hand_in(tmp_path, student, RIGHT)
    return tmp_path


def kill_fork_server(server: ForkServer) -> None:
    """As the kernel does when memory is short."""
    server._process.kill()
    server._process.wait()


def kill_scorer(server: ForkServer) -> None:
    """Kill the process below the scorer's host; nothing else runs at this moment."""
    for process in children_of(server._process.pid):
        for below in children_of(process):  # only a host has a child now
            os.kill(below, signal.SIGKILL)


def kill_submission(server: ForkServer) -> None:
    """Kill the next process that runs below a supervisor."""
    before = set(children_of(server._process.pid))

    def kill() -> None:
        while server.alive:
            with contextlib.suppress(OSError):  # one that has just ended
                new = [p for p in children_of(server._process.pid) if p not in before]
                if len(new) > 1:
                    os.kill(new[-1], signal.SIGKILL)
                    return

    threading.Thread(target=kill, daemon=True).start()


@pytest.mark.slow
@pytest.mark.parametrize("fault", [kill_fork_server, kill_scorer, kill_submission])
def test_process_that_is_killed_costs_nobody_a_mark(
    fault: Callable[[ForkServer], None], own_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever of ours dies is started again, and the submission in question repeated."""
    ordinary, runs = ForkServer.run, []

    def run_with_a_fault(server: ForkServer, *arguments: object) -> object:
        runs.append(server)
        if len(runs) == 3:  # the course's own solution has run, and one student
            fault(server)
        return ordinary(server, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ForkServer, "run", run_with_a_fault)
    told: list[str] = []
    grades = grade(own_course, NAME, Options(workers=1), on_notice=told.append)
    assert [(g.student, g.outcome) for g in grades] == [(s, Outcome.PASSED) for s in STUDENTS]
    assert len(runs) >= len(STUDENTS) + 1


@pytest.mark.parametrize(
    ("option", "value"), [("-u", 40), ("-v", 4_000_000), ("-n", 100), ("-f", 1000)]
)
def test_limit_of_the_shell_below_the_courses_is_refused(
    option: str, value: int, own_course: Path
) -> None:
    """Nothing is graded with less than the course allows: nobody is charged for it."""
    command = f"ulimit {option} {value} && exec {sys.executable} -m autograder grade {NAME}"
    done = subprocess.run(  # noqa: S603 - our own command
        ["/bin/bash", "-c", command],
        cwd=own_course,
        # Processes of other tests count too, so that NumPy could not start its threads.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "ulimit" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (own_course / "grades").exists()


def test_solution_without_full_marks_stops_the_class(own_course: Path) -> None:
    """The course's own solution is graded first; if it fails, no Grade is written."""
    notebook = own_course / "solutions" / NAME / f"{NAME}.ipynb"
    notebook.write_text(notebook.read_text().replace("epochs=epochs", "epochs=1"))
    done = run(own_course, "grade", NAME)
    assert done.returncode == 2
    assert "does not get full marks" in done.stderr
    assert "fit_runs_every_epoch" in done.stderr
    assert not list(own_course.glob("grades/*/*.json"))


@pytest.mark.slow
def test_gradebook_that_is_locked_is_waited_for(own_course: Path) -> None:
    """A line says so, and what was recorded in the end is complete."""
    assert run(own_course, "grade", NAME, "--student", "ada").returncode == 0
    database = sqlite3.connect(own_course / "gradebook.db", check_same_thread=False)
    database.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(12, database.rollback)
    release.start()
    done = run(own_course, "grade", NAME)
    release.join()
    database.close()
    assert done.returncode == 0, done.stderr
    assert "is locked by another program" in done.stderr
    assert "Trying again in" in done.stderr
    assert "ada: 18/18, passed (graded before)" in done.stderr
