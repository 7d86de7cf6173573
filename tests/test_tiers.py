"""The ladder: the best tier whose walls can be built and hold, or a refusal that says why."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Weakened, without
from typing_extensions import Self

from autograder import doctor
from autograder.course import Course
from autograder.doctor import can_grade, examine
from autograder.errors import SandboxUnavailableError
from autograder.results import Outcome
from autograder.sandbox import cgroups, client, landlock
from autograder.sandbox.client import WarmProcess
from autograder.sandbox.confinement import ACTS
from autograder.sandbox.limits import Limits

pytestmark = pytest.mark.sandbox

MakeNotebook = Callable[..., Path]


def test_self_test_names_what_is_possible() -> None:
    """With a wall left out the grader refuses to start, and says what the wall would stop."""
    with pytest.raises(SandboxUnavailableError, match=r"possible to .*open an internet socket"):
        WarmProcess(program=without("seccomp"))


def test_self_test_runs_in_the_walls() -> None:
    """A file that the room shows is read by the self-test, which tries every act."""
    assert len(ACTS) >= 12
    with pytest.raises(SandboxUnavailableError, match=r"to read a file of the machine\."):
        WarmProcess(program=without(f"show={Path('/tmp').resolve()}"))  # noqa: S108 - the canary's


def test_without_namespaces_the_tier_is_reduced(course: Course) -> None:
    """Where the kernel forbids namespaces, Landlock and seccomp confine alone."""
    if landlock.version() < 6:
        pytest.skip("Landlock is older than version 6 (Linux 6.12)")
    try:
        warm = WarmProcess(course.preload, program=without("namespaces"))
    except SandboxUnavailableError as error:
        if "EACCES" in error.message:
            pytest.skip("root's Python lies where no ordinary user may read it")
        raise
    with warm:
        assert warm.tier == "reduced"
        assert "unshare" in warm.refusals["full"][0]


def test_without_namespaces_and_landlock_nothing_is_graded() -> None:
    """Below the reduced tier the grader refuses, with what is missing in both."""
    with pytest.raises(SandboxUnavailableError, match=r"unshare failed .* has 3\.") as refused:
        WarmProcess(program=without("namespaces", "new-landlock"))
    assert "user namespaces" in refused.value.tip


SHARED_BOMB = """
def train_model(model, x, y, epochs=5):
    import mmap
    held = mmap.mmap(-1, 3_000_000_000)
    for page in range(0, len(held), 4096):
        held[page] = 1
    raise ValueError(f"held {len(held)} bytes")
"""


@pytest.mark.parametrize("layers", [("cgroup",), ()], ids=["watchdog", "best"])
def test_shared_memory_is_counted(
    layers: tuple[str, ...], weakened: Weakened, notebook: MakeNotebook
) -> None:
    """Memory that no resource limit counts ends the run, under its limit's name and value."""
    grade = weakened.grade(notebook(train_model=SHARED_BOMB), *layers)
    assert grade.outcome is Outcome.RESOURCE_LIMIT
    assert "more than 1536 MB of memory (memory_mb)" in grade.checks[0].message


def test_shared_memory_is_had_where_nothing_counts_it(
    weakened: Weakened, notebook: MakeNotebook
) -> None:
    """The control: without watchdog and cgroup the same bomb gets its memory."""
    grade = weakened.grade(notebook(train_model=SHARED_BOMB), "memory")
    assert any("held 3000000000 bytes" in verdict.message for verdict in grade.checks)


def test_memory_of_many_processes_is_counted_together(
    weakened: Weakened, notebook: MakeNotebook
) -> None:
    """Ten processes that stay below the limit one by one pass it together."""
    bomb = (
        "def train_model(model, x, y, epochs=5):\n    import os, time\n"
        "    for _ in range(10):\n        if os.fork() == 0:\n"
        "            held = np.ones(40_000_000)\n            time.sleep(60)\n"
        "    time.sleep(60)"
    )
    grade = weakened.grade(notebook(train_model=bomb), "cgroup")
    assert grade.outcome is Outcome.RESOURCE_LIMIT
    assert "memory_mb" in grade.checks[0].message


# Control groups


def make_tree(root: Path, own: str, mounts: str) -> None:
    """Files that stand for /proc/self of a process in some control group."""
    proc = root / "proc" / "self"
    proc.mkdir(parents=True)
    (proc / "cgroup").write_text(own)
    (proc / "mountinfo").write_text(mounts)


