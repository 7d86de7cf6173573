"""Grade one submission: run it in the sandbox, have it scored, put the outcome into words."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import secrets
import signal
from pathlib import Path
from typing import Any

from autograder.course import Assignment, Course
from autograder.course import Limits as CourseLimits
from autograder.errors import SandboxError, SubmissionError, WireError
from autograder.exercises import module_suffix
from autograder.exercises.draws import HELD_OUT
from autograder.grading.scorer import Scorer, never_answered
from autograder.results import Grade, Outcome, SandboxRecord, Verdict
from autograder.sandbox import wire
from autograder.sandbox.client import WarmProcess
from autograder.sandbox.exit_codes import OUR_FAULT
from autograder.sandbox.limits import FILE_MB, Limits
from autograder.sandbox.run import Completed, Ending
from autograder.submissions import Submission

_NO_MORE_THREADS = re.compile("pthread_create|can't start new thread|fork: .*unavailable")
_OUT_OF_MEMORY_SIGNALS = (signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS)
_PASSED = {
    "memory_mb": (
        "The notebook used more than {memory_mb} MB of memory (memory_mb).",
        "Use smaller arrays or a smaller batch.",
    ),
    "processes": (
        "The notebook started more than {processes} processes and threads (processes).",
        "Start no processes or threads.",
    ),
    "scratch_mb": (
        "The notebook wrote more than {scratch_mb} MB of files.",
        "Write no files, or small ones.",
    ),
}
"""Message and hint for each limit that ends a run from outside."""
_DECIDE = (
    "architecture/*.py",
    "arithmetic.py",
    "tasks.py",
    "training.py",
    "checks/**/*.py",
    "datasets/*.[cnp]*",
    "exercises/*.py",
    "grading/grade.py",
    "sandbox/child.py",
    "sandbox/fast_fit.py",
    "submissions/*.py",
)
_ONE_ASSIGNMENTS = ("exercise_", "test_")
_NO_FAULT = "This is not the student's fault, and there is no mark: grade again."


@dataclasses.dataclass(frozen=True)
class Grader:
    """Grades submissions of one assignment, one call each; threads may share it.

    Attributes:
        course: The course.
        assignment: The assignment.
        warm: A running warm process.
        scorer: A scorer for this assignment.
        seeds: What Grades say of the seeds.
        course_sha256: Digest of what grades.
        fast: Whether submissions train with `sandbox.fast_fit`, which changes no result.
    """

    course: Course
    assignment: Assignment
    warm: WarmProcess
    scorer: Scorer
    seeds: dict[str, str]
    course_sha256: str
    fast: bool = False

    def grade(self, submission: Submission) -> Grade:
        """Run, score and explain one submission.

        Args:
            submission: From `submissions.read_submission`.

        Returns:
            Its Grade; `grader_error` without a mark where we failed.
        """
        seconds = 0.0
        try:
            completed, nonce = self.run(submission)
            seconds = completed.wall_seconds
            verdicts = self._ended_early(completed) or self.scorer.score(
                nonce, completed.reply, submission.untouched
            )
        except WireError as error:
            verdicts = self._all(
                Outcome.FAILED,
                f"The submission spoiled the grader's reply: {error.message}.",
                "Remove the code that ends the process or writes to open files, and hand in again.",
            )
        except SandboxError as error:
            verdicts = self._all(Outcome.GRADER_ERROR, error.message, _NO_FAULT)
        return _assemble(
            self.assignment,
            verdicts,
            student=submission.student,
            notices=submission.notices,
            seeds=self.seeds,
            sandbox=SandboxRecord(tier=self.warm.tier),
            environment=self.warm.environment,
            submission_sha256=submission.sha256,
            course_sha256=self.course_sha256,
            seconds=round(seconds, 3),
        )

    def run(self, submission: Submission) -> tuple[Completed, bytes]:
        """Run a submission in the sandbox; what came out, and the nonce that it must carry."""
        nonce = secrets.token_bytes(wire.NONCE_BYTES)
        job = wire.encode(
            {
                "nonce": nonce,
                "assignment": self.assignment.name,
                "given": self.scorer.given,
                "fast": self.fast,
                "cells": [cell.model_dump() for cell in submission.cells],
            }
        )
        limits = self.course.limits
        bounds = Limits(
            wall_seconds=limits.wall_seconds,
            memory_mb=limits.memory_mb,
            processes=limits.processes,
        )
        return self.warm.run(job, bounds, limits.output_bytes), nonce

    def _all(self, outcome: Outcome, message: str, hint: str) -> tuple[Verdict, ...]:
        return never_answered(self.assignment, outcome, message, hint)

    def _ended_early(self, completed: Completed) -> tuple[Verdict, ...] | None:
        """Verdicts of a run that was ended, or ended itself, before it replied."""
        if completed.exit_code == OUR_FAULT:
            raise SandboxError(f"The sandbox failed before the notebook ran: {said(completed)}.")
        why = limit_reached(completed, self.course.limits)
        if why is None and completed.reply:
            return None
        return self._all(*(why or _gone(completed)))


def limit_reached(completed: Completed, limits: CourseLimits) -> tuple[Outcome, str, str] | None:
    """Which limit ended a run, as outcome, message and hint; None if none did."""
    reply = completed.reply
    if completed.limit in _PASSED:  # first: who waits for a process that was ended waits for long
        message, hint = _PASSED[completed.limit]
        message = message.format(**limits.model_dump(), scratch_mb=FILE_MB)
    elif completed.ending is Ending.TIMEOUT or completed.signal == signal.SIGXCPU:
        return (
            Outcome.TIMEOUT,
            f"The notebook did not finish within {limits.wall_seconds:g} seconds.",
            "Look for a loop that never ends, and train for `epochs` epochs only.",
        )
    elif completed.ending is Ending.TOO_MUCH_OUTPUT:
        message = f"The notebook printed more than {limits.output_bytes} bytes (output_bytes)."
        hint = "Look for a loop that prints without end."
    elif completed.ending is Ending.TOO_LARGE_REPLY:
        message = "The notebook's functions returned more than 16 MB."
        hint = "Return what the task asks for, nothing larger."
    elif not reply and _NO_MORE_THREADS.search(said(completed)):
        message, hint = _PASSED["processes"]
        message = message.format(processes=limits.processes)
    elif not reply and completed.signal in _OUT_OF_MEMORY_SIGNALS:
        message = (
            f"The notebook's process was ended by {signal.Signals(completed.signal).name}; it may "
            f"use {limits.memory_mb} MB of memory (memory_mb)."
        )
        hint = "Use smaller arrays or a smaller batch."
    else:
        return None
    return Outcome.RESOURCE_LIMIT, message, hint


def said(completed: Completed) -> str:
    """The end of what a run printed."""
    return completed.output[-4000:].decode("utf-8", "replace").strip()


def _gone(completed: Completed) -> tuple[Outcome, str, str]:
    how = f"exit code {completed.exit_code}"
    if completed.exit_code is None:
        how = f"signal {completed.signal}"
    return (
        Outcome.FAILED,
        f"The notebook ended the grader's process ({how}) before the checks could run.",
        "Remove calls such as exit(), quit() and os._exit().",
    )


def unreadable(
    assignment: Assignment, student: str, error: SubmissionError, course_sha256: str
) -> Grade:
    """The Grade of a file that is no submission: nothing ran, and the reason is in each verdict."""
    return _assemble(
        assignment,
        never_answered(assignment, Outcome.FAILED, error.message, error.tip),
        student=student,
        seeds={},
        sandbox=SandboxRecord(tier="none"),
        environment={},
        submission_sha256="",
        course_sha256=course_sha256,
        seconds=0.0,
    )


def _assemble(assignment: Assignment, verdicts: tuple[Verdict, ...], **facts: Any) -> Grade:
    outcome = overall(verdicts)
    no_mark = outcome is Outcome.GRADER_ERROR
    return Grade(
        assignment=assignment.name,
        outcome=outcome,
        score=None if no_mark else sum(verdict.points for verdict in verdicts),
        max_score=assignment.max_score,
        checks=verdicts,
        **facts,
    )


def overall(verdicts: tuple[Verdict, ...]) -> Outcome:
    """A submission's outcome: what all its checks share, or `failed`; our own errors win."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if Outcome.GRADER_ERROR in outcomes:
        return Outcome.GRADER_ERROR
    return outcomes.pop() if len(outcomes) == 1 else Outcome.FAILED


