"""The two consoles, the exit statuses, and how errors and progress are shown."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from typing_extensions import Self

from autograder.plain_text import clean

SUCCESS, SURPRISE, BAD_USAGE, SOME_WITHOUT_MARK, INTERRUPTED = 0, 1, 2, 3, 130
SOME_LEFT = SOME_WITHOUT_MARK

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_error(message: str, tip: str) -> None:
    """Say what went wrong, and one thing to do about it."""
    err.print(f"ERROR {clean(message, 20_000)}", markup=False, soft_wrap=True)
    if tip:
        err.print(f"TIP   {clean(tip)}", markup=False, soft_wrap=True)


class Bar:
    """A progress bar on a terminal, nothing elsewhere; a context manager.

    Args:
        waiting: What is shown until the first step.
    """

    def __init__(self, waiting: str) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=err,
        )
        self._task = self._bar.add_task(waiting, total=None)

    def __enter__(self) -> Self:
        if err.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if err.is_terminal:
            self._bar.stop()

    def show(self, doing: str, done: int, total: int) -> None:
        """Show how far it is."""
        self._bar.update(self._task, description=doing, total=total, completed=done)
