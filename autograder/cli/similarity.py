"""`autograder similarity`: find answers of a class that are alike, for a person to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import INCOMPLETE, SUCCESS, count, err, out, print_error
from autograder.cli.options import Links, Names, Submitted
from autograder.course import Course, load_course
from autograder.errors import SubmissionError
from autograder.results import clean, clean_line

if TYPE_CHECKING:
    from autograder.similarity import AlikePair, Similarity

_SHOWN = 20
"""Pairs in the terminal's table."""
_SHOWN_GROUPS = 5
_NAMED = 8
"""Students of a group who are named there; the page names all."""


def similarity(
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training.")
    ],
    *,
    submitted: Submitted = None,
    student: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Compare only these students; can be repeated."),
    ] = None,
    links: Links = None,
    unrelated: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="More right answers that people wrote independently: notebooks or Python files. "
            "Can be repeated.",
        ),
    ] = None,
    pages: Annotated[
        int, typer.Option(metavar="N", min=0, max=999, help="Pairs that get a page of their own.")
    ] = 100,
    names: Names = False,
) -> None:
    """Find answers of a class that are alike, and show how often unrelated answers are."""
    from autograder.grading import Options  # noqa: PLC0415 - its imports are slow
    from autograder.similarity import compare, write_site  # noqa: PLC0415 - as above

    course = load_course()
    rubric = course.assignment(assignment)
    for folder in unrelated or ():
        if not folder.is_dir():
            raise SubmissionError(
                f"{folder} is not a folder.", "Name a folder of notebooks or Python files."
            )
    refused: list[SubmissionError] = []
    options = Options(submitted=submitted, students=tuple(student or ()), links=tuple(links or ()))
    result = compare(
        course,
        rubric.name,
        options,
        refused.append,
        lambda notice: err.print(f"NOTE  {clean(notice)}", markup=False, soft_wrap=True),
        unrelated=unrelated or (),
    )
    for error in refused:
        print_error(error.message, error.tip)
    page = write_site(
        course.root / "similarity" / rubric.name,
        result,
        title=rubric.title,
        names=_names(course) if names else {},
        most_pages=pages,
    )
    _print_result(result)
    out.print(f"Side by side: {page}", markup=False, soft_wrap=True)
    raise typer.Exit(INCOMPLETE if refused else SUCCESS)


def _names(course: Course) -> Mapping[str, str]:
    from autograder.outputs import find_gradebook  # noqa: PLC0415 - its imports are slow
    from autograder.outputs.gradebook import read_students  # noqa: PLC0415 - as above

    location = find_gradebook(course)
    rows = read_students(location.database, location.course_id)
    return {student: row.name for student, row in rows.items()}


def _print_result(result: Similarity) -> None:
    """Print the rarest pairs, and what they must be held against."""
    for heading, groups in (("The same file", result.same_file), ("A group", result.groups)):
        for group in groups[:_SHOWN_GROUPS]:
            out.print(f"{heading}: {_joined(group)}", markup=False, soft_wrap=True)
    if result.alike:
        out.print(_table(result))
    shown = min(len(result.alike), _SHOWN)
    compared = f"{count(result.answers, 'file')} of {count(result.students, 'student')}"
    out.print(
        f"Compared {compared}: {count(result.pairs, 'pair')}.\n"
        f"Listed for a person to look at: {len(result.alike)}; shown here: {shown}.\n"
        f"Unrelated: {count(result.code.pairs, 'pair')} of {count(result.unrelated, 'answer')} "
        "written independently.\n"
        "Alike answers have many reasons. Read both before you ask.",
        markup=False,
    )


def _table(result: Similarity) -> Table:
    table = Table(title=f"{result.assignment}: answers that are alike")
    table.add_column("", justify="right")
    table.add_column("students", overflow="fold")
    table.add_column("code alike", justify="right")
    table.add_column("unrelated pairs", overflow="fold")
    table.add_column("rare words in both", overflow="fold")
    for number, pair in enumerate(result.alike[:_SHOWN], start=1):
        table.add_row(
            str(number),
            Text(f"{_joined(pair.first.students)}\n{_joined(pair.second.students)}"),
            f"{pair.code:.0%}",
            pair.code_rarity.words,
            Text(_words(pair)),
        )
    return table


def _words(pair: AlikePair) -> str:
    """The rarest words, and figures that are the same."""
    words = ", ".join(clean_line(word, 40) for word, _ in pair.shared_words[:4])
    rarity = f" ({pair.words_rarity.words})" if words else ""
    return "\n".join(filter(None, [f"{words}{rarity}", *(f"Also: {f}." for f in pair.figures)]))


def _joined(students: Sequence[str]) -> str:
    more = len(students) - _NAMED
    text = ", ".join(map(clean_line, students[:_NAMED]))
    return f"{text} and {more} more" if more > 0 else text
