"""What `check` shows: a table of verdicts, with hints that unfold step by step."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from autograder.feedback.card import CheckView, check_view, render_text
from autograder.feedback.pictures import pictures_of
from autograder.feedback.printed import as_printed
from autograder.feedback.repeats import told_once
from autograder.feedback.templating import template
from autograder.results import Outcome, Verdict, clean


@dataclasses.dataclass(frozen=True)
class Answer:
    """One verdict, and what else a student may want to know.

    Attributes:
        verdict: The check's result.
        goal: What the check expects, as a sentence; it does not say how to get there.
        traceback: What the student's code raised, with only its own lines, or "".
    """

    verdict: Verdict
    goal: str
    traceback: str = ""


@dataclasses.dataclass(frozen=True)
class _Row:
    check: CheckView
    goal: str
    traceback: str


def render_answers(answers: Sequence[Answer], title: str, printed: str = "") -> str:
    """Answers as an HTML fragment for a notebook, light or dark.

    It has only inline styles and loads nothing. Hints unfold with `<details>`, which needs no
    script. A screen reader gets a table with a caption, whose row headings are the checks' titles.

    Args:
        answers: At least one. A single one has no caption and no column headings.
        title: The assignment's title.
        printed: What the student's code printed meanwhile; it is folded away below the table.

    Returns:
        A `<section>`: the table, then the loss curve and the weights if they were measured.
    """
    rows = [
        _Row(check_view(answer.verdict), clean(answer.goal), clean(answer.traceback))
        for answer in _told_once(answers)
    ]
    return template("answers.html.j2").render(
        rows=rows,
        caption=f"{clean(title)}: {summary(answers)}" if len(rows) > 1 else "",
        printed=as_printed(printed),
        pictures=pictures_of(*(answer.verdict for answer in answers)),
    )


def render_answers_text(answers: Sequence[Answer], *, tracebacks: bool = False) -> str:
    """Answers as plain text for a console.

    Args:
        answers: At least one; several end with a summary.
        tracebacks: Whether to add what the student's code raised.

    Returns:
        Lines, without a newline at the end.
    """
    lines = []
    for answer in _told_once(answers):
        lines.append(render_text(answer.verdict))
        if tracebacks and answer.traceback:
            lines += [f"    {line}" for line in clean(answer.traceback).splitlines()]
    return "\n".join([*lines, summary(answers)] if len(answers) > 1 else lines)


def _told_once(answers: Sequence[Answer]) -> list[Answer]:
    """The same answers; one that refers to another has no traceback of its own."""
    told = told_once([answer.verdict for answer in answers])
    return [
        dataclasses.replace(
            answer,
            verdict=verdict,
            traceback=answer.traceback if verdict.message == answer.verdict.message else "",
        )
        for answer, verdict in zip(answers, told, strict=True)
    ]


def summary(answers: Sequence[Answer]) -> str:
    """Such as "8 of 10 checks pass, 15 of 18 points"."""
    verdicts = [answer.verdict for answer in answers]
    passed = sum(verdict.outcome is Outcome.PASSED for verdict in verdicts)
    points = sum(verdict.points for verdict in verdicts)
    max_points = sum(verdict.max_points for verdict in verdicts)
    return f"{passed} of {len(verdicts)} checks pass, {points:g} of {max_points:g} points"
