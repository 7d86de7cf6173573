"""The other commands' end: ask the course's watcher, and grade here if it does not answer."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from autograder.errors import WireError
from autograder.grading.delegation import GradeDone, GradingTask, JobFailed, RemoteSubmission
from autograder.grading.local import LocalGrader
from autograder.grading.serving.address import NotServedError, connect
from autograder.grading.serving.channel import Channel
from autograder.grading.serving.messages import (
    GradeRequest,
    Hello,
    MachineProved,
    ProveMachine,
    Welcome,
    Working,
)
from autograder.grading.serving.package import differing_versions, package_digest
from autograder.results import Grade
from autograder.sandbox import TIERS
from autograder.submissions import Submission
from autograder.wire import Failed, Message, unpack

_SILENT_SECONDS = 60
"""A server that says nothing for so long has hung: it tells every few seconds that it works."""
_log = logging.getLogger(__name__)
Answer = TypeVar("Answer", bound=Message)


@dataclasses.dataclass(frozen=True)
class Asked(GradingTask):
    """What a client wants to have graded.

    Attributes:
        reference: As in `GradeRequest`.
        explained: As in `GradeRequest`.
    """

    reference: bool = False
    explained: bool = True


class ServedGrader:
    """Grades by the course's watcher while it can, from then on by itself; see `Place`.

    Args:
        asked: What to grade.
        own: Grades here.
        on_broken: As in `Grader`.
    """

    def __init__(
        self, asked: Asked, own: LocalGrader, on_broken: Callable[[str, str], None]
    ) -> None:
        self._asked = asked
        self._own = own
        self._on_broken = on_broken
        self._is_served = True

    def grade(self, submission: Submission) -> Grade:  # noqa: D102 - see `Place`
        if self._is_served:
            with self._or_by_itself():
                return served_grade(self._asked, submission, self._on_broken)
        return self._own.grade(submission)

    def require_fit_machine(self) -> None:  # noqa: D102 - see `Place`
        if self._is_served:
            with self._or_by_itself(), _conversation(self._asked) as channel:
                channel.send(ProveMachine())
                _answer(channel, MachineProved)
                return
        self._own.require_fit_machine()

    @contextlib.contextmanager
    def _or_by_itself(self) -> Iterator[None]:
        try:
            yield
        except NotServedError as error:
            self._is_served = False
            _log.info("Starting a fork server: %s.", str(error).rstrip("."))


def served_grade(
    asked: Asked, submission: Submission, on_broken: Callable[[str, str], None]
) -> Grade:
    """Let the course's watcher grade a submission.

    Args:
        asked: How.
        submission: The submission.
        on_broken: As in `Grader`.

    Returns:
        Its Grade, which is the one that grading it here would give.

    Raises:
        NotServedError: If no watcher grades it, or it would grade otherwise.
    """
    request = GradeRequest(
        submission=RemoteSubmission.of(submission),
        seeds=asked.seeds.seeds(submission.sha256),
        fingerprint=asked.seeds.fingerprint(submission.sha256),
        reference=asked.reference,
        explained=asked.explained,
    )
    with _conversation(asked) as channel:
        channel.send(request)
        done = _answer(channel, GradeDone)
    grade = asked.accepted(done.grade, submission, TIERS[0])
    if grade is None:
        raise NotServedError("the watcher answered with something else than a Grade of it")
    if grade.score is None:
        raise NotServedError("the watcher's grader failed")
    for text in done.broken:
        on_broken(submission.student, text)
    return grade


@contextlib.contextmanager
def _conversation(asked: Asked) -> Iterator[Channel]:
    """A channel to a server that has proved to grade as this process would.

    Raises:
        NotServedError: If there is none, or whenever it stops answering.
    """
    hello = Hello(
        assignment=asked.assignment.name,
        seeds_kind=asked.seeds.kind,
        seeds=asked.seeds.fingerprint(),
    )
    try:
        with Channel(connect(asked.course.root), _SILENT_SECONDS) as channel:
            channel.send(hello)
            reason = _why_different(_answer(channel, Welcome), asked)
            if reason:
                raise NotServedError(f"the watcher {reason}")
            yield channel
    except (OSError, WireError) as error:
        raise NotServedError(f"the watcher does not answer: {error or type(error)}") from error


def _answer(channel: Channel, kind: type[Answer]) -> Answer:
    """What a server answers, once it has.

    Raises:
        NotServedError: If it refuses, or ends.
    """
    while (packed := channel.receive()) is not None:
        answer = unpack(packed, kind, Working, Failed, JobFailed)
        if isinstance(answer, Failed):
            raise NotServedError(f"the watcher refuses: {answer.error}")
        if isinstance(answer, JobFailed):
            raise NotServedError(f"the watcher failed: {answer.traceback.splitlines()[-1]}")
        if not isinstance(answer, Working):
            return answer
    raise NotServedError("the watcher has ended")


def _why_different(welcome: Welcome, asked: Asked) -> str:
    """Why a server would not grade as this process does; "" if it would."""
    if welcome.package_sha256 != package_digest():
        return "runs other code of this package; start it again"
    if names := differing_versions(welcome.environment):
        return f"runs another version of {', '.join(names)}; start it again"
    if welcome.course_sha256 != asked.course_sha256:
        return "has another version of the course"
    if welcome.tier != TIERS[0]:  # what this process could build is not known before it tries
        return f"has a sandbox of the {welcome.tier} tier"
    return ""
