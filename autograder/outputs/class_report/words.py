"""The figures in plain words, for the top of a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from autograder.feedback import late_sentences
from autograder.outputs.class_report.class_data import ClassData, Source
from autograder.outputs.class_report.entry import Entry
from autograder.outputs.class_report.needs import Need
from autograder.outputs.class_report.overview import CheckRate, Overview
from autograder.outputs.marks import MarkStatus, format_points
from autograder.results import Outcome

STATUS_WORDS = {
    MarkStatus.GRADED: "graded",
    MarkStatus.GRADER_ERROR: "grader error, no mark",
    MarkStatus.NOT_GRADED: "not graded yet",
    MarkStatus.MISSING: "nothing handed in",
}
OUTCOME_WORDS = {
    Outcome.PASSED: "passed everything",
    Outcome.FAILED: "not all checks pass",
    Outcome.NOT_ATTEMPTED: "not attempted",
    Outcome.TIMEOUT: "out of time",
    Outcome.RESOURCE_LIMIT: "over a resource limit",
    Outcome.GRADER_ERROR: "grader error",
}
CHECK_WORDS = {
    **OUTCOME_WORDS,
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
}


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, such as "1 student" or "2,000 students"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def assignment_words(overview: Overview) -> list[str]:
    """One assignment in a few sentences."""
    graded = len(overview.graded)
    if not graded:
        sentences = ["Nobody has a mark yet."]
    else:
        have = "has a mark" if graded == 1 else "have a mark"
        most = format_points(overview.data.assignment.max_score)
        sentence = f"{overview.passed:,} of {count(graded, 'student')} who {have} passed everything"
        sentences = [f"{sentence}; the median is {overview.median} of {most} points."]
    if overview.shared:
        first = overview.shared[0]
        where = f" (`{first.function}`)" if first.function else ""
        number = len(first.students)
        share = "has this mistake" if number == 1 else "share one misconception"
        sentences.append(f"{number:,} {share}{where}: {first.advice}")
    if hardest := min(
        (rate for rate in overview.rates if rate.graded and rate.passed < rate.graded),
        key=lambda rate: rate.passed / rate.graded,
        default=None,
    ):
        sentences.append(
            f"The check that fewest pass is “{hardest.title}”: {hardest.passed:,} of "
            f"{hardest.graded:,}."
        )
    sentences += _attention(overview)
    return sentences


def _attention(overview: Overview) -> list[str]:
    """What has no mark, or asks for a person; nothing of what did not happen."""
    parts = [
        (overview.missing, "on the roster handed in nothing"),
        (overview.not_graded, "handed in and not graded yet"),
        (overview.grader_errors, "without a mark because the grader failed"),
        (overview.not_attempted, "handed in only stubs"),
        (overview.limits, "stopped at a time or resource limit"),
        (overview.flagged, "flagged for a person to look at"),
        (overview.waiting, "waiting for a mark by hand"),
        (overview.late, "handed in late"),
    ]
    told = [f"{len(entries):,} {what}" for entries, what in parts if entries]
    return [f"{'; '.join(told)}."] if told else []


def class_words(data: ClassData, overviews: Sequence[Overview], needs: Sequence[Need]) -> list[str]:
    """The whole class in a few sentences."""
    graded = sum(len(overview.graded) for overview in overviews)
    passed = sum(overview.passed for overview in overviews)
    students = len(data.students)
    size = f"{count(students, 'student')}, {count(len(overviews), 'assignment')}"
    sentences = [f"{size}: {passed:,} of {count(graded, 'graded submission')} passed everything."]
    every = [(overview, shared) for overview in overviews for shared in overview.shared]
    if every:
        overview, first = max(every, key=lambda pair: len(pair[1].students))
        number = len(first.students)
        share = "has this mistake" if number == 1 else "share one misconception"
        where = f"`{first.function}` of " if first.function else ""
        sentences.append(f"{number:,} {share}, in {where}{overview.data.name}: {first.advice}")
    repeated = sum(bool(need.repeated) for need in needs)
    blank = sum(bool(need.missing or need.blank) for need in needs)
    if blank:
        sentences.append(f"{blank:,} handed in nothing, or only stubs, for something that is due.")
    if repeated:
        sentences.append(f"{repeated:,} lost points by the same function in several assignments.")
    unmarked = sum(len(overview.grader_errors) + len(overview.not_graded) for overview in overviews)
    if unmarked:
        sentences.append(
            f"{count(unmarked, 'submission')} without a mark, which is no zero: grade again."
        )
    return sentences


def check_words(rate: CheckRate) -> list[str]:
    """One check in a few sentences."""
    if not rate.graded:
        return ["This check has not been decided for anybody yet."]
    sentences = [f"{rate.passed:,} of {count(rate.graded, 'student')} passed."]
    parts = [
        (rate.own, "failed by a mistake of their own"),
        (rate.follows, "failed only because of another function"),
        (rate.stubs, "did not attempt it"),
    ]
    told = [f"{number:,} {what}" for number, what in parts if number]
    return [*sentences, f"{'; '.join(told)}."] if told else sentences


def status_words(entry: Entry) -> str:
    """How one submission came out, in a few words."""
    if entry.is_graded:
        if entry.outcome is Outcome.GRADER_ERROR:
            return "marked by hand after a grader error"
        return OUTCOME_WORDS[entry.outcome] if entry.outcome else STATUS_WORDS[entry.mark.status]
    if entry.mark.status is MarkStatus.MISSING and not entry.is_due:
        return "nothing handed in, not due yet"
    return STATUS_WORDS[entry.mark.status]


def late_words(entry: Entry) -> str:
    """How late a submission is and what that costs; "" if it is on time."""
    if entry.late is not None:
        return late_sentences(entry.late)[0]
    off = entry.mark.late_penalty
    return f"{format_points(off)} points off, by nbgrader's plugin" if off else ""


def source_words(source: Source, name: str) -> str:
    """Which Grades a page was made from."""
    words = f"{count(source.grades, 'Grade')} of {name} (fingerprint {source.fingerprint}"
    if source.newest is not None:
        words += f", the newest of {moment(source.newest)}"
    words += ")"
    if source.courses > 1:
        words += f", graded by {source.courses} versions of the course"
    return words


def moment(when: datetime) -> str:
    """A moment for people, with its zone."""
    return f"{when:%Y-%m-%d %H:%M} {when.tzname() or 'UTC'}"
