"""The reduced tier: walls without namespaces, for systems that forbid them to ordinary users.

Landlock keeps files, other processes and abstract sockets away, seccomp the network and whatever
else the full tier's namespaces hide. A submission is one process here, since nothing else would
end the processes that it starts; its scratch folder lies on the disk, and `watchdog` bounds it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import SandboxUnavailableError
from autograder.sandbox import landlock, namespaces, refusals, seccomp, syscalls, walls
from autograder.sandbox import limits as resource_limits
from autograder.sandbox.limits import Limits

NEEDED_LANDLOCK: Final = 6
"""The first version that keeps signals and abstract sockets away too, of Linux 6.12."""

_SYSTEM: Final = (
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems"),
    *("/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup"),
)
_OWN: Final = "/proc/self"


@dataclass(frozen=True)
class ReducedRoom:
    """A room worked out.

    Attributes:
        readable: Paths that may be read.
        system_calls: The seccomp filter.
        scratch: The one folder that may be written to; each submission has its own.
    """

    readable: tuple[str, ...]
    system_calls: bytes
    scratch: str = ""


def open_room(room: walls.Room) -> ReducedRoom:
    """Work out a room, once, in the warm process.

    Raises:
        SandboxUnavailableError: If walls cannot be built on this system at all.
    """
    refusals.insist_on_known_system()
    with refusals.wall("use Landlock", refusals.landlock_tip):
        version = landlock.version()
    if version < NEEDED_LANDLOCK:
        raise SandboxUnavailableError(
            f"Without user namespaces the sandbox needs Landlock {NEEDED_LANDLOCK}, and this "
            f"kernel, {os.uname().release}, has {version}.",
            "Allow user namespaces, or use Linux 6.12 or newer.",
        )
    readable = (*room.readable, *(path for path in _SYSTEM if Path(path).exists()))
    return ReducedRoom(readable, seccomp.build(alone=True))


def separate(_room: ReducedRoom) -> None:
    """Step down, where root grades; call it before the fork of the process that `shut` walls in.

    Raises:
        SandboxUnavailableError: If root may not become another user.
    """
    if os.geteuid() == 0:
        with refusals.wall("become an ordinary user", refusals.user_tip):
            walls.forgo_capabilities()
            namespaces.step_down()


def shut(room: ReducedRoom, limits: Limits, keep: Sequence[int]) -> None:
    """Shut the calling process in for good.

    Args:
        room: What it may see; `scratch` becomes the working directory.
        limits: What it may use; the kernel counts processes by user here, so `watchdog` does.
        keep: Descriptors that stay open; all others are closed.

    Raises:
        SandboxUnavailableError: If a wall cannot be built; end this process then.
    """
    with refusals.wall("enter its scratch folder", refusals.container_tip):
        os.chdir(room.scratch)  # noqa: TID251 - student code starts here, alone in this process
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), room.scratch))
    tempfile.tempdir = None
    with refusals.wall("drop its capabilities", refusals.container_tip):
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        syscalls.drop_capabilities()
    with refusals.wall("use Landlock", refusals.landlock_tip):
        landlock.restrict(
            readable=(*room.readable, _OWN), writable=(room.scratch, *namespaces.DEVICES)
        )
    with refusals.wall("set resource limits", refusals.container_tip):
        resource_limits.apply(limits, count_processes=False)
    with refusals.wall("close inherited descriptors", refusals.container_tip):
        syscalls.close_all_but(keep)
    with refusals.wall("filter system calls by seccomp", refusals.seccomp_tip):
        seccomp.load(room.system_calls)
