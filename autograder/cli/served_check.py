"""`autograder check` for instructors: by the fork server of the course's running watcher.

Students have no part in this: their `check` runs their code as themselves, and a watcher answers
nobody but its own user.
"""

from __future__ import annotations

import contextlib
import logging
import stat
from collections.abc import Sequence
from pathlib import Path

from autograder.course import Assignment, Course, FixedSeeds, describe_checks
from autograder.errors import AutograderError
from autograder.feedback import Answer
from autograder.results import Outcome
from autograder.submissions import SubmittedFile, read_notebook, read_submission

_SOCKET = "practice/server/socket"
"""Where a watcher listens; `grading`, which knows it too, is slow to import."""
_ENDED = {Outcome.TIMEOUT, Outcome.RESOURCE_LIMIT}
_log = logging.getLogger(__name__)


def served_answers(course: Course, assignment: Assignment, path: Path) -> Sequence[Answer] | None:
    """What `self_check_file` answers, without importing TensorFlow.

    Args:
        course: The course.
        assignment: The assignment.
        path: The notebook or Python file.

    Returns:
        One answer per check, without tracebacks; None if no watcher answers, or not the same.
    """
    if not _is_socket(course.root / _SOCKET):
        return None
    from autograder.grading import grading_digest  # noqa: PLC0415 - its imports are slow
    from autograder.grading.serving import (  # noqa: PLC0415 - as above
        Asked,
        NotServedError,
        served_grade,
    )

    seeds = FixedSeeds(course.practice_seeds)
    try:
        release = read_notebook(course.release_notebook(assignment.name))
        submission = read_submission(SubmittedFile("", path), release, release)
        digest = grading_digest(course, assignment, seeds)
        asked = Asked(course, assignment, seeds, digest, explained=False)
        grade = served_grade(asked, submission, lambda _student, _text: None)
    except (AutograderError, NotServedError) as error:
        _log.info("Checking in this process: %s", error)
        return None
    if grade.endings or not _ENDED.isdisjoint(verdict.outcome for verdict in grade.checks):
        return None
    checks = describe_checks(course.folder(assignment.name))
    return [Answer(verdict, checks[verdict.name].goal) for verdict in grade.checks]


def _is_socket(path: Path) -> bool:
    with contextlib.suppress(OSError):  # it is not there, or another user's
        return stat.S_ISSOCK(path.stat().st_mode)
    return False
