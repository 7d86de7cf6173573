"""Jobs for a cluster's workers: who gets them, and what happens when a worker is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest

from autograder.errors import AutograderError, ClusterError, MachineError, StoppedError
from autograder.grading.cluster import dispatch
from autograder.grading.cluster.dispatch import MOST_LOSSES, Dispatcher


class Machine(Executor):
    """One worker: its tests answer, or do not.

    Attributes:
        jobs: What it was given, with the future of each.
    """

    def __init__(self) -> None:
        self.jobs: list[tuple[Any, Future[bytes]]] = []

    def submit(self, fn: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
        """Take a job: a function that returns its name."""
        future: Future[Any] = Future()
        self.jobs.append((fn(), future))
        return future


class Machines:
    """A cluster, as a test says; see `Cluster`.

    Attributes:
        there: The workers that are there.
        slots: How many submissions each takes.
        scheduler: Whether there is a scheduler.
        looked_again: Set when it is looked for again.
    """

    def __init__(self) -> None:
        self.there: dict[str, Machine] = {}
        self.slots = 1
        self.scheduler = True
        self.looked_again = threading.Event()

    def workers(self) -> dict[str, int]:
        """Who is there."""
        if not self.scheduler:
            raise ConnectionError
        return dict.fromkeys(self.there, self.slots)

    def executor(self, worker: str) -> Machine:
        """The worker itself."""
        return self.there[worker]

    def reconnect(self) -> None:
        """Note the attempt."""
        self.looked_again.set()

    def close(self) -> None:
        """Do nothing."""


class Class:
    """A dispatcher at work: every job is a name, and its answer that name in bytes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dispatch, "_POLL_SECONDS", 0.002)
        monkeypatch.setattr(dispatch, "_REFUSED_SECONDS", 0.01)
        self.cluster = Machines()
        self.told: list[str] = []
        self.pool = ThreadPoolExecutor(8)
        self.refused: dict[str, str] = {}
        self.answering: dict[str, Callable[[str, Future[bytes]], None]] = {}
        self.dispatcher: Dispatcher | None = None
        self.lock = threading.Lock()

    def start(self, patience: float = 60) -> None:
        """Begin to look for workers."""
        self.dispatcher = Dispatcher(
            self.cluster,
            self._ask,
            lambda worker, _: self.refused.get(worker, ""),
            self.told.append,
            patience,
        )

    def add(self, name: str, answer: Callable[[str, Future[bytes]], None] | None = None) -> None:
        """Add a worker that answers; or that does what a test says with a job."""
        self.answering[name] = answer or _answer
        self.cluster.there[name] = Machine()

    def _ask(self, executor: Executor) -> Future[bytes]:
        del executor
        proof: Future[bytes] = Future()
        proof.set_result(b"proof")
        return proof

    def run(self, job: str) -> Future[tuple[str, bytes]]:
        """Run a job in a thread of its own."""
        assert self.dispatcher is not None
        return self.pool.submit(self.dispatcher.run, lambda executor: self._do(executor, job), job)

    def _do(self, executor: Executor, job: str) -> Future[bytes]:
        name = next(n for n, machine in self.cluster.there.items() if machine is executor)
        future: Future[bytes] = executor.submit(job.encode)
        with self.lock:
            self.answering[name](job, future)
        return future

    def given(self, worker: str) -> list[str]:
        """The jobs that a worker was given."""
        return [job.decode() for job, _ in self.cluster.there[worker].jobs]

    def lose(self, worker: str) -> None:
        """Let a worker end."""
        self.cluster.there.pop(worker)


def _answer(job: str, future: Future[bytes]) -> None:
    future.set_result(job.encode())


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Iterator[Class]:
    """A cluster without workers."""
    group = Class(monkeypatch)
    yield group
    if group.dispatcher is not None:
        group.dispatcher.close()
    group.pool.shutdown()


def test_worker_that_proved_itself_gets_every_job(group: Class) -> None:
    """One worker answers what one after another gives it."""
    group.add("a")
    group.start()
    assert [group.run(job).result(5) for job in ("x", "y")] == [("a", b"x"), ("a", b"y")]


def test_lost_worker_costs_only_what_it_had(group: Class) -> None:
    """What a worker had when it ended is answered by another one, and nothing twice."""
    had = threading.Event()
    group.add("a", lambda _job, _future: had.set())
    group.start()
    first = group.run("x")
    assert had.wait(5)
    group.add("b")
    assert group.run("y").result(5) == ("b", b"y")
    assert not first.done()
    group.lose("a")
    assert first.result(5) == ("b", b"x")
    assert group.given("b") == ["y", "x"]
    assert [text for text in group.told if "Lost" in text] == [
        "Lost the worker a; 1 of its submissions go to another one."
    ]


