"""Who runs next, where only so many can: first come, first served."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator


class Turns:
    """Lets so many threads run at a time, in the order in which they came.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        self._changed = threading.Condition()
        self._free = count
        self._line: deque[object] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        with self._changed:
            return len(self._line)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn; it ends with the block."""
        ticket = object()
        with self._changed:
            self._line.append(ticket)
            try:
                self._changed.wait_for(lambda: self._free > 0 and self._line[0] is ticket)
                self._free -= 1
            finally:
                self._line.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()
