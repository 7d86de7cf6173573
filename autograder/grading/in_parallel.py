"""Do the same for many items in threads, and take what has finished, a few results at a time."""

from __future__ import annotations

import collections
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Final, Generic, TypeVar

from typing_extensions import Self

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_AT_ONCE: Final = 32
"""Results that are taken together at most; other writers of the gradebook wait meanwhile."""
WINDOW_SECONDS: Final = 1.0
"""How long a result may wait for others, in seconds; nobody who looks at the bar minds it."""


class InParallel(Generic[Item, Result]):
    """Results in the order in which they finish; an iterator, and a context manager.

    Only a few items are in memory at a time.

    Args:
        pool: The threads. It takes no more work after the end.
        do: Gives the result for an item.
        items: The items.
        workers: How many items are done at a time; as many wait in the pool.
    """

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        do: Callable[[Item], Result],
        items: Iterable[Item],
        workers: int,
    ) -> None:
        self._pool = pool
        self._do = do
        self._waiting = iter(items)
        self._running: set[Future[Result]] = set()
        self._finished: collections.deque[Future[Result]] = collections.deque()
        self._start(2 * workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        if not self._finished:
            self._take()
        if not self._finished:
            raise StopIteration
        return self._finished.popleft().result()

    def has_another_within(self, seconds: float) -> bool:
        """Whether another result finishes in this time; at once if there is none to come."""
        if not self._finished and self._running:
            self._take(max(0.0, seconds))
        return bool(self._finished)

    def _take(self, timeout: float | None = None) -> None:
        finished, self._running = wait(self._running, timeout, return_when=FIRST_COMPLETED)
        self._finished.extend(finished)
        self._start(len(finished))

    def _start(self, number: int) -> None:
        for item in itertools.islice(self._waiting, number):
            self._running.add(self._pool.submit(self._do, item))


def in_batches(
    results: Iterator[Result],
    has_another_within: Callable[[float], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[list[Result]]:
    """Results that finish at about the same time, together.

    Args:
        results: The results, one at a time.
        has_another_within: As in `InParallel`.
        clock: Seconds.

    Yields:
        At most `MOST_AT_ONCE` results; the first has waited for `WINDOW_SECONDS` at most, or for
        the next result where `results` holds some back. Those that were there before an error too.
    """
    batch: list[Result] = []
    until = 0.0
    try:
        for result in results:
            until = until if batch else clock() + WINDOW_SECONDS
            batch.append(result)
            if len(batch) == MOST_AT_ONCE or not has_another_within(until - clock()):
                yield batch
                batch = []
    except Exception:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
