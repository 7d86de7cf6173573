"""The watcher's end: threads that grade on request."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import socket
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from pathlib import Path

from autograder.errors import AutograderError, StoppedError, WireError
from autograder.grading.delegation import (
    GradeDone,
    JobFailed,
    RemoteSeeds,
    grade_for_another,
)
from autograder.grading.local import LocalGrader
from autograder.grading.serving.address import listen, user_at_the_other_end
from autograder.grading.serving.channel import Channel
from autograder.grading.serving.messages import (
    GradeRequest,
    Hello,
    MachineProved,
    ProveMachine,
    Welcome,
    Working,
)
from autograder.grading.serving.turns import Turns
from autograder.wire import Failed, Message, unpack

MOST_CLIENTS = 8
"""Clients at a time; further ones grade by themselves."""
_SILENT_SECONDS = 30
"""How long a client may take to say what it wants."""
WORKING_SECONDS = 5
"""How often a client that waits is told that we live."""


@dataclasses.dataclass(frozen=True)
class Lent:
    """A running grader, for one client.

    Attributes:
        local: Grades.
        course_sha256: Digest of everything that decides a mark, with the client's seeds.
    """

    local: LocalGrader
    course_sha256: str


class GradeServer:
    """Grades for other commands of the same user, until it is closed.

    Args:
        root: The course folder.
        lend: Makes a grader ready, and keeps it so for the block.
        turns: Whose turn it is to run; shared with all that grades in this process.
        package_sha256: Digest of the code that this process runs.

    Raises:
        OSError: If it cannot listen.
    """

    def __init__(
        self,
        root: Path,
        lend: Callable[[Hello], AbstractContextManager[Lent]],
        turns: Turns,
        package_sha256: str,
    ) -> None:
        self._lend = lend
        self._turns = turns
        self._package_sha256 = package_sha256
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._channels: set[Channel] = set()
        self._listener = listen(root)
        self._clients = ThreadPoolExecutor(MOST_CLIENTS, "client")
        self._work = ThreadPoolExecutor(MOST_CLIENTS, "request")
        self._accepting = threading.Thread(target=self._accept, name="server")
        self._accepting.start()

    def close(self) -> None:
        """Let what is being graded finish, and end."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        with self._lock:
            for channel in self._channels:
                channel.stop_reading()
        self._clients.shutdown()
        self._work.shutdown()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                end, _ = self._listener.accept()
            except OSError:  # too many open files; or we are being closed
                self._stopping.wait(1)
                continue
            channel = Channel(end, _SILENT_SECONDS)
            with self._lock:
                admitted = (
                    user_at_the_other_end(end) == os.geteuid()
                    and len(self._channels) < MOST_CLIENTS
                )
                if admitted:
                    self._channels.add(channel)
            if admitted:
                self._clients.submit(self._serve, channel)
            else:
                with channel, contextlib.suppress(OSError):
                    channel.send(Failed(error="it is busy", tip=""))

    def _serve(self, channel: Channel) -> None:
        """Answer one client; whatever it does, the watcher goes on."""
        try:
            with channel, contextlib.suppress(OSError, WireError):
                self._converse(channel)
        finally:
            with self._lock:
                self._channels.discard(channel)

    def _converse(self, channel: Channel) -> None:
        packed = channel.receive()
        if packed is None:
            return
        hello = unpack(packed, Hello)
        try:
            with self._lend(hello) as lent:
                self._patiently(channel, lambda: self._welcome(lent))
                while (packed := channel.receive()) is not None:
                    request = unpack(packed, GradeRequest, ProveMachine)
                    self._patiently(channel, functools.partial(self._answer, hello, lent, request))
        except AutograderError as error:
            channel.send(Failed(error=error.message, tip=error.tip))

    def _patiently(self, channel: Channel, work: Callable[[], Message]) -> None:
        """Send what a piece of work answers; meanwhile, that it goes on."""
        future = self._work.submit(work)
        while not wait([future], WORKING_SECONDS).done:
            channel.send(Working())
        channel.send(future.result())

    def _welcome(self, lent: Lent) -> Welcome:
        server = lent.local.grader().server
        return Welcome(
            package_sha256=self._package_sha256,
            course_sha256=lent.course_sha256,
            tier=server.tier,
            environment=server.environment,
        )

    def _answer(self, hello: Hello, lent: Lent, request: GradeRequest | ProveMachine) -> Message:
        try:
            with self._turns.turn():
                if isinstance(request, ProveMachine):
                    lent.local.require_fit_machine()
                    return MachineProved()
                return _grade(hello, lent, request)
        except StoppedError:
            return Failed(error="it was stopped", tip="")
        except AutograderError as error:
            return Failed(error=error.message, tip=error.tip)
        except Exception as error:  # noqa: BLE001 - the client's own log tells it
            return JobFailed(traceback="".join(traceback.format_exception(error)))


def _grade(hello: Hello, lent: Lent, request: GradeRequest) -> GradeDone:
    """Grade with the client's seeds, as the client itself would."""
    _, done = grade_for_another(
        lent.local,
        request.submission,
        RemoteSeeds(hello.seeds_kind, request.fingerprint, request.seeds),
        lent.course_sha256,
        compares_times=request.reference,
        explained=request.explained,
    )
    return done
