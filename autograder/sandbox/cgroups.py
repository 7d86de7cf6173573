"""Control groups: the kernel's own bound on a submission's memory and processes, where it is had.

Version 1 is used where its memory and pids hierarchies let this user make groups; version 2 where
this process is the only one of its group, as in a scope that systemd made for it, or where the
controllers are handed on already. Elsewhere `watchdog` watches instead.
"""

from __future__ import annotations

import dataclasses
import errno
import itertools
import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.sandbox.limits import Limits

_MB = 2**20
_OURS = re.compile(r"autograder-(\d+)-\w+")
_ROOT = Path("/")
_LEAVING_SECONDS = 2.0
"""A process may be reaped a moment before the kernel takes it out of its group."""


@dataclasses.dataclass(frozen=True)
class Group:
    """One submission's control group.

    Attributes:
        folders: Its folder in each hierarchy.
        events: Files that tell of limits hit: path, the word before the number, the limit's name.
    """

    folders: tuple[Path, ...]
    events: tuple[tuple[Path, str, str], ...]

    def open_procs(self) -> list[int]:
        """Descriptors by which a process that writes b"0" joins; whoever opens them must own it."""
        return [os.open(f / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for f in self.folders]

    def open_events(self) -> dict[int, tuple[str, str]]:
        """Descriptors of `events`, with the word to look for and the limit's name."""
        return {os.open(p, os.O_RDONLY | os.O_CLOEXEC): (w, name) for p, w, name in self.events}

    def remove(self) -> None:
        """Remove the group, whose processes have all ended; what is stuck, a later sweep takes."""
        deadline = time.monotonic() + _LEAVING_SECONDS
        for folder in self.folders:
            while not _removed(folder) and time.monotonic() < deadline:
                time.sleep(0.001)


@dataclasses.dataclass(frozen=True)
class Hierarchy:
    """Where groups can be made.

    Attributes:
        name: "cgroup v1" or "cgroup v2".
        parents: The folder to make groups in, by controller; one for all in version 2.
    """

    name: str
    parents: Mapping[str, Path]
    _numbers: Iterator[int] = dataclasses.field(default_factory=itertools.count, compare=False)

    def make(self, limits: Limits) -> Group:
        """Make a group for one submission.

        Raises:
            OSError: If the kernel refused.
        """
        name = f"autograder-{os.getpid()}-{next(self._numbers)}"
        folders = {controller: parent / name for controller, parent in self.parents.items()}
        group = Group(tuple(dict.fromkeys(folders.values())), _events(self.name, folders))
        try:
            for folder in group.folders:
                folder.mkdir()
            for path, value, needed in _settings(self.name, folders, limits):
                # A kernel without swap accounting lacks the files that bound swap.
                if needed or path.exists():
                    path.write_text(value)
        except OSError:
            group.remove()
            raise
        return group

    def sweep(self) -> None:
        """Remove groups that graders left which are no more."""
        for parent in set(self.parents.values()):
            for folder in parent.glob("autograder-*"):
                owner = _OURS.fullmatch(folder.name)
                if owner and not Path("/proc", owner[1]).exists():
                    _removed(folder)


def _removed(folder: Path) -> bool:
    """Remove a group's folder; False while the kernel still counts a process in it."""
    try:
        folder.rmdir()
    except OSError as error:
        return error.errno != errno.EBUSY
    return True


def choose(root: Path = _ROOT) -> Hierarchy | None:
    """The hierarchy in which this process may bound its children, tried out; None if there is none.

    Args:
        root: Where /proc and /sys are; a test has others.
    """
    for found in (_version_2(root), _version_1(root)):
        if found is None:
            continue
        try:
            found.sweep()
            found.make(Limits(wall_seconds=1)).remove()
        except OSError:
            continue
        return found
    return None


def _settings(
    version: str, folders: Mapping[str, Path], limits: Limits
) -> list[tuple[Path, str, bool]]:
    memory, pids = folders["memory"], folders["pids"]
    most = str(limits.memory_mb * _MB)
    if version == "cgroup v1":
        bounds = [
            (memory / "memory.limit_in_bytes", most, True),
            (memory / "memory.memsw.limit_in_bytes", most, False),
        ]
    else:
        bounds = [
            (memory / "memory.max", most, True),
            (memory / "memory.swap.max", "0", False),
            (memory / "memory.oom.group", "1", False),
        ]
    return [*bounds, (pids / "pids.max", str(limits.processes), True)]


def _events(version: str, folders: Mapping[str, Path]) -> tuple[tuple[Path, str, str], ...]:
    file = "memory.oom_control" if version == "cgroup v1" else "memory.events"
    return ((folders["memory"] / file, "oom_kill", "memory_mb"),)


def _version_2(root: Path) -> Hierarchy | None:
    own = _own_folder(root, "", "cgroup2")
    if own is None:
        return None
    wanted = {"memory", "pids"}
    try:
        if not wanted <= set((own / "cgroup.subtree_control").read_text().split()):
            if not wanted <= set((own / "cgroup.controllers").read_text().split()):
                return None
            _step_aside(own)
            (own / "cgroup.subtree_control").write_text("+memory +pids")
    except OSError:
        return None
    return Hierarchy("cgroup v2", dict.fromkeys(sorted(wanted), own))


def _step_aside(own: Path) -> None:
    """Move into a group below: one that hands controllers on may hold no process itself."""
    if (own / "cgroup.procs").read_text().split() != [str(os.getpid())]:
        return
    aside = own / f"autograder-{os.getpid()}-grader"
    aside.mkdir(exist_ok=True)
    (aside / "cgroup.procs").write_text("0")


def _version_1(root: Path) -> Hierarchy | None:
    parents = {name: _own_folder(root, name, "cgroup") for name in ("memory", "pids")}
    found = {name: folder for name, folder in parents.items() if folder is not None}
    return Hierarchy("cgroup v1", found) if len(found) == len(parents) else None


def _own_folder(root: Path, controller: str, kind: str) -> Path | None:
    """This process' folder in the hierarchy of a controller; "" is version 2."""
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
        shown, point = fields.split(" ")[3:5]
        below = own.removeprefix(shown) if own.startswith(shown) else ""
        return root / point.lstrip("/") / below.lstrip("/")
    return None
