"""When a Grade gets the summary of its training, with the course's own solution beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from grades import make_grade, make_verdict

from autograder.course import Limits, Seeds
from autograder.errors import MachineError, SandboxError, WireError
from autograder.grading.grader import Grader
from autograder.grading.scorer import ScoredReply
from autograder.grading.summaries import with_training
from autograder.results import Grade, Outcome, TrainingSummary
from autograder.submissions import Cell, Submission

SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)
TRAINED = ScoredReply(SEEDS, bytes(16), b"reply")
SUMMARY = TrainingSummary(loss=(0.7, 0.2), epochs=(0, 1))
FUNCTIONS = {"train": Cell(name="train", source="")}
SOLUTION = Submission("solution", "c" * 64, None, {}, (), {}, None, ())
PASSED, FAILED = make_grade(make_verdict(outcome=Outcome.PASSED)), make_grade(make_verdict())
OUT_OF_TIME = make_grade(make_verdict(), make_verdict("slow", Outcome.TIMEOUT))


@dataclasses.dataclass
class MadeUpGrader:
    """Runs the solution and describes trainings as it is told.

    Attributes:
        error: What describing raises.
        reason: Why the solution's run has no reply.
        runs: The digests of what was run.
        described: What was described, and what stood beside it.
        broken: What was told to be broken.
    """

    error: Exception | None = None
    reason: object = None
    runs: list[str] = dataclasses.field(default_factory=list)
    described: list[tuple[ScoredReply, ScoredReply | None]] = dataclasses.field(
        default_factory=list
    )
    broken: list[str] = dataclasses.field(default_factory=list)
    course: Any = dataclasses.field(default_factory=lambda: SimpleNamespace(limits=Limits()))

    @property
    def scorer(self) -> MadeUpGrader:
        """It is its own scorer."""
        return self

    @property
    def on_broken(self) -> Callable[[str, str], None]:
        """Notes what is broken."""
        return lambda student, text: self.broken.append(f"{student}: {text}")

    def run_to_its_end(self, submission: Submission) -> SimpleNamespace:
        """Run the solution."""
        self.runs.append(submission.sha256)
        completed = SimpleNamespace(reply=b"solution")
        return SimpleNamespace(nonce=bytes([1] * 16), completed=completed, reason=self.reason)

    def describe(self, trained: ScoredReply, reference: ScoredReply | None) -> TrainingSummary:
        """Describe a training."""
        if self.error is not None:
            raise self.error
        self.described.append((trained, reference))
        return SUMMARY


def described(grade: Grade, grader: MadeUpGrader) -> Grade:
    """A Grade with its summary."""
    return with_training(cast("Grader", grader), TRAINED, grade, FUNCTIONS, lambda: SOLUTION)


def test_submission_that_fails_is_shown_beside_the_solution() -> None:
    """The solution runs by itself, with the seeds of the submission's digest."""
    grader = MadeUpGrader()
    assert described(FAILED, grader).training == SUMMARY
    assert grader.runs == [FAILED.submission_sha256]
    reference = ScoredReply(SEEDS, bytes([1] * 16), b"solution")
    assert grader.described == [(TRAINED, reference)]


@pytest.mark.parametrize("grade", [PASSED, OUT_OF_TIME], ids=["passed", "out of time"])
def test_submission_without_experiments_does_not_pay_for_the_solution(grade: Grade) -> None:
    """It has a summary of its own, and nothing beside it."""
    grader = MadeUpGrader()
    assert described(grade, grader).training == SUMMARY
    assert (grader.runs, grader.described) == ([], [(TRAINED, None)])


def test_solution_that_does_not_reply_is_left_out() -> None:
    """The summary is told without it."""
    grader = MadeUpGrader(reason=("timeout", "did not finish", ""))
    assert described(FAILED, grader).training == SUMMARY
    assert grader.described == [(TRAINED, None)]


@pytest.mark.parametrize(
    "error",
    [SandboxError("The scorer ended."), WireError("another nonce"), MachineError("No memory.")],
)
@pytest.mark.parametrize("grade", [PASSED, FAILED], ids=["passed", "failed"])
def test_marks_stay_whatever_happens_to_the_summary(grade: Grade, error: Exception) -> None:
    """The Grade is as it was, and a log says why it has no summary."""
    grader = MadeUpGrader(error=error)
    assert described(grade, grader) == grade
    assert len(grader.broken) == 1
    assert str(error) in grader.broken[0]
