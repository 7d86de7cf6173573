"""The best tier that can be built and holds, or a refusal that says why."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typing_extensions import Self
from weakened import Weakened, without

from autograder.course import Course
from autograder.errors import SandboxUnavailableError
from autograder.grading import can_grade, doctor, examine
from autograder.results import Outcome
from autograder.sandbox import ForkServer, Programs, launch
from autograder.sandbox.kernel import cgroups, landlock
from autograder.sandbox.self_test import ACTS
from autograder.sandbox.tiers import NEEDED_LANDLOCK

pytestmark = pytest.mark.sandbox

MakeNotebook = Callable[..., Path]


def test_layer_that_is_left_out_is_named_by_the_self_test() -> None:
    """With a layer left out the grader refuses to start, and says what the layer would stop."""
    with pytest.raises(SandboxUnavailableError, match=r"inside it can .*open an internet socket"):
        ForkServer(arguments=without("seccomp"))


def test_file_that_is_visible_is_named_by_the_self_test() -> None:
    """A file of the machine that the sandbox shows is read by the self-test, which says so."""
    assert len(ACTS) >= 12
    with pytest.raises(SandboxUnavailableError, match=r"can read a file of the machine\."):
        ForkServer(arguments=without(f"show={Path('/tmp').resolve()}"))  # noqa: S108 - the canary's


def test_system_without_namespaces_gets_the_reduced_tier(course: Course) -> None:
    """Where the kernel forbids namespaces, Landlock and seccomp confine alone."""
    if landlock.version() < NEEDED_LANDLOCK:
        pytest.skip("Landlock is older than version 6 (Linux 6.12)")
    try:
        server = ForkServer(Programs(preload=course.preload), arguments=without("namespaces"))
    except SandboxUnavailableError as error:
        if "EACCES" in error.message:
            pytest.skip("root's Python lies where no ordinary user may read it")
        raise
    with server:
        assert server.tier == "reduced"
        assert "unshare" in server.diagnostics["full"][0]


def test_system_without_namespaces_and_landlock_is_refused() -> None:
    """Below the reduced tier the grader refuses, with what is missing in both."""
    with pytest.raises(SandboxUnavailableError, match=r"unshare failed .* has 3\.") as refused:
        ForkServer(arguments=without("namespaces", "new-landlock"))
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
def test_shared_memory_past_the_limit_ends_the_run(
    layers: tuple[str, ...], weakened: Weakened, notebook: MakeNotebook
) -> None:
    """Memory that no resource limit counts ends the run, under its limit's name and value."""
    grade = weakened.grade(notebook(train_model=SHARED_BOMB), *layers)
    found = next(v for v in grade.checks if v.name == "loss_goes_down")
    assert found.outcome is Outcome.RESOURCE_LIMIT
    assert "more than 1536 MB of memory (memory_mb)" in found.message


def test_shared_memory_that_nothing_counts_is_given(
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
    found = next(v for v in grade.checks if v.name == "loss_goes_down")
    assert found.outcome is Outcome.RESOURCE_LIMIT
    assert "memory_mb" in found.message


FAKE_SYSTEMD_RUN = """#!/bin/sh
echo "$@" > "$(dirname "$0")/asked"
while [ "$1" != "--" ]; do shift; done
shift
exec "$@"
"""


@pytest.mark.parametrize("works", [True, False])
def test_fork_server_without_a_control_group_starts_in_a_scope(
    works: bool,  # noqa: FBT001 - both ways
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no group can be made, the fork server starts in a scope; without one it starts too.

    A script stands for systemd-run, which needs a running systemd.
    """
    fake = tmp_path / "systemd-run"
    fake.write_text(FAKE_SYSTEMD_RUN if works else "#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(launch, "_SYSTEMD", tmp_path)
    monkeypatch.setattr(cgroups, "find_hierarchy", lambda: None)
    with ForkServer() as server:
        assert server.tier == "full"
        environ = Path(f"/proc/{server._process.pid}/environ").read_text()
    assert "XDG_RUNTIME_DIR" not in environ
    if works:
        asked = (tmp_path / "asked").read_text().split()
        assert {"--scope", "--property=Delegate=yes"} <= set(asked)
        assert ("--user" in asked) == (os.geteuid() != 0)


def test_doctor_on_another_system_says_where_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no sandbox at all, the examination says so, and where there is one."""
    monkeypatch.setattr(sys, "platform", "darwin")
    facts = examine(None)
    assert not can_grade(facts)
    assert "needs Linux, and this is darwin" in facts[0].value
    assert "WSL 2" in facts[0].fix


def test_doctor_explains_the_reduced_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tier that could not be built is shown with the kernel's refusal and its fix."""
    monkeypatch.setattr(doctor, "ForkServer", lambda _programs: ReducedOnly())
    facts = {fact.name: fact for fact in examine(None)}
    assert facts["tier"].value.startswith("reduced")
    assert not facts["tier"].ok
    assert facts["tier full"].fix == "allow them"
    assert can_grade(list(facts.values()))


class ReducedOnly:
    """Stand for a fork server on a system that forbids namespaces."""

    tier = "reduced"
    memory = "watchdog"
    tensorflow_build = "CPU"
    diagnostics: Mapping[str, tuple[str, str]] = {"full": ("no namespaces", "allow them")}
    environment: Mapping[str, str] = dict.fromkeys(("tensorflow", "keras", "numpy", "python"), "1")

    def __enter__(self) -> Self:
        """As the real one."""
        return self

    def __exit__(self, *_error: object) -> None:
        """As the real one."""
