"""Many threads side by side, or one alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from contextlib import AbstractContextManager

import pytest

from autograder.grading.turns import Turns

SECONDS = 20
"""More than any thread here takes."""
A_MOMENT = 0.05
"""How long a thread that must wait is seen to wait."""


class Worker:
    """Enters a turn in a thread of its own, and stays until it is told to leave."""

    def __init__(self, pool: ThreadPoolExecutor, turn: AbstractContextManager[None]) -> None:
        self._turn = turn
        self.inside = threading.Event()
        self.leave = threading.Event()
        self.ended: Future[None] = pool.submit(self._work)

    def _work(self) -> None:
        with self._turn:
            self.inside.set()
            assert self.leave.wait(SECONDS)

    def end(self) -> None:
        """Leave the turn, and wait until that is done."""
        self.leave.set()
        self.ended.result(SECONDS)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """A thread for each worker."""
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_shared_turns_run_side_by_side(pool: ThreadPoolExecutor) -> None:
    """A second thread enters while the first is inside."""
    turns = Turns()
    workers = [Worker(pool, turns.shared()) for _ in range(2)]
    assert all(worker.inside.wait(SECONDS) for worker in workers)
    for worker in workers:
        worker.end()


def test_turn_alone_waits_for_those_that_run(pool: ThreadPoolExecutor) -> None:
    """It begins only after the last of them has left."""
    turns = Turns()
    first, second = (Worker(pool, turns.shared()) for _ in range(2))
    assert first.inside.wait(SECONDS)
    assert second.inside.wait(SECONDS)
    alone = Worker(pool, turns.alone())
    first.end()
    assert not alone.inside.wait(A_MOMENT)
    second.end()
    assert alone.inside.wait(SECONDS)
    alone.end()


@pytest.mark.parametrize("kind", ["shared", "alone"])
def test_others_wait_while_one_runs_alone(kind: str, pool: ThreadPoolExecutor) -> None:
    """Neither a shared turn nor another one alone begins before it has ended."""
    turns = Turns()
    alone = Worker(pool, turns.alone())
    assert alone.inside.wait(SECONDS)
    other = Worker(pool, getattr(turns, kind)())
    assert not other.inside.wait(A_MOMENT)
    alone.end()
    assert other.inside.wait(SECONDS)
    other.end()


def test_turn_alone_is_not_overtaken_by_later_ones(pool: ThreadPoolExecutor) -> None:
    """Whoever comes after a thread that asked to run alone waits for it."""
    turns = Turns()
    running = Worker(pool, turns.shared())
    assert running.inside.wait(SECONDS)
    alone = Worker(pool, turns.alone())
    with pytest.raises(NotYetError):
        alone.ended.result(A_MOMENT)
    later = Worker(pool, turns.shared())
    assert not later.inside.wait(A_MOMENT)
    running.end()
    assert alone.inside.wait(SECONDS)
    assert not later.inside.is_set()
    alone.end()
    assert later.inside.wait(SECONDS)
    later.end()


@pytest.mark.parametrize("kind", ["shared", "alone"])
def test_turn_that_fails_ends(kind: str, pool: ThreadPoolExecutor) -> None:
    """An exception inside a turn leaves the others theirs."""
    turns = Turns()

    def fail() -> None:
        with getattr(turns, kind)():
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        fail()
    after = Worker(pool, turns.alone())
    assert after.inside.wait(SECONDS)
    after.end()
