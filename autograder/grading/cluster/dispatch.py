"""Give submissions to the workers of a cluster, and to others what a lost worker had."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future

from autograder.errors import AutograderError, ClusterError, MachineError, StoppedError
from autograder.grading.cluster.members import Cluster, Worker
from autograder.grading.retries import Tell

MOST_LOSSES = 3
"""So many workers may end while they grade the same submission; the last one grades it alone."""
_POLL_SECONDS = 1
"""How often the cluster is asked for its workers."""
_WAIT_SECONDS = 600
"""How long to wait for a worker where there is none, such as while a job is queued."""
_REFUSED_SECONDS = 30
"""How long to wait for others where none of those that are there may grade."""

Submit = Callable[[Executor], "Future[bytes]"]
"""Gives a job to an executor."""


class LostError(Exception):
    """A worker ended, or forgot its session, before it answered."""


class Dispatcher:
    """Runs jobs on the workers that have proved themselves; threads may share it.

    Args:
        cluster: The cluster.
        prove: Asks a worker to prove itself.
        judge: Given a worker's address and answer; returns why it may not grade, or "".
        tell: Called with what happens to workers, as sentences.
        patience: Seconds to wait for a worker where there is none.
    """

    def __init__(
        self,
        cluster: Cluster,
        prove: Submit,
        judge: Callable[[str, bytes], str],
        tell: Tell,
        patience: float = _WAIT_SECONDS,
    ) -> None:
        self._cluster = cluster
        self._prove = prove
        self._judge = judge
        self._tell = tell
        self._patience = patience
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._workers: dict[str, Worker] = {}
        self._ended: AutograderError | None = None
        self._usable_at = time.monotonic()
        self._told_of_waiting = False
        self._watch = threading.Thread(target=self._watch_workers, daemon=True)
        self._watch.start()

    def close(self) -> list[Worker]:
        """Take no more jobs; those that wait for an answer raise `StoppedError`.

        Returns:
            The workers that were there.
        """
        self._end(StoppedError("The grader was stopped."))
        self._watch.join()
        return list(self._workers.values())

    def run(self, submit: Submit, name: str) -> tuple[str, bytes]:
        """Run a job on some worker; on another one if that is lost.

        Args:
            submit: Gives the job to an executor.
            name: What messages call it.

        Returns:
            The address of the worker that answered, and the answer.

        Raises:
            MachineError: If one worker after another is lost with it, the last one alone with it.
            ClusterError: If there is no worker that may grade.
            StoppedError: If `close` was called meanwhile.
        """
        for attempt in range(1, MOST_LOSSES + 1):
            worker = self._acquire(alone=attempt == MOST_LOSSES)
            try:
                return worker.address, self._answer(worker, submit)
            except LostError:
                continue
            finally:
                self._release(worker)
        raise MachineError(
            f"{MOST_LOSSES} workers ended while they graded {name}, the last one alone with it.",
            "Read the workers' logs, and grade it on another machine.",
        )

    def refuse(self, address: str, reason: str) -> None:
        """Let a worker grade nothing more, and give what it has to others."""
        with self._changed:
            if worker := self._workers.get(address):
                self._refuse(worker, reason)

    def forget(self, address: str) -> None:
        """Have a worker prove itself again: it is another process at the same address."""
        with self._changed:
            self._lose(address)

    def _acquire(self, *, alone: bool) -> Worker:
        """Wait for a worker that can take a job, and take one of its slots, or all of them."""
        kept: Worker | None = None
        with self._changed:
            while True:
                if self._ended is not None:
                    raise self._ended
                if alone:
                    kept = self._reserve(kept)
                    if kept is not None and not kept.taken:
                        kept.taken += 1
                        return kept
                elif worker := self._least_busy():
                    worker.taken += 1
                    return worker
                self._changed.wait()

    def _least_busy(self) -> Worker | None:
        free = [w for w in self._workers.values() if w.can_grade and w.taken < w.slots]
        return max(free, key=lambda worker: worker.slots - worker.taken, default=None)

    def _reserve(self, kept: Worker | None) -> Worker | None:
        """The worker that is kept for one submission; another one if it was lost meanwhile."""
        if kept is not None and not (kept.gone or kept.refused):
            return kept
        able = [worker for worker in self._workers.values() if worker.can_grade]
        chosen = min(able, key=lambda worker: worker.taken, default=None)
        if chosen is not None:
            chosen.reserved = True
        return chosen

    def _release(self, worker: Worker) -> None:
        with self._changed:
            worker.taken -= 1
            worker.reserved = worker.reserved and worker.taken > 0
            self._changed.notify_all()

    def _answer(self, worker: Worker, submit: Submit) -> bytes:
        try:
            future = submit(worker.executor)
            with self._changed:
                worker.running.add(future)
                if worker.gone or worker.refused or self._ended:  # since it was acquired
                    future.cancel()
            return future.result()
        except CancelledError:
            if self._ended is not None:
                raise self._ended from None
            raise LostError from None
        except Exception as error:
            # Of Dask's making, such as a worker that was killed: our functions never raise.
            self._tell(f"{worker.address} did not answer: {type(error).__name__}: {error}.")
            raise LostError from error
        finally:
            with self._changed:
                worker.running = {other for other in worker.running if not other.done()}

    def _watch_workers(self) -> None:
        """Notice workers that come and go, until there is nothing more to do."""
        while not self._stop.is_set():
            try:
                present = dict(self._cluster.workers())
            except ConnectionError:
                present = self._wait_for_scheduler()
            except ClusterError as error:
                self._end(error)
                return
            with self._changed:
                for address in [known for known in self._workers if known not in present]:
                    self._lose(address)
            for address, slots in present.items():
                if address not in self._workers:
                    self._add_worker(address, slots)
            self._give_up_without_workers()
            self._stop.wait(_POLL_SECONDS)

    def _wait_for_scheduler(self) -> dict[str, int]:
        with self._changed:
            if self._workers:
                self._tell("Lost the scheduler; waiting for it to come back.")
            for address in list(self._workers):
                self._lose(address)
        with contextlib.suppress(ConnectionError):
            self._cluster.reconnect()
        return {}

    def _add_worker(self, address: str, slots: int) -> None:
        """Ask a new worker to prove itself."""
        worker = Worker(address, slots, self._cluster.executor(address))
        with self._changed:
            self._workers[address] = worker
        try:
            future = self._prove(worker.executor)
        except Exception as error:  # noqa: BLE001 - of Dask's making; the next look asks again
            self._tell(f"{address} cannot be asked: {type(error).__name__}: {error}.")
            self.forget(address)
            return
        with self._changed:
            worker.running.add(future)
        future.add_done_callback(lambda done: self._proved(worker, done))

    def _proved(self, worker: Worker, future: Future[bytes]) -> None:
        with self._changed:
            worker.running.discard(future)
            if future.cancelled() or worker.gone:
                return
            error = future.exception()
            if error is not None:
                reason = f"it cannot start autograder: {type(error).__name__}: {error}"
            else:
                reason = self._judge(worker.address, future.result())
            if reason:
                self._refuse(worker, reason)
            else:
                worker.ready = True
                self._tell(f"The worker {worker.address} grades, {worker.slots} at a time.")
            self._changed.notify_all()

    def _refuse(self, worker: Worker, reason: str) -> None:
        worker.refused = reason
        self._tell(f"The worker {worker.address} grades nothing: {reason}.")
        for future in list(worker.running):
            future.cancel()
        self._changed.notify_all()

    def _lose(self, address: str) -> None:
        worker = self._workers.pop(address, None)
        if worker is None:
            return
        worker.gone = True
        if worker.ready and not self._ended:
            again = f"; {worker.taken} of its submissions go to another one" if worker.taken else ""
            self._tell(f"Lost the worker {address}{again}.")
        for future in list(worker.running):
            future.cancel()
        self._changed.notify_all()

    def _give_up_without_workers(self) -> None:
        """Give up where there has been no worker that may grade for too long."""
        now = time.monotonic()
        with self._changed:
            workers = list(self._workers.values())
        if any(not worker.refused for worker in workers):
            self._usable_at = now
            self._told_of_waiting = False
            return
        if not (workers or self._told_of_waiting):
            self._told_of_waiting = True
            self._tell(f"The cluster has no worker; waiting up to {self._patience:g} s for one.")
        if now - self._usable_at >= (_REFUSED_SECONDS if workers else self._patience):
            reasons = " ".join(f"{w.address}: {w.refused}." for w in workers)
            self._end(
                ClusterError(
                    f"None of the cluster's {len(workers)} workers may grade. {reasons}"
                    if workers
                    else f"The cluster has had no worker for {self._patience:g} seconds.",
                    "Finished Grades are kept. Start workers that match this machine, and run the "
                    "same command again; docs/scale.md says how.",
                )
            )

    def _end(self, error: AutograderError) -> None:
        with self._changed:
            self._ended = self._ended or error
            for worker in self._workers.values():
                for future in list(worker.running):
                    future.cancel()
            self._changed.notify_all()
        self._stop.set()
