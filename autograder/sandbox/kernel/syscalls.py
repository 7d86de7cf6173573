"""Linux system calls that Python's library does not wrap, by ctypes, and their numbers.

Every function raises OSError with the call's errno; its `filename` names the call.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence
from typing import Final

MACHINE: Final = "" if sys.platform == "win32" else os.uname().machine
"""The processor as the kernel names it, such as "x86_64"."""

MACHINES: Final = ("x86_64", "aarch64")
"""Processors whose system call numbers are known, in the order of `_NUMBERS`' columns."""

NEWEST_NUMBER: Final = 469
"""The highest number in either table, `file_setattr` of Linux 6.17."""

CLONE_NEWNS: Final = 0x00020000
CLONE_NEWCGROUP: Final = 0x02000000
CLONE_NEWUTS: Final = 0x04000000
CLONE_NEWIPC: Final = 0x08000000
CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWPID: Final = 0x20000000
CLONE_NEWNET: Final = 0x40000000
ALL_NAMESPACES: Final = (
    CLONE_NEWNS
    | CLONE_NEWCGROUP
    | CLONE_NEWUTS
    | CLONE_NEWIPC
    | CLONE_NEWUSER
    | CLONE_NEWPID
    | CLONE_NEWNET
)

MS_RDONLY: Final = 0x1
MS_NOSUID: Final = 0x2
MS_NODEV: Final = 0x4
MS_NOEXEC: Final = 0x8
MS_REMOUNT: Final = 0x20
MS_BIND: Final = 0x1000
MS_REC: Final = 0x4000
MS_PRIVATE: Final = 0x40000

# The first four mount attributes have the values of the flags above; struct mount_attr takes them.
_MOUNT_ATTR: Final = struct.Struct("=QQQQ")

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_SECCOMP: Final = 22
PR_CAPBSET_DROP: Final = 24
PR_SET_SECUREBITS: Final = 28
PR_SET_NO_NEW_PRIVS: Final = 38
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4

_MNT_DETACH: Final = 2
_AT_FDCWD: Final = -100
_AT_EMPTY_PATH: Final = 0x1000
_AT_RECURSIVE: Final = 0x8000
_OPEN_TREE_CLONE: Final = 1
_OPEN_TREE_CLOEXEC: Final = os.O_CLOEXEC if sys.platform == "linux" else 0
_MOVE_MOUNT_F_EMPTY_PATH: Final = 4
_CAPABILITY_VERSION_3: Final = 0x20080522
_LAST_DESCRIPTOR: Final = 2**32 - 1

_NUMBERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "accept": (43, 202),
    "accept4": (288, 242),
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bind": (49, 200),
    "bpf": (321, 280),
    "capset": (126, 91),
    "chmod": (90, None),
    "chown": (92, None),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "close_range": (436, 436),
    "connect": (42, 203),
    "delete_module": (176, 106),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fanotify_init": (300, 262),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "fcntl": (72, 25),
    "file_setattr": (469, 469),
    "finit_module": (313, 273),
    "flock": (73, 32),
    "fork": (57, None),
    "fremovexattr": (199, 16),
    "fsconfig": (431, 431),
    "fsetxattr": (190, 7),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "futimesat": (261, None),
    "init_module": (175, 105),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "io_setup": (206, 0),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioctl": (16, 29),
    "ioperm": (173, None),
    "iopl": (172, None),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "kill": (62, 129),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "lchown": (94, None),
    "listen": (50, 201),
    "listmount": (458, 458),
    "lookup_dcookie": (212, 18),
    "lremovexattr": (198, 15),
    "lsetxattr": (189, 6),
    "lsm_set_self_attr": (460, 460),
    "mbind": (237, 235),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "modify_ldt": (154, None),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "removexattr": (197, 14),
    "removexattrat": (466, 466),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "seccomp": (317, 277),
    "semget": (64, 190),
    "sendmmsg": (307, 269),
    "sendmsg": (46, 211),
    "set_mempolicy": (238, 237),
    "set_mempolicy_home_node": (450, 450),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setpgid": (109, 154),
    "setpriority": (141, 140),
    "setrlimit": (160, 164),
    "setsid": (112, 157),
    "setsockopt": (54, 208),
    "settimeofday": (164, 170),
    "setxattr": (188, 5),
    "setxattrat": (463, 463),
    "shmget": (29, 194),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "statmount": (457, 457),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "sync": (162, 81),
    "syncfs": (306, 267),
    "syslog": (103, 116),
    "tgkill": (234, 131),
    "tkill": (200, 130),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "uselib": (134, None),
    "userfaultfd": (323, 282),
    "utime": (132, None),
    "utimensat": (280, 88),
    "utimes": (235, None),
    "vfork": (58, None),
    "vhangup": (153, 58),
}

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform != "win32" else None


