"""Control groups: where they are made, what they bound, and how they are removed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import Limits
from autograder.sandbox.kernel import cgroups
from autograder.sandbox.kernel.counters import Counters


def make_tree(root: Path, own: str, mounts: str) -> None:
    """Files that stand for /proc/self of a process in some control group."""
    proc = root / "proc" / "self"
    proc.mkdir(parents=True)
    (proc / "cgroup").write_text(own)
    (proc / "mountinfo").write_text(mounts)


def test_version_2_with_both_controllers_bounds_each_submission(tmp_path: Path) -> None:
    """With memory and pids handed on, a submission's bounds are written to a group of its own.

    Its files are plain ones here, without a kernel behind them.
    """
    mount = "31 24 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"
    make_tree(tmp_path, "0::/user.slice/job.scope\n", mount)
    own = tmp_path / "sys/fs/cgroup/user.slice/job.scope"
    own.mkdir(parents=True)
    (own / "cgroup.subtree_control").write_text("cpu memory pids\n")
    hierarchy = cgroups.find_hierarchy(tmp_path)
    assert hierarchy is not None
    assert hierarchy.name == "cgroup v2"
    group = hierarchy.make(Limits(wall_seconds=1, memory_mb=800, processes=30))
    (folder,) = group.folders
    assert folder.parent == own
    assert (folder / "memory.max").read_text() == str(800 * 2**20)
    assert (folder / "pids.max").read_text() == "30"


@pytest.mark.parametrize("missing", ["memory", "pids"])
def test_version_1_with_one_controller_is_not_used(tmp_path: Path, missing: str) -> None:
    """With only one of the two hierarchies there is no control group."""
    held = {"memory", "pids"} - {missing}
    groups = "".join(f"4:{name}:/\n" for name in held)
    mounts = "".join(f"31 24 0:27 / /cg/{name} rw - cgroup cgroup rw,{name}\n" for name in held)
    make_tree(tmp_path, groups, mounts)
    assert cgroups.find_hierarchy(tmp_path) is None


def test_groups_of_a_killed_grader_are_removed(tmp_path: Path) -> None:
    """Groups that a killed grader left are removed; those of a running one stay."""
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        check=True,
        capture_output=True,
        text=True,
    )
    for owner in (ended.stdout.strip(), str(os.getpid())):
        (tmp_path / f"autograder-{owner}-0").mkdir()
    cgroups.Hierarchy("cgroup v2", {"memory": tmp_path, "pids": tmp_path}).sweep()
    assert [path.name for path in tmp_path.iterdir()] == [f"autograder-{os.getpid()}-0"]


def test_group_that_was_stuck_is_removed_at_the_end(tmp_path: Path) -> None:
    """What this process could not remove at once goes when it ends; others' groups stay."""
    for owner in (os.getpid(), os.getppid()):
        (tmp_path / f"autograder-{owner}-3").mkdir()
    cgroups.Hierarchy("cgroup v2", {"memory": tmp_path, "pids": tmp_path}).remove_stuck()
    assert [path.name for path in tmp_path.iterdir()] == [f"autograder-{os.getppid()}-3"]


@pytest.mark.parametrize("refusals", [0, 3])
def test_group_that_is_busy_is_removed_a_moment_later(
    refusals: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group whose last process is reaped, but still counted in it, is removed all the same."""
    folders = tmp_path / "memory", tmp_path / "pids"
    for folder in folders:
        folder.mkdir()
    busy = [OSError(errno.EBUSY, "Device or resource busy")] * refusals
    rmdir = Path.rmdir

    def reluctant(folder: Path) -> None:
        if busy:
            raise busy.pop()
        rmdir(folder)

    monkeypatch.setattr(Path, "rmdir", reluctant)
    cgroups.Group(folders, Counters()).remove()
    assert list(tmp_path.iterdir()) == []


V2_MOUNT = "31 24 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"


def write_setting(root: Path, folder: str, **settings: str) -> None:
    """Write settings of a control group; `memory_max` is the file memory.max."""
    place = root / folder
    place.mkdir(parents=True, exist_ok=True)
    for name, value in settings.items():
        (place / name.replace("_", ".", 1)).write_text(f"{value}\n")


def test_group_without_bounds_allows_everything(tmp_path: Path) -> None:
    """The word max is no number, and a root group has no files."""
    make_tree(tmp_path, "0::/user.slice/job.scope\n", V2_MOUNT)
    write_setting(tmp_path, "sys/fs/cgroup/user.slice/job.scope", memory_max="max", pids_max="max")
    assert cgroups.enclosing_memory_mb(tmp_path) is None
    assert cgroups.enclosing_processes(tmp_path) is None


def test_system_without_control_groups_allows_everything(tmp_path: Path) -> None:
    """Nothing bounds this process there."""
    assert cgroups.enclosing_memory_mb(tmp_path) is None
    assert cgroups.enclosing_processes(tmp_path) is None


def test_least_of_the_groups_around_counts(tmp_path: Path) -> None:
    """A wide group in a narrow one is narrow; version 2."""
    make_tree(tmp_path, "0::/user.slice/job.scope\n", V2_MOUNT)
    mib = 2**20
    inner, outer = "sys/fs/cgroup/user.slice/job.scope", "sys/fs/cgroup/user.slice"
    write_setting(tmp_path, inner, memory_max=str(4000 * mib), pids_max="30")
    write_setting(tmp_path, outer, memory_max=str(900 * mib + 1), pids_max="500")
    assert cgroups.enclosing_memory_mb(tmp_path) == 900
    assert cgroups.enclosing_processes(tmp_path) == 30


def test_bounds_of_version_1_count(tmp_path: Path) -> None:
    """There each controller has a tree of its own."""
    mounts = "".join(
        f"3{n} 24 0:2{n} / /cg/{name} rw - cgroup cgroup rw,{name}\n"
        for n, name in enumerate(("memory", "pids"))
    )
    make_tree(tmp_path, "4:memory:/docker/a\n5:pids:/docker/b\n", mounts)
    write_setting(tmp_path, "cg/memory/docker/a", memory_limit_in_bytes=str(700 * 2**20))
    write_setting(tmp_path, "cg/memory", memory_limit_in_bytes="9223372036854771712")
    write_setting(tmp_path, "cg/pids/docker/b", pids_max="77")
    assert cgroups.enclosing_memory_mb(tmp_path) == 700
    assert cgroups.enclosing_processes(tmp_path) == 77


def test_bounds_in_a_container_count(tmp_path: Path) -> None:
    """A container sees its own group as the mount's root."""
    mount = "31 24 0:27 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup ro"
    make_tree(tmp_path, "0::/docker/abc\n", mount)
    write_setting(tmp_path, "sys/fs/cgroup", memory_max=str(512 * 2**20), pids_max="100")
    assert cgroups.enclosing_memory_mb(tmp_path) == 512
    assert cgroups.enclosing_processes(tmp_path) == 100
