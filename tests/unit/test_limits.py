"""A machine, user or container with less than submissions may use is told at the start."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from autograder.errors import SandboxUnavailableError
from autograder.sandbox import Limits, diagnostics, limits, require_limits
from autograder.sandbox.kernel import cgroups

NEEDED = Limits(wall_seconds=60, memory_mb=1000, processes=40)
NONE = resource.RLIM_INFINITY
MB = 2**20


def set_hard_limits(monkeypatch: pytest.MonkeyPatch, **hard: int) -> None:
    """Let this process have some hard limits, by name, and no others."""
    values = {getattr(resource, name): value for name, value in hard.items()}
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (NONE, values.get(kind, NONE)))


def set_groups(
    monkeypatch: pytest.MonkeyPatch, memory_mb: int | None = None, processes: int | None = None
) -> None:
    """Let a control group around this process allow so much; None bounds nothing."""
    monkeypatch.setattr(cgroups, "enclosing_memory_mb", lambda: memory_mb)
    monkeypatch.setattr(cgroups, "enclosing_processes", lambda: processes)


def test_process_without_limits_has_none_too_low(monkeypatch: pytest.MonkeyPatch) -> None:
    """Infinity is enough."""
    set_hard_limits(monkeypatch)
    assert limits.lowered(NEEDED) is None


@pytest.mark.parametrize(
    ("name", "enough", "option", "unit"),
    [
        ("RLIMIT_AS", (1000 + 4608) * MB, "-v", 1024),
        ("RLIMIT_DATA", 1000 * MB, "-d", 1024),
        ("RLIMIT_FSIZE", 64 * MB, "-f", 1024),
        ("RLIMIT_CPU", limits.cpu_limit(60), "-t", 1),
        ("RLIMIT_NOFILE", 256, "-n", 1),
        ("RLIMIT_NPROC", 40, "-u", 1),
    ],
)
def test_hard_limit_that_is_too_low_is_told_in_units_of_ulimit(
    name: str, enough: int, option: str, unit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Just enough passes; one less is named as the shell names it."""
    set_hard_limits(monkeypatch, **{name: enough})
    assert limits.lowered(NEEDED) is None
    set_hard_limits(monkeypatch, **{name: enough - 1})
    assert limits.lowered(NEEDED) == (option, -(-enough // unit), (enough - 1) // unit)


def test_soft_limit_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process may raise it by itself."""
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (1, NONE))
    assert limits.lowered(NEEDED) is None


def test_limit_of_the_shell_is_refused_with_its_command() -> None:
    """A real process with a real limit says what to type."""
    code = (
        "import resource\n"
        "from autograder.sandbox import Limits, require_limits\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))\n"
        "require_limits(Limits(wall_seconds=60))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "ulimit -H -n is 100, and 256 are needed" in done.stderr


def test_limit_that_is_too_low_is_refused_with_a_tip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tip names both ways out."""
    set_hard_limits(monkeypatch, RLIMIT_NPROC=39)
    with pytest.raises(SandboxUnavailableError, match=r"-u is 39, and 40 are needed") as caught:
        require_limits(NEEDED)
    assert "ulimit -H -u unlimited" in caught.value.tip
    assert "course.yml" in caught.value.tip


def test_machine_with_enough_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the submission may use and the grader's own share are enough, to the last one."""
    set_hard_limits(monkeypatch)
    set_groups(monkeypatch, memory_mb=1512, processes=56)
    require_limits(NEEDED)
    set_groups(monkeypatch)
    require_limits(NEEDED)


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"memory_mb": 1511}, "allows 1511 MB of memory; to grade, 1512 are needed"),
        ({"processes": 55}, "allows 55 processes and threads; to grade, 56 are needed"),
        ({"memory_mb": 0}, "allows 0 MB"),
    ],
)
def test_container_with_too_little_is_refused(
    groups: dict[str, int], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise submissions would be ended there for a limit that is not the course's."""
    set_hard_limits(monkeypatch)
    set_groups(monkeypatch, **groups)
    with pytest.raises(SandboxUnavailableError, match=words):
        diagnostics.require_limits(NEEDED)
