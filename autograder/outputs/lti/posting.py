"""Which scores are posted for whom, and the posting itself."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone

from autograder.outputs.lti.ledger import Ledger
from autograder.outputs.lti.platform import Platform, RefusedError, UnavailableError
from autograder.outputs.lti.scores import Score, score_of
from autograder.outputs.marks import Mark, MarkStatus

_MOST_UNAVAILABLE = 3
"""After so many students in a row without an answer, nobody else is tried."""


@dataclasses.dataclass(frozen=True)
class Posting:
    """What is to be posted for one student and one assignment.

    Attributes:
        student: The course's id.
        assignment: The assignment's name.
        line_item: The address of the assignment's line item.
        score: What is posted; None if nothing can be.
        is_new: Whether the platform does not have it yet.
        remark: Why there is no number, or why nothing is posted; "" if all is well.
    """

    student: str
    assignment: str
    line_item: str
    score: Score | None
    is_new: bool
    remark: str = ""


def plan(
    marks: Sequence[Mark], line_items: Mapping[str, str], users: Mapping[str, str], ledger: Ledger
) -> tuple[Posting, ...]:
    """What is to be posted.

    Args:
        marks: Of assignments that all have a line item.
        line_items: Their addresses, by assignment.
        users: The platform's id of each student, by the course's id.
        ledger: What was posted before.
    """
    shared = _shared(marks, users)
    postings = []
    for mark in marks:
        line_item = line_items[mark.assignment]
        user = users.get(mark.student, "")
        remark, score = _obstacle(mark, user, shared), None
        if not remark:
            score, remark = score_of(mark, user), _remark(mark)
        is_new = score is not None and ledger.posted(line_item, user) != score
        postings.append(Posting(mark.student, mark.assignment, line_item, score, is_new, remark))
    return tuple(postings)


def post(
    postings: Sequence[Posting],
    platform: Platform,
    ledger: Ledger,
    clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
) -> Iterator[tuple[Posting, str]]:
    """Post what is new.

    Args:
        postings: As planned.
        platform: Where to.
        ledger: What was posted before; it records each attempt and each success.
        clock: The time, with a time zone.

    Yields:
        Each new posting, with the reason if it failed, or "".

    Raises:
        ExportError: If the platform takes no score at all.
    """
    unavailable = 0
    for posting in postings:
        score = posting.score
        if score is None or not posting.is_new:
            continue
        if unavailable >= _MOST_UNAVAILABLE:
            yield posting, "not tried: the platform does not answer"
            continue
        try:
            _post_one(posting.line_item, score, platform, ledger, clock)
        except RefusedError as error:
            unavailable = 0
            yield posting, str(error)
        except UnavailableError as error:
            unavailable += 1
            yield posting, str(error)
        else:
            unavailable = 0
            yield posting, ""


def _post_one(
    line_item: str,
    score: Score,
    platform: Platform,
    ledger: Ledger,
    clock: Callable[[], datetime],
) -> None:
    def body() -> bytes:
        return score.body(ledger.attempt(line_item, score.user_id, clock()))

    platform.post(line_item, body)
    ledger.accept(line_item, score)


def _shared(marks: Sequence[Mark], users: Mapping[str, str]) -> frozenset[str]:
    """Platform ids that several students have."""
    students = {mark.student for mark in marks}
    counts = Counter(user for student, user in users.items() if student in students)
    return frozenset(user for user, number in counts.items() if number > 1)


def _obstacle(mark: Mark, user: str, shared: frozenset[str]) -> str:
    """Why nothing can be posted, or ""."""
    if mark.status is MarkStatus.MISSING:
        return "nothing was handed in"
    if mark.status is MarkStatus.NOT_GRADED:
        return "handed in, and not graded yet"
    if not user:
        return "the platform's user id is unknown"
    if user in shared:
        return f"another student has the user id {user} too"
    return "" if mark.max_score > 0 else "there are no points to be earned"


def _remark(mark: Mark) -> str:
    if mark.status is MarkStatus.GRADER_ERROR:
        return "not graded, so no mark"
    if mark.is_partial:
        return "a person still owes points, so no number"
    return "a person should look at it" if mark.needs_manual_grade else ""
