"""Make release versions, the notebooks that students get, with nbgrader."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.course import GRADING
from autograder.errors import CourseError

_EXCEPTION = re.compile(r"^\s*([\w.]*(?:Error|Exception)\b.*)$", re.MULTILINE)


def make_release(root: Path, assignment: str) -> Path:
    """Make an assignment's release version from its source version.

    Args:
        root: The folder of the course.
        assignment: The assignment's name.

    Returns:
        The folder `assignments/ASSIGNMENT`; an older one is replaced.

    Raises:
        CourseError: If nbgrader refuses the source version; the message gives its reason.
    """
    release = root / "assignments" / assignment
    # A folder of its own: a failure leaves no gradebook and no half-made release version.
    with tempfile.TemporaryDirectory(prefix=".release-", dir=root) as folder:
        made = _generate(root, assignment, Path(folder))
        shutil.rmtree(made / GRADING, ignore_errors=True)  # nbgrader may not ignore it
        shutil.rmtree(release, ignore_errors=True)
        release.parent.mkdir(exist_ok=True)
        shutil.move(made, release)
    return release


def _generate(root: Path, assignment: str, folder: Path) -> Path:
    """Have nbgrader make the release version below another folder of the course."""
    settings = {
        "root": root,
        "source_directory": "solutions",
        "release_directory": folder.name,
        "db_url": f"sqlite:///{folder}/gradebook.db",
    }
    options = [f"--CourseDirectory.{key}={value}" for key, value in settings.items()]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603 - nbgrader of this environment
        [sys.executable, "-m", "nbgrader", "generate_assignment", assignment, *options],
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    made = folder / assignment
    if done.returncode != 0 or not made.is_dir():
        raise CourseError(
            f"nbgrader made no release version of {assignment}: {last_exception(done.stderr)}",
            f"Fix solutions/{assignment}/{assignment}.ipynb.",
        )
    return made


def last_exception(log: str) -> str:
    """The last exception that a program's log names; the end of the log if it names none."""
    exceptions = _EXCEPTION.findall(log)
    return exceptions[-1] if exceptions else log.strip()[-500:]
