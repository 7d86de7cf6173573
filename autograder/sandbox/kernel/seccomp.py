"""Seccomp: a filter on system calls, assembled here as classic BPF and loaded as bytes.

It allows what training needs. It denies, with EPERM as for lack of permission, what reaches other
processes, the network, the kernel's own settings or memory that no limit counts.
"""

from __future__ import annotations

import ctypes
import errno
import struct
import sys
from typing import Final

from autograder.sandbox.kernel import syscalls

DENIED: Final = (
    # other processes
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "perf_event_open"),
    # programs
    *("execve", "execveat", "uselib"),
    # network; `socketpair` within a process depends on its argument
    *("socket", "bind", "connect", "listen", "accept", "accept4"),
    # keys that outlive the process
    *("keyctl", "add_key", "request_key"),
    # parts of the kernel with many vulnerabilities
    *("bpf", "userfaultfd", "fanotify_init"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("seccomp", "personality", "modify_ldt", "lsm_set_self_attr", "lookup_dcookie"),
    # namespaces and mounts
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree"),
    *("open_tree_attr", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "statmount"),
    *("listmount", "open_by_handle_at", "name_to_handle_at", "mknod", "mknodat"),
    # the machine, and what all processes of a user share
    *("inotify_init", "inotify_init1", "sync", "syncfs", "flock", "io_setup"),
    # memory of the kernel's own, for sockets and descriptors under way
    *("setsockopt", "sendmsg", "sendmmsg"),
    # a session of its own, which the kernel gives a share of the processor; lower limits, which end
    # a process as if somebody else did
    *("setsid", "setpgid", "setrlimit"),
    *("kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot"),
    *("swapon", "swapoff", "quotactl", "quotactl_fd", "acct", "syslog"),
    *("vhangup", "iopl", "ioperm"),
    *("sethostname", "setdomainname"),
    *("settimeofday", "clock_settime", "clock_adjtime", "adjtimex"),
    # memory that no limit counts, or that reaches across nodes
    *("memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open"),
    *("mbind", "migrate_pages", "move_pages", "set_mempolicy", "set_mempolicy_home_node"),
)
"""System calls that are denied whatever their arguments."""

SINGLE_PROCESS_DENIED: Final = ("fork", "vfork", "setpriority", "ioprio_set")
"""Denied too where no pid namespace separates processes, so that a submission is one process."""

SINGLE_PROCESS_SKIPPED: Final = (
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
    *("utime", "utimes", "futimesat", "utimensat"),
    *("setxattr", "lsetxattr", "fsetxattr", "setxattrat", "file_setattr"),
    *("removexattr", "lremovexattr", "fremovexattr", "removexattrat"),
)
"""Do nothing, and say that they did, where the machine's own files can be named: Landlock does not
know these calls, and programs that copy a file make them."""

_OWN_PROCESS_ONLY: Final = (
    *("sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler"),
)
_SIGNAL_SECOND: Final = ("kill", "tkill", "rt_sigqueueinfo", "pidfd_send_signal")
_SIGNAL_THIRD: Final = ("tgkill", "rt_tgsigqueueinfo")
"""Calls that send a signal, by the place of its number among the arguments."""
"""Calls whose first argument is a process id, where 0 is the caller's own."""

_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT: Final = 0x40000000

_CLONE_THREAD: Final = 0x00010000
_TIOCSTI: Final = 0x5412
_TIOCLINUX: Final = 0x541C
_AF_UNIX: Final = 1
# F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ
_SHARED_BY_ALL: Final = (6, 7, 37, 38, 1024, 1026, 1031)
"""Commands of fcntl that hold or take what every process may want: locks, leases, pipe buffers."""
_SIGABRT: Final = 6

_ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000
_KILL_PROCESS: Final = 0x80000000

# struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6], little-endian.
_NR: Final = 0
_ARCH: Final = 4
_FIRST_ARGUMENT: Final = 16
_SECOND_ARGUMENT: Final = 24
_THIRD_ARGUMENT: Final = 32
_UPPER_HALF: Final = 4

_LOAD: Final = 0x20
_RETURN: Final = 0x06
_EQUAL: Final = 0x15
_GREATER: Final = 0x25
_ANY_BIT: Final = 0x45

_INSTRUCTION: Final = struct.Struct("=HBBI")
_MAX_JUMP: Final = 255
_SET_MODE_FILTER: Final = 1


