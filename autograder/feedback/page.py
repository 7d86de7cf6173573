"""The report that a student gets about one Grade."""

from __future__ import annotations

import html
from collections.abc import Callable

from autograder.feedback.card import CheckView, check_view
from autograder.feedback.causes import causes_of
from autograder.feedback.entries import Quoted, groups_of
from autograder.feedback.late_work import LATE, late_sentences
from autograder.feedback.rubric import rubric_of
from autograder.feedback.templating import template
from autograder.feedback.training import training_view
from autograder.lateness import LatePenalty
from autograder.results import Grade, Outcome, Review, clean, clean_line

_WORDS = {
    Outcome.PASSED: "Passed",
    Outcome.FAILED: "Not all checks pass yet",
    Outcome.NOT_ATTEMPTED: "Not attempted",
    Outcome.TIMEOUT: "Out of time",
    Outcome.RESOURCE_LIMIT: "Over a resource limit",
    Outcome.GRADER_ERROR: "Not graded",
}
_GRADER_FAILED = (
    "The grader failed while it worked on your submission. This is not your fault. There is no "
    "mark yet: your submission is kept as you handed it in, and will be graded again."
)
_MARKED_BY_HAND = "The grader failed on your submission, so a person marked it."
_LEADS = {
    Outcome.NOT_ATTEMPTED: (
        "There is nothing to grade yet: your functions are still the stubs. Write the first one, "
        "run its check in the notebook, and continue from there."
    ),
    Outcome.TIMEOUT: (
        "Your code was still running when its time was up, so the grader stopped it. The usual "
        "reason is a loop that never ends, or training for more epochs than your function is given."
    ),
    Outcome.RESOURCE_LIMIT: (
        "Your code needed more memory, processes or disk space than it may use, so the grader "
        "stopped it. The usual reason is an array or a model much larger than the exercise needs."
    ),
}
_MAX_COMMENT = 20_000
_MAX_NAME = 128
_Row = tuple[str, str]

_OUTPUTS = {
    "rebuilt": "computed by the grader from the weights",
    "predicted": "predicted by a second run of the notebook",
}
"""Where a model's outputs came from, in words."""


def render_report(
    grade: Grade,
    *,
    title: str,
    name: str = "",
    review: Review | None = None,
    late: LatePenalty | None = None,
    render_comment: Callable[[str], str] = html.escape,
    quoted: Quoted | None = None,
) -> str:
    """A self-contained page, without scripts; the same Grade gives the same bytes.

    Args:
        grade: The Grade.
        title: The assignment's title.
        name: The student's name, to be shown beside the id.
        review: What people added in the gradebook, such as comments.
        late: What lateness cost, which `review` is without; None if it is on time.
        render_comment: Makes safe HTML of a comment, which may be Markdown; default: plain text.
        quoted: The student's cells, and what the checks expect; default: the page has neither.

    Returns:
        An HTML document.
    """
    graded = grade.score is not None
    by_hand = not graded and review is not None and review.replaces(grade)
    word = _WORDS[grade.outcome if graded else Outcome.GRADER_ERROR]
    lead = _lead(grade) if graded else _GRADER_FAILED
    if by_hand:
        word, lead = "Marked by hand", _MARKED_BY_HAND
    brief = _is_brief(grade)
    review = None if review is None or review.is_empty else review
    score, max_score = (review or grade).score, (review or grade).max_score
    return template("page.html.j2").render(
        title=clean_line(title),
        student=clean_line(grade.student, 80),
        name=clean_line(name, 2 * _MAX_NAME),
        assignment=clean_line(grade.assignment, 80),
        score=f"{score:g}" if graded or by_hand else None,
        max_score=f"{max_score:g}",
        word=word,
        lead=lead,
        notices=[clean(notice) for notice in grade.notices],
        causes=[cause.words for cause in causes_of(grade.checks) if cause.words],
        training=training_view(grade.training, grade.checks),
        messages=_distinct_messages(grade) if brief else [],
        groups=[] if brief else groups_of(grade.checks, quoted or Quoted()),
        rubric=rubric_of(grade, review, late if graded else None, linked=not brief),
        comments=_comments(review, render_comment) if review else [],
        late_heading=LATE,
        late=late_sentences(late) if late and graded else [],
        provenance=_provenance(grade),
        unsafe=grade.sandbox.tier == "unsafe",
    )


def _lead(grade: Grade) -> str:
    passed = sum(verdict.outcome is Outcome.PASSED for verdict in grade.checks)
    checks = len(grade.checks)
    if grade.outcome is Outcome.PASSED:
        return f"All {checks} checks passed." if checks > 1 else "Every check passed."
    lead = _LEADS.get(grade.outcome, "")
    return lead if _is_brief(grade) else f"{lead} {passed} of {checks} checks passed.".strip()


def _is_brief(grade: Grade) -> bool:
    """Whether no check has a result of its own, so that a short table is enough."""
    own_results = (Outcome.PASSED, Outcome.FAILED)
    return grade.outcome is not Outcome.FAILED and not any(
        verdict.outcome in own_results for verdict in grade.checks
    )


def _distinct_messages(grade: Grade) -> list[CheckView]:
    """The checks' messages, each once; only the first one if nothing was attempted."""
    if grade.outcome is Outcome.NOT_ATTEMPTED:
        return [check_view(verdict) for verdict in grade.checks[:1] if verdict.hint]
    if grade.outcome is Outcome.GRADER_ERROR:
        return []  # the page begins with it
    views = [check_view(verdict) for verdict in grade.checks]
    return list({(view.message, view.hint): view for view in views}.values())


def _comments(review: Review, render_comment: Callable[[str], str]) -> list[_Row]:
    """Comments that people wrote, each with its cell, which has the name of its function."""
    return [
        (f"`{clean_line(cell, 80)}`", render_comment(clean(comment, _MAX_COMMENT)))
        for cell, comment in review.comments.items()
    ]


def _provenance(grade: Grade) -> list[_Row]:
    """How the submission was graded; without the time it took, which differs from run to run."""
    rows = [("Sandbox", grade.sandbox.tier)]
    if grade.outputs:
        rows.append(("Model outputs", _OUTPUTS.get(grade.outputs, grade.outputs)))
    rows += [(f"Seeds, {key}", value) for key, value in grade.seeds.items()]
    rows += list(grade.environment.items())
    rows += [
        ("Submission, SHA-256", grade.submission_sha256),
        ("Course, SHA-256", grade.course_sha256),
    ]
    return [(clean_line(name, 80), clean_line(value)) for name, value in rows]
