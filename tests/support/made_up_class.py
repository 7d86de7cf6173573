"""A class with one assignment, made of Grades that nobody trained for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from courses import NAME, ROOT
from grades import HINT, LOSS_CURVE, MESSAGE, make_grade, make_verdict
from pydantic import JsonValue

from autograder.course import load_course
from autograder.outputs import Mark, MarkStatus, mark_of, no_mark
from autograder.outputs.class_report import AssignmentData, ClassData, Entry, EntryMaker, Source
from autograder.results import Grade, Outcome, Verdict

ASSIGNMENT = load_course(ROOT).assignment(NAME)
MADE_AT = datetime(2027, 3, 1, 12, 0, tzinfo=timezone.utc)
CHECKS = tuple(ASSIGNMENT.checks)


def graded(student: str, *verdicts: Verdict, flags: tuple[str, ...] = ()) -> Grade:
    """A Grade with the checks of `NAME`: those that are given, and all others passed."""
    given = {verdict.name: verdict for verdict in verdicts}
    curve: dict[str, JsonValue] = {"loss_curve": dict(LOSS_CURVE)}
    checks = [
        given.pop(name)
        if name in given
        else make_verdict(
            name,
            Outcome.PASSED,
            max_points=points,
            evidence=curve if name == "loss_goes_down" else None,
        )
        for name, points in ASSIGNMENT.checks.items()
    ]
    return make_grade(*checks, *given.values(), student=student, flags=flags)


def failed(
    name: str = "loss_goes_down",
    *,
    about: str = "train_model",
    cause: str | None = None,
    hint: str = HINT,
    message: str = MESSAGE,
    outcome: Outcome = Outcome.FAILED,
) -> Verdict:
    """A check that did not pass.

    Args:
        name: The check's name.
        about: The function that it is about.
        cause: The function to blame. Default: `about`.
        hint: What to do next.
        message: What was measured.
        outcome: How it came out.
    """
    cause = about if cause is None else cause
    points = ASSIGNMENT.checks.get(name, 3)
    verdict = make_verdict(name, outcome, max_points=points, hint=hint, message=message)
    return verdict.model_copy(update={"about": about, "cause": cause, "follows": cause != about})


def entry(grade: Grade, mark: Mark | None = None) -> Entry:
    """The entry of a Grade, with the mark that it has by itself."""
    return EntryMaker().entry(grade, mark or mark_of(grade, None), None)


def missing(student: str, *, is_due: bool = True) -> Entry:
    """Somebody on the roster who handed in nothing."""
    mark = no_mark(student, NAME, ASSIGNMENT.max_score, MarkStatus.MISSING)
    return Entry(student, mark, is_due=is_due)


def assignment_of(*entries: Entry, name: str = NAME) -> AssignmentData:
    """An assignment with these entries."""
    assignment = ASSIGNMENT.model_copy(update={"name": name})
    source = Source(sum(bool(e.checks) for e in entries), "0123456789ab", MADE_AT, 1)
    return AssignmentData(assignment, {e.student: e for e in entries}, source)


def class_of(*assignments: AssignmentData, names: Mapping[str, str] | None = None) -> ClassData:
    """A class with these assignments and a roster."""
    return ClassData("A course", assignments, MADE_AT, names or {}, has_roster=True)
