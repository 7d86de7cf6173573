"""Where a course's gradebook is: in nbgrader's own configuration, or in `course.yml`."""

from __future__ import annotations

import dataclasses
import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from sqlalchemy.engine import make_url
from traitlets.config import Application, Config

from autograder.course import FILE_NAME, Course
from autograder.errors import GradebookError
from autograder.outputs.gradebook.address import database_url, display_name, file_of
from autograder.outputs.gradebook.explaining import explained_errors

URL_VARIABLE = "NBGRADER__CourseDirectory__db_url"
COURSE_ID_VARIABLE = "NBGRADER__CourseDirectory__course_id"
"""Environment variables as traitlets names them."""
_CONFIG = "nbgrader_config"
_NBGRADER = "nbgrader's configuration"
_DEFAULT = "gradebook.db"
_PORTS = {"postgresql": 5432}
_SECTIONS = ("CourseDirectory", "NbGrader", "Exchange")
"""Where nbgrader reads its course's settings; the last two are names of old versions."""


@dataclasses.dataclass(frozen=True)
class GradebookLocation:
    """A course's gradebook.

    Attributes:
        database: Path of an SQLite file, or a URL as text, which may have a password.
        course_id: The course's id in nbgrader; "" if it is not configured.
        notice: What a person should know about it, as a sentence; "" for nothing.
        configured: Whether a setting names it; if not, it is `gradebook.db` in the course folder.
    """

    database: Path | str
    course_id: str = ""
    notice: str = ""
    configured: bool = True

    def __str__(self) -> str:
        """The file, or the URL without its password."""
        return display_name(self.database)

    @property
    def is_missing(self) -> bool:
        """Whether it is a file that does not exist."""
        path = file_of(database_url(self.database))
        return path is not None and not path.exists()


def find_gradebook(course: Course, *, used: str | None = None) -> GradebookLocation:
    """Find the gradebook that nbgrader and this course use.

    Args:
        course: The course.
        used: The URL that a running nbgrader uses, which may come from its command line. Without
            it, nbgrader's configuration files are read: they are Python, and are executed.

    Returns:
        The location; `gradebook.db` beside `course.yml` if nothing else is configured.

    Raises:
        GradebookError: If two settings name different databases, or a configuration file or a URL
            cannot be read.
    """
    config = Config() if used is not None else nbgrader_config(course.root)
    configured = used if used is not None else _setting(config, "db_url")
    course_id = _setting(config, "course_id") or os.environ.get(COURSE_ID_VARIABLE, "")
    sources = {
        _NBGRADER: _absolute(configured, course.root),
        f"the environment variable {URL_VARIABLE}": _absolute(
            os.environ.get(URL_VARIABLE, ""), course.root
        ),
        f"{FILE_NAME} (gradebook)": _absolute(course.gradebook or "", course.root),
    }
    named = {source: database for source, database in sources.items() if database}
    default = course.root / _DEFAULT
    if not named:
        return GradebookLocation(default, course_id.strip(), configured=False)
    (source, database), *others = named.items()
    for other_source, other in others:
        if _identity(other) != _identity(database):
            raise _contradiction(source, database, other_source, other)
    notice = ""
    if source != _NBGRADER and _identity(database) != _identity(default):
        notice = (
            f"The gradebook is {display_name(database)}, by {source}; nbgrader uses "
            f"{default}. For nbgrader and formgrader, add to nbgrader_config.py: "
            f'c.CourseDirectory.db_url = "{_nbgrader_url(database)}"'
        )
    return GradebookLocation(database, course_id.strip(), notice)


