"""What grading produces: one Verdict per check, one Grade per submission."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from autograder.results.training import TrainingSummary

MEASURED = "measured"
"""The evidence key of the values that were compared with thresholds."""


class Outcome(str, Enum):
    """The result of a check, or of a whole submission."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    TIMEOUT = "timeout"
    RESOURCE_LIMIT = "resource_limit"
    GRADER_ERROR = "grader_error"


def _whole_characters(value: object) -> object:
    """Text that a file can hold: a name on a disk may have bytes that are no character."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_whole_characters)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Verdict(_Frozen):
    """The result of one check.

    Attributes:
        name: The check's name in `course.yml`, such as "loss_goes_down".
        title: What people call the check, such as "Training lowers the loss"; "" in Grades that
            are older than titles.
        outcome: The result; only a check that passed earns points.
        about: The student's function that the verdict is about, which is the name of its cell; ""
            if that is unknown.
        cause: The student's function that made the check fail: with the solution's in its place,
            the check passes. "" if it passed, or if no experiment shows it.
        follows: Whether `cause` is another function than the one that the check is about, which
            therefore is right.
        points: Points earned, in [0, max_points].
        max_points: The rubric's points for this check.
        message: What was measured, with the values; plain text.
        hint: One thing to do next; "" if the check passed.
        evidence: The figures behind the message, JSON only; "follow_through" {"rule", "points",
            "of"} is what a check keeps that follows. `feedback` draws two keys:
            "loss_curve" {"recomputed": [...], "reported": [...] | None, "data": "training" |
            "validation"}, one value per epoch (recomputed starts with the loss before training),
            and "kernel"
            {"layer": str, "before": [[...]], "after": [[...]]}, shape (inputs, units).
    """

    name: str
    title: Text = ""
    about: str = ""
    cause: str = ""
    follows: bool = False
    outcome: Outcome
    points: float = Field(ge=0)
    max_points: float = Field(ge=0)
    message: Text
    hint: Text = ""
    evidence: dict[str, JsonValue] = Field(default_factory=dict)


class SandboxRecord(_Frozen):
    """How the submission was confined.

    Attributes:
        tier: "full", "reduced", "unsafe" if a person asked for it, or "none" if nothing ran.
    """

    tier: str


class Grade(_Frozen):
    """Everything that is known about one graded submission.

    On one machine, the same submission and the same course give the same Grade except `seconds`.

    Attributes:
        student: The student's id, the name of the folder in `submitted/`.
        assignment: The assignment's name, such as "01-first-training".
        outcome: What all checks have in common, such as `passed`; otherwise `failed`.
        score: Points earned; None if the grader failed, which is no mark.
        max_score: Points that can be earned.
        checks: One verdict per check, in the order of `course.yml`.
        notices: What the grader changed or ignored while it read the notebook, and which cells did
            not run to their end.
        flags: Why a person should look at it, as sentences; for those who teach.
        endings: How runs of the submission ended before they replied, such as "train_model did not
            finish within 60 seconds".
        seeds: The kind of seeds and their fingerprint; never the seeds themselves.
        sandbox: How the run was confined.
        outputs: Where the model's outputs came from: "rebuilt" by the grader from the weights,
            "predicted" by a second run of the submission, or "" if there is no model.
        environment: Versions and settings that the figures depend on, as measured.
        submission_sha256: Digest of the submitted file as read.
        course_sha256: Digest of everything else that decides the mark.
        seconds: Wall time of the run, in seconds.
        training: What the training did to the weights; None if there was none.
    """

    student: str
    assignment: str
    outcome: Outcome
    score: float | None
    max_score: float
    checks: tuple[Verdict, ...]
    notices: tuple[Text, ...] = ()
    flags: tuple[Text, ...] = ()
    endings: tuple[Text, ...] = ()
    seeds: dict[str, str]
    sandbox: SandboxRecord
    outputs: str = ""
    environment: dict[str, str]
    submission_sha256: str
    course_sha256: str
    seconds: float
    training: TrainingSummary | None = None


class Review(_Frozen):
    """What people added to one submission in nbgrader's gradebook.

    Attributes:
        score: Points, with manual marks, extra credit and late penalty, as nbgrader adds them up.
        max_score: Points that can be earned.
        marks: Manual marks, each with its maximum, by the name of the graded cell.
        comments: Comments that a person wrote, by the name of the cell above.
        extra_credit: Points on top of the rubric.
        late_penalty: Points off for a late submission.
        needs_manual_grade: Whether nbgrader asks a person to grade a cell that is worth points.
        is_partial: Whether one of those cells has no points yet, such as an answer in words.
    """

    score: float
    max_score: float
    marks: dict[str, tuple[float, float]] = {}
    comments: dict[str, str] = {}
    extra_credit: float = 0
    late_penalty: float = 0
    needs_manual_grade: bool = False
    is_partial: bool = False

    def replaces(self, grade: Grade) -> bool:
        """Whether a person has marked every check, so that there is a mark whatever happened."""
        return bool(grade.checks) and {check.name for check in grade.checks} <= self.marks.keys()

    @property
    def is_empty(self) -> bool:
        """Whether nobody added anything."""
        return not (self.marks or self.comments or self.extra_credit or self.late_penalty)
