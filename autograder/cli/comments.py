"""`autograder comments`: list reusable comments, suggest them, insert and remove them."""

from __future__ import annotations

import getpass
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.console import INCOMPLETE, SUCCESS, count, out, print_error
from autograder.cli.help import Command, Commands
from autograder.course import (
    Assignment,
    Comments,
    Course,
    ReusableComment,
    closest_match,
    comment_command,
    load_comments,
    load_course,
)
from autograder.errors import CourseError, SubmissionError
from autograder.results import Grade, clean_line

if TYPE_CHECKING:
    from autograder.marking import Copy, Effect, Suggestion

_MOST_NAMES = 8
_LINE = 1000
_WORDS = 100

comments = typer.Typer(cls=Commands, rich_markup_mode=None)

Key = Annotated[str, typer.Argument(metavar="KEY", help="The comment's key in comments.yml.")]
Name = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who does it; default: your user name.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do what is shown, without asking.")]


@comments.callback(invoke_without_command=True)
def list_comments(context: typer.Context) -> None:
    """List reusable comments and their uses; suggest, add or remove one."""
    if context.invoked_subcommand is not None:
        return
    from autograder.marking import count_uses  # noqa: PLC0415 - its imports are slow

    course = load_course()
    known = _comments_of(course)
    table = Table(title=f"comments.yml: {count(len(known), 'comment')}")
    for heading in ("key", "text", "for", "reports", "by"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "key")
    changed = 0
    for use in count_uses(course, known):
        comment = known.get(use.key)
        text = "no longer in comments.yml" if comment is None else comment.text
        purpose = "" if comment is None else _purpose(comment)
        cells = (use.key, shorten(text, _WORDS, placeholder=" …"), purpose, str(use.reports))
        table.add_row(*(Text(clean_line(cell)) for cell in (*cells, ", ".join(use.by))))
        changed += use.changed
    out.print(table)
    if changed:
        out.print(
            f"Not counted: {count(changed, 'report')} in which a person has changed or removed "
            "the comment since.",
            markup=False,
        )


@comments.command(cls=Command)
def suggest(
    assignment: Annotated[
        str | None,
        typer.Argument(
            metavar="ASSIGNMENT", help="Such as 01-first-training; default: all with Grades."
        ),
    ] = None,
    students: Annotated[
        list[str] | None,
        typer.Argument(metavar="STUDENT", help="Only these students; default: everybody."),
    ] = None,
) -> None:
    """List what a class got wrong, most shared first, and the comments that fit."""
    from autograder.grading import graded_assignments  # noqa: PLC0415 - its imports are slow
    from autograder.marking import suggest as find_fitting  # noqa: PLC0415 - as above

    course = load_course()
    known = _comments_of(course)
    names = [course.assignment(assignment).name] if assignment else graded_assignments(course)
    if not names:
        raise SubmissionError(
            f"Nothing has been graded in {course.root} yet.", "Grade first: autograder grade."
        )
    for name in names:
        grades = _grades(course, name, students or ())
        _show(name, find_fitting(known, name, grades), students or ())