def test_submission_that_ends_workers_has_no_mark(group: Class) -> None:
    """A job whose workers all end is given up, and the others are answered."""

    def end(name: str) -> Callable[[str, Future[bytes]], None]:
        def answer(job: str, future: Future[bytes]) -> None:
            if job == "bomb":
                group.lose(name)
                group.add(f"{name}'", end(f"{name}'"))
            else:
                _answer(job, future)

        return answer

    group.add("a", end("a"))
    group.start()
    bomb = group.run("bomb")
    with pytest.raises(MachineError, match=f"{MOST_LOSSES} workers ended while they graded bomb"):
        bomb.result(5)
    assert group.run("x").result(5) == ("a" + "'" * MOST_LOSSES, b"x")


def test_last_attempt_has_a_worker_alone(group: Class) -> None:
    """A neighbor of a job that ends workers is not given up with it."""
    group.cluster.slots = 2
    together: list[str] = []

    def end(name: str) -> Callable[[str, Future[bytes]], None]:
        def answer(job: str, future: Future[bytes]) -> None:
            together.append(job)
            if len(together) < 2:
                return
            alone = len(together) > 2 * (MOST_LOSSES - 1)
            if alone and job == "neighbor":
                _answer(job, future)
            elif len(together) % 2 == 0 or alone:
                group.lose(name)
                group.add(f"{name}'", end(f"{name}'"))

        return answer

    group.add("a", end("a"))
    group.start()
    bomb, neighbor = group.run("bomb"), group.run("neighbor")
    assert neighbor.result(5)[1] == b"neighbor"
    with pytest.raises(MachineError):
        bomb.result(5)
    assert len(together) == 2 * MOST_LOSSES


def test_refused_worker_gets_no_job(group: Class) -> None:
    """A worker that may not grade gets nothing, and is told of once."""
    group.refused["a"] = "it has tensorflow 2 instead of 3"
    group.add("a")
    group.add("b")
    group.start()
    assert group.run("x").result(5) == ("b", b"x")
    assert group.given("a") == []
    assert sorted(group.told) == [
        "The worker a grades nothing: it has tensorflow 2 instead of 3.",
        "The worker b grades, 1 at a time.",
    ]


def test_cluster_without_a_fit_worker_stops_the_class(group: Class) -> None:
    """Where all workers are refused, the error has their reasons."""
    group.refused["a"] = "it has no sandbox"
    group.add("a")
    group.start()
    with pytest.raises(ClusterError, match=r"1 workers may grade\. a: it has no sandbox\."):
        group.run("x").result(5)


def test_cluster_without_workers_stops_the_class(group: Class) -> None:
    """A cluster that stays empty is waited for, but not forever."""
    group.start(patience=0.01)
    with pytest.raises(ClusterError, match="no worker for 0"):
        group.run("x").result(5)


def test_scheduler_that_comes_back_goes_on(group: Class) -> None:
    """What was running when the scheduler ended runs again once it is back."""
    had = threading.Event()
    group.add("a", lambda _job, _future: had.set())
    group.start()
    job = group.run("x")
    assert had.wait(5)
    group.cluster.scheduler = False
    assert group.cluster.looked_again.wait(5)
    group.answering["a"] = _answer
    group.cluster.scheduler = True
    assert job.result(5) == ("a", b"x")
    assert group.told[1] == "Lost the scheduler; waiting for it to come back."


def test_trouble_of_a_worker_counts_as_its_loss(group: Class) -> None:
    """What Dask raises for a job is told, and another worker gets it."""
    broken: list[str] = []

    def breaking(job: str, future: Future[bytes]) -> None:
        broken.append(job)
        if len(broken) > 1:
            _answer(job, future)
        else:
            future.set_exception(OSError("no space"))

    group.add("a", breaking)
    group.start()
    assert group.run("x").result(5) == ("a", b"x")
    assert group.told[1:] == ["a did not answer: OSError: no space."]


def test_close_ends_what_is_waited_for(group: Class) -> None:
    """Ctrl-C leaves no thread that waits for an answer."""
    had = threading.Event()
    group.add("a", lambda _job, _future: had.set())
    group.start()
    job = group.run("x")
    assert had.wait(5)
    assert group.dispatcher is not None
    group.dispatcher.close()
    with pytest.raises(StoppedError):
        job.result(5)
    with pytest.raises(AutograderError):
        group.run("y").result(5)


def test_forgotten_worker_proves_itself_again(group: Class) -> None:
    """Another process at the same address is asked before it gets a job."""
    group.add("a")
    group.start()
    assert group.run("x").result(5) == ("a", b"x")
    assert group.dispatcher is not None
    group.refused["a"] = "it is another machine"
    group.dispatcher.forget("a")
    with pytest.raises(ClusterError, match="it is another machine"):
        group.run("y").result(5)
