"""System calls and the network: what seccomp, Landlock and the network namespace refuse."""

from __future__ import annotations

import errno
import signal
import socket
import struct
import sys

import pytest
from confined import (
    NO_DROPPED_CAPABILITIES,
    NO_SECCOMP,
    NO_SECCOMP_NOR_LANDLOCK,
    inside,
    outside,
    run_driver,
)

from autograder.sandbox.kernel import seccomp, syscalls


@pytest.mark.sandbox
def test_program_cannot_be_run() -> None:
    """Seccomp refuses to run a program, and Landlock without it; without both it runs."""
    code = f"""
child = os.fork()
if child == 0:
    os._exit(100 + errno.__dict__.get(attempt(os.execv, {sys.executable!r},
        [{sys.executable!r}, "-Sc", "raise SystemExit(7)"]), 0))
answer = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""
    assert inside(code) == 100 + errno.EPERM
    assert inside(code, without=NO_SECCOMP) == 100 + errno.EACCES
    assert inside(code, without=NO_SECCOMP_NOR_LANDLOCK) == 7


@pytest.mark.sandbox
def test_network_is_out_of_reach() -> None:
    """Seccomp refuses a socket, Landlock a connection, the namespace a route."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"""
def connect():
    with socket.socket() as client:
        client.connect(("127.0.0.1", {server.getsockname()[1]}))
    return "connected"
answer = attempt(connect)
"""
        assert inside(code) == "EPERM"
        assert inside(code, without=NO_SECCOMP) == "EACCES"
        assert inside(code, without=NO_SECCOMP_NOR_LANDLOCK) == "ENETUNREACH"
        assert outside(code) == "connected"


@pytest.mark.sandbox
def test_event_loop_inside_works() -> None:
    """A pair of sockets within the process is allowed: asyncio needs one; vsock is not."""
    code = """
import asyncio
async def seven():
    return 7
