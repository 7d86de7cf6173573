"""The assignments of one command share a fork server and the number of workers."""

from __future__ import annotations

from typing import cast

import pytest
from courses import ROOT
from typing_extensions import Self

from autograder.course import load_course
from autograder.errors import SandboxError
from autograder.grading import LocalSession, session
from autograder.sandbox import Capacity, Limits, Programs

COURSE = load_course(ROOT)
ONE, TWO, THREE = (COURSE.assignment(name) for name in list(COURSE.assignments)[:3])


class FakeServers:
    """Stands for `ForkServer`, and counts what is started.

    Attributes:
        loaded: The assignments that each server loads.
        open: The servers that run.
        broken: An assignment that cannot be loaded.
    """

    def __init__(self) -> None:
        self.loaded: list[list[str]] = []
        self.open: list[FakeServer] = []
        self.broken = ""

    def __call__(self, programs: Programs, *, unsafe: bool) -> FakeServer:
        """Start one."""
        assert not unsafe
        names = [folder.rpartition("/")[2] for _, folder in programs.loads]
        if self.broken in names:
            raise SandboxError("The fork server did not start.")
        self.loaded.append(names)
        self.open.append(FakeServer(self))
        return self.open[-1]


class FakeServer:
    """A fork server.

    Attributes:
        alive: Whether it runs.
    """

    def __init__(self, servers: FakeServers) -> None:
        self._servers = servers
        self.alive = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._servers.open.remove(self)
        self.alive = False


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    """Let sessions start fork servers that only count."""
    fake = FakeServers()
    monkeypatch.setattr(session, "ForkServer", fake)
    return fake


def test_assignments_of_a_session_share_one_server(servers: FakeServers) -> None:
    """It starts when the first needs it, with everybody's exercises, and ends with the session."""
    with LocalSession(COURSE, [ONE, TWO]) as shared:
        assert servers.loaded == []
        assert shared.server(ONE) is shared.server(TWO)
        assert servers.loaded == [[ONE.name, TWO.name]]
    assert servers.open == []


def test_server_that_was_ended_is_started_again(servers: FakeServers) -> None:
    """The assignments after it have one too."""
    with LocalSession(COURSE, [ONE, TWO]) as shared:
        cast("FakeServer", shared.server(ONE)).alive = False
        assert shared.server(TWO).alive
    assert len(servers.loaded) == 2


def test_assignment_that_was_not_announced_is_loaded(servers: FakeServers) -> None:
    """A server without its exercise could not grade it."""
    with LocalSession(COURSE, [ONE]) as shared:
        shared.server(ONE)
        shared.server(THREE)
    assert THREE.name in servers.loaded[-1]


def test_exercise_that_cannot_be_loaded_costs_only_its_own_assignment(
    servers: FakeServers,
) -> None:
    """The others are graded, each with its own server."""
    servers.broken = TWO.name
    with LocalSession(COURSE, [ONE, TWO]) as shared:
        assert shared.server(ONE).alive
        with pytest.raises(SandboxError):
            shared.server(TWO)
    assert servers.loaded == [[ONE.name]]


def test_fewer_workers_than_cores_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what bounds them, and how to set another number."""
    few = Capacity(2, "900 MB of memory are free, and each may use 400 MB")
    asked: list[Limits] = []

    def find(limits: Limits) -> Capacity:
        asked.append(limits)
        return few

    monkeypatch.setattr(session, "find_capacity", find)
    told: list[str] = []
    shared = LocalSession(COURSE, [ONE])
    assert [shared.workers(told.append) for _ in range(2)] == [2, 2]
    (message,) = told
    assert "2 at a time" in message
    assert few.reason in message
    assert "--workers" in message
    assert [limits.memory_mb for limits in asked] == [COURSE.limits.memory_mb]


def test_number_of_workers_that_was_asked_for_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine has room for."""
    monkeypatch.setattr(session, "find_capacity", lambda _limits: pytest.fail("not asked"))
    assert LocalSession(COURSE, [ONE], workers=7).workers(pytest.fail) == 7
