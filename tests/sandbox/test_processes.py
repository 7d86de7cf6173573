"""Processes, memory, time, capabilities and descriptors of a confined process."""

from __future__ import annotations

import os
import signal

import pytest
from confined import NO_DROPPED_CAPABILITIES, SMALL, inside, outside, run_driver

pytestmark = pytest.mark.sandbox


def test_other_processes_are_not_visible() -> None:
    """The confined process is pid 1 without a parent, and /proc shows itself alone."""
    code = """
visible = [name for name in os.listdir("/proc") if name.isdigit()]
answer = [os.getpid(), os.getppid(), visible, os.listdir("/proc/sys")]
"""
    assert inside(code) == [1, 0, ["1"], []]
    pid, parent, visible, settings = outside(code)
    assert pid > 1
    assert str(parent) in visible
    assert settings


def test_daemon_of_a_killed_submission_ends_with_it() -> None:
    """A grandchild in a session of its own dies with pid 1; without a sandbox it lives on."""
    code = """
if os.fork() == 0:
    attempt(os.setsid)
    if os.fork() == 0:
        os.write(reply_end, str(os.getpid()).encode())
        signal.pause()
    os._exit(0)
signal.pause()
"""
    assert run_driver(code, kill=True) == ("ended", -signal.SIGKILL)
    assert run_driver(code, kill=True, confined=False) == ("alive", -signal.SIGKILL)


@pytest.mark.parametrize("processes", [24, 40])
def test_fork_bomb_stops_at_the_limit(processes: int) -> None:
    """Processes are counted, supervisor and pid 1 among them, also when the grader is root."""
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
    assert inside(code, limits={**SMALL, "processes": processes}) == processes - 2
    assert inside(code, without=("limits.apply",)) == 100


def test_allocation_past_the_memory_limit_fails() -> None:
    """An allocation past `memory_mb` fails; a larger limit lets it pass."""
    code = "answer = len(bytearray(700 * 2**20))"
    assert inside(code) == "MemoryError"
    assert inside(code, limits={**SMALL, "memory_mb": 900}) == 700 * 2**20


def test_processor_time_has_a_limit_above_the_wall_clock() -> None:
    """A limit on processor time, above the wall clock's, ends pid 1 too."""
    code = "import resource; answer = resource.getrlimit(resource.RLIMIT_CPU)"
    soft, hard = inside(code, limits={**SMALL, "wall_seconds": 3.2})
    assert soft == hard
    assert soft >= 3.2 * (os.cpu_count() or 1)


def test_confined_process_has_no_capability() -> None:
    """No capability set holds anything, and privileges cannot be gained."""
    code = """
lines = dict(line.split(":\\t") for line in open("/proc/self/status").read().splitlines())
sets = [int(lines["Cap" + name], 16) for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")]
answer = [any(sets), lines["NoNewPrivs"], lines["Seccomp"]]
"""
    assert inside(code) == [False, "1", "2"]
    assert inside(code, without=NO_DROPPED_CAPABILITIES)[0] is True


def test_inherited_descriptor_is_closed() -> None:
    """A descriptor that is not to be kept is closed; without a sandbox it is inherited."""
    code = "answer = attempt(lambda: os.fstat(spare) and 'open')"
    assert inside(code) == "EBADF"
    assert outside(code) == "open"


def test_parent_death_signal_set_before_confinement_stays() -> None:
    """A death signal that pid 1 sets before it confines itself is still set, and cannot change."""
    code = """
setting = ctypes.c_int()
syscalls.prctl(2, ctypes.addressof(setting))
answer = [setting.value, attempt(syscalls.set_parent_death_signal, 0)]
"""
    before = """
enter_root = namespaces.enter_root
namespaces.enter_root = lambda: (syscalls.set_parent_death_signal(9), enter_root())
"""
    assert inside(code, before=before) == [9, "EPERM"]
