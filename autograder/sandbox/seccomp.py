"""Seccomp: a filter on system calls, assembled here as classic BPF and loaded as bytes.

What training needs is allowed. What reaches other processes, the network, the kernel's own
settings or memory that no limit counts is refused with EPERM, as if by lack of permission.
"""

from __future__ import annotations

import ctypes
import errno
import struct
import sys
from typing import Final

from autograder.sandbox import syscalls

REFUSED: Final = (
    # other processes
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "perf_event_open"),
    # programs
    *("execve", "execveat", "uselib"),
    # network; `socketpair` within a process is judged by its argument
    *("socket", "bind", "connect", "listen", "accept", "accept4"),
    # keys that outlive the process
    *("keyctl", "add_key", "request_key"),
    # the kernel's large and often broken corners
    *(
        "bpf",
        "userfaultfd",
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "fanotify_init",
    ),
    *("seccomp", "personality", "modify_ldt", "lsm_set_self_attr", "lookup_dcookie"),
    # namespaces and mounts
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree"),
    *("open_tree_attr", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "statmount"),
    *("listmount", "open_by_handle_at", "name_to_handle_at", "mknod", "mknodat"),
    # the machine, and what all of a user's processes share
    *("inotify_init", "inotify_init1", "sync", "syncfs"),
    *("kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot"),
    *(
        "swapon",
        "swapoff",
        "quotactl",
        "quotactl_fd",
        "acct",
        "syslog",
        "vhangup",
        "iopl",
        "ioperm",
    ),
    *("sethostname", "setdomainname"),
    *("settimeofday", "clock_settime", "clock_adjtime", "adjtimex"),
    # memory that no limit counts, or that reaches across nodes
    *("memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open"),
    *("mbind", "migrate_pages", "move_pages", "set_mempolicy", "set_mempolicy_home_node"),
)
"""System calls that are refused whatever their arguments."""

ALONE_REFUSED: Final = ("fork", "vfork", "setpriority", "ioprio_set")
"""Refused as well where no pid namespace keeps processes apart: a submission is one process."""