def course_digest(course: Course, assignment: Assignment) -> str:
    """Digest of everything that decides a mark besides the submission.

    Args:
        course: The course.
        assignment: The assignment.

    Returns:
        SHA-256 in hexadecimal over the rubric, limits and practice seeds, the source version with
        its private data, and our own code.
    """
    decides = {"limits", "practice_seeds", "preload"}
    digest = hashlib.sha256(course.model_dump_json(include=decides).encode())
    digest.update(assignment.model_dump_json(include={"name", "checks", "thresholds"}).encode())
    folder = course.source_notebook(assignment.name).parent
    private = [path for path in folder.iterdir() if path.name.startswith((folder.name, HELD_OUT))]
    for path in [*sorted(private), *grading_code(assignment)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def grading_code(assignment: Assignment) -> list[Path]:
    """Our own files whose change may change a mark, in a fixed order.

    Of exercises and checks it is the assignment's own, and what all share.
    """
    package = Path(__file__).parents[1]
    suffix = module_suffix(assignment.name)
    own = {f"exercise_{suffix}.py", f"test_{suffix}.py"}
    found = [path for pattern in _DECIDE for path in package.glob(pattern) if path.is_file()]
    return sorted(
        path for path in found if path.name in own or not path.name.startswith(_ONE_ASSIGNMENTS)
    )
