"""Control groups: the kernel's own bound on a submission's memory and processes.

Version 1 is used where this user may create groups in its memory and pids hierarchies. Version 2 is
used where this process is alone in its group, as in a scope that systemd made for it, or where the
controllers are already delegated. Elsewhere `watchdog` enforces the limits.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import itertools
import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.sandbox.kernel.counters import Counter, Counters
from autograder.sandbox.limits import Limits

_MB = 2**20
_ROOT = Path("/")
_CONTROLLERS = ("memory", "pids")
_SHARED_FAIRLY = "cpu"
"""With this controller the kernel gives each group its share, however many processes it has."""
_CPU_COUNTED = "cpuacct"
"""Version 1 counts computing time in a hierarchy of its own; version 2 with the controller."""
_CORES = 1.5
"""How many cores a submission may use: it trains in one thread."""
_PERIOD = 100_000
_GROUP_NAME = re.compile(r"autograder-(\d+)-\w+")
_REMOVAL_SECONDS = 2.0
"""A process may be reaped a moment before the kernel removes it from its group."""


@dataclasses.dataclass(frozen=True)
class Group:
    """One submission's control group.

    Attributes:
        folders: Its folder in each hierarchy.
        counters: What the kernel counts for it.
    """

    folders: tuple[Path, ...]
    counters: Counters

    def open_procs(self) -> list[int]:
        """Descriptors that a process joins the group by, writing b"0"; the opener must own it."""
        return [os.open(f / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for f in self.folders]

    def remove(self) -> None:
        """Remove the group, whose processes have all ended.

        `Hierarchy.remove_stuck` removes what the kernel holds for longer.
        """
        deadline = time.monotonic() + _REMOVAL_SECONDS
        for folder in self.folders:
            while not _remove(folder) and time.monotonic() < deadline:
                time.sleep(0.001)


@dataclasses.dataclass(frozen=True)
class Hierarchy:
    """Where groups can be created.

    Attributes:
        name: "cgroup v1" or "cgroup v2".
        parents: The folder to create groups in, by controller; the same for all in version 2.
    """

    name: str
    parents: Mapping[str, Path]
    _numbers: Iterator[int] = dataclasses.field(default_factory=itertools.count, compare=False)

    def make(self, limits: Limits) -> Group:
        """Create a group for one submission.

        Raises:
            OSError: If the kernel does not allow it.
        """
        name = f"autograder-{os.getpid()}-{next(self._numbers)}"
        folders = {controller: parent / name for controller, parent in self.parents.items()}
        counters = _counters(self.name, folders, limits)
        group = Group(tuple(dict.fromkeys(folders.values())), counters)
        try:
            for folder in group.folders:
                folder.mkdir()
            for path, value, required in _settings(self.name, folders, limits):
                # A kernel without swap accounting lacks the files that bound swap.
                if required or path.exists():
                    path.write_text(value)
        except OSError:
            group.remove()
            raise
        return group

    def remove_stuck(self) -> None:
        """Remove the groups of this process that the kernel held for too long; none is in use."""
        deadline = time.monotonic() + _REMOVAL_SECONDS
        for parent in set(self.parents.values()):
            for folder in parent.glob(f"autograder-{os.getpid()}-*"):
                while not _remove(folder) and time.monotonic() < deadline:
                    time.sleep(0.001)

    def sweep(self) -> None:
        """Remove groups left by graders that have ended."""
        for parent in set(self.parents.values()):
            for folder in parent.glob("autograder-*"):
                owner = _GROUP_NAME.fullmatch(folder.name)
                if owner and not Path("/proc", owner[1]).exists():
                    _remove(folder)


def _remove(folder: Path) -> bool:
    """Remove a group's folder; False while the kernel still counts a process in it."""
    try:
        folder.rmdir()
    except OSError as error:
        return error.errno != errno.EBUSY
    return True


