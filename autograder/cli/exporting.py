"""The registrar's command: `export`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from autograder.cli.console import INCOMPLETE, SUCCESS, count, err, out
from autograder.cli.gradescope import export_package
from autograder.cli.history import note_changes
from autograder.cli.options import GradedAssignments
from autograder.cli.posting import post_marks
from autograder.course import Assignment, Course, load_course
from autograder.errors import ExportError
from autograder.results import clean_line, write_atomically

if TYPE_CHECKING:
    from autograder.grading import GradeStore
    from autograder.outputs import Mark
    from autograder.outputs.exports import Change
    from autograder.results import Grade


class Format(str, Enum):
    """What marks are exported for."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    BRIGHTSPACE = "brightspace"
    CSV = "csv"
    JUNIT = "junit"
    JSON = "json"
    LTI = "lti"
    GRADESCOPE_AUTOGRADER = "gradescope-autograder"


_SUFFIXES = {Format.JUNIT: "xml", Format.JSON: "json"}


def export(
    to: Annotated[
        Format,
        typer.Argument(
            metavar="FORMAT",
            help="canvas, moodle, brightspace, csv, junit, json, lti; or gradescope-autograder, a "
            "package that grades one assignment on Gradescope.",
        ),
    ],
    assignments: GradedAssignments = None,
    *,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file that the system exported, to fill in. Needed for canvas, "
            "moodle and brightspace. For lti, a list of the platform's user ids.",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ASSIGNMENT=HEADING",
            help="The column of an assignment, if it is not named after it; can be repeated.",
        ),
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(metavar="HEADING", help="The column of the course's student ids.")
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Default: exports/FORMAT.csv in the course."),
    ] = None,
    with_totals: Annotated[
        bool,
        typer.Option(
            "--totals", help="One total per student, without the lowest marks; for csv and json."
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what would change for whom; write and post nothing."),
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe",
            help="Only gradescope-autograder: run without a sandbox there, with the "
            "practice seeds.",
        ),
    ] = False,
) -> None:
    """Write marks into a file that a learning management system imports, or post them to one."""
    course = load_course()
    if to is Format.GRADESCOPE_AUTOGRADER:
        export_package(course, assignments or [], out_file, unsafe=unsafe, dry_run=dry_run)
        return
    _refuse_unsafe(to, unsafe=unsafe)
    from autograder.grading import (  # noqa: PLC0415 - slow to import
        graded_assignments,
        read_roster_of,
    )
    from autograder.outputs.exports import (  # noqa: PLC0415 - as above
        SYSTEMS,
        grades_as_junit,
    )

    chosen = [course.assignment(name) for name in assignments or graded_assignments(course)]
    if not chosen:
        raise ExportError(
            f"Nothing has been graded in {course.root} yet.", "Grade first: autograder grade."
        )
    _require_plain_format(to, with_totals=with_totals)
    columns = _columns(course, column or ())
    listed = read_roster_of(course)
    marks = _current_marks(course, chosen, listed, dry_run=dry_run)
    if to is Format.LTI:
        raise typer.Exit(post_marks(course, marks, roster, id_column, dry_run=dry_run))
    path = out_file or course.root / "exports" / f"{to.value}.{_SUFFIXES.get(to, 'csv')}"
    complete = True
    if to.value in SYSTEMS:
        pairs = [(assignment, marks[assignment.name]) for assignment in chosen]
        data, complete = _fill(to, roster, pairs, columns, id_column)
    elif to is Format.JUNIT:
        data = grades_as_junit([(a.name, _grades(course, a)) for a in chosen])
    else:
        data, complete = _plain_file(course, marks, to, with_totals=with_totals)
    if dry_run:
        out.print("Nothing was written.")
    else:
        for assignment in chosen:
            note_changes(course, assignment.name)
        write_atomically(path, data, private=True)
        out.print(f"Wrote {path}", markup=False, soft_wrap=True)
    raise typer.Exit(SUCCESS if complete else INCOMPLETE)


def _require_plain_format(to: Format, *, with_totals: bool) -> None:
    if with_totals and to not in (Format.CSV, Format.JSON):
        raise ExportError(
            f"--totals is for csv and json, not for {to.value}.",
            "A learning management system adds up marks by rules of its own.",
        )


def _plain_file(
    course: Course, marks: Mapping[str, Mapping[str, Mark]], to: Format, *, with_totals: bool
) -> tuple[bytes, bool]:
    """Marks or totals as CSV or JSON, and whether nobody lacks one."""
    from autograder.outputs import exports, totals  # noqa: PLC0415 - slow to import

    if with_totals:
        points = {name: course.assignment(name).max_score for name in marks}
        sums = totals(marks, points, course.drop_lowest)
        as_file = exports.totals_as_csv if to is Format.CSV else exports.totals_as_json
        return as_file(sums), all(total.score is not None for total in sums)
    rows = [mark for by_student in marks.values() for mark in by_student.values()]
    data = exports.marks_as_csv(rows) if to is Format.CSV else exports.marks_as_json(rows)
    return data, all(mark.score is not None for mark in rows)


