"""Verdicts and Grades for tests: plain ones, those of a whole rubric, and a hostile one."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue
from typing_extensions import TypedDict, Unpack

from autograder.results import Grade, Outcome, SandboxRecord, Verdict

MESSAGE = "Before training 0.693, after 5 epochs 0.693; no weight changed."
"""What a check that did not pass says by default."""
HINT = "Call model.fit(x, y, epochs=epochs) and return what it returns."
"""The next step that goes with it."""
PASSED_MESSAGE = "The loss went down from 0.71 to 0.08."
"""What a check that passed says by default."""

LOSS_CURVE: Mapping[str, JsonValue] = {"recomputed": [0.71, 0.31, 0.08], "reported": [0.52, 0.2]}
"""Evidence of a training of two epochs: it goes under the key "loss_curve"."""
KERNEL: Mapping[str, JsonValue] = {
    "layer": "hidden",
    "before": [[0.5, -0.25], [0.125, 1.0]],
    "after": [[0.5, -0.75], [0.25, 1.0]],
}
"""Evidence of a layer of two inputs and two units: it goes under the key "kernel"."""

HOSTILE_TEXT = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\" onload='alert(3)' "
    "</style></title><svg/onload=alert(4)> javascript:alert(5) {{ 7 * 7 }} {% raw %} "
    "\x1b[31mred\x1b]8;;http://example.org\x07 \u202eevil\u2066\u200f\ud800\x00"
)
"""Markup, scripts, templates, terminal escapes, text that runs backwards and half a character."""


class GradeFields(TypedDict, total=False):
    """The fields of a Grade that a test may choose; see `Grade`."""

    student: str
    assignment: str
    outcome: Outcome
    score: float | None
    max_score: float
    notices: tuple[str, ...]
    flags: tuple[str, ...]
    endings: tuple[str, ...]
    seeds: dict[str, str]
    sandbox: SandboxRecord
    environment: dict[str, str]
    submission_sha256: str
    course_sha256: str
    seconds: float


def make_verdict(
    name: str = "loss_goes_down",
    outcome: Outcome = Outcome.FAILED,
    *,
    points: float | None = None,
    max_points: float = 3,
    message: str | None = None,
    hint: str | None = None,
    evidence: Mapping[str, JsonValue] | None = None,
) -> Verdict:
    """Make the verdict of one check.

    Args:
        name: The check's name.
        outcome: How it came out.
        points: Points earned. Default: `max_points` if the check passed, else 0.
        max_points: Points that the rubric gives the check.
        message: What was found. Default: `PASSED_MESSAGE` or `MESSAGE`.
        hint: What to do next. Default: `HINT`, or nothing if the check passed.
        evidence: The figures behind the message. Default: none.
    """
    passed = outcome is Outcome.PASSED
    if points is None:
        points = max_points if passed else 0
    if message is None:
        message = PASSED_MESSAGE if passed else MESSAGE
    if hint is None:
        hint = "" if passed else HINT
    return Verdict(
        name=name,
        outcome=outcome,
        points=points,
        max_points=max_points,
        message=message,
        hint=hint,
        evidence=dict(evidence or {}),
    )


def make_grade(*verdicts: Verdict, **fields: Unpack[GradeFields]) -> Grade:
    """Make the Grade of student "ada" for "01-first-training".

    Args:
        verdicts: One per check, in the rubric's order.
        fields: Other values for the Grade's fields. By default the outcome follows from the
            verdicts, the score and `max_score` are the sums of their points, and a grader error
            has no score.
    """
    outcome = fields.get("outcome", _outcome_of(verdicts))
    score = None if outcome is Outcome.GRADER_ERROR else sum(v.points for v in verdicts)
    defaults: GradeFields = {
        "student": "ada",
        "assignment": "01-first-training",
        "outcome": outcome,
        "score": score,
        "max_score": sum(verdict.max_points for verdict in verdicts),
        "seeds": {"kind": "grading", "fingerprint": "4f1c09ab77d2"},
        "sandbox": SandboxRecord(tier="full"),
        "environment": {"tensorflow": "2.21.0"},
        "submission_sha256": "a" * 64,
        "course_sha256": "b" * 64,
        "seconds": 1.5,
    }
    return Grade.model_validate({**defaults, **fields, "checks": verdicts})


def make_rubric_grade(
    rubric: Mapping[str, float],
    outcomes: Mapping[str, Outcome] | None = None,
    **fields: Unpack[GradeFields],
) -> Grade:
    """Make a Grade in which every check of a rubric passed, except for some.

    A check called "x" says "What x found.", and if it did not pass, "How to fix x.".

    Args:
        rubric: The points of each check, by name.
        outcomes: The checks that did not pass, by name.
        fields: As in `make_grade`.
    """
    outcomes = outcomes or {}
    verdicts = [
        make_verdict(
            name,
            outcomes.get(name, Outcome.PASSED),
            max_points=points,
            message=f"What {name} found.",
            hint=f"How to fix {name}." if name in outcomes else "",
        )
        for name, points in rubric.items()
    ]
    return make_grade(*verdicts, **fields)


def make_hostile_grade() -> Grade:
    """Make a Grade in which every text that a student can reach is `HOSTILE_TEXT`."""
    evidence: dict[str, JsonValue] = {
        HOSTILE_TEXT: HOSTILE_TEXT,
        "list": [HOSTILE_TEXT, {HOSTILE_TEXT: HOSTILE_TEXT}],
        "nested": {HOSTILE_TEXT: [[[[[[[[1]]]]]]]]},
        "kernel": {**KERNEL, "layer": HOSTILE_TEXT},
        "loss_curve": dict(LOSS_CURVE),
        "int": 10**5000,
    }
    failed = make_verdict(
        HOSTILE_TEXT, message=HOSTILE_TEXT * 2, hint=HOSTILE_TEXT, evidence=evidence
    )
    failed = Verdict.model_validate({**failed.model_dump(), "title": HOSTILE_TEXT})
    return make_grade(
        failed,
        student=HOSTILE_TEXT,
        assignment=HOSTILE_TEXT,
        notices=(HOSTILE_TEXT,),
        environment={HOSTILE_TEXT: HOSTILE_TEXT},
        seeds={HOSTILE_TEXT: HOSTILE_TEXT},
        sandbox=SandboxRecord(tier=HOSTILE_TEXT),
    )


def _outcome_of(verdicts: tuple[Verdict, ...]) -> Outcome:
    """What all verdicts share, or `failed`; a grader error wins."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if Outcome.GRADER_ERROR in outcomes:
        return Outcome.GRADER_ERROR
    return outcomes.pop() if len(outcomes) == 1 else Outcome.FAILED
