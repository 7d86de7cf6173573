"""Grade one submission: run it in the sandbox, score its reply, assemble the Grade."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping

from autograder.course import Assignment, Course
from autograder.errors import SandboxError, SubmissionError, WireError
from autograder.grading.endings import Reason, explain_missing_reply
from autograder.grading.scorer import Scorer
from autograder.results import Grade, Outcome, SandboxRecord, Verdict
from autograder.sandbox import Completed, ForkServer, Limits
from autograder.submissions import Submission
from autograder.wire import NONCE_BYTES, Job, PredictionsNeeded, Scored, part_that_ran

PROGRAM = "autograder.exercises.run_submission"
_MOST_LEFT_OUT = 2
"""How many parts of a submission may end its run before the rest is not tried anymore."""
_GRADE_AGAIN = "This is not the student's fault, and there is no mark: grade again."


@dataclasses.dataclass(frozen=True)
class Grader:
    """Grades submissions of one assignment; threads may share it.

    Attributes:
        course: The course.
        assignment: The assignment.
        server: A running fork server.
        scorer: A scorer for this assignment.
        seeds: The kind of seeds and their fingerprint, for Grades.
        course_sha256: Digest of everything that decides a mark besides the submission.
        files: The assignment's released files, which notebooks import and load.
        fast: Whether submissions train with `exercises.fast_fit`, which changes no result.
    """

    course: Course
    assignment: Assignment
    server: ForkServer
    scorer: Scorer
    seeds: dict[str, str]
    course_sha256: str
    files: Mapping[str, bytes]
    fast: bool = False

    def grade(self, submission: Submission) -> Grade:
        """Run and score one submission.

        Args:
            submission: From `submissions.read_submission`.

        Returns:
            Its Grade; `grader_error`, without a mark, if the grader failed.
        """
        completed, outputs, notices = None, "", submission.notices
        try:
            completed, nonce, reason = self._run_to_its_end(submission)
            if reason is None:
                scored = self._score(submission, completed, nonce)
                verdicts, outputs = scored.verdicts, scored.outputs
                notices += scored.notices
            else:
                outcome, what, hint = reason
                verdicts = _same_verdict(self.assignment, outcome, f"The notebook {what}.", hint)
        except WireError as error:
            verdicts = _same_verdict(
                self.assignment,
                Outcome.FAILED,
                f"The notebook's reply to the grader is damaged: {error.message}.",
                "Remove the code that ends the process or writes to open files, and hand in again.",
            )
        except SandboxError as error:
            verdicts = _same_verdict(
                self.assignment, Outcome.GRADER_ERROR, error.message, _GRADE_AGAIN
            )
        measured = None if completed is None else completed.environment
        outcome = _overall_outcome(verdicts)
        return Grade(
            student=submission.student,
            assignment=self.assignment.name,
            outcome=outcome,
            score=None if outcome is Outcome.GRADER_ERROR else sum(v.points for v in verdicts),
            max_score=self.assignment.max_score,
            checks=verdicts,
            notices=notices,
            seeds=self.seeds,
            sandbox=SandboxRecord(tier=self.server.tier),
            outputs=outputs,
            environment={**self.server.environment, **(measured or {})},
            submission_sha256=submission.sha256,
            course_sha256=self.course_sha256,
            seconds=0.0 if completed is None else round(completed.wall_seconds, 3),
        )

    def run(
        self,
        submission: Submission,
        *,
        to_predict: bytes | None = None,
        left_out: Mapping[str, tuple[str, str, str]] | None = None,
    ) -> tuple[Completed, bytes]:
        """Run a submission in the sandbox.

        Args:
            submission: From `submissions.read_submission`.
            to_predict: Encoded `PredictionInputs`, to predict; None performs the exercise.
            left_out: Parts that ended an earlier run, as in `wire.Job`.

        Returns:
            What came out, and the nonce that its reply must begin with.

        Raises:
            SandboxError: If the sandbox failed before the notebook ran.
        """
        nonce, limits = secrets.token_bytes(NONCE_BYTES), self.course.limits
        job = Job(
            task="perform" if to_predict is None else "predict",
            nonce=nonce,
            assignment=self.assignment.name,
            given=self.scorer.given if to_predict is None else to_predict,
            fast=self.fast,
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
        if completed.environment is None:
            raise SandboxError(
                f"The sandbox failed before the notebook ran: {completed.output_tail}."
            )
        return completed, nonce

    def _run_to_its_end(
        self, submission: Submission, to_predict: bytes | None = None
    ) -> tuple[Completed, bytes, Reason | None]:
        """Run a submission; if a part of it ends the run, again without that part.

        Args:
            submission: The submission.
            to_predict: As in `run`.

        Returns:
            What came out, the run's nonce, and why there is no reply, if there is none.
        """
        left_out: dict[str, tuple[str, str, str]] = {}
        while True:
            completed, nonce = self.run(submission, to_predict=to_predict, left_out=left_out)
            part, answered = part_that_ran(nonce, completed.reply)
            reason = explain_missing_reply(completed, self.course.limits, answered=answered)
            if reason is None or not part or part in left_out or len(left_out) == _MOST_LEFT_OUT:
                return completed, nonce, reason
            outcome, what, hint = reason
            left_out[part] = outcome.value, what, hint

    def _score(self, submission: Submission, completed: Completed, nonce: bytes) -> Scored:
        """Score a reply; if only the submission can build its model, run it again to predict."""
        scored = self.scorer.score(nonce, completed.reply, submission.untouched)
        if isinstance(scored, PredictionsNeeded):
            again, its_nonce, reason = self._run_to_its_end(submission, scored.inputs)
            predictions = (its_nonce, again.reply) if reason is None else f"it {reason[1]}."
            scored = self.scorer.score(nonce, completed.reply, submission.untouched, predictions)
        if not isinstance(scored, Scored):
            raise SandboxError("The scorer asked for the same predictions twice.")
        return scored


def _same_verdict(
    assignment: Assignment, outcome: Outcome, message: str, hint: str
) -> tuple[Verdict, ...]:
    """The same verdict for every check, if there is nothing to check."""
    return tuple(
        Verdict(name=name, outcome=outcome, points=0, max_points=points, message=message, hint=hint)
        for name, points in assignment.checks.items()
    )


def grade_unreadable(
    assignment: Assignment, student: str, error: SubmissionError, course_sha256: str
) -> Grade:
    """The Grade of a file that cannot be read: nothing ran, and each verdict has the reason."""
    return Grade(
        student=student,
        assignment=assignment.name,
        outcome=Outcome.FAILED,
        score=0.0,
        max_score=assignment.max_score,
        checks=_same_verdict(assignment, Outcome.FAILED, error.message, error.tip),
        seeds={},
        sandbox=SandboxRecord(tier="none"),
        environment={},
        submission_sha256="",
        course_sha256=course_sha256,
        seconds=0.0,
    )


def _overall_outcome(verdicts: tuple[Verdict, ...]) -> Outcome:
    """The outcome that all checks have in common, or `failed`; a grader error takes precedence."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if Outcome.GRADER_ERROR in outcomes:
        return Outcome.GRADER_ERROR
    return outcomes.pop() if len(outcomes) == 1 else Outcome.FAILED