def nbgrader_config(root: Path) -> Config:
    """Read nbgrader's configuration of a course folder, without a command line.

    The files of Jupyter's folders come first, then that of the course. Settings that are for
    another course folder are left out.

    Args:
        root: The course folder.

    Raises:
        GradebookError: If a file cannot be executed.

    Source:
        nbgrader.apps.baseapp.NbGrader, which does not read environment variables.
    """
    application = Application(log=_silent_log(), raise_config_file_errors=True)
    with _explained(root), _environment_kept():
        for name, path in (
            ("jupyter_config", jupyter_config_path()),
            (_CONFIG, jupyter_config_path()),
        ):
            application.load_config_file(name, path=path)
        if not _is_for(application.config, root):
            application.config = Config()
        application.load_config_file(_CONFIG, path=str(root))
    return application.config if _is_for(application.config, root) else Config()


def _is_for(config: Config, root: Path) -> bool:
    # Exchange.root is another folder: the exchange's.
    folder = config.get("CourseDirectory", {}).get("root", "")
    folder = str(folder or config.get("NbGrader", {}).get("course_directory", ""))
    return not folder or Path(folder).resolve() == root.resolve()


def _setting(config: Config, name: str) -> str:
    """A setting of the course, "" if it is not set."""
    sections = (config[section] for section in _SECTIONS if section in config)
    return next((str(section[name]) for section in sections if name in section), "")


def _absolute(setting: str, root: Path) -> Path | str:
    """A setting as a database; relative paths are in the course folder. "" stays "".

    Raises:
        GradebookError: If it is a malformed URL.
    """
    if not setting:
        return ""
    if "://" not in setting:
        return root / setting
    with explained_errors(setting):
        url = make_url(setting)
    if url.get_backend_name() == "sqlite" and url.database and not url.query:
        return root / url.database
    return setting


def _identity(database: Path | str) -> tuple[object, ...]:
    """What tells one database from another, whatever user, password or driver is named."""
    with explained_errors(database):
        url = database_url(database)
    path = file_of(url)
    if path is not None:
        return ("sqlite", str(path.resolve()))
    kind = url.get_backend_name()
    host = url.host or url.query.get("host") or ""
    port = url.port or url.query.get("port") or _PORTS.get(kind, "")
    return (kind, host, str(port), url.database)


def _nbgrader_url(database: Path | str) -> str:
    return f"sqlite:///{database}" if isinstance(database, Path) else display_name(database)


def _contradiction(
    source: str, database: Path | str, other_source: str, other: Path | str
) -> GradebookError:
    return GradebookError(
        f"There must be one gradebook, and two are configured:\n"
        f"{source} names {display_name(database)},\n"
        f"{other_source} names {display_name(other)}.",
        f"Remove one of them, or name the same database in both. nbgrader itself reads only "
        f'nbgrader_config.py: c.CourseDirectory.db_url = "{_nbgrader_url(other)}"',
    )


def _silent_log() -> logging.Logger:
    log = logging.getLogger(__name__)
    log.setLevel(logging.CRITICAL)
    return log


@contextmanager
def _environment_kept() -> Iterator[None]:
    """Keep the environment as it is, but for what PostgreSQL's library reads, such as PGPASSWORD.

    The shipped configuration sets variables for nbgrader's kernels, and a sandbox has its own.
    """
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() | before.keys():
            if name.startswith("PG"):
                continue
            if name in before:
                os.environ[name] = before[name]
            else:
                del os.environ[name]


@contextmanager
def _explained(root: Path) -> Iterator[None]:
    """Report the file and the line at which a configuration file fails.

    Raises:
        GradebookError: If one does.
    """
    try:
        yield
    except (Exception, SystemExit) as error:
        place = _failed_line(error) or str(root / f"{_CONFIG}.py")
        raise GradebookError(
            f"nbgrader's configuration cannot be read, so the gradebook is unknown.\n"
            f"{place}: {type(error).__name__}: {error}",
            "Fix that file; nbgrader would ignore it and use another gradebook.",
        ) from error


def _failed_line(error: BaseException) -> str:
    """The last line of a configuration file that ran, such as "nbgrader_config.py, line 3"."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    names = (f"{_CONFIG}.py", "jupyter_config.py")
    lines = [f"{f.filename}, line {f.lineno}" for f in frames if f.filename.endswith(names)]
    return lines[-1] if lines else ""
