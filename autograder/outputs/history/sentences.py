"""A mark's history in plain sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from autograder.outputs.history.entry import Entry
from autograder.outputs.marks import format_points
from autograder.results import Grade, Outcome, Review, Verdict

_DIGEST = re.compile("[0-9a-f]{64}")
_SHOWN_OF_A_DIGEST = 12


def score_text(score: float | None, max_score: float) -> str:
    """A mark, such as "15 of 18 points", or "no mark"."""
    return "no mark" if score is None else f"{format_points(score)} of {_points(max_score)}"


def describe(entries: Sequence[Entry]) -> list[list[str]]:
    """Each entry as lines: when, the mark and what changed it; then the details.

    The text is not yet safe to print: parts of it are students'.
    """
    described = []
    grade: Grade | None = None
    review: Review | None = None
    course: Mapping[str, str] = {}
    before: Entry | None = None
    for entry in entries:
        lines = [_headline(entry, before)]
        if entry.reason:
            lines.append(f"Reason: {entry.reason}")
        if entry.grade is not None:
            lines += _about_grade(entry.grade, grade)
            lines += changed_parts(course, entry.course)
            grade, course = entry.grade, entry.course or course
        if entry.review is not None:
            lines += _about_review(entry.review, review)
            review = entry.review
        described.append(lines)
        before = entry
    return described


def _headline(entry: Entry, before: Entry | None) -> str:
    score = score_text(entry.score, entry.max_score)
    if before is not None and None not in (entry.score, before.score):
        difference = (entry.score or 0) - (before.score or 0)
        if abs(difference) >= 1e-4:  # noqa: PLR2004 - what format_points shows
            word = "more" if difference > 0 else "fewer"
            score += f", {format_points(abs(difference))} {word}"
    return f"{entry.number}. {entry.at:%Y-%m-%d %H:%M:%S} UTC: {score}; by {entry.by}."


def _about_grade(grade: Grade, before: Grade | None) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in grade.environment.items())
    yield (
        f"Submission {_short(grade.submission_sha256)}, course {_short(grade.course_sha256)}, "
        f"sandbox {grade.sandbox.tier}{', ' if versions else ''}{versions}."
    )
    if before is not None and before.submission_sha256 != grade.submission_sha256:
        yield "Another submission than before."
    earlier = {check.name: check for check in before.checks} if before else {}
    for check in grade.checks:
        old = earlier.pop(check.name, None)
        if old is None or (old.outcome, old.points, old.max_points) != (
            *(check.outcome, check.points, check.max_points),
        ):
            yield _about_check(check, old)
    yield from (f"{name}: no longer checked." for name in earlier)
    yield from (f"Look at it: {flag}" for flag in grade.flags)


def _about_check(check: Verdict, before: Verdict | None) -> str:
    points = f"{format_points(check.points)} of {_points(check.max_points)}"
    if before is not None:
        points += f", before {format_points(before.points)} of {format_points(before.max_points)}"
    message = "" if check.outcome is Outcome.PASSED and before is None else f" {check.message}"
    return f"{check.name}: {check.outcome.value}, {points}.{message}"


def changed_parts(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What part of the course changed, as sentences; none if one of the two is not known."""
    if not before or not after:
        return []
    sentences = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if old is None or new is None:
            sentences.append(f"Changed in the course: {name}, {'removed' if old else 'added'}.")
        elif _DIGEST.fullmatch(old) and _DIGEST.fullmatch(new):
            sentences.append(f"Changed in the course: {name}.")
        else:
            sentences.append(f"Changed in the course: {name}, from {old} to {new}.")
    return sentences


def _about_review(review: Review, before: Review | None) -> Iterator[str]:
    old = before or Review(score=0, max_score=0)
    for name in sorted(old.marks.keys() | review.marks.keys()):
        if old.marks.get(name) == review.marks.get(name):
            continue
        if name in review.marks:
            points, most = review.marks[name]
            mark = f"{format_points(points)} of {_points(most)}"
            yield f"{name}: manual mark {mark}{_was(name, old)}."
        else:
            yield f"{name}: manual mark removed{_was(name, old)}."
    for name in sorted(old.comments.keys() | review.comments.keys()):
        comment = review.comments.get(name)
        if comment != old.comments.get(name):
            yield f"{name}: comment removed." if comment is None else f"{name}: comment: {comment}"
    if old.extra_credit != review.extra_credit:
        extra = format_points(review.extra_credit)
        yield f"Extra credit: {extra}, before {format_points(old.extra_credit)}."
    if old.late_penalty != review.late_penalty:
        late = format_points(review.late_penalty)
        yield f"Late penalty: {late} off, before {format_points(old.late_penalty)}."


def _was(name: str, review: Review) -> str:
    return f", before {format_points(review.marks[name][0])}" if name in review.marks else ""


def _points(points: float) -> str:
    text = format_points(points)
    return f"{text} point" if text == "1" else f"{text} points"


def _short(digest: str) -> str:
    return digest[:_SHOWN_OF_A_DIGEST] or "none"
