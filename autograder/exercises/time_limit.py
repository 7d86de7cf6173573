"""A time limit for a part of the code, which then goes on; also where there is no SIGALRM."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

_AGAIN_SECONDS = 1.0
"""How long after the first exception another one follows, for code that caught it."""


class TimeLimitError(BaseException):
    """The time is over; no `except Exception` catches this."""


class TimeLimit:
    """A time limit.

    Attributes:
        passed: Whether the time was over.
    """

    def __init__(self) -> None:
        self.passed = False

    def _stop(self, *_: object) -> None:
        self.passed = True
        raise TimeLimitError


@contextlib.contextmanager
def time_limit(seconds: float | None) -> Iterator[TimeLimit]:
    """Raise `TimeLimitError` in the block when the time is over.

    It interrupts Python code, such as training between two batches; not one long call of a library.

    Args:
        seconds: The time; None for no limit. There is none either outside the main thread.
    """
    limit = TimeLimit()
    if seconds is None or threading.current_thread() is not threading.main_thread():
        yield limit
        return
    start = _alarm if hasattr(signal, "SIGALRM") and hasattr(signal, "setitimer") else _watchdog
    with start(limit, seconds):
        yield limit


@contextlib.contextmanager
def _alarm(limit: TimeLimit, seconds: float) -> Iterator[None]:
    """Let the kernel's timer interrupt the block; Windows has none."""
    previous = signal.signal(signal.SIGALRM, limit._stop)  # noqa: SLF001 - our own class
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextlib.contextmanager
def _watchdog(limit: TimeLimit, seconds: float) -> Iterator[None]:
    """Let a thread interrupt the block as Ctrl-C does, which works on every system.

    Ctrl-C itself still does what it did before.
    """
    finished, lock, due = threading.Event(), threading.Lock(), False

    def watch() -> None:
        nonlocal due
        wait = seconds
        while not finished.wait(wait):
            with lock:  # never after the block, where SIGINT means Ctrl-C again
                if not finished.is_set():
                    due = True
                    signal.raise_signal(signal.SIGINT)
            wait = _AGAIN_SECONDS

    def on_interrupt(number: int, frame: object) -> None:
        nonlocal due
        if due:
            due = False
            if not finished.is_set():
                limit._stop()  # noqa: SLF001 - our own class
        elif callable(previous):
            previous(number, frame)  # type: ignore[arg-type] # what the interpreter passes

    previous = signal.signal(signal.SIGINT, on_interrupt)
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        try:
            yield
        finally:
            finished.set()
    finally:
        finished.set()  # if the time was over just before it was set
        with lock:
            # Setting a handler first calls the old one for a signal that has already arrived.
            signal.signal(
                signal.SIGINT, signal.default_int_handler if previous is None else previous
            )
