"""Release versions: what nbgrader makes of the source versions for students."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.errors import CourseError

_CONFIG = "nbgrader_config.py"
_EXCEPTION = re.compile(r"^\s*([\w.]*(?:Error|Exception)\b.*)$", re.MULTILINE)


def make_release(root: Path, assignment: str) -> Path:
    """Make an assignment's release version from its source version.

    nbgrader works in a folder of its own, so that no gradebook and no half release stays behind.

    Args:
        root: The folder of the course.
        assignment: The assignment's name.

    Returns:
        `assignments/ASSIGNMENT`, made anew.

    Raises:
        CourseError: If nbgrader refuses the source version; says why.
    """
    release = root / "assignments" / assignment
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        folder = Path(name)
        shutil.copytree(root / "solutions" / assignment, folder / "solutions" / assignment)
        shutil.copy(root / _CONFIG, folder)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        done = subprocess.run(  # noqa: S603 - nbgrader of this environment
            [sys.executable, "-m", "nbgrader", "generate_assignment", assignment],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        made = folder / "assignments" / assignment
        if done.returncode != 0 or not made.is_dir():
            raise CourseError(
                f"nbgrader made no release version of {assignment}: {last_exception(done.stderr)}",
                f"Mend solutions/{assignment}/{assignment}.ipynb.",
            )
        shutil.rmtree(release, ignore_errors=True)
        release.parent.mkdir(exist_ok=True)
        shutil.move(made, release)
    return release


def last_exception(said: str) -> str:
    """What went wrong, out of a program's log: the last exception that it tells of."""
    exceptions = _EXCEPTION.findall(said)
    return exceptions[-1] if exceptions else said.strip()[-500:]
