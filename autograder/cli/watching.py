"""`autograder watch`: answer submissions as they arrive."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.console import SUCCESS, count, err, out
from autograder.cli.options import Workers
from autograder.course import Course, load_course
from autograder.results import clean, clean_line

if TYPE_CHECKING:
    from autograder.grading.watching import Answer, Inbox


def watch(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="ASSIGNMENT", help="Such as 01-first-training; default: all."),
    ] = None,
    *,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="A folder of submissions, STUDENT/ASSIGNMENT/…; default: nbgrader's exchange.",
        ),
    ] = None,
    every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.5, max=3600, help="How often to look.")
    ] = 5,
    once: Annotated[bool, typer.Option("--once", help="Answer what has arrived, and end.")] = False,
    workers: Workers = None,
) -> None:
    """Answer submissions as they arrive: practice feedback at once, marks at the deadline."""
    from autograder.grading import Options  # noqa: PLC0415 - its imports are slow
    from autograder.grading.watching import Watcher  # noqa: PLC0415 - as above

    course = load_course()
    names = [course.assignment(name).name for name in assignments or course.assignments]
    options = Options() if workers is None else Options(workers=workers)
    stopping = _stop_by_signal()
    answered = 0
    with Watcher(course, names, _inbox(course, folder), options, _tell) as watcher:
        where = f"{folder}" if folder else "nbgrader's exchange"
        err.print(f"Watching {where} for {', '.join(names)}.", markup=False, soft_wrap=True)
        if not once:
            watcher.serve()
        while True:
            for answer in watcher.step():
                answered += 1
                _show(answer)
                if stopping.is_set():
                    break
            done = once and not (watcher.has_more or watcher.has_partial)
            if done or stopping.is_set():
                break
            if not watcher.has_more and stopping.wait(every):
                break
    out.print(f"{count(answered, 'submission')} answered.")
    raise typer.Exit(SUCCESS)


def _inbox(course: Course, folder: Path | None) -> Inbox:
    from autograder.grading.watching import (  # noqa: PLC0415 - its imports are slow
        ExchangeInbox,
        FolderInbox,
    )

    if folder is not None:
        return FolderInbox(folder.resolve())
    practice = course.root / "practice"
    practice.mkdir(mode=0o700, exist_ok=True)  # `parents` would give it the default mode
    (practice / "submitted").mkdir(mode=0o700, exist_ok=True)
    return ExchangeInbox(course, practice / "submitted", practice / "feedback")


def _stop_by_signal() -> threading.Event:
    """Set once the process is asked to end, so that the running submissions are finished first."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    return stopping


def _show(answer: Answer) -> None:
    grade = answer.grade
    score = "no mark" if grade.score is None else f"{grade.score:g}/{grade.max_score:g}"
    kind = "mark" if answer.is_mark else "practice"
    out.print(
        f"{clean_line(grade.student)} {grade.assignment}: {score} ({kind})",
        markup=False,
        soft_wrap=True,
    )


def _tell(notice: str) -> None:
    err.print(f"NOTE  {clean(notice)}", markup=False, soft_wrap=True)
