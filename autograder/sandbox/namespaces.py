"""Namespaces of its own for each submission, and a private root with little in it.

The new root is laid out by the keeper and moved into by the first process of the new pid
namespace, because only there can the new /proc be mounted.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.sandbox import syscalls

NOBODY: Final = 65534
"""The user and group that root steps down to: the kernel counts no process of real root."""

INSIDE_ID: Final = 1000
"""The user and group that a confined process sees itself as."""

_ANCHOR: Final = "/proc"
"""Where the new root is laid out: every system that can build the walls has this folder."""

_EVERYTHING: Final = (
    syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWNET
    | syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWCGROUP
)
_TREE_FLAGS: Final = syscalls.MS_RDONLY | syscalls.MS_NOSUID | syscalls.MS_NODEV
_DEVICE_FLAGS: Final = syscalls.MS_RDONLY | syscalls.MS_NOSUID | syscalls.MS_NOEXEC
_INERT_FLAGS: Final = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC

DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
SCRATCH: Final = ("/tmp", "/dev/shm")  # noqa: S108 - each is a fresh, private file system
_NO_FOLDER: Final = "var/empty"
_NO_FILE: Final = "etc/empty"
_FOLDERS: Final = ("dev", "etc", "proc", "var", _NO_FOLDER)
_TREELESS: Final = ("dev", "proc", "sys")
_LINKS: Final = (
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd/0"),
    ("/dev/stdout", "/proc/self/fd/1"),
    ("/dev/stderr", "/proc/self/fd/2"),
)
_FILES: Final = (
    ("etc/passwd", f"student:x:{INSIDE_ID}:{INSIDE_ID}::/tmp:/bin/false\n"),
    (_NO_FILE, ""),
    ("etc/group", f"student:x:{INSIDE_ID}:\n"),
)
# Parts of /proc that tell of the machine and of others; training reads cpuinfo, meminfo and stat.
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
_MOST_INODES: Final = 16_384
_MOST_LINKS: Final = 40  # as the kernel's own bound
_HOST_NAME: Final = b"sandbox"


@dataclass(frozen=True)
class Layout:
    """What the private root holds.

    Attributes:
        trees: Real paths of files and folders, none within another.
        links: Symbolic links on the way to them: path, target.
        scratch_bytes: Size of each of the private file systems in memory.
    """

    trees: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    scratch_bytes: int


def lay_out(paths: tuple[str, ...], scratch_bytes: int) -> Layout:
    """Work out which trees and links make these absolute paths lead where they lead now.

    Raises:
        ValueError: If a path is the root, or in a file system that is always made afresh.
        OSError: If a path does not exist.
    """
    trees: set[str] = set()
    links: dict[str, str] = {}
    for path in paths:
        real = _follow(path, links)
        if real.split("/")[1] in ("", *_TREELESS):
            raise ValueError(f"{path} cannot be shown in the sandbox")
        Path(real).stat()
        trees.add(real)
    apart = tuple(sorted(tree for tree in trees if not _within(tree, trees - {tree})))
    bare = tuple((path, links[path]) for path in sorted(links) if not _within(path, trees))
    return Layout(apart, bare, scratch_bytes)


def _follow(path: str, links: dict[str, str]) -> str:
    """The real path, noting in `links` the symbolic links that it passes."""
    done, todo, passed = "", path.split("/")[::-1], 0
    while todo:
        part = todo.pop()
        here = f"{done}/{part}"
        if part == "..":
            done = done.rpartition("/")[0]
        elif part in ("", "."):
            continue
        elif not Path(here).is_symlink():
            done = here
        else:
            passed += 1
            if passed > _MOST_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
            links[here] = str(Path(here).readlink())
            todo += links[here].split("/")[::-1]
            done = "" if links[here].startswith("/") else done
    return done or "/"


def _within(path: str, trees: set[str]) -> bool:
    return any(path == tree or path.startswith(tree + "/") for tree in trees)


def step_down() -> None:
    """Give up root for `NOBODY`, with no other group.

    Raises:
        OSError: If that user is not known here.
    """
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # Else /proc/self, and with it the map of users, would stay root's.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)


def enter() -> None:
    """Move this process to namespaces of its own; its next child is pid 1 of the new pid namespace.

    Raises:
        OSError: If the kernel refused.
    """
    user, group = os.getuid(), os.getgid()
    syscalls.unshare(_EVERYTHING)
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE_ID} {user} 1"),
        ("gid_map", f"{INSIDE_ID} {group} 1"),
    ):
        _write(f"/proc/self/{name}", content, os.O_WRONLY)
    syscalls.call("sethostname", _HOST_NAME, len(_HOST_NAME))


def copy_trees(layout: Layout) -> dict[str, int]:
    """Copy the mounts of each tree and device; nobody but the holder of the descriptors sees them.

    Returns:
        A descriptor for each path.

    Raises:
        OSError: EPERM if this process may not mount at all.
    """
    copies: dict[str, int] = {}
    for path in (*layout.trees, *DEVICES):
        copies[path] = tree = syscalls.clone_tree(path)
        syscalls.set_tree_flags(tree, _DEVICE_FLAGS if path in DEVICES else _TREE_FLAGS)
    return copies


def furnish(layout: Layout, copies: dict[str, int]) -> None:
    """Build the private root on a fresh file system, and make it the working directory.

    Args:
        layout: What it holds.
        copies: What `copy_trees` returned; the descriptors are closed.

    Raises:
        OSError: If the kernel refused.
    """
    os.umask(0o022)
    syscalls.change_propagation("/", syscalls.MS_REC | syscalls.MS_PRIVATE)
    syscalls.mount("tmpfs", _ANCHOR, _INERT_FLAGS, f"size=1m,nr_inodes={_MOST_INODES},mode=755")
    os.chdir(_ANCHOR)  # noqa: TID251 - the keeper has no caller whose folder this could be
    for folder in _FOLDERS:
        Path(folder).mkdir()
    for scratch in SCRATCH:
        Path(scratch[1:]).mkdir()
        options = f"size={layout.scratch_bytes},nr_inodes={_MOST_INODES},mode=700"
        syscalls.mount("tmpfs", scratch[1:], _INERT_FLAGS, options)
    for path, content in _FILES:
        _write(path, content, os.O_WRONLY | os.O_CREAT)
    for path, target in (*_LINKS, *layout.links):
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


def move_in() -> None:
    """Make the working directory, which `furnish` left, the root; the old root is gone afterwards.

    Raises:
        OSError: If the kernel refused.
    """
    syscalls.mount("proc", "proc", _INERT_FLAGS | syscalls.MS_RDONLY)
    _cover("proc", _HIDDEN_FOLDERS, _NO_FOLDER)
    _cover("proc", _HIDDEN_FILES, _NO_FILE)
    syscalls.pivot_root_here()
    fixed = syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_RDONLY
    syscalls.mount("", "/", fixed | _INERT_FLAGS)
    os.chdir(SCRATCH[0])  # noqa: TID251 - student code starts here, and nobody else is in this process


def _cover(folder: str, names: tuple[str, ...], empty: str) -> None:
    for name in names:
        # A kernel lacks what it was not built with.
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
