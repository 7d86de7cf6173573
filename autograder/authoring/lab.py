"""A student's JupyterLab on this machine, with nbgrader's exchange and no instructor's tools."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from traitlets.config import Config

from autograder.course import Course
from autograder.errors import CourseError
from autograder.results import write_atomically

FOLDER: Final = "lab"
START_PAGE: Final = "start-here.md"
_SETTINGS_FOLDER: Final = ".jupyter"
_EXCHANGE_FOLDER: Final = ".exchange"
_NBGRADER_CONFIG: Final = "nbgrader_config.py"

_STUDENT_CONFIG: Final = '''"""A student's nbgrader settings, written by `autograder lab`."""

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = {course_id!r}
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
c.Exchange.assignment_dir = {home!r}
# Training takes longer than nbgrader's default of 30 seconds a cell.
c.ExecutePreprocessor.timeout = 600
'''
_SERVER_CONFIG: Final = {
    "ServerApp": {
        "answer_yes": True,  # one Ctrl-C ends the server
        "jpserver_extensions": {
            "nbgrader.server_extensions.formgrader": False,
            "nbgrader.server_extensions.course_list": False,
        },
    }
}
_PAGE_CONFIG: Final = {
    "disabledExtensions": {
        "@jupyter/nbgrader:formgrader": True,
        "@jupyter/nbgrader:course-list": True,
        "@jupyter/nbgrader:create-assignment": True,
    }
}
_DEFAULT_SETTINGS: Final = {
    # No question about news, and no look for a newer JupyterLab: a lab works offline.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # The start page opens as a page, not as its source.
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
}
_START_PAGE: Final = """\
# Start here

This is JupyterLab as a student of this course has it.

## Do an assignment

1. Choose the menu *Nbgrader*, *Assignment List*.
2. Under *Released assignments*, press *Fetch* beside an assignment.
3. Under *Downloaded assignments*, click the assignment's name, then the notebook's. Write your
   answers and run the cells. The check below each function shows whether it is right.
4. Save, and press *Validate* in the notebook's toolbar.
5. In *Assignment List*, press *Submit*. You may submit again; the newest attempt counts.

The assignments:

{assignments}

To start an assignment over, rename or delete its folder, then fetch it again.

## If you are the instructor

Collect and grade what was submitted here with these commands, typed in the course folder:

    nbgrader collect {example} --Exchange.root={exchange}
    autograder grade {example}
"""
# A student's file in the working folder is no module of the server. Ctrl-C while JupyterLab is
# still being imported ends without a traceback, as it does later.
_SERVER: Final = """\
import sys
sys.path[:] = filter(None, sys.path)
try:
    from jupyterlab.labapp import main
    sys.exit(main())
except KeyboardInterrupt:
    sys.exit(130)
"""


def prepare_lab(course: Course, folder: Path | None = None) -> Path:
    """Set up a student's folder: settings, a start page, and an exchange with the release versions.

    Students fetch the assignments themselves. What they have fetched is left alone: it holds
    somebody's answers.

    Args:
        course: The course.
        folder: The student's folder; default: `lab/` in the course folder.

    Returns:
        The folder.

    Raises:
        CourseError: If a release version is missing, or nbgrader's settings or exchange are not
            usable.
    """
    home = (folder or course.root / FOLDER).resolve()
    for name in course.assignments:
        release = course.release_notebook(name).parent
        if not release.is_dir():
            raise CourseError(f"{release} is missing.", "Make it: autograder release.")
    settings = _course_settings(course.root)
    exchange = home / _EXCHANGE_FOLDER
    exchange.mkdir(parents=True, exist_ok=True)
    exchange.chmod(0o777)  # nbgrader requires that everybody can write to it
    settings.Exchange.root = str(exchange)
    _write_settings(home, str(settings.CourseDirectory.course_id))
    titles = [f"- `{a.name}`: {a.title}" for a in course.assignments.values()]
    page = _START_PAGE.format(
        assignments="\n".join(titles),
        example=next(iter(course.assignments)),
        exchange=shlex.quote(str(exchange)),
    )
    write_atomically(home / START_PAGE, page.encode())
    for name in course.assignments:
        _release(name, settings)
    return home


def start_lab(home: Path, arguments: Sequence[str] = ()) -> NoReturn:
    """Replace this process with JupyterLab in a student's folder.

    JupyterLab reads and writes its settings in that folder, and not those of the person who
    starts it.

    Args:
        home: From `prepare_lab`.
        arguments: Arguments for `jupyter lab`, such as "--no-browser".
    """
    command = [sys.executable, "-c", _SERVER]
    command += [f"--ServerApp.root_dir={home}", f"--LabApp.default_url=/lab/tree/{START_PAGE}"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    # nbgrader also reads the settings of the working folder, which may be the instructor's.
    os.chdir(home)  # noqa: TID251 - this process becomes the server
    os.execve(  # noqa: S606 - no shell needed
        sys.executable, [*command, *arguments], _environment(home, os.environ)
    )


def _environment(home: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of a student's JupyterLab."""
    settings = home / _SETTINGS_FOLDER
    others = inherited.get("JUPYTER_CONFIG_PATH")
    environment = {
        **inherited,
        # JUPYTER_CONFIG_PATH alone comes before the settings of the Python environment, where
        # nbgrader enables its extensions.
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, (str(settings), others))),
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTER_DATA_DIR": str(settings / "data"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
    }
    for name in (
        "JUPYTER_NO_CONFIG",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
    ):
        environment.pop(name, None)  # they would lead out of the folder again
    return environment


def _write_settings(home: Path, course_id: str) -> None:
    """Write the settings of nbgrader, the server and JupyterLab."""
    settings = home / _SETTINGS_FOLDER
    (settings / "labconfig").mkdir(parents=True, exist_ok=True)
    config = _STUDENT_CONFIG.format(
        course_id=course_id,
        exchange=str(home / _EXCHANGE_FOLDER),
        cache=str(settings / "nbgrader_cache"),
        home=str(home),
    )
    write_atomically(settings / _NBGRADER_CONFIG, config.encode())
    (home / _NBGRADER_CONFIG).unlink(missing_ok=True)  # where it was before 0.2.0
    for name, values in {
        "jupyter_server_config.json": _SERVER_CONFIG,
        "labconfig/page_config.json": _PAGE_CONFIG,
        "labconfig/default_setting_overrides.json": _DEFAULT_SETTINGS,
    }.items():
        write_atomically(settings / name, json.dumps(values, indent=2).encode())


def _course_settings(root: Path) -> Any:
    """The course's `nbgrader_config.py`, as nbgrader reads it."""
    from traitlets.config.loader import PyFileConfigLoader  # noqa: PLC0415 - only here

    path = root / _NBGRADER_CONFIG
    if not path.is_file():
        raise CourseError(
            f"{path} is missing, so nbgrader does not know the course's id.",
            'Create it with two lines: c = get_config() and c.CourseDirectory.course_id = "...".',
        )
    loaded: Config = PyFileConfigLoader(path.name, path=str(root)).load_config()
    if not isinstance(loaded.CourseDirectory.course_id, str):
        raise CourseError(
            f"{path} does not set the course's id.",
            'Add the line c.CourseDirectory.course_id = "...".',
        )
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
