"""Each wall holds, and what it stops does work when that wall is left out."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autograder.errors import SandboxUnavailableError
from autograder.sandbox import landlock, namespaces, refusals, seccomp, syscalls, walls
from autograder.sandbox.limits import Limits

PROJECT = Path(walls.__file__).parents[2]
SMALL = Limits(wall_seconds=20, memory_mb=600, processes=24, file_mb=4)
NO_SECCOMP = ("seccomp.load",)
NO_SECCOMP_NOR_LANDLOCK = ("seccomp.load", "landlock.restrict")

# Runs code as pid 1 of a sandbox; prints what it left in `answer`, and how it ended.
DRIVER = """
import ctypes, errno, json, os, signal, socket, sys
from autograder.errors import SandboxUnavailableError
from autograder.sandbox import landlock, limits, namespaces, seccomp, syscalls, walls

def attempt(action, *arguments):
    try:
        return action(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]

def finish(answer, status=0):
    print(json.dumps({"answer": answer, "status": status}), flush=True)
    os._exit(0)

job = json.loads(sys.argv[1])
shown = walls.python_room().readable + tuple(job["readable"])
room = walls.open_room(walls.Room(shown, job["tmp_bytes"]))
reply, reply_end = os.pipe()
spare = os.open(os.devnull, os.O_RDONLY)
exec(job["before"])
for name in job["without"]:
    module, function = name.split(".")
    setattr(globals()[module], function, lambda *_arguments, **_options: None)
try:
    if job["walled"]:
        walls.separate(room)
    process = os.fork()
    if process == 0:
        if job["walled"]:
            walls.shut(room, limits.Limits(**job["limits"]), (0, 1, 2, reply_end))
        try:
            exec(job["code"])
        except Exception as error:
            answer = type(error).__name__
        os.write(reply_end, json.dumps(answer).encode())
        os._exit(0)
except SandboxUnavailableError as error:
    finish([error.message, error.tip])
os.close(reply_end)
if job["kill"]:
    stray = int(os.read(reply, 32))
    os.kill(process, signal.SIGKILL)
status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
if job["kill"]:
    os.set_blocking(reply, False)
    # The pipe ends when the last process that holds its other end does.
    alive = attempt(os.read, reply, 1) == "EAGAIN"
    if alive and not job["walled"]:
        os.kill(stray, signal.SIGKILL)
    finish("alive" if alive else "gone", status)
finish(json.loads(os.read(reply, 65536) or "null"), status)
"""


class Ended(NamedTuple):
    """What the code left in `answer`, and its exit code, negative for a signal."""

    answer: Any
    status: int


def run_driver(code: str, **job: object) -> Ended:
    """Run the code in a fresh Python; `job` changes the driver's defaults."""
    defaults = {
        "readable": (),
        "tmp_bytes": 2**20,
        "limits": asdict(SMALL),
        "without": (),
        "before": "",
        "walled": True,
        "kill": False,
    }
    done = subprocess.run(  # noqa: S603 - the code is this file's own
        [sys.executable, "-c", DRIVER, json.dumps({**defaults, **job, "code": code})],
        env={"PYTHONPATH": str(PROJECT), "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout, done.stderr
    return Ended(**json.loads(done.stdout.splitlines()[0]))


def inside(code: str, **job: object) -> Any:
    """What the code leaves in `answer` within the walls, as pid 1."""
    return run_driver(code, **job).answer


def outside(code: str, **job: object) -> Any:
    """What the same code leaves with no walls at all."""
    return run_driver(code, walled=False, **job).answer


# Files


@pytest.mark.sandbox
def test_file_outside_the_room_does_not_exist(tmp_path: Path) -> None:
    """A file that the room does not show is not there at all; without walls it is read."""
    secret = tmp_path / "key.txt"
    secret.write_text("course key", encoding="utf-8")
    code = f"answer = attempt(lambda: open({str(secret)!r}).read())"
    assert inside(code) == "ENOENT"
    assert outside(code) == "course key"


@pytest.mark.sandbox
def test_landlock_refuses_what_the_private_root_lets_through() -> None:
    """A file that the private root shows is still refused if Landlock has no rule for it."""
    code = "answer = attempt(lambda: open(json.__file__).close() or 'open')"
    before = """
restrict = landlock.restrict
landlock.restrict = lambda readable, writable: restrict((), writable)
"""
    assert inside(code, before=before) == "EACCES"
    assert inside(code) == "open"


@pytest.mark.sandbox
def test_file_in_the_room_is_read_and_not_changed(tmp_path: Path) -> None:
    """What the room shows is read at its own path and not written, though its mode allows it."""
    shown = tmp_path / "shown"
    shown.mkdir()
    (shown / "data.txt").write_text("1 2 3", encoding="utf-8")
    shown.chmod(0o777)
    (shown / "data.txt").chmod(0o666)
    code = f"""
path = {str(shown / "data.txt")!r}
answer = [open(path).read(), attempt(lambda: open(path, "a").close()),
    attempt(os.mkdir, path + ".d")]
"""
    room = (str(shown),)
    assert inside(code, readable=room) == ["1 2 3", "EROFS", "EROFS"]
    bare = ("syscalls.set_tree_flags",)
    assert inside(code, readable=room, without=bare) == ["1 2 3", None, None]


@pytest.mark.sandbox
def test_folders_above_the_room_hold_nothing_else(tmp_path: Path) -> None:
    """Of a folder on the way to a visible one, only that one is seen."""
    for name in ("shown", "hidden"):
        (tmp_path / name).mkdir()
    code = f"answer = sorted(os.listdir({str(tmp_path)!r}))"
    room = (str(tmp_path / "shown"),)
    assert inside(code, readable=room, without=("landlock.restrict",)) == ["shown"]
    assert outside(code) == ["hidden", "shown"]


@pytest.mark.sandbox
@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])  # noqa: S108 - the sandbox's own
def test_scratch_folder_is_private_and_bounded(folder: str) -> None:
    """A private folder shows no other's file, takes files up to its size, and runs nothing."""
    code = f"""
few = open({folder!r} + "/few", "wb").write(bytes(2**19))
many = attempt(lambda: open({folder!r} + "/many", "wb", buffering=0).write(bytes(2**19)))
more = attempt(lambda: open({folder!r} + "/more", "wb", buffering=0).write(bytes(2**19)))
noexec = os.statvfs({folder!r}).f_flag & os.ST_NOEXEC
answer = [few, many, more, bool(noexec)]
"""
    assert inside(code) == [2**19, 2**19, "ENOSPC", True]
    with tempfile.NamedTemporaryFile(dir=folder) as others:
        seen = f"answer = os.path.exists({others.name!r})"
        assert inside(seen) is False
        assert outside(seen) is True