class _Program:
    """A list of BPF instructions; jumps name labels further down."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, int, str, str]] = []
        self._labels: dict[str, int] = {}

    def label(self, name: str) -> None:
        self._labels[name] = len(self._lines)

    def load(self, offset: int) -> None:
        self._lines.append((_LOAD, offset, "", ""))

    def jump(self, test: int, value: int, then: str, otherwise: str = "") -> None:
        """Go to `then` if the loaded word passes, else to `otherwise`; "" continues below."""
        self._lines.append((test, value, then, otherwise))

    def end(self, action: int) -> None:
        self._lines.append((_RETURN, action, "", ""))

    def assemble(self) -> bytes:
        return b"".join(
            _INSTRUCTION.pack(code, self._distance(at, then), self._distance(at, otherwise), value)
            for at, (code, value, then, otherwise) in enumerate(self._lines)
        )

    def _distance(self, at: int, name: str) -> int:
        if not name:
            return 0
        distance = self._labels[name] - at - 1
        if not 0 <= distance <= _MAX_JUMP:
            raise ValueError(f"a jump to {name} spans {distance} instructions")
        return distance


def build(machine: str = syscalls.MACHINE, *, single_process: bool = False) -> bytes:
    """Assemble the filter for a processor.

    Args:
        machine: One of `syscalls.MACHINES`.
        single_process: Deny further processes, and changes to settings of other processes.

    Returns:
        Classic BPF, 8 bytes per instruction.
    """
    program = _Program()
    program.load(_ARCH)
    program.jump(_EQUAL, _AUDIT_ARCH[machine], then="known", otherwise="kill")
    program.label("known")
    program.load(_NR)
    if machine == "x86_64":
        # The same system calls under a second set of numbers.
        program.jump(_ANY_BIT, _X32_BIT, then="kill")
    program.jump(_GREATER, syscalls.NEWEST_NUMBER, then="missing")
    for name, label in (
        ("clone", "clone"),
        ("clone3", "missing"),  # its flags lie behind a pointer; libc falls back to clone
        ("ioctl", "ioctl"),
        ("prctl", "prctl"),
        ("socketpair", "socketpair"),
        ("fcntl", "fcntl"),
        ("prlimit64", "prlimit64"),
        *((name, "deny") for name in DENIED),
        *((name, "deny") for name in SINGLE_PROCESS_DENIED if single_process),
        *((name, "skip") for name in SINGLE_PROCESS_SKIPPED if single_process),
        *((name, "own") for name in _OWN_PROCESS_ONLY if single_process),
        *((name, "second is signal") for name in _SIGNAL_SECOND if single_process),
        *((name, "third is signal") for name in _SIGNAL_THIRD if single_process),
    ):
        number = syscalls.number(name, machine)
        if number is not None:
            program.jump(_EQUAL, number, then=label)
    program.end(_ALLOW)
    _check_arguments(program, single_process=single_process)
    for label, action in (
        ("skip", _ERRNO),
        ("deny", _ERRNO | errno.EPERM),
        ("missing", _ERRNO | errno.ENOSYS),
        ("kill", _KILL_PROCESS),
        ("allow", _ALLOW),
    ):
        program.label(label)
        program.end(action)
    return program.assemble()


def _check_arguments(program: _Program, *, single_process: bool) -> None:
    """Decide by arguments about calls that are neither always allowed nor always denied."""
    clone = "threads" if single_process else "allow"
    program.label("clone")
    program.load(_FIRST_ARGUMENT)
    program.jump(_ANY_BIT, syscalls.ALL_NAMESPACES, then="deny", otherwise=clone)
    program.label("threads")
    program.jump(_ANY_BIT, _CLONE_THREAD, then="allow", otherwise="deny")
    program.label("own")
    program.load(_FIRST_ARGUMENT)
    program.jump(_EQUAL, 0, then="allow", otherwise="deny")
    program.label("prlimit64")
    if single_process:
        program.load(_FIRST_ARGUMENT)
        program.jump(_EQUAL, 0, then="limits", otherwise="deny")
        program.label("limits")
    program.load(_THIRD_ARGUMENT)  # the new limits, or no pointer: then it only reads
    program.jump(_EQUAL, 0, then="upper half", otherwise="deny")
    program.label("upper half")
    program.load(_THIRD_ARGUMENT + _UPPER_HALF)
    program.jump(_EQUAL, 0, then="allow", otherwise="deny")
    program.label("fcntl")
    program.load(_SECOND_ARGUMENT)
    for command in _SHARED_BY_ALL:
        program.jump(_EQUAL, command, then="deny")
    program.end(_ALLOW)
    # A process that ends itself by a signal must not look like one that somebody else ended.
    program.label("second is signal")
    program.load(_SECOND_ARGUMENT)
    program.jump(_EQUAL, 0, then="allow")
    program.jump(_EQUAL, _SIGABRT, then="allow", otherwise="deny")
    program.label("third is signal")
    program.load(_THIRD_ARGUMENT)
    program.jump(_EQUAL, 0, then="allow")
    program.jump(_EQUAL, _SIGABRT, then="allow", otherwise="deny")
    program.label("ioctl")
    program.load(_SECOND_ARGUMENT)
    # Both insert characters into a terminal's input, which another program then reads.
    program.jump(_EQUAL, _TIOCSTI, then="deny")
    program.jump(_EQUAL, _TIOCLINUX, then="deny", otherwise="allow")
    program.label("prctl")
    program.load(_FIRST_ARGUMENT)
    # A process must not outlive its supervisor, hide from it, or add filters of its own.
    program.jump(_EQUAL, syscalls.PR_SET_PDEATHSIG, then="deny")
    program.jump(_EQUAL, syscalls.PR_SET_DUMPABLE, then="deny")
    program.jump(_EQUAL, syscalls.PR_SET_SECCOMP, then="deny", otherwise="allow")
    program.label("socketpair")
    program.load(_FIRST_ARGUMENT)
    # asyncio's event loop wakes itself through a pair; nothing outside can reach it.
    program.jump(_EQUAL, _AF_UNIX, then="allow", otherwise="deny")


def load(program: bytes) -> None:
    """Apply a filter to this process, and to all that it starts, irrevocably.

    Args:
        program: What `build` returned. `no_new_privs` must be set.

    Raises:
        OSError: If the kernel does not load it.
    """
    if sys.byteorder != "little":
        raise OSError(errno.ENOSYS, "the filter is for little-endian processors")
    buffer = ctypes.create_string_buffer(program, len(program))
    length = len(program) // _INSTRUCTION.size
    # struct sock_fprog: unsigned short len, then a pointer at its natural alignment.
    description = struct.pack("@HP", length, ctypes.addressof(buffer))
    syscalls.call("seccomp", _SET_MODE_FILTER, 0, description)
