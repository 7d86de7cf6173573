"""Many threads side by side, or one alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from contextlib import AbstractContextManager

import pytest

from autograder.grading.shared_lock import SharedLock

SECONDS = 20
"""More than any thread here takes."""
A_MOMENT = 0.05
"""How long a thread that must wait is seen to wait."""


class Worker:
    """Enters the lock in a thread of its own, and stays until it is told to leave."""

    def __init__(self, pool: ThreadPoolExecutor, entered: AbstractContextManager[None]) -> None:
        self._entered = entered
        self.inside = threading.Event()
        self.leave = threading.Event()
        self.ended: Future[None] = pool.submit(self._work)

    def _work(self) -> None:
        with self._entered:
            self.inside.set()
            assert self.leave.wait(SECONDS)

    def end(self) -> None:
        """Leave the lock, and wait until that is done."""
        self.leave.set()
        self.ended.result(SECONDS)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """A thread for each worker."""
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_shared_turns_run_side_by_side(pool: ThreadPoolExecutor) -> None:
    """A second thread enters while the first is inside."""
    lock = SharedLock()
    workers = [Worker(pool, lock.shared()) for _ in range(2)]
    assert all(worker.inside.wait(SECONDS) for worker in workers)
    for worker in workers:
        worker.end()


def test_turn_alone_waits_for_those_that_run(pool: ThreadPoolExecutor) -> None:
    """It begins only after the last of them has left."""
    lock = SharedLock()
    first, second = (Worker(pool, lock.shared()) for _ in range(2))
    assert first.inside.wait(SECONDS)
    assert second.inside.wait(SECONDS)
    alone = Worker(pool, lock.exclusive())
    first.end()
    assert not alone.inside.wait(A_MOMENT)
    second.end()
    assert alone.inside.wait(SECONDS)
    alone.end()


@pytest.mark.parametrize("kind", ["shared", "exclusive"])
def test_others_wait_while_one_runs_alone(kind: str, pool: ThreadPoolExecutor) -> None:
    """Neither a shared one nor another exclusive one begins before it has ended."""
    lock = SharedLock()
    alone = Worker(pool, lock.exclusive())
    assert alone.inside.wait(SECONDS)
    other = Worker(pool, getattr(lock, kind)())
    assert not other.inside.wait(A_MOMENT)
    alone.end()
    assert other.inside.wait(SECONDS)
    other.end()


def test_turn_alone_is_not_overtaken_by_later_ones(pool: ThreadPoolExecutor) -> None:
    """Whoever comes after a thread that asked to run alone waits for it."""
    lock = SharedLock()
    running = Worker(pool, lock.shared())
    assert running.inside.wait(SECONDS)
    alone = Worker(pool, lock.exclusive())
    with pytest.raises(NotYetError):
        alone.ended.result(A_MOMENT)
    later = Worker(pool, lock.shared())
    assert not later.inside.wait(A_MOMENT)
    running.end()
    assert alone.inside.wait(SECONDS)
    assert not later.inside.is_set()
    alone.end()
    assert later.inside.wait(SECONDS)
    later.end()


@pytest.mark.parametrize("kind", ["shared", "exclusive"])
def test_block_that_fails_leaves_the_lock(kind: str, pool: ThreadPoolExecutor) -> None:
    """An exception inside leaves the others theirs."""
    lock = SharedLock()

    def fail() -> None:
        with getattr(lock, kind)():
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        fail()
    after = Worker(pool, lock.exclusive())
    assert after.inside.wait(SECONDS)
    after.end()
