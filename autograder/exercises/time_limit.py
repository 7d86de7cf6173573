"""A time limit for a part of the code, which then goes on."""

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
    previous = signal.signal(signal.SIGALRM, limit._stop)  # noqa: SLF001 - our own class
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    try:
        yield limit
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
