"""Processes of the grader that are killed: they are started again, and nobody pays for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from courses import ROOT
from processes import children_of, wait_until_ended

from autograder.course import Course
from autograder.grading import Grader, IncrementalGrader, Options
from autograder.grading.local import LocalGrader
from autograder.results import Outcome, Verdict
from autograder.submissions import Submission, SubmittedFile, read_submission
from autograder.wire import Scored, ScoreRequest

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

NAME = "02-house-prices"
RIGHT = ROOT / "solutions" / NAME / "grading" / "corpus" / "right" / "as-in-the-lesson.ipynb"
NO_MODEL = {
    "normalize_scales_training",
    "normalize_does_not_leak",
    "prices_are_in_currency",
}
"""Checks that look at no model of the student's."""


class Class:
    """A class of the second assignment, graded for real with the practice seeds.

    Attributes:
        incremental: What grades it.
    """

    def __init__(self, course: Course, stack: ExitStack) -> None:
        options = Options(practice_seeds=True)
        assignment = course.assignment(NAME)
        self.incremental = IncrementalGrader(course, assignment, options, stack, size=1)

    @property
    def grader(self) -> Grader:
        """The running grader."""
        place = self.incremental._place
        assert isinstance(place, LocalGrader)
        return place.grader()

    def grade(self) -> Outcome:
        """Grade a right notebook."""
        return self.incremental.grade(SubmittedFile("ada", RIGHT)).grade.outcome

    def read(self) -> Submission:
        """Read the right notebook."""
        file = SubmittedFile("ada", RIGHT)
        return read_submission(file, self.incremental.source, self.incremental.release)

    def trusted(self) -> tuple[int, int]:
        """The processes that score: the host, and the scorer below it."""
        parents = {pid: children_of(pid) for pid in children_of(self.grader.server._process.pid)}
        ((host, (scorer,)),) = ((pid, below) for pid, below in parents.items() if below)
        return host, scorer


@pytest.fixture(scope="module")
def group(course: Course) -> Iterator[Class]:
    """A class whose fork server runs."""
    with ExitStack() as stack:
        yield Class(course, stack)


@pytest.mark.parametrize("which", [0, 1], ids=["host", "scorer"])
def test_killed_scorer_is_started_again(which: int, group: Class) -> None:
    """Whichever of its two processes is killed, the next submission is graded at once."""
    processes = group.trusted()
    os.kill(processes[which], signal.SIGKILL)
    wait_until_ended(processes[1:])  # the host stays until its parent asks for it
    submission = group.read()
    assert group.grader.grade(submission).outcome is Outcome.PASSED
    assert set(group.trusted()).isdisjoint(processes)


def test_model_that_is_not_evaluated_costs_only_the_checks_that_need_it(group: Class) -> None:
    """The others are scored as they are, and those that need it say why they cannot be."""
    grader, submission = group.grader, group.read()
    completed, nonce = grader.run(submission)
    request = ScoreRequest(
        seeds=grader.seeds.seeds(submission.sha256),
        nonce=nonce,
        reply=completed.reply,
        untouched=(),
        refused=("To evaluate the model takes too long.", "Use fewer layers."),
    )
    scored = grader.scorer._request(request)
    assert isinstance(scored, Scored)
    by_outcome: dict[bool, list[Verdict]] = {True: [], False: []}
    for verdict in scored.verdicts:
        by_outcome[verdict.outcome is Outcome.PASSED].append(verdict)
    assert {verdict.name for verdict in by_outcome[True]} >= NO_MODEL
    assert {"loss_goes_down", "error_beats_average"} <= {v.name for v in by_outcome[False]}
    for verdict in by_outcome[False]:
        assert "To evaluate the model takes too long." in verdict.message
    assert scored.broken == {}
    assert scored.signs == ()


def test_killed_fork_server_is_started_again(group: Class) -> None:
    """The next file is graded by a new one, and nothing of the old one is left."""
    server = group.grader.server
    below = children_of(server._process.pid)
    server._process.kill()
    server._process.wait()
    wait_until_ended(below)
    assert group.grade() is Outcome.PASSED
    assert group.grader.server is not server
    assert Path(f"/proc/{group.grader.server._process.pid}").exists()
