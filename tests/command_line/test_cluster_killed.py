"""A client or a scheduler of a real cluster that is killed: no Grade is lost, and none made twice.

Dask, its network and the client are real; the workers make their Grades up.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_cluster import DaskCluster
from fake_cluster import use_made_up_workers
from killed_class import KilledClass, require_nothing_lost
from made_up_worker import BEFORE_GATE, GATE
from processes import wait_until

from autograder.grading import Options, Scheduler

pytestmark = pytest.mark.slow

WORKERS = 2


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file that keeps workers waiting while it is locked."""
    path = tmp_path / "gate"
    path.touch()
    return path


@pytest.fixture
def cluster(tmp_path: Path, gate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DaskCluster]:
    """A scheduler and two workers that make Grades up."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1] / "support"))
    monkeypatch.setenv(GATE, str(gate))
    use_made_up_workers(monkeypatch)
    with DaskCluster(tmp_path, isolated=False) as cluster:
        for _ in range(WORKERS):
            cluster.add()
        yield cluster


def options(cluster: DaskCluster) -> Options:
    """Grade on a cluster."""
    return Options(workers=2 * WORKERS, scheduler=Scheduler(cluster.address, cluster.tls))


def test_client_killed_at_any_moment_loses_nothing(
    cluster: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed again and again in a class of 200, the client has each Grade once, and all marks."""
    calm = KilledClass(tmp_path / "calm", monkeypatch, students=200)
    killed = KilledClass(tmp_path / "killed", monkeypatch, students=200)
    require_nothing_lost(killed, calm, options(cluster), kills=5)


def test_scheduler_killed_in_a_class_is_waited_for(
    cluster: DaskCluster, gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a new scheduler and new workers, the same run goes on where it was."""
    students = 3 * WORKERS * BEFORE_GATE
    calm = KilledClass(tmp_path / "calm", monkeypatch, students)
    assert calm.run(options(cluster)) == (0, calm.students)
    group = KilledClass(tmp_path / "group", monkeypatch, students)
    with gate.open() as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        process = group.start(options(cluster))
        wait_until(lambda: len(group.graded()) == WORKERS * BEFORE_GATE)
        cluster.scheduler.kill()
        cluster.scheduler.wait()
        fcntl.flock(locked, fcntl.LOCK_UN)  # the client's process has the file too
    before = group.stamps()
    cluster.start_scheduler()
    for _ in range(WORKERS):
        cluster.add()
    assert group.finish(process) == (0, group.students)
    assert before.items() <= group.stamps().items()
    group.require_same(calm)