@comments.command(cls=Command)
def add(
    key: Key,
    assignment: Name,
    students: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="STUDENT", help="Into whose reports; default: everybody's that it fits."
        ),
    ] = None,
    *,
    cell: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Under this cell; default: the one that the comment is about."
        ),
    ] = None,
    by: By = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Insert a comment into reports, below what is written there; twice changes nothing."""
    from autograder.marking import CommentEditor, Copy, Effect  # noqa: PLC0415 - slow to import

    course = load_course()
    known = _comments_of(course)
    rubric, comment = course.assignment(assignment), _comment(course, known, key)
    chosen = list(dict.fromkeys(students or ()))
    grades = _grades(course, rubric.name, chosen)
    if cell is None:
        copies = _places(course, rubric, comment, grades, chosen)
    else:
        copies = [Copy(student, cell, key) for student in chosen]
    if cell is not None and not chosen:
        raise SubmissionError("--cell needs students.", "Name whose reports you mean.")
    editor = CommentEditor(course, rubric, known)
    if not chosen or dry_run:
        effects = editor.preview(copies)
        _show_effects(f"{key} in {rubric.name}", effects)
        new = sum(effect in (Effect.INSERTED, Effect.UPDATED) for effect in effects.values())
        question = f"Insert {count(new, 'comment')}?"
        if not new or not _is_confirmed(question, dry_run=dry_run, yes=yes):
            raise typer.Exit(SUCCESS)
    effects = editor.insert(copies, by or _user())
    raise typer.Exit(_report(rubric.name, effects))


@comments.command(cls=Command)
def remove(
    key: Key,
    assignment: Name,
    students: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="STUDENT", help="From whose reports; default: everybody's that have it."
        ),
    ] = None,
    *,
    by: By = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Remove a comment from reports again, unless a person has changed it since."""
    from autograder.marking import CommentEditor, Effect  # noqa: PLC0415 - slow to import

    course = load_course()
    rubric = course.assignment(assignment)
    editor = CommentEditor(course, rubric, _comments_of(course))
    copies = editor.copies([key], students or ())
    if not copies:
        raise SubmissionError(
            f"No report on {rubric.name} of those has the comment {key!r}.",
            "List what is used: autograder comments.",
        )
    if not students or dry_run:
        states = editor.states(copies).items()
        _show_effects(
            f"{key} in {rubric.name}",
            {copy: Effect.REMOVED if stands else Effect.CHANGED_BY_HAND for copy, stands in states},
        )
        question = f"Remove {count(len(copies), 'comment')}?"
        if not _is_confirmed(question, dry_run=dry_run, yes=yes):
            raise typer.Exit(SUCCESS)
    raise typer.Exit(_report(rubric.name, editor.remove(copies, by or _user())))


def update_comments(course: Course, name: str, students: Sequence[str]) -> None:
    """Bring the copies in an assignment's reports up to date, and say what happened."""
    from autograder.marking import CommentEditor, Effect  # noqa: PLC0415 - slow to import

    editor = CommentEditor(course, course.assignment(name), load_comments(course))
    effects = editor.update(students)
    updated = sum(effect is Effect.UPDATED for effect in effects.values())
    if updated:
        out.print(f"{name}: updated {count(updated, 'comment')} from comments.yml.", markup=False)
    for copy, effect in effects.items():
        if effect is not Effect.UPDATED:
            out.print(
                f"{clean_line(copy.student, 80)}: {copy.key} below {copy.cell}: {effect.value}",
                markup=False,
                soft_wrap=True,
            )


def _comments_of(course: Course) -> Comments:
    known = load_comments(course)
    if not known:
        raise CourseError(
            f"{course.root / 'comments.yml'} has no comments yet.",
            "Write one: a key, and below it text and what it is for, such as check.",
        )
    return known


def _comment(course: Course, known: Comments, key: str) -> ReusableComment:
    if key in known:
        return known[key]
    meant = closest_match(key, known, cutoff=0)
    raise CourseError(
        f'{course.root / "comments.yml"} has no comment "{key}"; did you mean "{meant}"?',
        "List them: autograder comments.",
    )


def _grades(course: Course, name: str, students: Sequence[str]) -> list[Grade]:
    """Grades of an assignment.

    Raises:
        SubmissionError: If one of the students has none.
    """
    from autograder.grading import GradeStore  # noqa: PLC0415 - its imports are slow

    store = GradeStore(course.root / "grades" / name)
    graded = store.students()
    for student in students:
        if student not in graded:
            raise SubmissionError(
                f"{student!r} has no Grade for {name}.", f"Grade first: autograder grade {name}."
            )
    return list(filter(None, map(store.read, students or graded)))


