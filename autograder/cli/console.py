"""The consoles, the exit statuses, and how errors and progress are shown."""

from __future__ import annotations

import logging

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from typing_extensions import Self

from autograder.results import clean

SUCCESS = 0
CHECK_FAILED = 1
"""A check failed, or `selftest` or `calibrate` found a problem."""
BAD_USAGE = 2
"""Something that the user can fix: the command line, the course, the files."""
INCOMPLETE = 3
"""Done, but a submission has no mark, or a file was not collected."""
INTERNAL_ERROR = 70
"""A defect of the grader (EX_SOFTWARE of sysexits.h)."""
INTERRUPTED = 130
"""Ctrl-C."""

BROKEN_PIPE = 141
"""Nobody reads the output any more (128 and SIGPIPE)."""


class _Console(Console):
    """A console whose reader may go away, as `head` does."""

    def on_broken_pipe(self) -> None:
        """Let `main` end the program; rich would end it as if it had failed."""
        raise BrokenPipeError


out = _Console(highlight=False)
err = _Console(stderr=True, highlight=False)


class _LogOnConsole(logging.Handler):
    """Prints what the package notes."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line."""
        err.print(f"NOTE  {clean(record.getMessage())}", markup=False, soft_wrap=True)


_on_console = _LogOnConsole()


def show_log(*, enabled: bool) -> None:
    """Choose whether notes are printed that explain how the package does its work."""
    log = logging.getLogger("autograder")
    log.removeHandler(_on_console)
    log.setLevel(logging.INFO if enabled else logging.NOTSET)
    if enabled:
        log.addHandler(_on_console)


def print_error(message: str, tip: str) -> None:
    """Print what went wrong, and one thing to do about it."""
    err.print(f"ERROR {clean(message, 20_000)}", markup=False, soft_wrap=True)
    if tip:
        err.print(f"TIP   {clean(tip)}", markup=False, soft_wrap=True)


class Bar:
    """A progress bar on a terminal, nothing elsewhere; a context manager.

    Args:
        description: What is shown until the first step.
    """

    def __init__(self, description: str) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=err,
        )
        self._task = self._bar.add_task(description, total=None)

    def __enter__(self) -> Self:
        if err.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if err.is_terminal:
            self._bar.stop()

    def show(self, description: str, done: int, total: int) -> None:
        """Show a step."""
        self._bar.update(self._task, description=description, total=total, completed=done)


def count(number: int, noun: str) -> str:
    """A number with its noun, such as "1 submission" or "2 submissions"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