@pytest.mark.sandbox
def test_file_larger_than_the_limit_is_refused() -> None:
    """A single file stops at `file_mb`, though /tmp has room for more."""
    code = """
with open("large", "wb", buffering=0) as file:
    file.seek(4 * 2**20)
    answer = attempt(file.write, b"x")
"""
    assert inside(code, tmp_bytes=2**24) == "EFBIG"
    assert inside(code, tmp_bytes=2**24, without=("limits.apply",)) == 1


@pytest.mark.sandbox
def test_rest_of_the_root_is_read_only() -> None:
    """Nothing can be made beside the private folders."""
    code = 'answer = [attempt(os.mkdir, path) for path in ("/new", "/etc/new", "/dev/new")]'
    assert inside(code) == ["EROFS"] * 3


@pytest.mark.sandbox
def test_devices_and_imports_work() -> None:
    """The harmless devices, the clock's zone, users and modules not yet imported are at hand."""
    code = """
import colorsys, getpass, sqlite3, _pytest.skipping
os.environ.pop("USER", None), os.environ.pop("LOGNAME", None)
zeros = open("/dev/zero", "rb").read(3) + open("/dev/null", "rb").read()
open("/dev/null", "w").write("gone")
answer = [zeros.hex(), len(os.urandom(3)), getpass.getuser(), os.getcwd(), os.getuid()]
"""
    expected = ["000000", 3, "student", "/tmp", namespaces.INSIDE_ID]  # noqa: S108 - as above
    assert inside(code) == expected


# Processes


@pytest.mark.sandbox
def test_no_other_process_is_visible() -> None:
    """The confined process is pid 1 without a parent, and /proc shows itself alone."""
    code = """
seen = [name for name in os.listdir("/proc") if name.isdigit()]
answer = [os.getpid(), os.getppid(), seen, os.listdir("/proc/sys")]
"""
    assert inside(code) == [1, 0, ["1"], []]
    pid, parent, seen, settings = outside(code)
    assert pid > 1
    assert str(parent) in seen
    assert settings


@pytest.mark.sandbox
def test_killing_the_first_process_ends_a_daemon() -> None:
    """A grandchild in a session of its own dies with pid 1; without walls it lives on."""
    code = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(reply_end, str(os.getpid()).encode())
        signal.pause()
    os._exit(0)
signal.pause()
"""
    assert run_driver(code, kill=True) == ("gone", -signal.SIGKILL)
    assert run_driver(code, kill=True, walled=False) == ("alive", -signal.SIGKILL)


@pytest.mark.sandbox
@pytest.mark.parametrize("processes", [24, 40])
def test_fork_bomb_stops_at_the_limit(processes: int) -> None:
    """Processes are counted, keeper and pid 1 among them, also when the grader is root."""
    code = """
