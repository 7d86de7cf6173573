"""The walls around student code: namespaces, a private root, Landlock, limits and seccomp.

The warm process calls `open_room` once. For each submission a keeper calls `separate` and forks;
the child, pid 1 of its namespace, calls `shut` and may then run whatever it was handed.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.sandbox import landlock, namespaces, refusals, seccomp, syscalls
from autograder.sandbox import limits as resource_limits
from autograder.sandbox.limits import Limits

_SCRATCH_BYTES: Final = 64 * 2**20

_SYSTEM_PATHS: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"),
    *("/usr/share/zoneinfo", "/usr/share/locale", "/usr/share/fonts", "/usr/local/share/fonts"),
    *("/etc/fonts", "/etc/ld.so.cache", "/etc/localtime"),
)

# No capability comes back, whatever user a process may become (linux/securebits.h).
_SECUREBITS: Final = 0b1110_1111
_MOST_CAPABILITIES: Final = 64


@dataclass(frozen=True)
class Room:
    """What a confined process may see.

    Attributes:
        readable: Absolute paths of files and folders that are visible, read-only.
        tmp_bytes: Size of /tmp and of /dev/shm, each private and in memory.
    """

    readable: tuple[str, ...]
    tmp_bytes: int = _SCRATCH_BYTES


@dataclass(frozen=True)
class OpenRoom:
    """A room worked out, to be built once for each submission.

    Attributes:
        layout: The private root.
        system_calls: The seccomp filter.
    """

    layout: namespaces.Layout
    system_calls: bytes


def python_room() -> Room:
    """A room in which this Python can import whatever is installed for it.

    It shows the libraries' folders alone: never a whole prefix, which may be a project's folder,
    and of `sys.path` only `site-packages`, since an editable install puts its project there.
    """
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    libraries = [f"{prefix}/{name}" for prefix in prefixes for name in ("lib", "lib64")]
    installed = [
        entry for entry in sys.path if Path(entry).name in {"site-packages", "dist-packages"}
    ]
    wanted = map(Path, [*_SYSTEM_PATHS, *libraries, *installed, sys.executable])
    return Room(tuple(str(path) for path in wanted if path.is_absolute() and path.exists()))


def open_room(room: Room) -> OpenRoom:
    """Work out a room, once, in the warm process.

    Raises:
        SandboxUnavailableError: If walls cannot be built on this system at all.
        ValueError: If a path of the room cannot be shown, such as "/".
    """
    refusals.insist_on_known_system()
    with refusals.wall("use Landlock", refusals.landlock_tip):
        landlock.version()
    with refusals.wall("build its private root", refusals.room_tip):
        layout = namespaces.lay_out(room.readable, room.tmp_bytes)
    return OpenRoom(layout, seccomp.build())


def separate(room: OpenRoom) -> None:
    """Move the calling process, a keeper, apart from the rest; its next child is walled by `shut`.

    Root becomes `namespaces.NOBODY` for good. The working directory becomes the room that `shut`
    moves into, so the keeper must not change it. Set a parent-death signal after this call: the
    change of user clears it.

    Raises:
        SandboxUnavailableError: If a wall cannot be built; end this process then.
    """
    copies = None
    if os.geteuid() == 0:
        with refusals.wall("build its private root", refusals.mount_tip):
            copies = _copies_made_by_root(room.layout)
        with refusals.wall("become an ordinary user", refusals.user_tip):
            namespaces.step_down()
    with refusals.wall("enter namespaces of its own", refusals.namespace_tip):
        namespaces.enter()
    with refusals.wall("build its private root", refusals.mount_tip):
        if copies is None:
            copies = namespaces.copy_trees(room.layout)
        namespaces.furnish(room.layout, copies)


def shut(room: OpenRoom, limits: Limits, keep: Sequence[int]) -> None:
    """Shut the calling process, the first child since `separate`, in the room for good.

    Args:
        room: What `separate` was given.
        limits: What this process and its children may use.
        keep: Descriptors that stay open; all others are closed.

    Raises:
        SandboxUnavailableError: If a wall cannot be built; end this process then.
    """
    with refusals.wall("build its private root", refusals.mount_tip):
        namespaces.move_in()
    with refusals.wall("drop its capabilities", refusals.container_tip):
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        forgo_capabilities()
        syscalls.drop_capabilities()
    with refusals.wall("use Landlock", refusals.landlock_tip):
        landlock.restrict(
            readable=(*room.layout.trees, "/etc", "/proc"),
            writable=(*namespaces.SCRATCH, *namespaces.DEVICES),
        )
    with refusals.wall("set resource limits", refusals.container_tip):
        resource_limits.apply(limits)
    with refusals.wall("close inherited descriptors", refusals.container_tip):
        syscalls.close_all_but(keep)
    with refusals.wall("filter system calls by seccomp", refusals.seccomp_tip):
        seccomp.load(room.system_calls)


def _copies_made_by_root(layout: namespaces.Layout) -> dict[str, int] | None:
    """Copies of the trees made while root may still pass every folder on the way to them.

    None if this root may not mount: then they are copied from within the namespaces.
    """
    try:
        return namespaces.copy_trees(layout)
    except PermissionError:
        return None


def forgo_capabilities() -> None:
    """See to it that no capability comes back, whatever user this process may become."""
    syscalls.prctl(syscalls.PR_CAP_AMBIENT, syscalls.PR_CAP_AMBIENT_CLEAR_ALL)
    syscalls.prctl(syscalls.PR_SET_SECUREBITS, _SECUREBITS)
    for capability in range(_MOST_CAPABILITIES):
        try:
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
        except OSError as error:  # noqa: PERF203 - the way to learn how many there are
            if error.errno != errno.EINVAL:
                raise
            break  # past the last one that this kernel has