def test_version_2_is_chosen_where_controllers_are_handed_on(tmp_path: Path) -> None:
    """With memory and pids handed on, each submission's bounds are written to a group of its own.

    Its files are plain ones here: no kernel stands behind them.
    """
    mount = "31 24 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"
    make_tree(tmp_path, "0::/user.slice/job.scope\n", mount)
    own = tmp_path / "sys/fs/cgroup/user.slice/job.scope"
    own.mkdir(parents=True)
    (own / "cgroup.subtree_control").write_text("cpu memory pids\n")
    hierarchy = cgroups.choose(tmp_path)
    assert hierarchy is not None
    assert hierarchy.name == "cgroup v2"
    group = hierarchy.make(Limits(wall_seconds=1, memory_mb=800, processes=30))
    (folder,) = group.folders
    assert folder.parent == own
    assert (folder / "memory.max").read_text() == str(800 * 2**20)
    assert (folder / "pids.max").read_text() == "30"


@pytest.mark.parametrize("missing", ["memory", "pids"])
def test_version_1_needs_both_controllers(tmp_path: Path, missing: str) -> None:
    """With one of the two hierarchies alone there is no control group."""
    held = {"memory", "pids"} - {missing}
    groups = "".join(f"4:{name}:/\n" for name in held)
    mounts = "".join(f"31 24 0:27 / /cg/{name} rw - cgroup cgroup rw,{name}\n" for name in held)
    make_tree(tmp_path, groups, mounts)
    assert cgroups.choose(tmp_path) is None


def test_groups_of_the_dead_are_swept_away(tmp_path: Path) -> None:
    """Groups that a killed grader left go; those of a living one stay."""
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        check=True,
        capture_output=True,
        text=True,
    )
    for owner in (gone.stdout.strip(), str(os.getpid())):
        (tmp_path / f"autograder-{owner}-0").mkdir()
    cgroups.Hierarchy("cgroup v2", {"memory": tmp_path, "pids": tmp_path}).sweep()
    assert [path.name for path in tmp_path.iterdir()] == [f"autograder-{os.getpid()}-0"]


@pytest.mark.parametrize("refusals", [0, 3])
def test_group_goes_once_the_kernel_lets_it(
    refusals: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group whose last process is reaped, but not yet out of it, is removed a moment later."""
    folders = tmp_path / "memory", tmp_path / "pids"
    for folder in folders:
        folder.mkdir()
    busy = [OSError(errno.EBUSY, "Device or resource busy")] * refusals
    rmdir = Path.rmdir

    def reluctant(folder: Path) -> None:
        if busy:
            raise busy.pop()
        rmdir(folder)

    monkeypatch.setattr(Path, "rmdir", reluctant)
    cgroups.Group(folders, ()).remove()
    assert list(tmp_path.iterdir()) == []


FAKE_SYSTEMD_RUN = """#!/bin/sh
echo "$@" > "$(dirname "$0")/asked"
while [ "$1" != "--" ]; do shift; done
shift
exec "$@"
"""


@pytest.mark.parametrize("works", [True, False])
def test_systemd_gives_a_control_group(
    works: bool,  # noqa: FBT001 - both ways
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no group can be made, the warm process starts in a scope; without one it starts too.

    A script stands for systemd-run, which needs a running systemd.
    """
    fake = tmp_path / "systemd-run"
    fake.write_text(FAKE_SYSTEMD_RUN if works else "#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(client, "_SYSTEMD", tmp_path)
    monkeypatch.setattr(cgroups, "choose", lambda: None)
    with WarmProcess() as warm:
        assert warm.tier == "full"
        environ = Path(f"/proc/{warm._process.pid}/environ").read_text()
    assert "XDG_RUNTIME_DIR" not in environ
    if works:
        asked = (tmp_path / "asked").read_text().split()
        assert {"--scope", "--property=Delegate=yes"} <= set(asked)
        assert ("--user" in asked) == (os.geteuid() != 0)


def test_doctor_on_another_system_says_where_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no walls at all, the examination says so, and what has them."""
    monkeypatch.setattr(sys, "platform", "darwin")
    facts = examine(None)
    assert not can_grade(facts)
    assert "needs Linux, and this is darwin" in facts[0].found
    assert "WSL 2" in facts[0].mend


def test_doctor_explains_the_reduced_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tier that could not be had is shown with the kernel's refusal and what mends it."""
    monkeypatch.setattr(doctor, "WarmProcess", lambda _preload: ReducedOnly())
    facts = {fact.what: fact for fact in examine(None)}
    assert facts["tier"].found.startswith("reduced")
    assert not facts["tier"].good
    assert facts["tier full"].mend == "allow them"
    assert can_grade(list(facts.values()))


class ReducedOnly:
    """Stands for a warm process on a system that forbids namespaces."""

    tier = "reduced"
    memory = "watchdog"
    tensorflow_build = "CPU"
    refusals: Mapping[str, tuple[str, str]] = {"full": ("no namespaces", "allow them")}
    environment: Mapping[str, str] = dict.fromkeys(("tensorflow", "keras", "numpy", "python"), "1")

    def __enter__(self) -> Self:
        """As the real one."""
        return self

    def __exit__(self, *_error: object) -> None:
        """As the real one."""
