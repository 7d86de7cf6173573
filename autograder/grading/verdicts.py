"""Verdicts that no check gives: of a submission that did not run, or that nobody can judge."""

from __future__ import annotations

from autograder.course import Assignment
from autograder.errors import AutograderError, SubmissionError
from autograder.results import Grade, Outcome, SandboxRecord, Verdict

_GRADE_AGAIN = "This is not the student's fault, and there is no mark: grade again."


def same_verdict(
    assignment: Assignment, outcome: Outcome, message: str, hint: str
) -> tuple[Verdict, ...]:
    """The same verdict for every check, if there is nothing to check."""
    return tuple(
        Verdict(name=name, outcome=outcome, points=0, max_points=points, message=message, hint=hint)
        for name, points in assignment.checks.items()
    )


def no_mark(assignment: Assignment, error: AutograderError) -> tuple[Verdict, ...]:
    """The verdicts of a submission that the grader or the machine failed."""
    return same_verdict(
        assignment, Outcome.GRADER_ERROR, error.message, f"{_GRADE_AGAIN} {error.tip}".strip()
    )


def grade_without_a_run(
    assignment: Assignment, student: str, verdicts: tuple[Verdict, ...], course_sha256: str
) -> Grade:
    """The Grade of a file that did not run."""
    outcome = overall_outcome(verdicts)
    return Grade(
        student=student,
        assignment=assignment.name,
        outcome=outcome,
        score=None if outcome is Outcome.GRADER_ERROR else 0.0,
        max_score=assignment.max_score,
        checks=verdicts,
        seeds={},
        sandbox=SandboxRecord(tier="none"),
        environment={},
        submission_sha256="",
        course_sha256=course_sha256,
        seconds=0.0,
    )


def unreadable(assignment: Assignment, error: SubmissionError) -> tuple[Verdict, ...]:
    """The verdicts of a file that cannot be read: each has the reason."""
    return same_verdict(assignment, Outcome.FAILED, error.message, error.tip)


def overall_outcome(verdicts: tuple[Verdict, ...]) -> Outcome:
    """The outcome that all checks have in common, or `failed`; a grader error takes precedence."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if Outcome.GRADER_ERROR in outcomes:
        return Outcome.GRADER_ERROR
    return outcomes.pop() if len(outcomes) == 1 else Outcome.FAILED
