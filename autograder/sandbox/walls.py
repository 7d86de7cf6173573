"""The walls around student code: namespaces, a private root, Landlock, limits and seccomp.

The warm process calls `open_room` once. For each submission a keeper calls `separate` and forks;
the child, pid 1 of its namespace, calls `shut` and may then run whatever it was handed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import SandboxUnavailableError
from autograder.sandbox import landlock, namespaces, seccomp, syscalls
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

_SETTINGS: Final = (
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", b"1", "0"),
    ("/proc/sys/kernel/unprivileged_userns_clone", b"0", "1"),
    ("/proc/sys/user/max_user_namespaces", b"0", "15000"),
)
_CONTAINER: Final = (
    "In a container, let its profile allow it: with docker run, "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined."
)


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
    if sys.platform != "linux":
        raise SandboxUnavailableError(
            f"The sandbox needs Linux, and this is {sys.platform}.",
            "Run it in a Linux container, a virtual machine or, on Windows, in WSL 2.",
        )
    if syscalls.MACHINE not in syscalls.MACHINES or sys.maxsize < 2**32:
        raise SandboxUnavailableError(
            f"The sandbox's filter on system calls does not know {syscalls.MACHINE}.",
            f"Use a 64-bit machine and Python: {' or '.join(syscalls.MACHINES)}.",
        )
    with _wall("use Landlock", _landlock_tip):
        landlock.version()
    with _wall("build its private root", _room_tip):
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
        with _wall("build its private root", _mount_tip):
            copies = _copies_made_by_root(room.layout)
        with _wall("become an ordinary user", _user_tip):
            namespaces.step_down()
    with _wall("enter namespaces of its own", _namespace_tip):
        namespaces.enter()
    with _wall("build its private root", _mount_tip):
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
    with _wall("build its private root", _mount_tip):
        namespaces.move_in()
    with _wall("drop its capabilities", _container_tip):
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        _drop_capabilities()
    with _wall("use Landlock", _landlock_tip):
        landlock.restrict(
            readable=(*room.layout.trees, "/etc", "/proc"),
            writable=(*namespaces.SCRATCH, *namespaces.DEVICES),
        )
    with _wall("set resource limits", _container_tip):
        resource_limits.apply(limits)
    with _wall("close inherited descriptors", _container_tip):
        syscalls.close_all_but(keep)
    with _wall("filter system calls by seccomp", _seccomp_tip):
        seccomp.load(room.system_calls)


def bound_only(limits: Limits, keep: Sequence[int]) -> None:
    """Apply limits and close descriptors, with no walls at all: for `--unsafe`.

    Processes are not limited, since without a namespace all of the user's would count.
    """
    with _wall("set resource limits", _container_tip):
        resource_limits.apply(limits, count_processes=False)
    with _wall("close inherited descriptors", _container_tip):
        syscalls.close_all_but(keep)


def _copies_made_by_root(layout: namespaces.Layout) -> dict[str, int] | None:
    """Copies of the trees made while root may still pass every folder on the way to them.

    None if this root may not mount: then they are copied from within the namespaces.
    """
    try:
        return namespaces.copy_trees(layout)
    except PermissionError:
        return None


def _drop_capabilities() -> None:
    syscalls.prctl(syscalls.PR_CAP_AMBIENT, syscalls.PR_CAP_AMBIENT_CLEAR_ALL)
    syscalls.prctl(syscalls.PR_SET_SECUREBITS, _SECUREBITS)
    for capability in range(_MOST_CAPABILITIES):
        try:
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
        except OSError as error:  # noqa: PERF203 - the way to learn how many there are
            if error.errno != errno.EINVAL:
                raise
            break  # past the last one that this kernel has
    syscalls.drop_capabilities()


@contextlib.contextmanager
def _wall(step: str, tip: Callable[[int], str]) -> Iterator[None]:
    """Turn a refusal of the kernel into a message that names the wall and what mends it."""
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        code = errno.errorcode.get(number, f"error {number}")
        asked = f"{error.filename} failed with " if error.filename else ""
        raise SandboxUnavailableError(
            f"The sandbox cannot {step} here: {asked}{code} ({error.strerror}).",
            tip(number),
        ) from error


def _namespace_tip(number: int) -> str:
    if number == errno.EINVAL:
        return "The process that builds the sandbox must have one thread; this is a grader's bug."
    if number in {errno.ENOSPC, errno.EUSERS}:
        return "Raise the number of namespaces: sudo sysctl user.max_user_namespaces=15000."
    for path, bad, good in _SETTINGS:
        with contextlib.suppress(OSError):
            # Bytes, since a codec may be out of reach by now.
            if Path(path).read_bytes().strip() == bad:
                name = path.removeprefix("/proc/sys/").replace("/", ".")
                return f"Allow user namespaces: sudo sysctl {name}={good}."
    return f"Allow user namespaces to ordinary users. {_CONTAINER}"


def _mount_tip(number: int) -> str:
    if number == errno.ENOSYS:
        return f"Linux 5.13 or newer is needed, and this is {os.uname().release}."
    if number == errno.EINVAL:
        return "Grade on a system that was started from a disk, not in a chroot."
    if number in {errno.EACCES, errno.ENOENT}:
        return "Install Python where the user who grades may read it, or grade as that user."
    return _namespace_tip(number)


def _landlock_tip(number: int) -> str:
    if number == errno.EOPNOTSUPP:
        return 'Add "landlock" to the list lsm= of the kernel\'s boot parameters, and restart.'
    if number == errno.ENOSYS:
        return f"Linux 5.13 or newer, built with Landlock, is needed; this is {os.uname().release}."
    return _CONTAINER


def _user_tip(_number: int) -> str:
    return f"Grade as an ordinary user, or let root become user {namespaces.NOBODY}."


def _room_tip(_number: int) -> str:
    return "Mend or remove the path; it is one that Python's imports use."


def _seccomp_tip(_number: int) -> str:
    return "A kernel built with CONFIG_SECCOMP_FILTER is needed. " + _CONTAINER


def _container_tip(_number: int) -> str:
    return _CONTAINER
