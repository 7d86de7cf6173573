"""`autograder allocate` and `autograder agreement`: many people mark one class."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import INCOMPLETE, SUCCESS, count, err, out
from autograder.course import Assignment, Course, load_course
from autograder.errors import AllocationError
from autograder.results import clean_line

if TYPE_CHECKING:
    from autograder.marking import Agreement, Allocated, Sheet
    from autograder.results import Grade, Review

_MOST_SHOWN = 40


def allocate(
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training.")
    ],
    *,
    among: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Who marks, separated by commas; default: assistants in course.yml, or those who "
            "have work already.",
        ),
    ] = None,
    shared: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="Submissions that every assistant marks."),
    ] = 0,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Every submission, not only those that wait for a person."),
    ] = False,
    hand_over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Give what this assistant has not done to the others; repeatable."
        ),
    ] = None,
) -> None:
    """Divide the marking among assistants; who has a submission keeps it."""
    from autograder.marking import allocate as divide  # noqa: PLC0415 - its imports are slow
    from autograder.marking import (  # noqa: PLC0415 - as above
        allocation_file,
        handed_over,
        read_allocation,
        write_allocation,
    )

    course = load_course()
    rubric = course.assignment(assignment)
    path = allocation_file(course.root, rubric.name)
    before = read_allocation(path)
    work = _work(course, rubric.name, everything=everything)
    leaving = set(hand_over or ())
    if unknown := leaving - {row.assistant for row in before}:
        raise AllocationError(
            f"{', '.join(sorted(unknown))} has no work on {rubric.name}.",
            f"{path} says who has.",
        )
    names = [name for name in _assistants(course, among, before) if name not in leaving]
    if not names:
        raise AllocationError(
            "Nobody is left to mark.",
            "Name who marks: --among ana,ben, or assistants in course.yml.",
        )
    rows = divide(rubric.name, work, names, handed_over(before, leaving, work), shared)
    if not rows:
        out.print(f"{rubric.name}: no submission waits for a person. To divide all: --all.")
        raise typer.Exit(SUCCESS)
    write_allocation(path, rows)
    _write_sheets(course, rubric, names, [row.student for row in rows if row.shared])
    _show(rubric.name, rows, _work(course, rubric.name))
    out.print(f"Who marks what: {path}", markup=False, soft_wrap=True)
    others = sorted({row.assistant for row in rows} - set(names))
    if others:
        out.print(
            f"{', '.join(map(clean_line, others))} keep what they have. To give it to the others: "
            "--hand-over NAME.",
            markup=False,
            soft_wrap=True,
        )
    raise typer.Exit(SUCCESS)


def agreement(
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training.")
    ],
    *,
    enter: Annotated[
        bool,
        typer.Option(
            "--enter", help="Enter the marks that all agree on into the gradebook, as manual ones."
        ),
    ] = False,
) -> None:
    """Show how far assistants agree on the shared submissions, from their marking sheets."""
    from autograder.marking import (  # noqa: PLC0415 - its imports are slow
        agreements,
        allocation_file,
        read_allocation,
        read_sheets,
    )

    course = load_course()
    rubric = course.assignment(assignment)
    rows = read_allocation(allocation_file(course.root, rubric.name))
    shared = {row.student: row.assistant for row in rows if row.shared}
    if not shared:
        raise AllocationError(
            f"No submission of {rubric.name} is shared.",
            f"Share some first: autograder allocate {rubric.name} --shared 10.",
        )
    sheets = read_sheets(course.root, rubric.name)
    _show_agreement(rubric.name, agreements(list(sheets.values())))
    for name, sheet in sheets.items():
        if not sheet:
            out.print(
                f"{clean_line(name)} has not marked anything yet. If that stays so, delete the "
                "sheet.",
                markup=False,
            )
    agreed = _show_differences(sheets, shared)
    if enter:
        raise typer.Exit(_enter(course, rubric, agreed, sheets))
    if agreed:
        out.print(
            f"All agree on {count(len(agreed), 'mark')}. To enter them into the gradebook: "
            f"autograder agreement {rubric.name} --enter",
            markup=False,
            soft_wrap=True,
        )
    raise typer.Exit(SUCCESS)


def _assistants(course: Course, among: str | None, before: Sequence[Allocated]) -> list[str]:
    """Who marks, each once.

    Raises:
        AllocationError: If nobody is named, or a name cannot be a file's.
    """
    from autograder.submissions import folder_name_problem  # noqa: PLC0415 - slow to import

    if among is not None:
        names = [name.strip() for name in among.split(",") if name.strip()]
    else:
        names = list(course.assistants) or sorted({row.assistant for row in before})
    for name in names:
        if problem := folder_name_problem(name):
            raise AllocationError(f"{name!r} is not an assistant: a name {problem}.", "Shorten it.")
    return list(dict.fromkeys(names))


def _work(course: Course, name: str, *, everything: bool = False) -> dict[str, str]:
    """Why a person looks at each submission, by student."""
    from autograder.marking import why_a_person  # noqa: PLC0415 - its imports are slow

    reasons = {
        grade.student: why_a_person(grade, review) or ("all" if everything else "")
        for grade, review in _graded(course, name)
    }
    return {student: why for student, why in reasons.items() if why}


def _graded(course: Course, name: str) -> list[tuple[Grade, Review | None]]:
    """Every Grade of an assignment, with what the gradebook has of it."""
    from autograder.grading import GradeStore  # noqa: PLC0415 - its imports are slow
    from autograder.outputs import find_gradebook, reviews  # noqa: PLC0415 - as above

    store, location = GradeStore(course.root / "grades" / name), find_gradebook(course)
    grades = list(filter(None, map(store.read, store.students())))
    if not grades:
        raise AllocationError(
            f"{name} has no Grades yet.", f"Grade first: autograder grade {name}."
        )
    with reviews(location.database, name, location.course_id) as review_of:
        return [(grade, review_of(grade.student)) for grade in grades]


def _write_sheets(
    course: Course, rubric: Assignment, assistants: Sequence[str], shared: Collection[str]
) -> None:
    """Give each assistant an empty line for each shared submission and cell."""
    from autograder.marking import sheets_folder, write_sheet  # noqa: PLC0415 - slow to import
    from autograder.outputs.gradebook import hand_graded_cells  # noqa: PLC0415 - as above
    from autograder.submissions import read_notebook  # noqa: PLC0415 - as above

    if not shared:
        return
    release = read_notebook(course.release_notebook(rubric.name))
    cells = hand_graded_cells(release, rubric) or rubric.checks
    folder = sheets_folder(course.root, rubric.name)
    for name in assistants:
        write_sheet(folder / f"{name}.csv", shared, cells)
    out.print(
        f"{count(len(shared), 'submission')} that everybody marks, each in a sheet of their own: "
        f"{folder}/NAME.csv",
        markup=False,
        soft_wrap=True,
    )


def _show(name: str, rows: Sequence[Allocated], waiting: Collection[str]) -> None:
    table = Table(title=f"{name}: {count(len(rows), 'submission')}")
    for heading in ("assistant", "submissions", "of them shared", "need manual grade"):
        table.add_column(heading, justify="left" if heading == "assistant" else "right")
    for assistant in sorted({row.assistant for row in rows}):
        own = [row for row in rows if row.assistant == assistant]
        shared, open_ = sum(r.shared for r in own), sum(r.student in waiting for r in own)
        numbers = (len(own), shared, open_)
        table.add_row(Text(clean_line(assistant, 80)), *map(str, numbers))
    out.print(table)


def _show_agreement(name: str, rows: Sequence[Agreement]) -> None:
    from autograder.marking import FEW  # noqa: PLC0415 - its imports are slow

    table = Table(title=f"{name}: agreement")
    for heading in ("cell", "same points", "95%", "alpha", "95%"):
        table.add_column(heading, justify="left" if heading == "cell" else "right")
    for row in rows:
        table.add_row(
            Text(clean_line(row.cell, 80)),
            f"{row.same} of {row.submissions}",
            "{:.0%} to {:.0%}".format(*row.share_interval),
            "" if row.alpha is None else f"{row.alpha:.2f}",
            "" if row.interval is None else "{:.2f} to {:.2f}".format(*row.interval),
        )
    out.print(table)
    out.print(
        "Alpha is Krippendorff's: 1 is agreement, 0 what chance gives; blank where all marks are "
        "the same. From 0.8 marks are reliable; below 0.67, talk about the rubric first. 95% says "
        "where the true figure lies with that confidence.",
        markup=False,
    )
    if any(0 < row.submissions < FEW for row in rows):
        out.print(
            f"Fewer than {FEW} submissions: no figure here is more than a hint.", markup=False
        )


def _show_differences(
    sheets: Mapping[str, Sheet], shared: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    """List where assistants differ; returns the marks on which all agree."""
    from autograder.marking import is_unanimous, marks_of  # noqa: PLC0415 - slow to import

    agreed = {}
    table = Table(title="Not the same points")
    for heading in ("student", "cell", "points", "settled by"):
        table.add_column(heading, overflow="fold")
    for place, marks in sorted(marks_of(sheets).items()):
        student, cell = place
        if student not in shared or len(marks) < len(sheets):
            continue
        if is_unanimous(marks):
            agreed[place] = next(iter(marks.values()))
        elif table.row_count < _MOST_SHOWN:
            points = ", ".join(f"{name} {given:g}" for name, given in marks.items())
            cells = (student, cell, points, shared[student])
            table.add_row(*(Text(clean_line(text, 200)) for text in cells))
    if table.row_count:
        out.print(table)
        out.print("Talk, and let the one who settles it enter the mark in formgrader.")
    return agreed


def _enter(
    course: Course,
    rubric: Assignment,
    agreed: Mapping[tuple[str, str], float],
    assistants: Collection[str],
) -> int:
    """Enter agreed marks; returns the exit status."""
    from autograder.marking import enter_agreed  # noqa: PLC0415 - its imports are slow

    by = f"autograder agreement --enter, agreed by {', '.join(sorted(assistants))}"
    entered = enter_agreed(course, rubric.name, agreed, by)
    out.print(
        f"{rubric.name}: {count(entered.new, 'mark')} entered, {entered.same} there already.",
        markup=False,
    )
    for (student, cell), mark in entered.kept.items():
        err.print(
            f"{clean_line(student, 80)}: {clean_line(cell, 80)} has the manual mark {mark:g}, "
            "which stays.",
            markup=False,
            soft_wrap=True,
        )
    for student, cell in entered.lost:
        err.print(
            f"{clean_line(student, 80)}: the gradebook has no cell {clean_line(cell, 80)} of this "
            "submission.",
            markup=False,
            soft_wrap=True,
        )
    return INCOMPLETE if entered.kept or entered.lost else SUCCESS
