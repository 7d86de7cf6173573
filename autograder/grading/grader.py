"""Grade one submission: run it in the sandbox, score its reply, assemble the Grade."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Mapping

from autograder.course import Assignment, Course, SeedSource, with_titles
from autograder.errors import MachineError, SandboxError, WireError
from autograder.grading.endings import Reason, explain_missing_reply, require_own_fault
from autograder.grading.scorer import ScoredReply, Scorer
from autograder.grading.signs import signs_in_code
from autograder.grading.verdicts import no_mark, overall_outcome, same_verdict
from autograder.results import Grade, Outcome, SandboxRecord, Verdict
from autograder.sandbox import Completed, ForkServer, Limits
from autograder.submissions import Submission
from autograder.wire import (
    NONCE_BYTES,
    RUN_AGAIN,
    Job,
    PredictionsNeeded,
    Scored,
    part_that_ran,
)

PROGRAM = "autograder.exercises.run_submission"
_MOST_OF_THE_POINTS = 0.8
_LITTLE_WORK = 0.3
"""Share of the computing time of the course's own solution; right answers need twice as much."""
_MOST_LEFT_OUT = 2
"""How many parts of a submission may end its run before the rest is not tried anymore."""


@dataclasses.dataclass(frozen=True)
class Ran:
    """A submission's run to its end.

    Attributes:
        completed: What came out of the sandbox.
        nonce: What its reply must begin with.
        reason: Why there is no reply, if there is none.
        endings: How earlier runs, and this one, ended before their reply.
    """

    completed: Completed
    nonce: bytes
    reason: Reason | None
    endings: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Graded:
    """A graded submission.

    Attributes:
        grade: Its Grade.
        trained: The reply of which the training can be described; None if there is none.
        cpu_seconds: Computing time of its run.
    """

    grade: Grade
    trained: ScoredReply | None = None
    cpu_seconds: float = 0


