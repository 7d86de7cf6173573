"""A cluster and its workers, as the dispatcher sees them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from typing import Protocol


class Cluster(Protocol):
    """Machines that run functions; each has an executor of `concurrent.futures`."""

    def workers(self) -> Mapping[str, int]:
        """Addresses of the workers that are there, each with its number of threads.

        Raises:
            ConnectionError: If the scheduler cannot be reached now.
            ClusterError: If none of them may be used.
        """

    def executor(self, worker: str) -> Executor:
        """What runs functions on one worker; a future is cancelled if its worker ends."""

    def reconnect(self) -> None:
        """Look for the scheduler again.

        Raises:
            ConnectionError: If it cannot be reached yet.
        """

    def close(self) -> None:
        """Disconnect."""


@dataclasses.dataclass(eq=False)
class Worker:
    """One worker of the cluster, as its client sees it.

    Attributes:
        address: Its address.
        slots: Submissions that it grades at a time.
        executor: What runs functions on it.
        ready: Whether it has proved that it grades as the client does.
        refused: Why it may not grade; "" if it may, or is still being asked.
        gone: Whether it was lost.
        reserved: Whether it is kept for one submission alone.
        taken: How many submissions it has.
        running: What it has not answered yet.
    """

    address: str
    slots: int
    executor: Executor
    ready: bool = False
    refused: str = ""
    gone: bool = False
    reserved: bool = False
    taken: int = 0
    running: set[Future[bytes]] = dataclasses.field(default_factory=set)

    @property
    def can_grade(self) -> bool:
        """Whether it takes submissions at all."""
        return self.ready and not (self.gone or self.refused or self.reserved)
