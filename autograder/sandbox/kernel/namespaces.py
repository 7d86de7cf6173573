"""Namespaces for each submission, and a private root with little in it.

The supervisor builds the new root. The first process of the new pid namespace enters it, because
only there can the new /proc be mounted.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.sandbox.kernel import syscalls

NOBODY: Final = 65534
"""The user and group that root becomes: the kernel counts no processes of real root."""

INSIDE_ID: Final = 1000
"""The user and group that a confined process sees itself as."""

_ANCHOR: Final = "/proc"
"""Where the new root is built: a folder that every such system has."""

_NAMESPACES: Final = syscalls.ALL_NAMESPACES
_TREE_FLAGS: Final = syscalls.MS_RDONLY | syscalls.MS_NOSUID | syscalls.MS_NODEV
_DEVICE_FLAGS: Final = syscalls.MS_RDONLY | syscalls.MS_NOSUID | syscalls.MS_NOEXEC
_INERT_FLAGS: Final = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC

DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
SCRATCH: Final = ("/tmp", "/dev/shm")  # noqa: S108 - each is a fresh, private file system
_EMPTY_FOLDER: Final = "var/empty"
_EMPTY_FILE: Final = "etc/empty"
_FOLDERS: Final = ("dev", "etc", "proc", "var", _EMPTY_FOLDER)
_NEVER_MOUNTED: Final = ("dev", "proc", "sys")
_LINKS: Final = (
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd/0"),
    ("/dev/stdout", "/proc/self/fd/1"),
    ("/dev/stderr", "/proc/self/fd/2"),
)
_FILES: Final = (
    ("etc/passwd", f"student:x:{INSIDE_ID}:{INSIDE_ID}::/tmp:/bin/false\n"),
    (_EMPTY_FILE, ""),
    ("etc/group", f"student:x:{INSIDE_ID}:\n"),
)
# Parts of /proc that describe the machine and its users; training reads cpuinfo, meminfo, stat.
_HIDDEN_FOLDERS: Final = ("acpi", "bus", "driver", "fs", "irq", "sys")
_HIDDEN_FILES: Final = (
    "cmdline",
    "config.gz",
    "key-users",
    "keys",
    "locks",
    "modules",
    "timer_list",
)
_MAX_INODES: Final = 16_384
_MAX_LINKS: Final = 40  # the kernel's own limit
_HOST_NAME: Final = b"sandbox"

# No capability comes back, whatever user a process becomes (linux/securebits.h).
_SECUREBITS: Final = 0b1110_1111
_MAX_CAPABILITIES: Final = 64


@dataclass(frozen=True)
class MountPlan:
    """What the private root holds.

    Attributes:
        trees: Real paths of files and folders, none within another.
        links: Symbolic links on the way to them: path, target.
        scratch_bytes: Size of each private file system in memory.
    """

    trees: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    scratch_bytes: int


def plan_mounts(paths: tuple[str, ...], scratch_bytes: int) -> MountPlan:
    """Find the trees and links that make absolute paths lead where they lead now.

    Args:
        paths: Absolute paths of files and folders.
        scratch_bytes: Size of each private file system in memory.

    Raises:
        ValueError: If a path is the root, or in a file system that is always created afresh.
        OSError: If a path does not exist.
    """
    trees: set[str] = set()
    links: dict[str, str] = {}
    for path in paths:
        real = _follow(path, links)
        if real.split("/")[1] in ("", *_NEVER_MOUNTED):
            raise ValueError(f"{path} cannot be mounted in the sandbox")
        Path(real).stat()
        trees.add(real)
    return MountPlan(
        trees=tuple(sorted(tree for tree in trees if not _within(tree, trees - {tree}))),
        links=tuple((path, links[path]) for path in sorted(links) if not _within(path, trees)),
        scratch_bytes=scratch_bytes,
    )


def _follow(path: str, links: dict[str, str]) -> str:
    """The real path; adds the symbolic links on the way to `links`."""
    resolved, remaining, followed = "", path.split("/")[::-1], 0
    while remaining:
        part = remaining.pop()
        here = f"{resolved}/{part}"
        if part == "..":
            resolved = resolved.rpartition("/")[0]
        elif part in ("", "."):
            continue
        elif not Path(here).is_symlink():
            resolved = here
        else:
            followed += 1
            if followed > _MAX_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
            links[here] = str(Path(here).readlink())
            remaining += links[here].split("/")[::-1]
            resolved = "" if links[here].startswith("/") else resolved
    return resolved or "/"


def _within(path: str, trees: set[str]) -> bool:
    return any(path == tree or path.startswith(tree + "/") for tree in trees)


def drop_privileges() -> None:
    """Give up root for `NOBODY`, with no other group.

    Raises:
        OSError: If this user namespace does not map that user.
    """
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # Otherwise /proc/self, and with it the map of users, would still belong to root.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)


def enter() -> None:
    """Move this process to new namespaces; its next child is pid 1 of the new pid namespace.

    Raises:
        OSError: If the kernel does not allow it.
    """
    user, group = os.getuid(), os.getgid()
    syscalls.unshare(_NAMESPACES)
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE_ID} {user} 1"),
        ("gid_map", f"{INSIDE_ID} {group} 1"),
    ):
        _write(f"/proc/self/{name}", content, os.O_WRONLY)
    syscalls.call("sethostname", _HOST_NAME, len(_HOST_NAME))


def copy_trees(plan: MountPlan) -> dict[str, int]:
    """Copy the mounts of each tree and device; only the holder of the descriptors can use them.

    Returns:
        A descriptor for each path.

    Raises:
        OSError: EPERM if this process may not mount anything.
    """
    copies: dict[str, int] = {}
    for path in (*plan.trees, *DEVICES):
        copies[path] = tree = syscalls.clone_tree(path)
        syscalls.set_tree_flags(tree, _DEVICE_FLAGS if path in DEVICES else _TREE_FLAGS)
    return copies


def build_root(plan: MountPlan, copies: dict[str, int]) -> None:
    """Build the private root on a fresh file system, and make it the working directory.

    Args:
        plan: What it holds.
        copies: What `copy_trees` returned; the descriptors are closed.

    Raises:
        OSError: If the kernel does not allow it.
    """
    os.umask(0o022)
    syscalls.change_propagation("/", syscalls.MS_REC | syscalls.MS_PRIVATE)
    syscalls.mount("tmpfs", _ANCHOR, _INERT_FLAGS, f"size=1m,nr_inodes={_MAX_INODES},mode=755")
    os.chdir(_ANCHOR)  # noqa: TID251 - nobody else is in this process
    for folder in _FOLDERS:
        Path(folder).mkdir()
    for scratch in SCRATCH:
        Path(scratch[1:]).mkdir()
        options = f"size={plan.scratch_bytes},nr_inodes={_MAX_INODES},mode=700"
        syscalls.mount("tmpfs", scratch[1:], _INERT_FLAGS, options)
    for path, content in _FILES:
        _write(path, content, os.O_WRONLY | os.O_CREAT)
    for path, target in (*_LINKS, *plan.links):
        link = Path(path[1:])
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    for path, tree in copies.items():
        _attach(Path(path[1:]), tree)


def _attach(target: Path, tree: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISDIR(os.fstat(tree).st_mode):
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    syscalls.attach_tree(tree, str(target))
    os.close(tree)
    if not os.access(target, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), f"/{target}")


def enter_root() -> None:
    """Make the working directory, where `build_root` ended, the root; detach the old root.

    Raises:
        OSError: If the kernel does not allow it.
    """
    syscalls.mount("proc", "proc", _INERT_FLAGS | syscalls.MS_RDONLY)
    _cover("proc", _HIDDEN_FOLDERS, _EMPTY_FOLDER)
    _cover("proc", _HIDDEN_FILES, _EMPTY_FILE)
    syscalls.pivot_root_here()
    read_only = syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_RDONLY
    syscalls.mount("", "/", read_only | _INERT_FLAGS)
    os.chdir(SCRATCH[0])  # noqa: TID251 - student code starts here, alone in this process


def _cover(folder: str, names: tuple[str, ...], empty: str) -> None:
    for name in names:
        # A kernel has only what it was built with.
        if Path(folder, name).exists():
            tree = syscalls.clone_tree(empty)
            syscalls.set_tree_flags(tree, _INERT_FLAGS | syscalls.MS_RDONLY)
            syscalls.attach_tree(tree, f"{folder}/{name}")
            os.close(tree)


def _write(path: str, content: str, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o644)
    try:
        os.write(descriptor, content.encode())
    finally:
        os.close(descriptor)


def lock_capabilities() -> None:
    """Make sure that no capability comes back, whatever user this process becomes."""
    syscalls.prctl(syscalls.PR_CAP_AMBIENT, syscalls.PR_CAP_AMBIENT_CLEAR_ALL)
    syscalls.prctl(syscalls.PR_SET_SECUREBITS, _SECUREBITS)
    for capability in range(_MAX_CAPABILITIES):
        try:
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
        except OSError as error:  # noqa: PERF203 - how a program learns how many there are
            if error.errno != errno.EINVAL:
                raise
            break  # past this kernel's last one