@dataclasses.dataclass(frozen=True)
class Grader:
    """Grades submissions of one assignment; threads may share it.

    Attributes:
        course: The course.
        assignment: The assignment.
        server: A running fork server.
        scorer: A scorer for this assignment.
        seeds: The seeds of each submission.
        course_sha256: Digest of everything that decides a mark besides the submission.
        files: The assignment's released files, which notebooks import and load.
        answers: Names of the assignment's solution cells.
        reference_seconds: Computing time of the course's own solution; 0 if it is not known.
        fast: Whether submissions train with `exercises.fast_fit`, which changes no result.
        traced: Train steps that the course's own solution traced, and that submissions with equal
            models use, which changes no result either; b"" for none.
        on_broken: Called with the student and the tracebacks of checks that broke.
    """

    course: Course
    assignment: Assignment
    server: ForkServer
    scorer: Scorer
    seeds: SeedSource
    course_sha256: str
    files: Mapping[str, bytes]
    answers: frozenset[str] = frozenset()
    reference_seconds: float = 0.0
    fast: bool = False
    traced: bytes = b""
    on_broken: Callable[[str, str], None] = lambda _student, _text: None

    def grade(self, submission: Submission, *, alone: bool = False) -> Grade:
        """Run and score one submission.

        Args:
            submission: From `submissions.read_submission`.
            alone: Whether nothing else is graded meanwhile.

        Returns:
            Its Grade; `grader_error`, without a mark, if the grader or the machine failed.
        """
        return self.grade_and_keep(submission, alone=alone).grade

    def grade_and_keep(self, submission: Submission, *, alone: bool = False) -> Graded:
        """As `grade`, but keep the reply, so that its training can be described."""
        try:
            ran = self.run_to_its_end(submission, alone=alone)
            return self._conclude(submission, ran, alone=alone)
        except MachineError as error:
            return Graded(self._grade(submission, no_mark(self.assignment, error)))
        except OSError as error:
            trouble = MachineError(f"The machine cannot run it: {error.strerror}.")
            return Graded(self._grade(submission, no_mark(self.assignment, trouble)))

    def run_to_its_end(
        self, submission: Submission, to_predict: bytes | None = None, *, alone: bool = False
    ) -> Ran:
        """Run a submission; if a part of it ends the run, again without that part.

        Args:
            submission: The submission.
            to_predict: As in `run`.
            alone: Whether nothing else is graded meanwhile.

        Raises:
            MachineError: If the sandbox failed, or the machine may have ended the run.
        """
        left_out: dict[str, tuple[str, str, str]] = {}
        endings: tuple[str, ...] = ()
        limits = self.course.limits
        while True:
            completed, nonce = self.run(submission, to_predict=to_predict, left_out=left_out)
            part, answered = part_that_ran(nonce, completed.reply)
            reason = explain_missing_reply(completed, limits, answered=answered, alone=alone)
            if reason is not None:
                endings += (f"{part or 'the notebook'} {reason[1]}",)
            if reason is None or not part or part in left_out or len(left_out) == _MOST_LEFT_OUT:
                return Ran(completed, nonce, reason, endings)
            outcome, what, hint = reason
            left_out[part] = outcome.value, what, hint

    def conclude(self, submission: Submission, ran: Ran, *, alone: bool = False) -> Grade:
        """Score what came out of a run.

        Args:
            submission: The submission.
            ran: From `run_to_its_end`.
            alone: Whether nothing else is graded meanwhile.

        Raises:
            MachineError: If the grader or the machine failed.
        """
        return self._conclude(submission, ran, alone=alone).grade

    def _conclude(self, submission: Submission, ran: Ran, *, alone: bool) -> Graded:
        if ran.reason is not None:
            outcome, what, hint = ran.reason
            verdicts = same_verdict(self.assignment, outcome, f"The notebook {what}.", hint)
            return Graded(self._grade(submission, verdicts, ran))
        try:
            scored, reply = self._score(submission, ran, alone=alone)
        except WireError as error:
            verdicts = same_verdict(
                self.assignment,
                Outcome.FAILED,
                f"The notebook's reply to the grader is damaged: {error.message}.",
                "Remove the code that ends the process or writes to open files, and hand in again.",
            )
            return Graded(self._grade(submission, verdicts, ran))
        # A part that was left out is told as a timeout too, and was judged when it ended its run.
        limit = self.course.limits.part_seconds
        timed_out = any(verdict.outcome is Outcome.TIMEOUT for verdict in scored.verdicts)
        if timed_out and ran.completed.wall_seconds >= limit:
            require_own_fault(ran.completed, limit, alone=alone)
        if scored.broken:
            self.on_broken(submission.student, "\n".join(scored.broken.values()))
        grade = self._grade(submission, scored.verdicts, ran, scored)
        return Graded(
            grade, reply if scored.trained else None, cpu_seconds=ran.completed.cpu_seconds
        )

    def _grade(
        self,
        submission: Submission,
        verdicts: tuple[Verdict, ...],
        ran: Ran | None = None,
        scored: Scored | None = None,
    ) -> Grade:
        completed = None if ran is None else ran.completed
        measured = None if completed is None else completed.environment
        outcome = overall_outcome(verdicts)
        flags = () if scored is None else self._flags(submission, ran, scored)
        return Grade(
            student=submission.student,
            assignment=self.assignment.name,
            outcome=outcome,
            score=None if outcome is Outcome.GRADER_ERROR else sum(v.points for v in verdicts),
            max_score=self.assignment.max_score,
            checks=with_titles(verdicts, self.course.folder(self.assignment.name)),
            notices=submission.notices + (() if scored is None else scored.notices),
            flags=flags,
            endings=() if ran is None else ran.endings,
            seeds={
                "kind": self.seeds.kind,
                "fingerprint": self.seeds.fingerprint(submission.sha256),
            },
            sandbox=SandboxRecord(tier=self.server.tier),
            outputs="" if scored is None else scored.outputs,
            environment={**self.server.environment, **(measured or {})},
            submission_sha256=submission.sha256,
            course_sha256=self.course_sha256,
            seconds=0.0 if completed is None else round(completed.wall_seconds, 3),
        )

    def _flags(self, submission: Submission, ran: Ran | None, scored: Scored) -> tuple[str, ...]:
        """Why a person should look at a submission: what broke, and what is odd about its marks."""
        broken = [f"The check {name} broke on it: see the log." for name in scored.broken]
        earned = sum(verdict.points for verdict in scored.verdicts)
        if earned < _MOST_OF_THE_POINTS * self.assignment.max_score:
            return tuple(broken)
        signs = [*scored.signs, *signs_in_code(submission, self.answers)]
        if ran and ran.completed.cpu_seconds < _LITTLE_WORK * self.reference_seconds:
            signs.append("The run took far less computing than the course's own solution.")
        return (*broken, *signs)

    def run(
        self,
        submission: Submission,
        *,
        to_predict: bytes | None = None,
        left_out: Mapping[str, tuple[str, str, str]] | None = None,
        trace: bool = False,
    ) -> tuple[Completed, bytes]:
        """Run a submission in the sandbox.

        Args:
            submission: From `submissions.read_submission`.
            to_predict: Encoded `PredictionInputs`, to predict; None performs the exercise.
            left_out: Parts that ended an earlier run, as in `wire.Job`.
            trace: Reply with the train steps that were traced; for the course's own solution only.

        Returns:
            What came out, and the nonce that its reply must begin with.

        Raises:
            SandboxError: If the sandbox failed before the notebook ran.
        """
        nonce, limits = secrets.token_bytes(NONCE_BYTES), self.course.limits
        given = to_predict
        if given is None:
            given = self.scorer.given(self.seeds.seeds(submission.sha256))
        job = Job(
            task="trace" if trace else "perform" if to_predict is None else "predict",
            nonce=nonce,
            assignment=self.assignment.name,
            given=given,
            fast=self.fast,
            traced=b"" if trace or to_predict is not None else self.traced,
            part_seconds=limits.part_seconds,
            left_out=dict(left_out or {}),
            cells=submission.cells,
            files={**submission.modules, **self.files},
        )
        sandbox_limits = Limits(
            wall_seconds=limits.wall_seconds,
            memory_mb=limits.memory_mb,
            processes=limits.processes,
        )
        completed = self.server.run(PROGRAM, job, sandbox_limits, limits.output_bytes)
        if job.traced and completed.exit_code == RUN_AGAIN:
            plain = dataclasses.replace(self, traced=b"")
            return plain.run(submission, left_out=left_out)
        if completed.environment is None:
            raise SandboxError(
                f"The sandbox failed before the notebook ran: {completed.output_tail}."
            )
        return completed, nonce

    def _score(
        self, submission: Submission, ran: Ran, *, alone: bool
    ) -> tuple[Scored, ScoredReply]:
        """Score a reply; if only the submission can build its model, run it again to predict."""
        seeds = self.seeds.seeds(submission.sha256)
        reply = ScoredReply(seeds, ran.nonce, ran.completed.reply)
        scored = self.scorer.score(seeds, reply.nonce, reply.reply, submission.untouched)
        if isinstance(scored, PredictionsNeeded):
            again = self.run_to_its_end(submission, scored.inputs, alone=alone)
            predictions = (again.nonce, again.completed.reply)
            reply = dataclasses.replace(
                reply,
                predictions=predictions if again.reason is None else f"it {again.reason[1]}.",
            )
            scored = self.scorer.score(
                seeds, reply.nonce, reply.reply, submission.untouched, reply.predictions
            )
        if not isinstance(scored, Scored):
            raise SandboxError("The scorer asked for the same predictions twice.")
        return scored, reply