_OF_A_PROCESS: Final = (
    *("prlimit64", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler"),
)
"""Calls that name a process by its id, 0 being the caller's own."""

_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT: Final = 0x40000000

_NAMESPACES: Final = (
    syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWCGROUP
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWNET
)
_CLONE_THREAD: Final = 0x00010000
_TIOCSTI: Final = 0x5412
_TIOCLINUX: Final = 0x541C
_AF_UNIX: Final = 1

_ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000
_KILL_PROCESS: Final = 0x80000000

# struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6], little-endian.
_NR: Final = 0
_ARCH: Final = 4
_FIRST_ARGUMENT: Final = 16
_SECOND_ARGUMENT: Final = 24

_LOAD: Final = 0x20
_RETURN: Final = 0x06
_EQUAL: Final = 0x15
_GREATER: Final = 0x25
_ANY_BIT: Final = 0x45

_INSTRUCTION: Final = struct.Struct("=HBBI")
_FARTHEST_JUMP: Final = 255
_SET_MODE_FILTER: Final = 1


class _Program:
    """A list of BPF instructions whose jumps name labels further down."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, int, str, str]] = []
        self._labels: dict[str, int] = {}

    def label(self, name: str) -> None:
        self._labels[name] = len(self._lines)

    def load(self, offset: int) -> None:
        self._lines.append((_LOAD, offset, "", ""))

    def jump(self, test: int, value: int, then: str, otherwise: str = "") -> None:
        """Go to `then` if the loaded word passes; else to `otherwise`, or on if it is empty."""
        self._lines.append((test, value, then, otherwise))

    def give(self, verdict: int) -> None:
        self._lines.append((_RETURN, verdict, "", ""))

    def assemble(self) -> bytes:
        return b"".join(
            _INSTRUCTION.pack(code, self._distance(at, then), self._distance(at, otherwise), value)
            for at, (code, value, then, otherwise) in enumerate(self._lines)
        )

    def _distance(self, at: int, name: str) -> int:
        if not name:
            return 0
        distance = self._labels[name] - at - 1
        if not 0 <= distance <= _FARTHEST_JUMP:
            raise ValueError(f"a jump to {name} spans {distance} instructions")
        return distance


def build(machine: str = syscalls.MACHINE, *, alone: bool = False) -> bytes:
    """Assemble the filter for a processor.

    Args:
        machine: One of `syscalls.MACHINES`.
        alone: Refuse processes beside the first, and settings of other processes.

    Returns:
        Classic BPF, 8 bytes an instruction.
    """
    program = _Program()
    program.load(_ARCH)
    program.jump(_EQUAL, _AUDIT_ARCH[machine], then="known", otherwise="kill")
    program.label("known")
    program.load(_NR)
    if machine == "x86_64":
        # The same kernel doors under a second set of numbers.
        program.jump(_ANY_BIT, _X32_BIT, then="kill")
    program.jump(_GREATER, syscalls.NEWEST_NUMBER, then="missing")
    for name, label in (
        ("clone", "clone"),
        ("clone3", "missing"),  # its flags lie behind a pointer; libc falls back to clone
        ("ioctl", "ioctl"),
        ("prctl", "prctl"),
        ("socketpair", "socketpair"),
        *((name, "refuse") for name in REFUSED),
        *((name, "refuse") for name in ALONE_REFUSED if alone),
        *((name, "own") for name in _OF_A_PROCESS if alone),
    ):
        number = syscalls.number(name, machine)
        if number is not None:
            program.jump(_EQUAL, number, then=label)
    program.give(_ALLOW)
    _judge_arguments(program, alone=alone)
    for label, verdict in (
        ("refuse", _ERRNO | errno.EPERM),
        ("missing", _ERRNO | errno.ENOSYS),
        ("kill", _KILL_PROCESS),
        ("allow", _ALLOW),
    ):
        program.label(label)
        program.give(verdict)
    return program.assemble()


def _judge_arguments(program: _Program, *, alone: bool) -> None:
    program.label("clone")
    program.load(_FIRST_ARGUMENT)
    program.jump(_ANY_BIT, _NAMESPACES, then="refuse", otherwise="threads" if alone else "allow")
    program.label("threads")
    program.jump(_ANY_BIT, _CLONE_THREAD, then="allow", otherwise="refuse")
    program.label("own")
    program.load(_FIRST_ARGUMENT)
    program.jump(_EQUAL, 0, then="allow", otherwise="refuse")
    program.label("ioctl")
    program.load(_SECOND_ARGUMENT)
    # Both type into a terminal on another program's behalf.
    program.jump(_EQUAL, _TIOCSTI, then="refuse")
    program.jump(_EQUAL, _TIOCLINUX, then="refuse", otherwise="allow")
    program.label("prctl")
    program.load(_FIRST_ARGUMENT)
    # A process must not outlive its keeper, nor hide from it, nor add filters of its own.
    program.jump(_EQUAL, syscalls.PR_SET_PDEATHSIG, then="refuse")
    program.jump(_EQUAL, syscalls.PR_SET_DUMPABLE, then="refuse")
    program.jump(_EQUAL, syscalls.PR_SET_SECCOMP, then="refuse", otherwise="allow")
    program.label("socketpair")
    program.load(_FIRST_ARGUMENT)
    # asyncio's event loop wakes itself through a pair; nothing outside can reach it.
    program.jump(_EQUAL, _AF_UNIX, then="allow", otherwise="refuse")


def load(program: bytes) -> None:
    """Put this process, and all it starts, under a filter for good.

    Args:
        program: What `build` returned. `no_new_privs` must be set.

    Raises:
        OSError: If the kernel refused.
    """
    if sys.byteorder != "little":
        raise OSError(errno.ENOSYS, "the filter is for little-endian processors")
    buffer = ctypes.create_string_buffer(program, len(program))
    length = len(program) // _INSTRUCTION.size
    # struct sock_fprog: unsigned short len, then a pointer at its natural alignment.
    description = struct.pack("@HP", length, ctypes.addressof(buffer))
    syscalls.call("seccomp", _SET_MODE_FILTER, 0, description)
