"""`autograder grade`: grade a class, and print a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.class_table import (
    ClassRow,
    GradesFile,
    class_row,
    print_table,
    score_text,
)
from autograder.cli.console import INCOMPLETE, SUCCESS, Bar, count, err, out, print_error
from autograder.cli.options import Links, OnlyStudents, Submitted, Workers
from autograder.cli.people import print_attendance
from autograder.course import load_course
from autograder.errors import CourseError, SubmissionError
from autograder.results import Grade, clean, clean_line

if TYPE_CHECKING:
    from autograder.grading import Progress


def grade(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ASSIGNMENT",
            help="Such as 01-first-training; default: every assignment with submissions.",
        ),
    ] = None,
    *,
    submitted: Submitted = None,
    student: OnlyStudents = None,
    links: Links = None,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Also write all Grades to this file as JSON."),
    ] = None,
    workers: Workers = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Grade on the workers of this Dask scheduler, such as tls://10.0.0.1:8786.",
        ),
    ] = None,
    tls: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Its ca.pem, cert.pem and key.pem; default: Dask's configuration."
        ),
    ] = None,
    different_bits: Annotated[
        bool,
        typer.Option(
            "--different-bits",
            help="Let workers grade whose trainings differ in the last bits; their Grades say so.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Grade again what is already graded.")
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe", help="Run without a sandbox; only for submissions that you have read."
        ),
    ] = False,
    practice_seeds: Annotated[
        bool,
        typer.Option(
            "--practice-seeds", help="Show what the students' own check shows; record nothing."
        ),
    ] = False,
) -> None:
    """Grade a class: train each submission in the sandbox, check it, record its marks."""
    from autograder.grading import (  # noqa: PLC0415 - its imports are slow
        IN_FLIGHT,
        LocalSession,
        Options,
        Scheduler,
        assignments_with_submissions,
        grade_each,
    )

    course = load_course()
    if json_file is not None:
        _require_writable(json_file)
    options = Options(
        submitted=submitted or course.root / "submitted",
        students=tuple(student or ()),
        force=force,
        unsafe=unsafe,
        practice_seeds=practice_seeds,
        links=tuple(links or ()),
        workers=workers if scheduler is None else workers or IN_FLIGHT,
        scheduler=None if scheduler is None else Scheduler(scheduler, tls, different_bits),
    )
    rubrics = [
        course.assignment(name)
        for name in assignments or assignments_with_submissions(course, options)
    ]
    all_rows: list[ClassRow] = []
    grades_file = GradesFile(json_file)
    refused = renamed = unrecorded = fell = 0
    with LocalSession(course, rubrics, unsafe=unsafe, workers=options.workers) as session:
        for number, rubric in enumerate(rubrics):
            with ProgressReport(partial(grades_file.add, number)) as report:
                grade_each(
                    course,
                    rubric.name,
                    options,
                    report.show_progress,
                    report.show_refused,
                    report.show_notice,
                    session,
                )
            print_table(rubric.name, report.rows)
            if not practice_seeds:
                reports = course.root / "feedback" / "STUDENT" / rubric.name / f"{rubric.name}.html"
                out.print(f"Reports: {reports}", markup=False, soft_wrap=True)
            all_rows += report.rows
            refused += report.refused
            renamed += report.renamed
            unrecorded += report.unrecorded
            fell += report.fell
    out.print(_summary(all_rows, renamed, refused, fell), markup=False)
    if not (practice_seeds or student):
        print_attendance(course, [rubric.name for rubric in rubrics], submitted)
    grades_file.write()
    if practice_seeds:
        out.print("Graded with the practice seeds; nothing was recorded.")
    else:
        from autograder.outputs import find_gradebook  # noqa: PLC0415 - its imports are slow

        gradebook = find_gradebook(course)
        out.print(f"Gradebook: {gradebook}", markup=False, soft_wrap=True)
        if gradebook.notice:
            err.print(f"NOTE  {clean(gradebook.notice)}", markup=False, soft_wrap=True)
    raise typer.Exit(_status(all_rows, refused, unrecorded))


def _require_writable(path: Path) -> None:
    """Refuse a file that cannot be written, before anything is graded."""
    try:
        if not path.exists():
            path.touch()
            path.unlink()
        elif not path.is_file() or not os.access(path, os.W_OK):
            raise IsADirectoryError if path.is_dir() else PermissionError
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written: {error.strerror or type(error).__name__}.",
            "Name a file in a folder that exists and that you can write to: --json FILE.",
        ) from error


def _summary(rows: Sequence[ClassRow], renamed: int, refused: int, fell: int) -> str:
    """What became of everything in the folder of submissions."""
    parts = [f"{count(len(rows), 'submission')} graded"]
    if renamed:
        parts.append(f"{renamed} of them under another name")
    if refused:
        parts.append(f"{refused} not graded, see above")
    flagged = sum(row.flagged for row in rows)
    if flagged:
        parts.append(f"{flagged} to look at, see above")
    if fell:
        parts.append(f"{count(fell, 'mark')} fell, see above and autograder history")
    return "; ".join(parts) + "."


def _status(rows: Sequence[ClassRow], refused: int, unrecorded: int) -> int:
    """The exit status; reports what the same command has to do again."""
    if unrecorded:
        print_error(
            f"{count(unrecorded, 'Grade')} could not be recorded, see above.",
            "They are kept in grades/. Run the same command again, which records them.",
        )
    students = [clean_line(row.student) for row in rows if not row.has_mark]
    if not students:
        return INCOMPLETE if refused or unrecorded else SUCCESS
    err.print(
        f"ERROR {count(len(students), 'submission')} without a mark, because the grader failed: "
        f"{', '.join(students)}.\n"
        "      They are blank in every export; nbgrader's own pages show 0 and ask for a manual "
        "grade.\n"
        "TIP   Run the same command again; it grades only these.",
        markup=False,
    )
    return INCOMPLETE


class ProgressReport(Bar):
    """A progress bar on a terminal, one line per submission elsewhere.

    Args:
        keep: Called with each Grade.

    Attributes:
        rows: What the class's table shows of each.
    """

    def __init__(self, keep: Callable[[Grade], None] = lambda _: None) -> None:
        super().__init__("Starting TensorFlow")
        self._keep = keep
        self.rows: list[ClassRow] = []
        self.refused = self.renamed = self.unrecorded = self.fell = self.done = self.total = 0

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        if exception[0] is KeyboardInterrupt and self.total:
            err.print(f"Stopped after {self.done} of {count(self.total, 'submission')}.")

    def show_refused(self, error: SubmissionError) -> None:
        """Report a submission that is not graded."""
        self.refused += 1
        print_error(error.message, error.tip)

    def show_notice(self, notice: str) -> None:
        """Report what is worth knowing about the run."""
        err.print(f"NOTE  {clean(notice)}", markup=False, soft_wrap=True)

    def show_progress(self, progress: Progress) -> None:
        """Report a finished submission."""
        graded = progress.grade
        self._keep(graded)
        self.rows.append(class_row(graded))
        self.done, self.total = progress.done, progress.total
        self.renamed += progress.renamed
        self.unrecorded += not progress.recorded
        self.fell += progress.fell
        if err.is_terminal:
            self.show("Grading", progress.done, progress.total)
        else:
            suffix = "" if progress.graded else " (graded before)"
            err.print(
                f"[{progress.done}/{progress.total}] {clean_line(graded.student)}: "
                f"{score_text(graded)}, {graded.outcome.value}{suffix}",
                markup=False,
                soft_wrap=True,
            )
        flags = [f"Look at it: {flag}" for flag in graded.flags]
        own = (*flags, *graded.notices) if progress.graded else ()
        for notice in (*own, *progress.notices, *_fall(progress)):
            text = f"{clean_line(graded.student)}: {clean_line(notice, 1000)}"
            err.print(text, markup=False, soft_wrap=True)


def _fall(progress: Progress) -> list[str]:
    """What is told of a Grade that has fewer points than the one that it replaced."""
    if not progress.fell or progress.previous is None:
        return []
    again = progress.previous.submission_sha256 == progress.grade.submission_sha256
    why = "the course or the grader has changed" if again else "another submission"
    return [f"Fell from {score_text(progress.previous)} to {score_text(progress.grade)}: {why}."]
