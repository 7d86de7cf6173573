"""A machine is fit if the course's own solution gets full marks; fast training if it is exact."""

from __future__ import annotations

import dataclasses
from typing import cast

import pytest
from courses import ROOT
from gradebooks import graded

from autograder.course import Course, FixedSeeds, SeedSource, load_course
from autograder.errors import MachineError, UnfitMachineError
from autograder.grading import Grader, fast_if_identical, require_full_marks
from autograder.grading.grader import Ran
from autograder.results import Grade, Outcome
from autograder.sandbox import Completed, Ending
from autograder.submissions import Submission
from autograder.wire import frame

NONCE = bytes(16)
COURSE = load_course(ROOT)
SOLUTION = cast("Submission", "solution")
FULL_MARKS = graded()


@dataclasses.dataclass(frozen=True)
class FakeGrader:
    """Answers without a sandbox.

    Attributes:
        seeds: As in `Grader`.
        course: As in `Grader`.
        fast: As in `Grader`.
        traced: As in `Grader`.
        reference_seconds: As in `Grader`.
        plain_reply: What comes out without fast training; None raises a MachineError.
        fast_reply: What comes out with it, likewise.
        traced_reply: What comes out with traced steps; default: as `fast_reply`.
        ended: Whether runs end without a reply.
        own_grade: The solution's Grade.
        seeds_used: The seeds of each run.
    """

    seeds: SeedSource | None = None
    course: Course = COURSE
    fast: bool = False
    traced: bytes = b""
    reference_seconds: float = 0.0
    plain_reply: bytes | None = b"weights"
    fast_reply: bytes | None = b"weights"
    traced_reply: bytes | None = None
    ended: bool = False
    own_grade: Grade = FULL_MARKS
    seeds_used: list[object] = dataclasses.field(default_factory=list)

    def grade(self, _submission: Submission) -> Grade:
        """Run and score."""
        self.seeds_used.append(self.seeds)
        return self.own_grade

    def conclude(self, _submission: Submission, _ran: Ran) -> Grade:
        """Score."""
        return self.own_grade

    def run(self, _submission: Submission, *, trace: bool) -> tuple[Completed, bytes]:
        """Run, and reply with traced steps."""
        assert trace
        self.seeds_used.append(self.seeds)
        return completed(b"steps", 3.0), NONCE

    def run_to_its_end(self, _submission: Submission) -> Ran:
        """Run; with traced steps it takes 1 second, the fast way 3 and the plain one 8."""
        self.seeds_used.append(self.seeds)
        reply = self.fast_reply if self.fast else self.plain_reply
        if self.traced and self.traced_reply is not None:
            reply = self.traced_reply
        if reply is None:
            raise MachineError("out of memory")
        seconds = 1.0 if self.traced else 3.0 if self.fast else 8.0
        reason = (Outcome.FAILED, "ended the grader's process", "") if self.ended else None
        return Ran(completed(reply, seconds), NONCE, reason, ())


def completed(reply: bytes, cpu_seconds: float) -> Completed:
    """A run that came to its end."""
    return Completed(
        ending=Ending.ENDED,
        limit="",
        environment={},
        reply=frame(NONCE, reply),
        output=b"",
        exit_code=0,
        signal=None,
        cpu_seconds=cpu_seconds,
        waited_seconds=0.0,
        wall_seconds=9.0,
        peak_memory_mb=700,
    )


def prove(grader: FakeGrader) -> Grader:
    """Choose between fast and plain training."""
    return fast_if_identical(cast("Grader", grader), SOLUTION)


def test_solution_with_full_marks_is_all_that_is_required() -> None:
    """It is graded with the practice seeds, of which its authors know that it passes."""
    grader = FakeGrader()
    require_full_marks(cast("Grader", grader), SOLUTION)
    assert grader.seeds_used == [FixedSeeds(COURSE.practice_seeds)]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.TIMEOUT, Outcome.GRADER_ERROR])
def test_solution_without_full_marks_names_the_machine(outcome: Outcome) -> None:
    """The error names the check and what it says, and how to try again."""
    grader = FakeGrader(own_grade=graded(loss_goes_down=outcome))
    with pytest.raises(UnfitMachineError, match="loss_goes_down: What loss_goes_down found") as no:
        require_full_marks(cast("Grader", grader), SOLUTION)
    assert "autograder selftest 01-first-training" in no.value.tip


def test_same_replies_switch_fast_training_on() -> None:
    """What counts is every byte; submissions are then measured against the fast run's time."""
    proved = prove(FakeGrader())
    assert (proved.fast, proved.traced, proved.reference_seconds) == (True, b"steps", 3.0)


def test_other_reply_with_traced_steps_leaves_only_them_out() -> None:
    """Fast training, which gave the same bytes, stays on."""
    proved = prove(FakeGrader(traced_reply=b"weightt"))
    assert (proved.fast, proved.traced, proved.reference_seconds) == (True, b"", 3.0)


def test_proof_leaves_the_seeds_of_the_grader() -> None:
    """The practice seeds are for the solution alone."""
    grader = FakeGrader(seeds=FixedSeeds(COURSE.practice_seeds, "trial"))
    assert prove(grader).seeds is grader.seeds
    assert grader.seeds not in grader.seeds_used


@pytest.mark.parametrize("fast_reply", [b"weightt", None], ids=["one bit", "no reply"])
def test_other_reply_keeps_plain_training(fast_reply: bytes | None) -> None:
    """Submissions are then measured against the plain run's time."""
    proved = prove(FakeGrader(fast_reply=fast_reply))
    assert (proved.fast, proved.reference_seconds) == (False, 8.0)


@pytest.mark.parametrize(
    "trouble",
    [FakeGrader(plain_reply=None), FakeGrader(ended=True)],
    ids=["machine", "ended"],
)
def test_run_without_a_reply_proves_nothing(trouble: FakeGrader) -> None:
    """A second attempt that gets full marks is enough to grade, the plain way."""
    assert prove(trouble) is cast("Grader", trouble)


@pytest.mark.parametrize("plain_reply", [b"weights", None])
def test_solution_that_fails_is_no_proof(plain_reply: bytes | None) -> None:
    """However equal the replies are, nothing is graded on such a machine."""
    failing = graded(loss_goes_down=Outcome.FAILED)
    with pytest.raises(UnfitMachineError):
        prove(FakeGrader(plain_reply=plain_reply, own_grade=failing))


def test_reply_with_another_nonce_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are not a reply are not compared."""
    monkeypatch.setattr(
        FakeGrader,
        "run_to_its_end",
        lambda _self, _submission: Ran(cast("Completed", Torn()), NONCE, None, ()),
    )
    assert not prove(FakeGrader()).fast


class Torn:
    """What came out of a run whose reply is cut short.

    Attributes:
        reply: Its bytes.
        cpu_seconds: Its computing time.
    """

    reply = b"torn"
    cpu_seconds = 1.0