def _fill(
    to: Format,
    roster: Path | None,
    pairs: Sequence[tuple[Assignment, Mapping[str, Mark]]],
    columns: Mapping[str, str],
    id_column: str | None,
) -> tuple[bytes, bool]:
    """The exported file with the marks in it, and whether everybody in it has one."""
    from autograder.outputs.exports import SYSTEMS, fill  # noqa: PLC0415 - slow to import

    if roster is None:
        raise ExportError(
            f"The export to {to.value} needs the file that {to.value} exported.",
            "Name it with --roster FILE: it has the ids that the import needs.",
        )
    if to is Format.MOODLE and len(pairs) != 1:
        raise ExportError(
            "A worksheet of Moodle holds one assignment.",
            f"Name it: autograder export moodle {pairs[0][0].name} --roster FILE.",
        )
    filled = fill(SYSTEMS[to.value], roster, pairs, columns, id_column)
    _show_changes(filled.changes)
    if filled.note:
        out.print(filled.note, markup=False, soft_wrap=True)
    for student in filled.not_listed:
        err.print(f"Not in {roster}, and has a mark: {clean_line(student, 80)}", markup=False)
    complete = not filled.not_listed and not any(c.remark for c in filled.changes)
    return filled.data, complete


def _refuse_unsafe(to: Format, *, unsafe: bool) -> None:
    if unsafe:
        raise ExportError(
            f"--unsafe means nothing for {to.value}.", "It is for gradescope-autograder."
        )


def _grades(course: Course, assignment: Assignment) -> Iterator[Grade]:
    """Everybody's Grade, sorted by student; one at a time, because a Grade is large."""
    from autograder.grading import GradeStore  # noqa: PLC0415 - its imports are slow

    store = GradeStore(course.root / "grades" / assignment.name)
    yield from (_require_grade(store, student) for student in store.students())


def _require_grade(store: GradeStore, student: str) -> Grade:
    grade = store.read(student)
    if grade is None:
        raise ExportError(
            f"{store.path(student)} is not a Grade, so the export would be incomplete.",
            f"Delete it, and grade again: autograder grade {store.assignment}.",
        )
    return grade


def _current_marks(
    course: Course, assignments: Sequence[Assignment], listed: frozenset[str], *, dry_run: bool
) -> dict[str, dict[str, Mark]]:
    """Marks by assignment and student, with late penalties that are up to date."""
    from autograder.grading import (  # noqa: PLC0415 - slow to import
        update_late_work,
        with_new_penalties,
    )

    if not dry_run:
        update_late_work(course, [assignment.name for assignment in assignments])
    marks = {assignment.name: _marks(course, assignment, listed) for assignment in assignments}
    return with_new_penalties(course, marks) if dry_run else marks


def _marks(course: Course, assignment: Assignment, listed: frozenset[str]) -> dict[str, Mark]:
    """Marks of everybody with a Grade, as the gradebook has them now, and of the roster."""
    from autograder.grading import GradeStore, without_marks  # noqa: PLC0415 - slow to import
    from autograder.outputs import each_review, mark_of  # noqa: PLC0415 - as above

    store = GradeStore(course.root / "grades" / assignment.name)
    marks = {
        student: mark_of(_require_grade(store, student), review)
        for student, review in each_review(course, assignment.name, store.students())
    }
    unmarked = without_marks(course, assignment, listed)
    return dict(sorted((unmarked | marks).items()))


def _columns(course: Course, options: Sequence[str]) -> dict[str, str]:
    columns = {}
    for option in options:
        name, separator, heading = option.partition("=")
        if not separator or not heading:
            raise ExportError(
                f'--column "{option}" does not say which column.',
                'Write --column "ASSIGNMENT=HEADING".',
            )
        columns[course.assignment(name).name] = heading
    return columns


def _show_changes(changes: Sequence[Change]) -> None:
    """A table of the rows that change, or have no mark."""
    table = Table("student", "column", "before", "after", "remark", box=None, pad_edge=False)
    shown = [change for change in changes if change.before != change.after or change.remark]
    for change in shown:
        cells = (change.student, change.column, change.before, change.after, change.remark)
        table.add_row(*(clean_line(cell, 60) for cell in cells))
    if shown:
        out.print(table, markup=False)
    blank = sum(not change.after for change in changes)
    out.print(
        f"{count(len(changes) - blank, 'mark')}, {blank} without; {count(len(shown), 'row')} shown."
    )
