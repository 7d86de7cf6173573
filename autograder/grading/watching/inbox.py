"""Where submissions arrive, and where their feedback goes: nbgrader's exchange, or a folder.

nbgrader's own exchange plugins move the files, so that every exchange works that nbgrader is
configured for.
"""

from __future__ import annotations

import abc
import logging
import shutil
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.watching.exchange_on_disk import CollectWithoutLinks
from autograder.outputs.gradebook import (
    database_url,
    find_gradebook,
    nbgrader_config,
    open_gradebook,
)
from autograder.results import clean_line

PRACTICE = "practice"
"""The folder of what a watcher keeps, in the course folder."""
_WRITTEN_LAST = ("timestamp.txt", "submission_secret.txt")
"""What `nbgrader submit` writes last into an exchange on disk; other exchanges have no halves."""
_TIP = (
    "Release it first: nbgrader release_assignment {}. To watch a folder instead: --folder DIR. "
    "nbgrader_config.py names the exchange (c.Exchange.root)."
)


class Inbox(abc.ABC):
    """Submissions that arrive while the grader runs.

    Attributes:
        submitted: The folder of submissions, in nbgrader's layout.
    """

    submitted: Path

    @abc.abstractmethod
    def collect(self, assignment: str) -> Sequence[str]:
        """Bring the newest submissions into `submitted`.

        Returns:
            What was left out and why, as sentences.

        Raises:
            CourseError: If nbgrader cannot collect; says why.
        """

    @abc.abstractmethod
    def release(self, assignment: str, student: str) -> None:
        """Let a student fetch the report in `practice/feedback/`.

        Raises:
            CourseError: If nbgrader cannot release it; says why.
        """


class FolderInbox(Inbox):
    """A folder into which something else puts submissions, such as `autograder collect`.

    Args:
        submitted: The folder, in nbgrader's layout: STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb.
    """

    def __init__(self, submitted: Path) -> None:
        self.submitted = submitted

    def collect(self, assignment: str) -> Sequence[str]:  # noqa: ARG002 - they are all there
        """Do nothing: the submissions are there."""
        return ()

    def release(self, assignment: str, student: str) -> None:
        """Do nothing: the reports stay where they are."""


class ExchangeInbox(Inbox):
    """The inbound folder of nbgrader's exchange, through nbgrader's own plugins.

    Args:
        course: The course, whose nbgrader configuration names the exchange.
        submitted: Where submissions are collected.
        feedback: Where reports are released from.

    Raises:
        CourseError: If nbgrader has no course id.
        GradebookError: If the gradebook cannot be opened.
    """

    def __init__(self, course: Course, submitted: Path, feedback: Path) -> None:
        from nbgrader.auth import Authenticator  # noqa: PLC0415 - its imports are slow
        from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415 - as above
        from nbgrader.exchange import ExchangeFactory  # noqa: PLC0415 - as above
        from nbgrader.exchange.default import ExchangeCollect  # noqa: PLC0415 - as above

        self.submitted = submitted
        gradebook = find_gradebook(course)
        if not gradebook.course_id:
            raise CourseError(
                "nbgrader's exchange needs the course's id, and it is not configured.",
                'Write it into nbgrader_config.py: c.CourseDirectory.course_id = "..."',
            )
        with open_gradebook(gradebook.database, gradebook.course_id):
            pass  # nbgrader reads due dates from it, and needs `alembic` on the path to create it
        config = nbgrader_config(course.root)
        config.CourseDirectory.db_url = str(database_url(gradebook.database))
        config.CourseDirectory.root = str(course.root)
        config.CourseDirectory.course_id = gradebook.course_id
        config.CourseDirectory.submitted_directory = _below(course.root, submitted)
        config.CourseDirectory.feedback_directory = _below(course.root, feedback)
        self._coursedir = CourseDirectory(config=config)
        self._authenticator = Authenticator(config=config)
        self._factory = ExchangeFactory(config=config)
        self._is_on_disk = issubclass(self._factory.collect, ExchangeCollect)
        if self._is_on_disk:
            bases = (CollectWithoutLinks, self._factory.collect)
            # Configuration names nbgrader's class; the new one inherits it by its own name too.
            self._factory.collect = type(self._factory.collect.__name__, bases, {})

    def collect(self, assignment: str) -> Sequence[str]:
        """Collect the newest submission of each student; one that is still written comes later."""
        collect = self._plugin(self._factory.Collect, assignment)
        collect.update = True
        collect.left_out = []
        if self._is_on_disk:
            collect.do_copy = _whole(collect.do_copy)
        self._start(collect, "collect", assignment)
        if not self._is_on_disk:
            return ()
        for folder in self.submitted.glob(f"*/{assignment}"):
            if not all((folder / name).is_file() for name in _WRITTEN_LAST):
                shutil.rmtree(folder, ignore_errors=True)  # `update` would never replace it
        return tuple(collect.left_out)

    def release(self, assignment: str, student: str) -> None:
        """Put the report into the exchange, under the name that only its student can know."""
        release = self._plugin(self._factory.ReleaseFeedback, assignment, student)
        self._start(release, "release feedback of", assignment)

    def _plugin(self, make: Callable[..., Any], assignment: str, student: str = "*") -> Any:
        """One of nbgrader's exchange plugins, as its commands make them."""
        self._coursedir.assignment_id = assignment
        self._coursedir.student_id = student
        plugin = make(
            coursedir=self._coursedir, authenticator=self._authenticator, parent=self._factory
        )
        plugin.log = _silent_log()  # what fails is told by our own messages
        return plugin

    @staticmethod
    def _start(plugin: Any, what: str, assignment: str) -> None:
        from nbgrader.exchange import ExchangeError  # noqa: PLC0415 - its imports are slow

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # it leaves a file to be closed
                plugin.start()
        except (ExchangeError, OSError, RuntimeError) as error:
            raise CourseError(
                f"nbgrader cannot {what} {assignment}: {clean_line(str(error), 300)}",
                _TIP.format(assignment),
            ) from error


def _whole(copy: Callable[..., None]) -> Callable[..., None]:
    """A copy of a folder that is there whole or not at all.

    nbgrader copies into place: where the disk fills up, it leaves a part, and takes it for whole.
    """

    def copy_whole(source: str, target: str, **settings: Any) -> None:
        partial = Path(target).with_name(f".{Path(target).name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            copy(source, str(partial), **settings)
            if partial.exists():  # else it was left out
                partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    return copy_whole


def _silent_log() -> logging.Logger:
    log = logging.getLogger(__name__)
    log.setLevel(logging.CRITICAL + 1)
    return log


def _below(root: Path, folder: Path) -> str:
    """A folder's path as nbgrader's settings take it: below the course folder."""
    return str(folder.relative_to(root)) if folder.is_relative_to(root) else str(folder)