def find_hierarchy(root: Path = _ROOT) -> Hierarchy | None:
    """Find the hierarchy in which this process can bound its children; None if there is none.

    Args:
        root: Where /proc and /sys are; tests have others.
    """
    for hierarchy in (_version_2(root), _version_1(root)):
        if hierarchy is None:
            continue
        try:
            hierarchy.sweep()
            hierarchy.make(Limits(wall_seconds=1)).remove()
        except OSError:
            continue
        return hierarchy
    return None


def enclosing_memory_mb(root: Path = _ROOT) -> int | None:
    """The least memory that a control group around this process allows, in MiB; None if none does.

    Args:
        root: As in `find_hierarchy`.
    """
    values = [
        *_enclosing(root, "", "cgroup2", "memory.max"),
        *_enclosing(root, "memory", "cgroup", "memory.limit_in_bytes"),
    ]
    return min(values) // _MB if values else None


def enclosing_processes(root: Path = _ROOT) -> int | None:
    """How many processes the control groups around this process allow; likewise."""
    values = [
        *_enclosing(root, "", "cgroup2", "pids.max"),
        *_enclosing(root, "pids", "cgroup", "pids.max"),
    ]
    return min(values) if values else None


def enclosing_free_memory_mb(root: Path = _ROOT) -> int | None:
    """What the control groups around this process still have of their memory; likewise.

    Files that the kernel keeps in memory and drops when it needs the room count as free.
    """
    free = []
    for controller, kind, limit, usage in (
        ("", "cgroup2", "memory.max", "memory.current"),
        ("memory", "cgroup", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        for folder in _folders(root, controller, kind):
            with contextlib.suppress(OSError, ValueError):
                most = int((folder / limit).read_text())
                used = int((folder / usage).read_text()) - _dropped_when_needed(folder)
                free.append(max(0, most - used))
    return min(free) // _MB if free else None


def enclosing_cores(root: Path = _ROOT) -> float | None:
    """How many cores' time the control groups around this process allow; likewise."""
    cores = []
    for folder in _folders(root, "", "cgroup2"):
        with contextlib.suppress(OSError, ValueError):
            quota, period = (folder / "cpu.max").read_text().split()
            cores.append(int(quota) / int(period))  # "max" is no number
    for folder in _folders(root, _SHARED_FAIRLY, "cgroup"):
        with contextlib.suppress(OSError, ValueError):
            quota, period = ((folder / f"cpu.cfs_{n}_us").read_text() for n in ("quota", "period"))
            if int(quota) > 0:
                cores.append(int(quota) / int(period))
    return min(cores, default=None)


def _dropped_when_needed(folder: Path) -> int:
    """Bytes of a group's memory that hold files which the kernel can drop."""
    with contextlib.suppress(OSError, ValueError):
        counts = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        return int(counts.get("total_inactive_file", counts.get("inactive_file", 0)))
    return 0


def _enclosing(root: Path, controller: str, kind: str, file: str) -> Iterator[int]:
    """The values of a setting in this process's group, and in those around it."""
    for folder in _folders(root, controller, kind):
        with contextlib.suppress(OSError, ValueError):
            yield int((folder / file).read_text())


def _folders(root: Path, controller: str, kind: str) -> Iterator[Path]:
    """The folders of this process's group, and of those around it."""
    folder = _own_folder(root, controller, kind)
    while folder is not None and folder != folder.parent:
        yield folder
        folder = folder.parent


def _settings(
    version: str, folders: Mapping[str, Path], limits: Limits
) -> list[tuple[Path, str, bool]]:
    """Files to write: path, value, whether every kernel has it."""
    memory, pids = folders["memory"], folders["pids"]
    memory_bytes = str(limits.memory_mb * _MB)
    if version == "cgroup v1":
        bounds = [
            (memory / "memory.limit_in_bytes", memory_bytes, True),
            (memory / "memory.memsw.limit_in_bytes", memory_bytes, False),
        ]
    else:
        bounds = [
            (memory / "memory.max", memory_bytes, True),
            (memory / "memory.swap.max", "0", False),
            (memory / "memory.oom.group", "1", False),
        ]
    if _SHARED_FAIRLY in folders:
        cpu, quota = folders[_SHARED_FAIRLY], int(_CORES * _PERIOD)
        if version == "cgroup v1":
            bounds.append((cpu / "cpu.cfs_quota_us", str(quota), False))
        else:
            bounds.append((cpu / "cpu.max", f"{quota} {_PERIOD}", False))
    return [*bounds, (pids / "pids.max", str(limits.processes), True)]


def _counters(version: str, folders: Mapping[str, Path], limits: Limits) -> Counters:
    """What the kernel counts for a group.

    A kill for lack of memory counts in the group of the process, whosever memory was short. The
    limit is the group's own only if the group reached it too.
    """
    memory = folders["memory"]
    if version == "cgroup v1":
        kill = Counter(memory / "memory.oom_control", "oom_kill")
        nearly_all = limits.memory_mb * _MB * 0.9
        reached = [
            Counter(memory / f"memory.{kind}max_usage_in_bytes", least=nearly_all)
            for kind in ("", "memsw.")
        ]
        computing = [Counter(f / "cpuacct.usage", unit=1e-9) for f in folders.values()]
    else:
        kill = Counter(memory / "memory.events", "oom_kill")
        reached = [Counter(memory / "memory.events", "max")]
        computing = [Counter(memory / "cpu.stat", "usage_usec", unit=1e-6)]
    return Counters(
        limits={
            "memory_mb": [[kill, counter] for counter in reached],
            "processes": [[Counter(folders["pids"] / "pids.events", "max")]],
        },
        computing=computing,
    )


def _version_2(root: Path) -> Hierarchy | None:
    own = _own_folder(root, "", "cgroup2")
    if own is None:
        return None
    controllers = set(_CONTROLLERS)
    try:
        if not controllers <= set((own / "cgroup.subtree_control").read_text().split()):
            if not controllers <= set((own / "cgroup.controllers").read_text().split()):
                return None
            _move_to_subgroup(own)
            (own / "cgroup.subtree_control").write_text("+memory +pids")
        with contextlib.suppress(OSError):
            (own / "cgroup.subtree_control").write_text(f"+{_SHARED_FAIRLY}")
    except OSError:
        return None
    return Hierarchy("cgroup v2", dict.fromkeys(_CONTROLLERS, own))


def _move_to_subgroup(own: Path) -> None:
    """Move this process into a subgroup: a group that delegates controllers holds no process."""
    if (own / "cgroup.procs").read_text().split() != [str(os.getpid())]:
        return
    subgroup = own / f"autograder-{os.getpid()}-grader"
    subgroup.mkdir(exist_ok=True)
    (subgroup / "cgroup.procs").write_text("0")


def _version_1(root: Path) -> Hierarchy | None:
    optional = (_SHARED_FAIRLY, _CPU_COUNTED)
    folders = {n: _own_folder(root, n, "cgroup") for n in (*_CONTROLLERS, *optional)}
    parents = {
        name: folder
        for name, folder in folders.items()
        if folder is not None and (name in _CONTROLLERS or os.access(folder, os.W_OK))
    }
    return Hierarchy("cgroup v1", parents) if parents.keys() >= set(_CONTROLLERS) else None


def _own_folder(root: Path, controller: str, kind: str) -> Path | None:
    """This process's folder in the hierarchy of a controller; "" stands for version 2."""
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
        mounts = (root / "proc/self/mountinfo").read_text().splitlines()
    except OSError:
        return None
    own = next((g.split(":", 2)[2] for g in groups if controller in g.split(":")[1].split(",")), "")
    for mount in mounts:
        fields, _, rest = mount.partition(" - ")
        file_system, _, options = rest.split(" ", 2)
        if file_system != kind or (controller and controller not in options.split(",")):
            continue
        mount_root, mount_point = fields.split(" ")[3:5]
        below = own.removeprefix(mount_root) if own.startswith(mount_root) else ""
        return root / mount_point.lstrip("/") / below.lstrip("/")
    return None
