"""`autograder regrade`: grade a class again, show what would change, and apply it if confirmed."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import INCOMPLETE, SUCCESS, count, err, out, print_error
from autograder.cli.grading import ProgressReport
from autograder.cli.options import Links, Submitted, Workers
from autograder.course import Assignment, Course, load_course
from autograder.errors import RegradeError
from autograder.results import clean_line, write_atomically

if TYPE_CHECKING:
    from autograder.grading import Options
    from autograder.grading.regrading import Applied, Comparison, Plan


def regrade(
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training.")
    ],
    students: Annotated[
        list[str] | None,
        typer.Argument(metavar="STUDENT", help="Only these students; default: everybody."),
    ] = None,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Apply what is shown, without asking.")
    ] = False,
    keep_higher: Annotated[
        bool,
        typer.Option("--keep-higher", help="Keep the old Grade of each student who would lose."),
    ] = False,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; the history of each mark has it.")
    ] = "",
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Also write the comparison to this file."),
    ] = None,
    submitted: Submitted = None,
    links: Links = None,
    workers: Workers = None,
) -> None:
    """Grade again after a change, show which marks would move, and apply it if you confirm."""
    from autograder.grading import Options  # noqa: PLC0415 - its imports are slow
    from autograder.grading.regrading import (  # noqa: PLC0415 - as above
        Staging,
        compare,
        comparisons_as_csv,
        make_plan,
    )

    course = load_course()
    rubric = course.assignment(assignment)
    options = Options(
        submitted=submitted or course.root / "submitted",
        students=tuple(students or ()),
        links=tuple(links or ()),
        workers=workers,
    )
    staging = Staging(course.root, rubric.name)
    if (confirmed := staging.confirmed()) is not None:
        out.print("Continuing what was confirmed, and stopped before its end.")
        raise typer.Exit(_apply(course, rubric, options, confirmed))
    with ProgressReport() as report:
        rows = compare(
            course,
            rubric,
            options,
            report.show_progress,
            report.show_refused,
            report.show_notice,
        )
    plan = make_plan(rows, keep_higher=keep_higher, reason=reason)
    _show(rubric.name, rows, keep_higher=keep_higher)
    if csv_file is not None:
        write_atomically(csv_file, comparisons_as_csv(rows), private=True)
    failed = any(row.new.score is None for row in rows)
    status = INCOMPLETE if failed or report.refused else SUCCESS
    if not plan.changes:
        out.print("Nothing to apply: every Grade is that of the course as it is.")
        raise typer.Exit(status)
    shown = staging.shown()
    staging.show(plan)
    if yes and shown is not None and not shown.shows(plan):
        raise RegradeError(
            "Nothing was applied: the course, a submission or a Grade has changed since the last "
            "table.",
            "Look at the new table, then run the same command again.",
        )
    if not (yes or _is_confirmed()):
        out.print(
            "Nothing was applied. To apply exactly this: "
            f"autograder regrade {rubric.name} --yes --reason TEXT",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(status)
    raise typer.Exit(max(status, _confirm(course, rubric, options, plan)))


def _is_confirmed() -> bool:
    """Ask on a terminal; elsewhere nobody can answer."""
    return sys.stdin.isatty() and typer.confirm("Apply this?")


def _confirm(course: Course, rubric: Assignment, options: Options, plan: Plan) -> int:
    """Apply a plan unless something has changed while a person looked at it."""
    from autograder.grading.regrading import Staging, stale_students  # noqa: PLC0415 - slow

    stale = stale_students(course, rubric, options, plan)
    if stale:
        student, why = next(iter(stale.items()))
        raise RegradeError(
            f"Nothing was applied, because it is not what was shown any more: {why} "
            f"({count(len(stale), 'student')}, such as {student}).",
            "Run the same command again, and look at the new table.",
        )
    Staging(course.root, rubric.name).confirm(plan)
    return _apply(course, rubric, options, plan)


def _apply(course: Course, rubric: Assignment, options: Options, plan: Plan) -> int:
    from autograder.grading.regrading import apply_plan  # noqa: PLC0415 - slow to import

    def tell(notice: str) -> None:
        err.print(clean_line(notice, 1000), markup=False, soft_wrap=True)

    applied = apply_plan(course, rubric, dataclasses.replace(options, students=()), plan, tell)
    _print_applied(rubric.name, applied)
    return INCOMPLETE if applied.stale or applied.unrecorded else SUCCESS


def _print_applied(name: str, applied: Applied) -> None:
    kept = f"; {count(len(applied.kept), 'higher mark')} kept" if applied.kept else ""
    out.print(f"{count(len(applied.applied), 'Grade')} applied{kept}.", markup=False)
    for student, why in applied.stale.items():
        print_error(f"{student}: not applied, because {why}.", "")
    if applied.stale:
        err.print(f"TIP   Compare again: autograder regrade {name}", markup=False)
    if applied.unrecorded:
        print_error(
            f"{count(len(applied.unrecorded), 'Grade')} could not be recorded, see above.",
            f"They are kept in grades/. Run autograder grade {name}, which records them.",
        )


def _show(name: str, rows: Sequence[Comparison], *, keep_higher: bool) -> None:
    """The table of the students for whom something changes, and how many there are of each kind."""
    from autograder.grading.regrading import moves_text  # noqa: PLC0415 - slow to import

    changed = [row for row in rows if row.before != row.after or row.moves]
    table = Table(title=f"{name}: {count(len(rows), 'submission')} graded again")
    for heading in ("student", "before", "after"):
        table.add_column(heading, justify="left" if heading == "student" else "right")
    table.add_column("", no_wrap=True)
    table.add_column("checks that moved", overflow="fold")
    for row in changed:
        remarks = [moves_text(row), *(f"manual mark {n} {p:g} stays" for n, p in _manual(row))]
        if row.is_another_submission:
            remarks.append("another submission than before")
        table.add_row(
            Text(clean_line(row.student)),
            _score(row.before),
            _score(row.after),
            _direction(row, keep_higher=keep_higher),
            Text(clean_line("; ".join(filter(None, remarks)), 1000)),
        )
    if changed:
        out.print(table)
    falls = sum(row.falls for row in rows)
    rises = sum(row.rises for row in rows)
    failed = sum(row.new.score is None for row in rows)
    parts = [f"{count(falls, 'mark')} would fall", f"{rises} would rise"]
    parts.append(f"{len(rows) - falls - rises - failed} would stay")
    if failed:
        parts.append(f"{failed} could not be graded again and keep what they have")
    if falls and keep_higher:
        parts.append("those that would fall are kept")
    out.print("; ".join(parts) + ".", markup=False, soft_wrap=True)


def _manual(row: Comparison) -> list[tuple[str, float]]:
    """Manual marks of the checks that moved, which hide it."""
    moved = {name for name, _, _ in row.moves}
    return [(name, points) for name, points in row.manual_marks.items() if name in moved]


def _direction(row: Comparison, *, keep_higher: bool) -> str:
    if row.new.score is None:
        return "not graded, stays"
    if row.falls:
        return "would fall, kept" if keep_higher else "FALLS"
    return "rises" if row.rises else ""


def _score(score: float | None) -> str:
    return "no mark" if score is None else f"{score:g}"