def number(name: str, machine: str = MACHINE) -> int | None:
    """The number of a system call, or None where this processor does not have it."""
    return _NUMBERS[name][MACHINES.index(machine)]


def call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char], what: str = "") -> int:
    """Make a system call.

    Args:
        name: Its name, one in `_NUMBERS`.
        arguments: Integers, and bytes or buffers where the kernel takes a pointer; 0 is NULL.
        what: The error's `filename`; default: the call's name.

    Returns:
        What the kernel returned, never negative.

    Raises:
        OSError: If the call fails.
    """
    nr = number(name)
    if _libc is None or nr is None:
        raise NotImplementedError(f"{name} does not exist on {MACHINE or sys.platform}")
    values = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    result: int = _libc.syscall(ctypes.c_long(nr), *values)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), what or name)
    return result


def prctl(option: int, first: int = 0, second: int = 0) -> int:
    """Change one of this process's settings."""
    return call("prctl", option, first, second, 0, 0, what=f"prctl {option}")


def set_parent_death_signal(signal: int) -> None:
    """Have the kernel send this process a signal when its parent ends.

    A later change of user clears the setting.
    """
    prctl(PR_SET_PDEATHSIG, signal)


def unshare(flags: int) -> None:
    """Move this process to new namespaces of the kinds in `flags`."""
    call("unshare", flags)


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a new file system of a kind; if `kind` is empty, change flags."""
    name = kind.encode()
    data = options.encode() if options else 0
    call("mount", name, os.fsencode(target), name, flags, data, what=f"mount {kind} on {target}")


def change_propagation(path: str, flags: int) -> None:
    """Set whether mounts below a path are shared with other namespaces (`MS_PRIVATE`...)."""
    call("mount", 0, os.fsencode(path), 0, flags, 0, what=f"mount propagation of {path}")


def clone_tree(path: str) -> int:
    """A private, unattached copy of the mounts at and below a path, as a descriptor."""
    flags = _OPEN_TREE_CLONE | _OPEN_TREE_CLOEXEC | _AT_RECURSIVE
    return call("open_tree", _AT_FDCWD, os.fsencode(path), flags, what=f"open_tree {path}")


def set_tree_flags(tree: int, flags: int) -> None:
    """Set mount flags (`MS_RDONLY`...) on all mounts of an unattached tree; make it private."""
    attributes = _MOUNT_ATTR.pack(flags, 0, MS_PRIVATE, 0)
    at = _AT_EMPTY_PATH | _AT_RECURSIVE
    call("mount_setattr", tree, b"", at, attributes, len(attributes))


def attach_tree(tree: int, target: str) -> None:
    """Mount an unattached tree."""
    where = os.fsencode(target)
    what = f"move_mount to {target}"
    call("move_mount", tree, b"", _AT_FDCWD, where, _MOVE_MOUNT_F_EMPTY_PATH, what=what)


def pivot_root_here() -> None:
    """Make the current folder, a mount point, the root; detach the old root."""
    call("pivot_root", b".", b".")
    # After the call, "." is the old root, stacked on the new one.
    call("umount2", b".", _MNT_DETACH, what="umount2 of the old root")


def drop_capabilities() -> None:
    """Empty the effective, permitted and inheritable capability sets."""
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    call("capset", header, bytes(24))


def close_all_but(keep: Sequence[int]) -> None:
    """Close every descriptor of this process that is not in `keep`."""
    first = 0
    for descriptor in sorted(set(keep)):
        if first < descriptor:
            call("close_range", first, descriptor - 1, 0)
        first = descriptor + 1
    call("close_range", first, _LAST_DESCRIPTOR, 0)