answer = 0
while answer < 100:
    try:
        child = os.fork()
    except BlockingIOError:
        break
    if child == 0:
        signal.pause()
    answer += 1
"""
    limits = {**asdict(SMALL), "processes": processes}
    assert inside(code, limits=limits) == processes - 2
    assert inside(code, without=("limits.apply",)) == 100


@pytest.mark.sandbox
def test_memory_stops_at_the_limit() -> None:
    """An allocation past `memory_mb` fails; a larger limit lets it pass."""
    code = "answer = len(bytearray(700 * 2**20))"
    assert inside(code) == "MemoryError"
    assert inside(code, limits={**asdict(SMALL), "memory_mb": 900}) == 700 * 2**20


@pytest.mark.sandbox
def test_processor_time_stops_at_the_limit() -> None:
    """A limit on processor time stands behind the wall clock, above it, and ends pid 1 too."""
    code = "import resource; answer = resource.getrlimit(resource.RLIMIT_CPU)"
    soft, hard = inside(code, limits={**asdict(SMALL), "wall_seconds": 3.2})
    assert soft == hard
    assert soft >= 3.2 * (os.cpu_count() or 1)


@pytest.mark.sandbox
def test_capabilities_are_all_gone() -> None:
    """No capability set holds anything, and privileges cannot be gained."""
    code = """
