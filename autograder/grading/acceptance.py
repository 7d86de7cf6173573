"""Accept a Grade from another process only if it is one of the submission that was sent there."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from autograder.course import Assignment
from autograder.results import Grade, Outcome


def read_grade_of(
    text: str,
    assignment: Assignment,
    submission_sha256: str,
    course_sha256: str,
    seeds: Mapping[str, str],
    tier: str,
) -> Grade | None:
    """Read a Grade.

    Args:
        text: JSON.
        assignment: The assignment.
        submission_sha256: Digest of the submission.
        course_sha256: Digest of everything else that decides a mark.
        seeds: Kind and fingerprint of the submission's seeds.
        tier: How that process confines submissions.

    Returns:
        The Grade; None if it is not of this submission, or its points do not fit the rubric.
    """
    try:
        grade = Grade.model_validate_json(text)
    except ValidationError:
        return None
    earned = sum(verdict.points for verdict in grade.checks)
    is_of_it = (
        grade.assignment == assignment.name
        and grade.submission_sha256 == submission_sha256
        and grade.course_sha256 == course_sha256
        and grade.seeds == seeds
        and grade.sandbox.tier == tier
        and [(v.name, v.max_points) for v in grade.checks] == list(assignment.checks.items())
        and grade.score == (None if grade.outcome is Outcome.GRADER_ERROR else earned)
        and all(verdict.points <= verdict.max_points for verdict in grade.checks)
    )
    return grade if is_of_it else None
