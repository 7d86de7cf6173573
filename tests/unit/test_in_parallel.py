"""Results that finish at about the same time are taken together, and none waits for long."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.grading.in_parallel import MOST_AT_ONCE, WINDOW_SECONDS, InParallel, in_batches


class Arrivals:
    """Results that arrive at given moments; time passes only where somebody waits."""

    def __init__(self, *moments: float) -> None:
        self._moments = moments
        self.now = 0.0
        self._taken = 0

    def clock(self) -> float:
        """The time."""
        return self.now

    def has_another_within(self, seconds: float) -> bool:
        """Wait for the next one."""
        if self._taken == len(self._moments):
            return False
        arrives = max(self.now, self._moments[self._taken])
        is_there = arrives <= self.now + max(0.0, seconds)
        self.now = arrives if is_there else self.now + max(0.0, seconds)
        return is_there

    def __iter__(self) -> Iterator[float]:
        for moment in self._moments:
            self.now = max(self.now, moment)
            self._taken += 1
            yield moment

    def batches(self) -> list[tuple[float, list[float]]]:
        """Each batch, with the moment when it was complete."""
        batches = in_batches(iter(self), self.has_another_within, self.clock)
        return [(self.now, batch) for batch in batches]


def test_results_within_the_window_are_one_batch() -> None:
    """The window begins with the first of them."""
    assert WINDOW_SECONDS == 1
    assert Arrivals(5, 5.5, 5.9, 6.1).batches() == [(6, [5, 5.5, 5.9]), (6.1, [6.1])]


def test_last_result_waits_for_nothing() -> None:
    """Neither does one that is alone."""
    assert Arrivals(3).batches() == [(3, [3])]


def test_slow_results_are_batches_of_one() -> None:
    """And each waits for the length of the window at most."""
    assert Arrivals(0, 10, 20).batches() == [(1, [0]), (11, [10]), (20, [20])]


def test_batch_has_a_largest_size() -> None:
    """Other writers wait while it is written."""
    sizes = [len(batch) for _, batch in Arrivals(*[0] * (2 * MOST_AT_ONCE + 1)).batches()]
    assert sizes == [MOST_AT_ONCE, MOST_AT_ONCE, 1]


def test_results_before_an_error_are_yielded_first() -> None:
    """What is graded is recorded, whatever ends the class."""

    def results() -> Iterator[str]:
        yield "ada"
        raise ValueError("the machine is unfit")

    batches = in_batches(results(), lambda _: True)
    assert next(batches) == ["ada"]
    with pytest.raises(ValueError, match="unfit"):
        next(batches)


def test_every_item_is_done_once_and_few_at_a_time() -> None:
    """Items are read as results are taken."""
    read = []

    def items() -> Iterator[int]:
        for number in range(20):
            read.append(number)
            yield number

    with ThreadPoolExecutor(2) as pool, InParallel(pool, lambda n: n * n, items(), 2) as results:
        assert read == [0, 1, 2, 3]
        assert sorted(results) == [n * n for n in range(20)]
        assert not results.has_another_within(1000)


def test_error_is_raised_where_its_result_is_taken() -> None:
    """And the pool takes no more work afterwards."""

    def fail(_: int) -> int:
        raise ValueError("broken")

    with ThreadPoolExecutor(1) as pool:
        with InParallel(pool, fail, [1], 1) as results, pytest.raises(ValueError, match="broken"):
            next(results)
        with pytest.raises(RuntimeError):
            pool.submit(fail, 1)
