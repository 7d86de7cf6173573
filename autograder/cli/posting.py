"""`autograder export lti`: post marks to a platform, after showing what and for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from autograder.cli.console import INCOMPLETE, SUCCESS, Bar, count, err, out
from autograder.cli.history import note_changes
from autograder.course import Course, LtiSettings, load_lti
from autograder.errors import ExportError
from autograder.results import clean_line

if TYPE_CHECKING:
    from autograder.outputs import Mark
    from autograder.outputs.lti import Ledger, Platform, Posting


def post_marks(
    course: Course,
    marks: Mapping[str, Mapping[str, Mark]],
    roster: Path | None,
    id_column: str | None,
    *,
    dry_run: bool,
) -> int:
    """Post marks by LTI 1.3.

    Args:
        course: The course, with `lti.yml` beside `course.yml`.
        marks: By assignment and student.
        roster: A list of the platform's user ids; they go before those in the gradebook.
        id_column: The heading of the course's ids in it.
        dry_run: Whether to show only what would be posted.

    Returns:
        The exit status.
    """
    from autograder.outputs import find_gradebook  # noqa: PLC0415 - slow to import
    from autograder.outputs.gradebook import read_students  # noqa: PLC0415 - as above
    from autograder.outputs.lti import (  # noqa: PLC0415 - as above
        Ledger,
        Platform,
        plan,
        read_users,
    )

    settings = load_lti(course)
    _require_line_items(settings, tuple(marks))
    where = find_gradebook(course)
    known = {} if where.is_missing else read_students(where.database, where.course_id)
    users = {id_: student.details.get("lms_user_id", "") for id_, student in known.items()}
    users |= read_users(roster, id_column) if roster is not None else {}
    rows = [mark for by_student in marks.values() for mark in by_student.values()]
    with Ledger(course.root / "exports" / "lti.jsonl", read_only=dry_run) as ledger:
        postings = plan(rows, settings.line_items, users, ledger)
        platform = None if dry_run else Platform(settings)
        _show(postings)
        _show_gone(postings, ledger)
        complete = all(p.score is not None and p.score.text for p in postings)
        if platform is None:
            out.print("Nothing was posted.")
        else:
            for assignment in marks:
                note_changes(course, assignment)
            complete &= _post(postings, platform, ledger)
    return SUCCESS if complete else INCOMPLETE


def _require_line_items(settings: LtiSettings, assignments: Sequence[str]) -> None:
    missing = [name for name in assignments if name not in settings.line_items]
    if missing:
        raise ExportError(
            f"{settings.path} has no line item for {', '.join(missing)}.",
            "Add its address below line_items, or name the assignments to post.",
        )


def _show(postings: Sequence[Posting]) -> None:
    """A table of what is new, and of what has a remark."""
    table = Table("student", "assignment", "user id", "score", "remark", box=None, pad_edge=False)
    shown = [posting for posting in postings if posting.is_new or posting.remark]
    for posting in shown:
        user, score = "", ""
        if posting.score is not None:
            user = posting.score.user_id
            score = posting.score.text or posting.score.grading_progress
        remark = posting.remark
        cells = (posting.student, posting.assignment, user, score, remark)
        table.add_row(*(clean_line(cell, 60) for cell in cells))
    if shown:
        out.print(table, markup=False)
    new = sum(posting.is_new for posting in postings)
    before = sum(posting.score is not None and not posting.is_new for posting in postings)
    out.print(f"{count(new, 'score')} to post, {before} posted before.")


def _show_gone(postings: Sequence[Posting], ledger: Ledger) -> None:
    """Name whoever got a mark earlier that nothing here supports any more."""
    for line_item in dict.fromkeys(posting.line_item for posting in postings):
        users = {p.score.user_id for p in postings if p.line_item == line_item and p.score}
        for user in sorted(ledger.users(line_item) - users):
            err.print(
                f"Posted before, and has no mark now: user {clean_line(user, 80)} in {line_item}",
                markup=False,
                soft_wrap=True,
            )


def _post(postings: Sequence[Posting], platform: Platform, ledger: Ledger) -> bool:
    """Post what is new; whether all of it was accepted."""
    from autograder.outputs.lti import post  # noqa: PLC0415 - slow to import

    new, failed, done = sum(posting.is_new for posting in postings), 0, 0
    with Bar("Posting") as bar:
        for posting, reason in post(postings, platform, ledger):
            done += 1
            bar.show(clean_line(posting.student, 30), done, new)
            if reason:
                failed += 1
                whose = f"{clean_line(posting.student, 80)}, {posting.assignment}"
                err.print(f"Not posted: {whose}: {reason}", markup=False, soft_wrap=True)
    out.print(f"Posted {count(done - failed, 'score')}, {failed} failed.")
    if failed:
        err.print("TIP   The same command posts the rest.", markup=False)
    return not failed
