"""A defect of ours: one line, a log file with the traceback, and an exit status of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import hand_in, run
from courses import CORPUS, NAME, copy_course

DEFECT = """
import sys
from {module} import {owner}

def broken(*_arguments, **_named):
    raise ZeroDivisionError("injected\\x1b[31m by the test")

{owner}.{name} = broken
from autograder.cli.app import main
main(sys.argv[1:])
"""
IN_A_COMMAND = DEFECT.format(module="autograder.cli", owner="author", name="load_course")
WHILE_GRADING = DEFECT.format(module="autograder.grading", owner="Grader", name="grade")


def run_with_a_defect(
    program: str, folder: Path, *arguments: str, logs: Path
) -> subprocess.CompletedProcess[str]:
    """Run the command with a function that raises what nobody expects.

    Args:
        program: One of those above.
        folder: Where to run it.
        arguments: Of the command.
        logs: Where temporary files go.
    """
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(logs)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder for temporary files."""
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


def log_file(stderr: str) -> Path:
    """The one file that the message names."""
    (path,) = re.findall(r"traceback is in (\S+)\.\n", stderr)
    return Path(path)


def test_unexpected_error_is_one_line_that_names_its_log(tmp_path: Path, logs: Path) -> None:
    """The terminal shows one line and a tip; the traceback is in the file that the line names."""
    done = run_with_a_defect(IN_A_COMMAND, tmp_path, "schema", logs=logs)
    assert done.returncode == 70
    error, tip = done.stderr.splitlines()
    assert error.startswith("ERROR ")
    assert "ZeroDivisionError: injected" in error
    assert tip.startswith("TIP ")
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr
    path = log_file(done.stderr)
    assert path.parent == logs
    assert "Traceback (most recent call last)" in path.read_text()
    assert "in broken" in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_unexpected_error_with_debug_shows_the_traceback_too(tmp_path: Path, logs: Path) -> None:
    """`--debug` prints what the log file holds, and the exit status is the same."""
    done = run_with_a_defect(IN_A_COMMAND, tmp_path, "--debug", "schema", logs=logs)
    assert done.returncode == 70
    assert "Traceback (most recent call last)" in done.stderr
    assert "in broken" in done.stderr
    assert "in broken" in log_file(done.stderr).read_text()


def test_unexpected_error_in_wrong_usage_stays_2(tmp_path: Path, logs: Path) -> None:
    """The control: what a person can fix is told as such, with the same function broken."""
    done = run_with_a_defect(IN_A_COMMAND, tmp_path, "schema", "--wrong", logs=logs)
    assert done.returncode == 2
    assert list(logs.iterdir()) == []


def test_error_that_a_person_can_fix_leaves_no_log(tmp_path: Path) -> None:
    """A folder without a course is a message and status 2, also with `--debug`."""
    for options in ((), ("--debug",)):
        done = run(tmp_path, *options, "schema")
        assert done.returncode == 2
        assert "course.yml" in done.stderr
        assert "Traceback" not in done.stderr
        assert "autograder-error" not in done.stderr


@pytest.mark.slow
@pytest.mark.sandbox
def test_unexpected_error_while_grading_keeps_the_grades(tmp_path: Path, logs: Path) -> None:
    """A defect in a worker ends the batch in the same way; what was graded stays graded."""
    copy_course(tmp_path)
    right = (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes()
    hand_in(tmp_path, "ada", right)
    assert run(tmp_path, "grade", NAME).returncode == 0
    hand_in(tmp_path, "bob", right)
    done = run_with_a_defect(WHILE_GRADING, tmp_path, "grade", NAME, logs=logs)
    assert done.returncode == 70
    assert "Traceback" not in done.stderr
    assert "in broken" in log_file(done.stderr).read_text()
    again = run(tmp_path, "grade", NAME)
    assert again.returncode == 0, again.stderr
    assert "ada: 18/18, passed (graded before)" in again.stderr
    assert "bob: 18/18, passed\n" in again.stderr
