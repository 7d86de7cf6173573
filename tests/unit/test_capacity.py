"""By default as many submissions run at a time as have a core, memory and the rest of their own."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from autograder.sandbox import Limits, find_capacity

LIMITS = Limits(wall_seconds=60, memory_mb=1000, processes=60)
V2 = "31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
OWN, AROUND = "sys/fs/cgroup/a/b", "sys/fs/cgroup/a"
MB = 2**20


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of a machine with eight cores, 64 GB, and no bounds on this process."""
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(8)))
    set_open_files(monkeypatch, resource.RLIM_INFINITY)
    write(tmp_path, "proc/meminfo", f"MemTotal: {2**26} kB\nMemAvailable:  {2**26} kB\n")
    write(tmp_path, "proc/self/cgroup", "0::/a/b\n")
    write(tmp_path, "proc/self/mountinfo", V2)
    return tmp_path


def set_open_files(monkeypatch: pytest.MonkeyPatch, soft: int) -> None:
    """Let this process have so many descriptors."""
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (soft, resource.RLIM_INFINITY))


def write(root: Path, path: str, text: str | int) -> None:
    """Write a file of the kernel's."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(str(text))


def test_machine_without_bounds_runs_one_per_core(machine: Path) -> None:
    """There is nothing to say then."""
    capacity = find_capacity(LIMITS, root=machine)
    assert (capacity.workers, capacity.reason) == (8, "")


def test_bound_that_leaves_a_core_each_is_not_told(machine: Path) -> None:
    """A container of this machine's size is as good as the machine."""
    write(machine, f"{OWN}/cpu.max", "800000 100000")
    write(machine, f"{OWN}/pids.max", 8 * 62 + 16)
    assert find_capacity(LIMITS, root=machine).reason == ""


def test_process_on_some_cores_runs_one_on_each(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under taskset, or in a container's cpuset."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 5})
    capacity = find_capacity(LIMITS, root=machine)
    assert capacity.workers == 2
    assert "may run on 2 of 8 cores" in capacity.reason


@pytest.mark.parametrize(
    ("quotas", "workers"),
    [
        (("250000 100000", "max 100000"), 2),
        (("max 100000", "300000 100000"), 3),
        (("800000 100000", "50000 100000"), 1),
    ],
    ids=["own group", "group around it", "less than a core"],
)
def test_quota_of_a_group_bounds_it(machine: Path, quotas: tuple[str, str], workers: int) -> None:
    """Version 2 writes quota and period into one file, or the word max; the least one counts."""
    for folder, quota in zip((OWN, AROUND), quotas, strict=True):
        write(machine, f"{folder}/cpu.max", quota)
    assert find_capacity(LIMITS, root=machine).workers == workers


def test_quota_of_version_1_bounds_it(machine: Path) -> None:
    """There the controller has a tree and files of its own, and -1 is no quota."""
    write(machine, "proc/self/cgroup", "3:cpu,cpuacct:/docker/x\n")
    mount = "33 24 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
    write(machine, "proc/self/mountinfo", mount)
    for folder, quota in (("cg/cpu/docker/x", -1), ("cg/cpu/docker", 400_000)):
        write(machine, f"{folder}/cpu.cfs_quota_us", quota)
        write(machine, f"{folder}/cpu.cfs_period_us", 100_000)
    capacity = find_capacity(LIMITS, root=machine)
    assert capacity.workers == 4
    assert "the time of 4 cores" in capacity.reason


def test_free_memory_bounds_it(machine: Path) -> None:
    """Each may use its limit at the same time as all others, beside the grader."""
    write(machine, "proc/meminfo", f"MemAvailable: {3600 * 1024} kB\n")
    capacity = find_capacity(LIMITS, own_memory_mb=500, root=machine)
    assert capacity.workers == 3
    assert capacity.reason == "3600 MB of memory are free, and each may use 1000 MB"


def test_memory_that_a_group_has_left_bounds_it(machine: Path) -> None:
    """What others in the group use is gone, and files that the kernel can drop are not."""
    write(machine, f"{AROUND}/memory.max", 8000 * MB)
    write(machine, f"{AROUND}/memory.current", 5000 * MB)
    write(machine, f"{AROUND}/memory.stat", f"anon 5\ninactive_file {1600 * MB}\n")
    write(machine, f"{OWN}/memory.max", "max")
    assert find_capacity(LIMITS, own_memory_mb=500, root=machine).workers == 4


def test_memory_left_in_version_1_bounds_it(machine: Path) -> None:
    """Its file counts groups inside it by names with total_."""
    write(machine, "proc/self/cgroup", "4:memory:/x\n")
    write(machine, "proc/self/mountinfo", "3 2 0:2 / /cg/memory rw - cgroup cgroup rw,memory\n")
    write(machine, "cg/memory/x/memory.limit_in_bytes", 4000 * MB)
    write(machine, "cg/memory/x/memory.usage_in_bytes", 1500 * MB)
    stat = f"inactive_file 0\ntotal_inactive_file {100 * MB}\n"
    write(machine, "cg/memory/x/memory.stat", stat)
    assert find_capacity(LIMITS, own_memory_mb=500, root=machine).workers == 2


def test_processes_of_a_group_bound_it(machine: Path) -> None:
    """Each submission may have its limit of threads, and a supervisor beside them."""
    write(machine, f"{OWN}/pids.max", 200)
    assert find_capacity(LIMITS, root=machine).workers == 2


def test_open_files_bound_it(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run has pipes open in the grader."""
    set_open_files(monkeypatch, 160)
    capacity = find_capacity(LIMITS, root=machine)
    assert capacity.workers == 6
    assert "160 open files" in capacity.reason


def test_machine_without_room_runs_one_at_a_time(machine: Path) -> None:
    """Whether even one fits is told at the start."""
    write(machine, "proc/meminfo", "MemAvailable: 1000 kB\n")
    capacity = find_capacity(LIMITS, root=machine)
    assert capacity.workers == 1
    assert capacity.reason