def _places(
    course: Course,
    rubric: Assignment,
    comment: ReusableComment,
    grades: Iterable[Grade],
    chosen: Sequence[str],
) -> list[Copy]:
    """Where a comment goes.

    Raises:
        SubmissionError: If it does not fit a student who was named, or nobody.
    """
    from autograder.marking import places_for  # noqa: PLC0415 - its imports are slow
    from autograder.outputs.gradebook import answer_cells  # noqa: PLC0415 - as above
    from autograder.submissions import read_notebook  # noqa: PLC0415 - as above

    answers = answer_cells(read_notebook(course.release_notebook(rubric.name)), rubric)
    copies = places_for(comment, rubric.name, grades, answers)
    missed = set(chosen) - {copy.student for copy in copies}
    if missed or not copies:
        whom = ", ".join(map(repr, sorted(missed))) or "anybody"
        cells = ", ".join(dict.fromkeys(answers.values()))
        raise SubmissionError(
            f"{comment.key} fits nothing that {rubric.name} found for {whom}.",
            f"Name students, and the cell that it goes under: --cell NAME, of {cells}.",
        )
    return copies


def _show(name: str, suggestions: Sequence[Suggestion], students: Sequence[str]) -> None:
    mistakes = count(len(suggestions), "mistake") if suggestions else "nothing failed"
    out.print(f"{name}: {mistakes}", markup=False)
    for row in suggestions:
        who = f"{count(len(row.students), 'student')}: {_some(row.students)}"
        out.print(f"\n{clean_line(who, _LINE)}", markup=False, soft_wrap=True)
        function = f"{row.function}: " if row.function else ""
        for line in (f"{function}{row.hint}", f"Failed: {_some(row.checks)}"):
            out.print(f"    {clean_line(line, _LINE)}", markup=False, soft_wrap=True)
        whom = [student for student in students if student in row.students]
        commands = [comment_command(key, name, *whom) for key in row.keys]
        for line in commands or ["No comment fits yet."]:
            out.print(f"    {line}", markup=False, soft_wrap=True)


def _some(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _show_effects(title: str, effects: Mapping[Copy, Effect]) -> None:
    table = Table("student", "cell", "what happens", title=title)
    for copy, effect in effects.items():
        table.add_row(Text(clean_line(copy.student, 80)), Text(copy.cell), effect.value)
    out.print(table)


def _is_confirmed(question: str, *, dry_run: bool, yes: bool) -> bool:
    """Ask on a terminal; elsewhere nobody can answer."""
    if dry_run:
        out.print("This was a dry run: nothing was written.")
        return False
    if yes or (sys.stdin.isatty() and typer.confirm(question)):
        return True
    out.print("Nothing was written. To do what is shown, add --yes.")
    return False


def _report(name: str, effects: Mapping[Copy, Effect]) -> int:
    """Print how many copies became what; returns the exit status."""
    from autograder.marking import Effect  # noqa: PLC0415 - its imports are slow

    counts = Counter(effects.values())
    parts = ", ".join(f"{counts[effect]} {effect.value}" for effect in Effect if counts[effect])
    out.print(f"{name}: {parts}.", markup=False)
    if counts[Effect.NO_SUBMISSION]:
        missing = [clean_line(c.student) for c, e in effects.items() if e is Effect.NO_SUBMISSION]
        print_error(
            f"The gradebook has no such cell, or no submission of {', '.join(missing)}.",
            f"Record what is graded: autograder grade {name}.",
        )
        return INCOMPLETE
    out.print(f"To rewrite the reports: autograder feedback {name}", markup=False)
    return SUCCESS


def _purpose(comment: ReusableComment) -> str:
    parts = {"assignment": comment.assignment, "check": comment.check, "cause": comment.cause}
    parts["phrase"] = comment.phrase
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value) or "anything"


def _user() -> str:
    """The name of whoever types the command; JupyterHub may run all as one user."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return ""
