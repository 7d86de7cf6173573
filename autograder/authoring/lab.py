"""A student's JupyterLab on this machine, with the release versions and nbgrader's exchange."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from traitlets.config import Config

from autograder.course import Course
from autograder.errors import CourseError
from autograder.results import write_atomically

FOLDER: Final = "lab"
_CONFIG = '''"""A student's nbgrader settings, written by `autograder lab`."""

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = {course_id!r}
c.Exchange.root = {exchange!r}
c.Exchange.assignment_dir = {home!r}
# Training takes longer than nbgrader's default of 30 seconds a cell.
c.ExecutePreprocessor.timeout = 600
'''
_ENVIRONMENT: Final = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}


def prepare_lab(course: Course, folder: Path | None = None) -> Path:
    """Set up a student's folder: notebooks, settings, and an exchange with the release versions.

    Notebooks that exist already are left alone: they hold somebody's answers.

    Args:
        course: The course.
        folder: The student's folder; default: `lab/` in the course folder.

    Returns:
        The folder.

    Raises:
        CourseError: If a release version is missing, or nbgrader's exchange refuses.
    """
    home = (folder or course.root / FOLDER).resolve()
    exchange = home / ".exchange"
    exchange.mkdir(parents=True, exist_ok=True)
    exchange.chmod(0o777)  # nbgrader requires that everybody can write to it
    settings = _course_settings(course.root)
    settings.Exchange.root = str(exchange)
    config = _CONFIG.format(
        course_id=str(settings.CourseDirectory.course_id),
        exchange=str(exchange),
        home=str(home),
    )
    write_atomically(home / "nbgrader_config.py", config.encode())
    for name in course.assignments:
        release = course.release_notebook(name).parent
        if not release.is_dir():
            raise CourseError(f"{release} is missing.", "Make it: autograder release.")
        if not (home / name).exists():
            shutil.copytree(release, home / name)
        _release(name, settings)
    return home


def start_lab(home: Path, arguments: Sequence[str] = ()) -> None:
    """Replace this process with JupyterLab in a student's folder.

    Args:
        home: From `prepare_lab`.
        arguments: Arguments for `jupyter lab`, such as "--no-browser".
    """
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={home}"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    settings = os.pathsep.join(filter(None, (str(home), os.environ.get("JUPYTER_CONFIG_PATH"))))
    environment = {**os.environ, **_ENVIRONMENT, "JUPYTER_CONFIG_PATH": settings}
    os.execve(sys.executable, [*command, *arguments], environment)  # noqa: S606 - no shell needed


def _course_settings(root: Path) -> Any:
    """The course's `nbgrader_config.py`, as nbgrader reads it."""
    from traitlets.config.loader import PyFileConfigLoader  # noqa: PLC0415 - only here

    loaded: Config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    loaded.CourseDirectory.root = str(root)
    return loaded


def _release(name: str, settings: Config) -> None:
    """Put a release version into the exchange, as `nbgrader release_assignment` does."""
    from nbgrader.auth import Authenticator  # noqa: PLC0415 - slow to import
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415 - as above
    from nbgrader.exchange import ExchangeError  # noqa: PLC0415 - as above
    from nbgrader.exchange.default import ExchangeReleaseAssignment  # noqa: PLC0415 - as above

    own = Config(settings)
    own.CourseDirectory.assignment_id = name
    own.Exchange.root = settings.Exchange.root
    coursedir = CourseDirectory(config=own)
    exchange = ExchangeReleaseAssignment(
        coursedir=coursedir, authenticator=Authenticator(config=own), config=own, force=True
    )
    try:
        exchange.start()
    except ExchangeError as error:
        raise CourseError(
            f"nbgrader could not release {name} into {own.Exchange.root}: {error}",
            f"Delete the folder {own.Exchange.root} and try again.",
        ) from error
