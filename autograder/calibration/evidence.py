"""What stands behind a threshold: `solutions/ASSIGNMENT/calibration.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.calibration.tolerance import Scale
from autograder.course import Course
from autograder.errors import CourseError

METHOD = (
    "One-sided normal tolerance limits (Hahn and Meeker, Statistical Intervals, 1991, section "
    "4.6), style by style; share and confidence split evenly over the comparisons (Bonferroni)."
)
COUNTING = "Clopper and Pearson (Biometrika 26, 1934), over all right runs."
CONFIDENCE = 0.95
MOST_FALSE_FAILS = 0.001


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Style(_Frozen):
    """What one right submission reached.

    Attributes:
        values: The value of each training run, in the order of the seeds.
        false_fail_at_most: Upper bound on the share of runs that the threshold fails.
        deviations_away: Distance of the mean from the threshold, in standard deviations on the
            threshold's scale; None for values that do not scatter.
    """

    values: tuple[float, ...]
    false_fail_at_most: float
    deviations_away: float | None


class ThresholdEvidence(_Frozen):
    """Both sides of one threshold.

    Attributes:
        chosen: The threshold, as in `course.yml`.
        direction: Which side passes.
        scale: The scale on which scatter is taken for normal.
        checks: The checks that compare with it.
        right: What the right submissions reached, by name.
        wrong: What those wrong submissions reached that must fail by it, by name.
        right_limit: The tolerance limit of the right submission that comes nearest.
        nearest_wrong: The value of a wrong submission that comes nearest.
    """

    chosen: float
    direction: Literal["at_least", "at_most"]
    scale: Scale
    checks: tuple[str, ...]
    right: dict[str, Style]
    wrong: dict[str, tuple[float, ...]]
    right_limit: float
    nearest_wrong: float


class Evidence(_Frozen):
    """What a calibration found; `false_` means against the truth of the corpus.

    Attributes:
        assignment: The assignment.
        graded_by: Digest of the checks, the exercise and the corpus that were used.
        environment: Versions and settings that the figures depend on.
        method: How false fails are bounded.
        counting: How they are bounded by counting alone.
        confidence: Of both bounds.
        right_runs: Training runs of right submissions.
        false_fails: Those that failed a check.
        false_fail_at_most: Bound on a right submission's chance to fail any check, by `method`.
        false_fail_counted_at_most: The same by `counting`.
        wrong_runs: Training runs of wrong submissions.
        false_passes: Checks that a wrong submission passed and must fail.
        thresholds: By name.
    """

    assignment: str
    graded_by: str
    environment: dict[str, str]
    method: str = METHOD
    counting: str = COUNTING
    confidence: float = CONFIDENCE
    right_runs: int
    false_fails: int
    false_fail_at_most: float
    false_fail_counted_at_most: float
    wrong_runs: int
    false_passes: int
    thresholds: dict[str, ThresholdEvidence]


def evidence_file(course: Course, assignment: str) -> Path:
    """Where an assignment's evidence is kept."""
    return course.source_notebook(assignment).with_name("calibration.json")


def picture_file(course: Course, assignment: str) -> Path:
    """Where its picture is kept."""
    return course.source_notebook(assignment).with_name("calibration.png")


def read_evidence(course: Course, assignment: str) -> Evidence:
    """Read an assignment's evidence.

    Raises:
        CourseError: If there is none, or it cannot be read.
    """
    path = evidence_file(course, assignment)
    try:
        return Evidence.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise CourseError(
            f"{path} cannot be read as calibration evidence: {str(error).splitlines()[0]}.",
            f"Make it: autograder calibrate {assignment}.",
        ) from error