answer = [asyncio.run(seven()), attempt(syscalls.call, "socketpair", 40, 1, 0, 0)]
"""
    assert inside(code) == [7, "EPERM"]


@pytest.mark.sandbox
def test_system_call_of_the_list_gives_eperm() -> None:
    """The kernel gives EPERM for each call of the list that this processor has."""
    names = [name for name in seccomp.DENIED if syscalls.number(name) is not None]
    code = f"answer = [attempt(syscalls.call, name, 0, 0, 0, 0, 0, 0) for name in {names}]"
    assert dict(zip(names, inside(code), strict=True)) == dict.fromkeys(names, "EPERM")


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        ('"ptrace", 0, 0, 0, 0', 0),
        ('"keyctl", 0, -1, 1, 0, 0', int),
        ('"unshare", syscalls.CLONE_NEWUSER', 0),
        ('"mount", b"tmpfs", b"/tmp", b"tmpfs", 0, 0', 0),
        ('"shmget", 0, 4096, 0o600', 0),
        ('"memfd_create", b"m", 0', int),
        ('"clone", syscalls.CLONE_NEWUSER | 17, 0, 0, 0, 0', int),
        ('"prctl", 22, 1, 0, 0, 0', "killed"),
        ('"flock", os.open(os.__file__, os.O_RDONLY), 1', 0),
        ('"fcntl", reply_end, 1031, 65536', int),
        ('"io_setup", 1, bytes(8)', 0),
        ('"setpgid", 0, 0', 0),
        ('"prlimit64", 0, 0, struct.pack("QQ", 9, 9), 0', 0),
    ],
)
def test_system_call_without_the_layers_that_refuse_it_works(call: str, allowed: object) -> None:
    """A refused call works with seccomp, Landlock and the drop of capabilities left out."""
    # The process that a clone makes must not answer too.
    code = f"answer = attempt(syscalls.call, {call})"
    if "clone" in call:
        code += "\nif answer == 0: os._exit(0)"
    bare = (*NO_SECCOMP_NOR_LANDLOCK, *NO_DROPPED_CAPABILITIES)
    assert inside(code) == "EPERM"
    ended = run_driver(code, without=bare)
    if allowed == "killed":
        # Strict seccomp leaves read, write and a plain exit: the driver's exit_group is fatal.
        assert ended.status == -signal.SIGKILL
    elif allowed is int:
        assert isinstance(ended.answer, int)
    else:
        assert ended.answer == allowed


@pytest.mark.sandbox
@pytest.mark.skipif(syscalls.MACHINE != "x86_64", reason="other processors have no x32 calls")
def test_system_call_by_its_x32_number_kills() -> None:
    """A system call by its x32 number ends the process at once."""
    code = f"ctypes.CDLL(None).syscall(ctypes.c_long({0x40000000 | 39})); answer = 1"
    assert run_driver(code) == (None, -signal.SIGSYS)
    assert inside(code, without=NO_SECCOMP) == 1


SKIP = 0x50000
ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x50000 | 1, 0x50000 | 38, 0x80000000
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def judge(program: bytes, arch: int, number: int, *arguments: int) -> int:
    """The verdict of a filter, by a plain interpreter of the BPF that the kernel documents."""
    padded = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    loaded, at = 0, 0
    while True:
        code, jump_true, jump_false, value = struct.unpack_from("<HBBI", program, 8 * at)
        at += 1
        if code == 0x06:
            return int(value)
        if code == 0x20:
            (loaded,) = struct.unpack_from("<I", data, value)
            continue
        passed = {0x15: loaded == value, 0x25: loaded > value, 0x45: bool(loaded & value)}[code]
        at += jump_true if passed else jump_false


@pytest.mark.parametrize(
    ("machine", "number", "arguments", "verdict"),
    [
        ("x86_64", 0, (), ALLOW),  # read
        ("x86_64", 59, (), EPERM),  # execve
        ("x86_64", 41, (2, 1), EPERM),  # socket
        ("x86_64", 53, (1,), ALLOW),  # socketpair, AF_UNIX
        ("x86_64", 53, (40,), EPERM),  # socketpair, AF_VSOCK
        ("x86_64", 56, (0x3D0F00,), ALLOW),  # clone, a thread
        ("x86_64", 56, (0x10000011,), EPERM),  # clone, a user namespace
        ("x86_64", 56, (0x20000,), EPERM),  # clone, a mount namespace
        ("x86_64", 435, (), ENOSYS),  # clone3
        ("x86_64", 16, (0, 0x5412), EPERM),  # ioctl, TIOCSTI
        ("x86_64", 16, (0, 0xFFFFFFFF_00005412), EPERM),  # the kernel drops the upper half
        ("x86_64", 16, (0, 0x541C), EPERM),  # ioctl, TIOCLINUX
        ("x86_64", 16, (0, 0x5401), ALLOW),  # ioctl, TCGETS
        ("x86_64", 157, (1,), EPERM),  # prctl, PR_SET_PDEATHSIG
        ("x86_64", 157, (15,), ALLOW),  # prctl, PR_SET_NAME
        ("x86_64", 469, (), ALLOW),
        ("x86_64", 112, (), EPERM),  # setsid
        ("x86_64", 72, (3, 3), ALLOW),  # fcntl, F_GETFL
        ("x86_64", 72, (3, 1024), EPERM),  # fcntl, F_SETLEASE
        ("x86_64", 302, (0, 7, 0, 1), ALLOW),  # prlimit64, which reads
        ("x86_64", 302, (0, 7, 0x100), EPERM),  # prlimit64, which sets
        ("x86_64", 302, (0, 7, 0x100_00000000), EPERM),
        ("x86_64", 470, (), ENOSYS),
        ("x86_64", 0x40000000, (), KILL),
        ("aarch64", 63, (), ALLOW),  # read
        ("aarch64", 59, (), ALLOW),  # pipe2
        ("aarch64", 221, (), EPERM),  # execve
        ("aarch64", 198, (2, 1), EPERM),  # socket
        ("aarch64", 117, (), EPERM),  # ptrace
        ("aarch64", 220, (0x40000000,), EPERM),  # clone, a network namespace
        ("aarch64", 0x40000000, (), ENOSYS),
    ],
)
def test_filter_on_a_call_gives_the_documented_verdict(
    machine: str, number: int, arguments: tuple[int, ...], verdict: int
) -> None:
    """The assembled filter gives the verdict that the numbers in the manuals call for."""
    assert judge(seccomp.build(machine), ARCH[machine], number, *arguments) == verdict


@pytest.mark.parametrize(
    ("number", "arguments", "verdict"),
    [
        (90, (), SKIP),  # chmod
        (280, (), SKIP),  # utimensat
        (188, (), SKIP),  # setxattr
        (62, (1, 0), ALLOW),  # kill, which only asks
        (62, (1, 9), EPERM),  # kill, SIGKILL
        (234, (1, 1, 6), ALLOW),  # tgkill, SIGABRT
        (234, (1, 1, 15), EPERM),  # tgkill, SIGTERM
        (302, (0, 7, 0, 1), ALLOW),  # prlimit64 of its own
        (302, (1, 7, 0, 1), EPERM),  # prlimit64 of another process
    ],
)
def test_filter_of_the_reduced_tier_protects_what_landlock_does_not(
    number: int, arguments: tuple[int, ...], verdict: int
) -> None:
    """Permissions, times and attributes stay; only the machine ends a process by a signal."""
    program = seccomp.build("x86_64", single_process=True)
    assert judge(program, ARCH["x86_64"], number, *arguments) == verdict


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_filter_on_every_number_refuses_only_its_list(machine: str) -> None:
    """Every number of the list is refused, and no other is."""
    program = seccomp.build(machine)
    refused = {number for number in range(1000) if judge(program, ARCH[machine], number) == EPERM}
    listed = {syscalls.number(name, machine) for name in seccomp.DENIED} - {None}
    # A socket pair of no family is refused too.
    assert refused == listed | {syscalls.number("socketpair", machine)}


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_filter_on_another_processors_call_kills(machine: str) -> None:
    """A call by another processor's numbering, such as 32-bit x86, ends the process."""
    assert judge(seccomp.build(machine), 0x40000003, 3) == KILL
