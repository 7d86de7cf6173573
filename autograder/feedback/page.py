"""The report that a student gets about one Grade."""

from __future__ import annotations

import dataclasses
import html
import itertools
from collections.abc import Callable, Iterable
from typing import TypeVar

from pydantic import JsonValue

from autograder.feedback.card import CheckView, check_view, pictures_of, template
from autograder.feedback.causes import causes_of
from autograder.feedback.evidence import with_minus_sign
from autograder.feedback.late_work import LATE, late_sentences
from autograder.feedback.repeats import told_once
from autograder.feedback.titles import human_title, title_of
from autograder.lateness import LatePenalty
from autograder.results import Grade, Outcome, Review, Verdict, clean, clean_line

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
_GROUPS = {
    "To fix": (Outcome.FAILED, Outcome.TIMEOUT, Outcome.RESOURCE_LIMIT),
    "Not attempted yet": (Outcome.NOT_ATTEMPTED,),
    "Not graded": (Outcome.GRADER_ERROR,),
    "Passed": (Outcome.PASSED,),
}
_MAX_DEPTH = 4
_MAX_ITEMS = 24
_MAX_INT = 10**15
_MAX_COMMENT = 20_000
_MAX_NAME = 128
_Row = tuple[str, str]
_Item = TypeVar("_Item")


@dataclasses.dataclass(frozen=True)
class _Entry:
    """A check on the page, with its figures."""

    check: CheckView
    figures: list[_Row]


@dataclasses.dataclass(frozen=True)
class _Group:
    """Checks under one heading; folded if there is nothing to fix."""

    heading: str
    entries: list[_Entry]
    folded: bool = False


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
) -> str:
    """A self-contained page, without scripts; the same Grade gives the same bytes.

    Args:
        grade: The Grade.
        title: The assignment's title.
        name: The student's name, to be shown beside the id.
        review: What people added in the gradebook, such as comments.
        late: What lateness cost, which `review` is without; None if it is on time.
        render_comment: Makes safe HTML of a comment, which may be Markdown; default: plain text.

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
        pictures=pictures_of(*grade.checks),
        brief=[check_view(verdict) for verdict in grade.checks] if brief else [],
        messages=_distinct_messages(grade) if brief else [],
        groups=[] if brief else _groups(grade.checks),
        comments=_comments(review, render_comment) if review else [],
        manual=_manual_points(review, grade, late) if review else [],
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


def _groups(verdicts: tuple[Verdict, ...]) -> list[_Group]:
    """Checks to fix first; within a group in the order of the course.

    Checks that failed only because of another function come after all that are to be fixed.
    """
    groups = [
        (heading, [v for v in verdicts if v.outcome in outcomes and not v.follows])
        for heading, outcomes in _GROUPS.items()
    ]
    following = [
        (f"Passes once {cause.function} is right", list(cause.follows))
        for cause in causes_of(verdicts)
        if cause.follows
    ]
    ordered = [*groups[:1], *following, *groups[1:]]
    told = iter(told_once([verdict for _, group in ordered for verdict in group]))
    return [
        _Group(
            heading,
            [_Entry(check_view(v), _figures(v)) for v in itertools.islice(told, len(group))],
            folded=group[0].follows,
        )
        for heading, group in ordered
        if group
    ]


def _comments(review: Review, render_comment: Callable[[str], str]) -> list[_Row]:
    """Comments that people wrote, each with its cell, which has the name of its function."""
    return [
        (f"`{clean_line(cell, 80)}`", render_comment(clean(comment, _MAX_COMMENT)))
        for cell, comment in review.comments.items()
    ]


def _manual_points(review: Review, grade: Grade, late: LatePenalty | None) -> list[_Row]:
    """Points that a person entered, and a late penalty of which only the points are known."""
    titles = {verdict.name: title_of(verdict) for verdict in grade.checks}
    rows = [
        (
            f"{titles.get(name) or human_title(name)}, marked by hand",
            f"{points:g} of {max_points:g}",
        )
        for name, (points, max_points) in review.marks.items()
    ]
    if review.extra_credit:
        rows.append(("Extra credit", f"+{review.extra_credit:g}"))
    if review.late_penalty and late is None:
        rows.append((LATE, with_minus_sign(f"{-review.late_penalty:g}")))
    return rows


def _figures(verdict: Verdict) -> list[_Row]:
    """Evidence as rows of a table; nested names are joined, such as "Kernel, before"."""
    rows: list[_Row] = []
    for key, value in verdict.evidence.items():
        name = human_title(key)
        if isinstance(value, dict) and value:
            rows += [(f"{name}, {clean_line(k, 80)}", _format(v)) for k, v in value.items()]
        else:
            rows.append((name, _format(value)))
    return rows[: 4 * _MAX_ITEMS]


def _format(value: JsonValue, depth: int = 0) -> str:
    """A JSON value on one line; a long list keeps both ends."""
    if depth > _MAX_DEPTH:
        return "…"
    if isinstance(value, dict):
        pairs = [f"{clean_line(k, 80)}: {_format(v, depth + 1)}" for k, v in _ends(value.items())]
        return ", ".join(pairs)
    if not isinstance(value, list):
        return _format_scalar(value)
    items = [_format(item, depth + 1) for item in _ends(value)]
    omitted = len(value) - len(items)
    if omitted:
        items.insert(len(items) // 2, f"… {omitted:,} left out …")
    text = ", ".join(items)
    return f"[{text}]" if depth else text or "none"


def _format_scalar(value: str | float | None) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, str):
        return clean_line(value, 400)
    if isinstance(value, int):
        return str(value) if abs(value) < _MAX_INT else "a huge whole number"
    return with_minus_sign(f"{value:.6g}")


def _ends(items: Iterable[_Item]) -> list[_Item]:
    """All of a few items, or the first and the last of many."""
    every = list(items)
    half = _MAX_ITEMS // 2
    return every if len(every) <= _MAX_ITEMS else every[:half] + every[-half:]


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
