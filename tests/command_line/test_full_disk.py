"""A disk that is full, and folders that cannot be written: a message, and nothing half-written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from commands import run_here
from courses import NAME
from fake_grader import FakeClass

from autograder.grading import retries
from autograder.grading.grade_store import GradeStore

STUDENTS = [f"s{number:02}" for number in range(12)]
Mount = Callable[[Path, str], None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mount a file system in memory on a folder, or change the one that is there."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    with ExitStack() as stack:

        def run(folder: Path, options: str) -> None:
            folder.mkdir(parents=True, exist_ok=True)
            command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
            done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - as it says
            if done.returncode != 0:
                pytest.skip(f"no mount: {done.stderr.decode()}")
            if "remount" not in options:
                stack.callback(subprocess.run, ["umount", str(folder)], check=True)

        yield run


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeClass:
    """A class of twelve; trouble of the machine is not waited for."""
    monkeypatch.setattr(retries, "_DELAYS", ())
    monkeypatch.chdir(tmp_path)
    group = FakeClass(tmp_path, monkeypatch)
    group.hand_in(*STUDENTS)
    return group


def test_full_disk_is_told_and_the_next_run_finishes(
    group: FakeClass, mount: Mount, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Grades do not fit, the run says so and stops; every file that is there is whole."""
    grades = group.root / "grades"
    mount(grades, "size=32k")
    done = run_here(capsys, "grade", NAME, "--workers", "1")
    assert done.returncode != 0
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "run the same command again; finished Grades are kept" in " ".join(done.stderr.split())
    store = GradeStore(grades / NAME)
    kept = store.students()
    assert 0 < len(kept) < len(STUDENTS)
    assert not [student for student in kept if store.is_damaged(student)]
    assert not list(grades.rglob("*.partial"))
    mount(grades, "remount,size=8m")
    group.graded.clear()
    done = run_here(capsys, "grade", NAME, "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert sorted([*kept, *group.graded]) == STUDENTS


@pytest.mark.parametrize("name", ["grades", "autograded", "feedback"])
def test_folder_that_cannot_be_written_is_told(
    group: FakeClass, mount: Mount, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A read-only folder of outputs costs no Grade, and the next run fills it."""
    folder = group.root / name
    mount(folder, "size=8m")
    mount(folder, "remount,ro")
    done = run_here(capsys, "grade", NAME, "--workers", "1")
    assert done.returncode != 0
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
    assert str(folder) in done.stderr
    assert not list(folder.iterdir())
    graded = list(group.graded)
    mount(folder, "remount,rw")
    group.graded.clear()
    done = run_here(capsys, "grade", NAME, "--workers", "1")
    assert done.returncode == 0, done.stderr
    if name == "grades":
        assert sorted(group.graded) == STUDENTS
    else:
        assert (sorted(graded), group.graded) == (STUDENTS, [])
    assert len([path for path in folder.rglob("*") if path.is_file()]) >= len(STUDENTS)
