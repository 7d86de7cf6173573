"""The `autograder` command as people type it, and the class folders that it works on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from courses import NAME

COMMAND = [sys.executable, "-m", "autograder"]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder.

    Args:
        folder: Such as a course folder.
        arguments: Of the command.

    Returns:
        What it printed, and its exit status.
    """
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


def run_here(
    capture: pytest.CaptureFixture[str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in this process and the current folder, which is much faster.

    Args:
        capture: What the command prints.
        arguments: Of the command.

    Returns:
        As `run`.
    """
    from autograder.cli.app import main  # noqa: PLC0415 - only for those who call this
    from autograder.cli.console import err, out  # noqa: PLC0415 - as above

    # A console reads it once, when it is imported: by whichever test comes first.
    out.width = err.width = int(os.environ.get("COLUMNS", "80"))
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capture.readouterr()
    status = ended.value.code
    assert isinstance(status, int)
    return subprocess.CompletedProcess(arguments, status, printed.out, printed.err)


def hand_in(folder: Path, student: str, data: bytes, assignment: str = NAME) -> None:
    """Put a notebook where nbgrader collects it.

    Args:
        folder: A course folder.
        student: The student's id.
        data: The notebook's bytes.
        assignment: The assignment.
    """
    place = folder / "submitted" / student / assignment
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{assignment}.ipynb").write_bytes(data)


def read_grades(path: Path) -> dict[str, dict[str, Any]]:
    """Grades of a JSON file by student, without the time, which differs from run to run."""
    return {grade["student"]: {**grade, "seconds": None} for grade in json.loads(path.read_text())}
