"""Trouble of the machine in the middle of a class: right answers keep full marks, or have none."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commands import hand_in, run
from courses import CORPUS, NAME, copy_course

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


def children_of(process: int) -> list[int]:
    """The processes that a process has forked, and that still run."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def descendants_of(process: int) -> Iterator[list[int]]:
    """Every line of descent, from a child to a process without children."""
    for child in children_of(process):
        lines = list(descendants_of(child))
        yield from ([child, *line] for line in lines or [[]])


def kill_fork_server(server: ForkServer) -> None:
    """As the kernel does when memory is short."""
    server._process.kill()
    server._process.wait()


def kill_scorer(server: ForkServer) -> None:
    """Kill the process below the scorer's host; nothing else runs at this moment."""
    for line in descendants_of(server._process.pid):
        os.kill(line[-1], signal.SIGKILL)


def kill_submission(server: ForkServer) -> None:
    """Kill the next process that runs below a supervisor."""
    before = {line[0] for line in descendants_of(server._process.pid)}

    def kill() -> None:
        while server.alive:
            for line in descendants_of(server._process.pid):
                if line[0] not in before and len(line) > 1:
                    os.kill(line[-1], signal.SIGKILL)
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


@pytest.mark.slow
def test_outputs_that_are_gone_are_written_again(own_course: Path) -> None:
    """A run compares what is there with the Grades, and trains nobody again."""
    assert run(own_course, "grade", NAME).returncode == 0
    for name in ("autograded", "feedback"):
        shutil.rmtree(own_course / name)
    (own_course / "gradebook.db").unlink()
    done = run(own_course, "grade", NAME)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("(graded before)") == len(STUDENTS)
    for student in STUDENTS:
        assert (own_course / "autograded" / student / NAME / f"{NAME}.ipynb").is_file()
        assert (own_course / "feedback" / student / NAME / f"{NAME}.html").is_file()
    with sqlite3.connect(own_course / "gradebook.db") as database:
        [(graded,)] = database.execute("SELECT count(*) FROM submitted_assignment")
    assert graded == len(STUDENTS)
