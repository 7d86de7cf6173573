"""Write `results.json`, from which Gradescope takes the score and what students see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from pydantic import JsonValue

from autograder.course import Assignment
from autograder.errors import ExportError, SubmissionError
from autograder.outputs.gradescope.metadata import SubmissionMetadata
from autograder.outputs.marks import format_points
from autograder.results import Grade, Outcome, Verdict, clean, clean_line

_PASSED, _FAILED = "passed", "failed"
_MOST_CHARACTERS = 4000
_REACHED = {
    Outcome.NOT_ATTEMPTED: "Not attempted: ",
    Outcome.TIMEOUT: "Out of time: ",
    Outcome.RESOURCE_LIMIT: "Out of memory, or another limit: ",
}
"""What comes before a message, where "failed" alone would say too little."""


def grade_as_results(
    grade: Grade, metadata: SubmissionMetadata, seconds: float, *, unsafe: bool = False
) -> bytes:
    """The results of a submission that was graded.

    Nothing is taken off for lateness: Gradescope applies the late policy of its own course.

    Args:
        grade: The Grade.
        metadata: What Gradescope says about the submission.
        seconds: How long grading took.
        unsafe: Whether it ran without a sandbox, which students and staff are told.

    Returns:
        `results.json` in UTF-8.

    Raises:
        ExportError: If the Grade has no mark. Gradescope then has to get no results at all, because
            results without a score would be read as 0.

    Source:
        Gradescope's autograder documentation, "Output Format".
    """
    if grade.score is None or grade.outcome is Outcome.GRADER_ERROR:
        raise ExportError(
            "The submission has no mark, because the grader failed: "
            + clean_line(grade.checks[0].message if grade.checks else "no check ran", 500),
            "This is not the student's fault. Choose Rerun Autograder on Gradescope.",
        )
    tests = [_test(number, verdict) for number, verdict in enumerate(grade.checks, start=1)]
    notes = [*grade.notices, *(f"A run ended early: {ending}." for ending in grade.endings)]
    if unsafe:
        notes.append("Graded without a sandbox and with the practice seeds.")
    notes += _notes(metadata, grade.score)
    extra: dict[str, JsonValue] = {
        "assignment": clean_line(grade.assignment),
        "outcome": grade.outcome.value,
        "tier": clean_line(grade.sandbox.tier),
        "outputs": grade.outputs,
        "seeds": _cleaned(grade.seeds),
        "environment": _cleaned(grade.environment),
        "submission_sha256": grade.submission_sha256,
        "course_sha256": grade.course_sha256,
        **_extra(metadata),
    }
    return _results(grade.score, tests, notes, extra, seconds)


def refusal_as_results(
    assignment: Assignment, error: SubmissionError, metadata: SubmissionMetadata, seconds: float
) -> bytes:
    """The results of an upload with nothing to grade: 0 points, and what to upload instead.

    The student sees it at once and can upload again. Without results, Gradescope would only say
    that the autograder failed, as if it were the instructor's fault.

    Args:
        assignment: The assignment.
        error: Why nothing can be graded.
        metadata: What Gradescope says about the submission.
        seconds: How long it took to find out.

    Returns:
        As `grade_as_results`.
    """
    test: dict[str, JsonValue] = {
        "number": "1",
        "name": "A notebook to grade",
        "status": _FAILED,
        "score": 0.0,
        "max_score": assignment.max_score,
        "output": _text(f"{error.message} {error.tip}".strip()),
        "visibility": "visible",
    }
    extra: dict[str, JsonValue] = {
        "assignment": assignment.name,
        "outcome": "refused",
        "tier": "none",
        **_extra(metadata),
    }
    return _results(0.0, [test], _notes(metadata, 0.0), extra, seconds)


def _results(
    score: float,
    tests: list[dict[str, JsonValue]],
    notes: list[str],
    extra: dict[str, JsonValue],
    seconds: float,
) -> bytes:
    results: dict[str, JsonValue] = {
        "score": score,
        "execution_time": round(seconds),
        "output": "\n".join(map(_text, notes)),
        # Text is shown as it is. In every other format, Gradescope would render markup in it.
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": extra,
        "tests": [*tests],
    }
    return json.dumps(results, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n"


def _test(number: int, verdict: Verdict) -> dict[str, JsonValue]:
    passed = verdict.outcome is Outcome.PASSED
    message = _REACHED.get(verdict.outcome, "") + verdict.message
    return {
        "number": str(number),
        "name": clean_line(verdict.title or verdict.name),
        "status": _PASSED if passed else _FAILED,
        "score": verdict.points,
        "max_score": verdict.max_points,
        "output": _text("\n".join(filter(None, (message, verdict.hint)))),
        "visibility": "visible",
        "extra_data": {"check": clean_line(verdict.name), "outcome": verdict.outcome.value},
    }


def _notes(metadata: SubmissionMetadata, score: float) -> list[str]:
    """What the metadata adds for the student."""
    notes = []
    if metadata.late_by is not None:
        notes.append(
            f"Handed in {_duration(metadata.late_by)} after the due date. Nothing is taken off for "
            "that here; the late policy of your course on Gradescope applies."
        )
    if metadata.users > 1:
        notes.append(f"This is the submission of a group of {metadata.users}: each gets its score.")
    earlier = metadata.earlier
    if earlier is not None and earlier.score > score:
        notes.append(
            f"Your earlier submission has {format_points(earlier.score)} points, and this one has "
            f"{format_points(score)}. Under Submission History you can activate the earlier one."
        )
    return notes


def _extra(metadata: SubmissionMetadata) -> dict[str, JsonValue]:
    """What is kept of the metadata; no names and no ids of people."""
    late, earlier = metadata.late_by, metadata.earlier
    return {
        "late_seconds": 0 if late is None else round(late.total_seconds()),
        "group_size": metadata.users,
        "earlier_score": None if earlier is None else earlier.score,
    }


def _cleaned(values: Mapping[str, str]) -> dict[str, JsonValue]:
    return {clean_line(name): clean_line(value) for name, value in values.items()}


def _duration(late: timedelta) -> str:
    """Such as "2 days 3 hours", "5 hours 1 minute" or "less than a minute"."""
    minutes = int(late.total_seconds()) // 60
    amounts = ((late.days, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    parts = [f"{n} {unit}" + ("" if n == 1 else "s") for n, unit in amounts if n]
    return " ".join(parts[:2]) or "less than a minute"


def _text(text: str) -> str:
    return clean(text, _MOST_CHARACTERS)
