"""One verdict as a piece of a page, and as plain text."""

from __future__ import annotations

import dataclasses

from autograder.feedback.pictures import pictures_of
from autograder.feedback.templating import template
from autograder.feedback.titles import title_of
from autograder.results import Outcome, Verdict, clean, clean_line

MARKS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.NOT_ATTEMPTED: "\N{EN DASH}",
    Outcome.TIMEOUT: "✗",
    Outcome.RESOURCE_LIMIT: "✗",
    Outcome.GRADER_ERROR: "\N{EN DASH}",
}
WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.NOT_ATTEMPTED: "not attempted",
    Outcome.TIMEOUT: "out of time",
    Outcome.RESOURCE_LIMIT: "over a resource limit",
    Outcome.GRADER_ERROR: "not graded",
}
_GRADER_FAILED = "The grader failed here. This is not your fault, and there is no mark yet."


@dataclasses.dataclass(frozen=True)
class CheckView:
    """A verdict as a page shows it; plain text, not yet escaped for HTML.

    Attributes:
        title: Such as "Training lowers the loss".
        mark: One character for the outcome.
        word: The outcome in words.
        tone: "good", "bad" or "none".
        points: Such as "0 of 3", or "no mark".
        message: What was measured.
        hint: One thing to do next, or "".
    """

    title: str
    mark: str
    word: str
    tone: str
    points: str
    message: str
    hint: str


def render_card(verdict: Verdict, *, pictures: bool = True) -> str:
    """One verdict as an HTML fragment for a notebook, light or dark.

    It has only inline styles, loads nothing, and is readable without its styles.

    Args:
        verdict: The check's result.
        pictures: Whether to draw the loss curve and the kernel, if the evidence has them.

    Returns:
        A `<section>`.
    """
    return template("card.html.j2").render(
        check=check_view(verdict), pictures=pictures_of(verdict) if pictures else []
    )


def render_text(verdict: Verdict) -> str:
    """One verdict for a console: mark, title, name and points; message and next step indented.

    The name stands beside the title, because it is what `check` and `--check` take.

    Args:
        verdict: The check's result.

    Returns:
        Lines, without a newline at the end.
    """
    name = clean_line(verdict.name, 80)
    heading = f"{title_of(verdict)} ({name})" if verdict.title else name
    lines = [f"{MARKS[verdict.outcome]} {heading}  {_points(verdict, '/')}"]
    message, hint = words_for_student(verdict)
    lines += clean(message).splitlines()
    if hint:
        lines += f"Next step: {clean(hint)}".splitlines()
    return "\n  ".join(lines)


def check_view(verdict: Verdict) -> CheckView:
    """A verdict as a page shows it."""
    tone = "bad"
    if verdict.outcome is Outcome.PASSED:
        tone = "good"
    elif verdict.outcome in (Outcome.NOT_ATTEMPTED, Outcome.GRADER_ERROR):
        tone = "none"
    message, hint = words_for_student(verdict)
    return CheckView(
        title=title_of(verdict),
        mark=MARKS[verdict.outcome],
        word=WORDS[verdict.outcome],
        tone=tone,
        points=_points(verdict, " of "),
        message=clean(message),
        hint=clean(hint),
    )


def words_for_student(verdict: Verdict) -> tuple[str, str]:
    """Message and hint for a student: what failed in the grader is for those who run it."""
    if verdict.outcome is Outcome.GRADER_ERROR:
        return _GRADER_FAILED, ""
    if verdict.follows:
        return verdict.message, f"Fix `{verdict.cause}`: with a right one, this check passes."
    return verdict.message, verdict.hint


def _points(verdict: Verdict, separator: str) -> str:
    if verdict.outcome is Outcome.GRADER_ERROR:
        return "no mark"
    return f"{verdict.points:g}{separator}{verdict.max_points:g}"
