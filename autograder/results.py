"""What grading produces: one verdict a check, one Grade a submission."""

from __future__ import annotations

from enum import Enum

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Outcome(str, Enum):
    """How a check, or a whole submission, came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    TIMEOUT = "timeout"
    RESOURCE_LIMIT = "resource_limit"
    GRADER_ERROR = "grader_error"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Verdict(_Frozen):
    """What one check found.

    Attributes:
        name: The check's name in `course.yml`, such as "loss_goes_down".
        outcome: How it came out; points are earned only when it passed.
        points: Points earned, in [0, max_points].
        max_points: Points that the rubric gives this check.
        message: What was found, with the values; plain text.
        hint: One thing to do next; empty when the check passed.
        evidence: The figures behind the message, JSON only. Two keys have a meaning to
            `feedback`: "loss_curve" {"recomputed": [...], "reported": [...] | None}, one value an
            epoch (recomputed starts with the loss before training), and "kernel"
            {"layer": str, "before": [[...]], "after": [[...]]}, shape (inputs, units).
    """

    name: str
    outcome: Outcome
    points: float = Field(ge=0)
    max_points: float = Field(ge=0)
    message: str
    hint: str = ""
    evidence: dict[str, JsonValue] = Field(default_factory=dict)


class SandboxRecord(_Frozen):
    """How well the submission was confined: "full", or "unsafe" when a person asked for it."""

    tier: str


class Grade(_Frozen):
    """Everything that is known about one graded submission; the gradebook's source.

    Two gradings of one submission by one course on one machine differ in `seconds` alone.

    Attributes:
        student: The student's id, the name of the folder in `submitted/`.
        assignment: The assignment's name, such as "01-first-training".
        outcome: `passed` when every check passed; `not_attempted` when none was attempted.
        score: Points earned, or None when the grader failed: no mark then.
        max_score: Points that can be earned.
        checks: One verdict a check, in the order of `course.yml`.
        notices: What the grader changed or ignored while reading the notebook.
        seeds: Where the seeds came from, with a fingerprint; never the seeds themselves.
        sandbox: How the run was confined.
        environment: Versions and settings that the figures depend on.
        submission_sha256: Digest of the submitted file as read.
        course_sha256: Digest of what grades it: course, checks, exercise, source version.
        seconds: Wall time of the training run, in seconds.
    """

    student: str
    assignment: str
    outcome: Outcome
    score: float | None
    max_score: float
    checks: tuple[Verdict, ...]
    notices: tuple[str, ...] = ()
    seeds: dict[str, str]
    sandbox: SandboxRecord
    environment: dict[str, str]
    submission_sha256: str
    course_sha256: str
    seconds: float


class Review(_Frozen):
    """What people added to one submission in nbgrader's gradebook.

    Attributes:
        score: Points, with manual marks, extra credit and late penalty; as nbgrader counts them.
        max_score: Points that can be earned.
        marks: Manual marks, each with the most that can be had, by the name of the graded cell.
        comments: Comments that a person wrote, by the name of the cell that they stand under.
        extra_credit: Points beyond the rubric.
        late_penalty: Points off for lateness.
    """

    score: float
    max_score: float
    marks: dict[str, tuple[float, float]] = {}
    comments: dict[str, str] = {}
    extra_credit: float = 0
    late_penalty: float = 0

    @property
    def is_empty(self) -> bool:
        """Whether nobody added anything."""
        return not (self.marks or self.comments or self.extra_credit or self.late_penalty)