lines = dict(line.split(":\\t") for line in open("/proc/self/status").read().splitlines())
sets = [int(lines["Cap" + name], 16) for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")]
answer = [any(sets), lines["NoNewPrivs"], lines["Seccomp"]]
"""
    assert inside(code) == [False, "1", "2"]
    assert (
        inside(code, without=("walls.forgo_capabilities", "syscalls.drop_capabilities"))[0] is True
    )


@pytest.mark.sandbox
def test_inherited_descriptor_is_closed() -> None:
    """A descriptor that is not to be kept is closed; without walls it is inherited."""
    code = "answer = attempt(lambda: os.fstat(spare) and 'open')"
    assert inside(code) == "EBADF"
    assert outside(code) == "open"


@pytest.mark.sandbox
def test_parent_death_signal_survives_the_walls() -> None:
    """A death signal that pid 1 sets before it shuts itself in is still set, and stays."""
    code = """
setting = ctypes.c_int()
syscalls.prctl(2, ctypes.addressof(setting))
answer = [setting.value, attempt(syscalls.set_parent_death_signal, 0)]
"""
    before = """
move_in = namespaces.move_in
namespaces.move_in = lambda: (syscalls.set_parent_death_signal(9), move_in())
"""
    assert inside(code, before=before) == [9, "EPERM"]


# System calls


@pytest.mark.sandbox
def test_program_is_not_run() -> None:
    """Seccomp refuses to run a program, Landlock after it; without both it runs."""
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
    """Seccomp refuses a socket, Landlock a connection, the namespace a route; else it connects."""
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
def test_event_loop_works() -> None:
    """A pair of sockets within the process is allowed: asyncio needs one; vsock is not."""
    code = """
import asyncio
async def seven():
    return 7
answer = [asyncio.run(seven()), attempt(syscalls.call, "socketpair", 40, 1, 0, 0)]
"""
    assert inside(code) == [7, "EPERM"]


@pytest.mark.sandbox
def test_refused_system_calls_give_eperm() -> None:
    """The kernel itself gives EPERM for each call of the list that this processor has."""
    names = [name for name in seccomp.REFUSED if syscalls.number(name) is not None]
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
    ],
)
def test_system_call_works_without_its_walls(call: str, allowed: object) -> None:
    """What seccomp refuses would work if seccomp, Landlock and the capabilities' end were off."""
    # The process that a clone makes must not answer too.
    code = f"answer = attempt(syscalls.call, {call})"
    if "clone" in call:
        code += "\nif answer == 0: os._exit(0)"
    bare = (*NO_SECCOMP_NOR_LANDLOCK, "walls.forgo_capabilities", "syscalls.drop_capabilities")
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
def test_second_set_of_numbers_kills() -> None:
    """A system call by its x32 number ends the process at once."""
    code = f"ctypes.CDLL(None).syscall(ctypes.c_long({0x40000000 | 39})); answer = 1"
    assert run_driver(code) == (None, -signal.SIGSYS)
    assert inside(code, without=NO_SECCOMP) == 1


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
def test_filter_judges_by_number_and_argument(
    machine: str, number: int, arguments: tuple[int, ...], verdict: int
) -> None:
    """The assembled filter gives the verdict that the numbers in the manuals call for."""
    assert judge(seccomp.build(machine), ARCH[machine], number, *arguments) == verdict


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_filter_refuses_nothing_but_its_list(machine: str) -> None:
    """Every number of the list is refused, and no other is."""
    program = seccomp.build(machine)
    refused = {number for number in range(1000) if judge(program, ARCH[machine], number) == EPERM}
    listed = {syscalls.number(name, machine) for name in seccomp.REFUSED} - {None}
    # A socket pair of no family is refused too.
    assert refused == listed | {syscalls.number("socketpair", machine)}


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_filter_kills_a_foreign_processors_calls(machine: str) -> None:
    """A call by another processor's numbering, such as 32-bit x86, ends the process."""
    assert judge(seccomp.build(machine), 0x40000003, 3) == KILL


# What the room shows


def test_layout_keeps_links_and_drops_what_is_within(tmp_path: Path) -> None:
    """Links on the way are kept as links, and a tree within another is not mounted twice."""
    real = tmp_path.resolve()
    (real / "python-3" / "lib").mkdir(parents=True)
    (real / "current").symlink_to("python-3")
    (real / "venv").symlink_to(real / "current")
    layout = namespaces.lay_out((f"{real}/venv/lib", f"{real}/python-3"), 1)
    assert layout.trees == (f"{real}/python-3",)
    assert layout.links == (
        (f"{real}/current", "python-3"),
        (f"{real}/venv", f"{real}/current"),
    )


def test_layout_of_links_in_a_circle_is_refused(tmp_path: Path) -> None:
    """Links that lead to each other end in an error, not a hang."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        namespaces.lay_out((str(tmp_path / "a"),), 1)


@pytest.mark.parametrize("path", ["/", "/proc/self", "/dev", "/usr/.."])
def test_layout_of_the_whole_system_is_refused(path: str) -> None:
    """Neither the root nor a kernel's file system can be shown."""
    with pytest.raises(ValueError, match="cannot be shown"):
        namespaces.lay_out((path,), 1)


def test_python_room_leaves_out_a_project_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of `sys.path` only site-packages is shown, so an editable install shows no project."""
    packages = tmp_path / "site-packages"
    packages.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), str(packages), ""])
    readable = walls.python_room().readable
    assert str(packages) in readable
    assert str(tmp_path) not in readable
    assert not any(Path(path) == PROJECT or Path(path) in PROJECT.parents for path in readable)


# Walls that cannot be built


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("function", "number", "said", "tip"),
    [
        ("syscalls.unshare", errno.EPERM, "enter namespaces of its own", "user namespaces"),
        ("syscalls.unshare", errno.ENOSPC, "ENOSPC", "user.max_user_namespaces"),
        ("syscalls.mount", errno.EPERM, "build its private root", "systempaths=unconfined"),
        ("landlock.restrict", errno.EPERM, "use Landlock", "seccomp=unconfined"),
        ("seccomp.load", errno.EINVAL, "seccomp", "CONFIG_SECCOMP_FILTER"),
    ],
)
def test_missing_wall_is_named_with_what_mends_it(
    function: str, number: int, said: str, tip: str
) -> None:
    """A refusal of the kernel names the wall, the errno and the setting that mends it."""
    before = f"""
def refuse(*_arguments, **_named):
    raise OSError({number}, os.strerror({number}), "asked")
{function} = refuse
"""
    message, advice = inside("answer = 'ran'", before=before)
    assert said in message
    assert errno.errorcode[number] in message
    assert tip in advice


def test_kernel_without_landlock_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel too old for Landlock is refused at the start, with the version that is needed."""

    def missing() -> int:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), "landlock_create_ruleset")

    monkeypatch.setattr(landlock, "version", missing)
    with pytest.raises(SandboxUnavailableError, match=r"Landlock here: .*ENOSYS") as caught:
        walls.open_room(walls.Room(()))
    assert "Linux 5.13" in caught.value.tip


def test_other_system_than_linux_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """On another system than Linux the message says so, and the tip says where it runs."""
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailableError, match="needs Linux, and this is darwin"):
        walls.open_room(walls.Room(()))


def test_setting_that_forbids_namespaces_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tip names the kernel setting that is in the way, as this machine has it."""
    setting = tmp_path / "apparmor"
    setting.write_text("1\n", encoding="ascii")
    monkeypatch.setattr(refusals, "_SETTINGS", ((str(setting), b"1", "0"),))
    assert refusals.namespace_tip(errno.EPERM).endswith("apparmor=0.")
    setting.write_text("0\n", encoding="ascii")
    assert "seccomp=unconfined" in refusals.namespace_tip(errno.EPERM)
