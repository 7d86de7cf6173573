"""The evidence for an assignment's thresholds: `grading/calibration.json`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.course import Course
from autograder.errors import CourseError

METHOD = (
    "Counting: all training runs of all right submissions, each held against every check; the "
    "bound is that of Clopper and Pearson (Biometrika 26, 1934), about 3 / runs without a failure."
)
CONFIDENCE = 0.95
MOST_FALSE_FAILS = 0.001


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Values(_Frozen):
    """What one submission reached against one threshold.

    Attributes:
        runs: Training runs.
        worst: The value nearest to failing; for a wrong submission, nearest to passing.
        spread: At most 21 of the values, evenly spaced from the lowest to the highest.
    """

    runs: int
    worst: float
    spread: tuple[float, ...]


class ThresholdEvidence(_Frozen):
    """Both sides of one threshold.

    Attributes:
        chosen: The threshold, as in `course.yml`.
        direction: Which side passes.
        checks: The checks that compare with it.
        right: What the right submissions reached, by name.
        wrong: What the wrong submissions that must fail by it reached, by name.
        weakest_right: The worst value of a right submission.
        nearest_wrong: The value of a wrong submission that comes nearest to passing.
    """

    chosen: float
    direction: Literal["at_least", "at_most"]
    checks: tuple[str, ...]
    right: dict[str, Values]
    wrong: dict[str, Values]
    weakest_right: float
    nearest_wrong: float


class Evidence(_Frozen):
    """What a calibration found. `false_` means that the corpus says otherwise.

    Attributes:
        assignment: The assignment.
        evidence_digest: Digest of the code, the data and the corpus that were used.
        environment: Versions and settings that the figures depend on.
        method: How false fails are bounded.
        confidence: Probability that the bound holds.
        right_styles: Right submissions.
        right_runs: Training runs of right submissions, each with its own seeds.
        false_fails: Runs of right submissions that failed any check.
        false_fail_at_most: Bound on a right submission's chance to fail any check.
        wrong_styles: Wrong submissions.
        wrong_runs: Training runs of wrong submissions.
        false_passes: Checks that a wrong submission passed but must fail.
        thresholds: Evidence for each threshold, by name.
    """

    assignment: str
    evidence_digest: str
    environment: dict[str, str]
    method: str = METHOD
    confidence: float = CONFIDENCE
    right_styles: int
    right_runs: int
    false_fails: int
    false_fail_at_most: float
    wrong_styles: int
    wrong_runs: int
    false_passes: int
    thresholds: dict[str, ThresholdEvidence]


def read_evidence(course: Course, assignment: str) -> Evidence:
    """Read an assignment's evidence.

    Args:
        course: The course.
        assignment: The assignment's name.

    Returns:
        The evidence.

    Raises:
        CourseError: If the file is missing or not valid.
    """
    path = course.folder(assignment).evidence
    try:
        return Evidence.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise CourseError(
            f"{path} cannot be read as calibration evidence: {str(error).splitlines()[0]}.",
            f"Write it again: autograder calibrate {assignment}.",
        ) from error
