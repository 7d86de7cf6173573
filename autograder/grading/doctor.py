"""Examine what this machine can do for grading, and how to fix what is missing."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.course import SCRATCH_MB, Course
from autograder.errors import AutograderError, SandboxUnavailableError
from autograder.grading.session import programs
from autograder.sandbox import (
    TIERS,
    ForkServer,
    Limits,
    Programs,
    diagnostics,
    require_limits,
)
from autograder.sandbox.kernel import landlock
from autograder.sandbox.tiers import NEEDED_LANDLOCK

_NO_TIER = "none: "


@dataclass(frozen=True)
class Fact:
    """One line of the examination.

    Attributes:
        name: What was examined.
        value: The result.
        ok: Whether nothing about it makes grading less safe than it could be.
        fix: What to do if it is not ok.
    """

    name: str
    value: str
    ok: bool = True
    fix: str = ""


def examine(course: Course | None) -> list[Fact]:
    """Start the sandbox as a batch would, and report.

    Args:
        course: The course, for its limits and modules; None outside a course folder.

    Returns:
        Facts; the first one is the tier.
    """
    try:
        with ForkServer(Programs() if course is None else programs(course)) as server:
            facts = [*_tiers(server), _memory(server)]
            versions = server.environment
            tensorflow = f"{versions['tensorflow']}, {server.tensorflow_build} build"
            facts.append(Fact("TensorFlow", tensorflow))
            facts += [Fact(name, versions[name]) for name in ("keras", "numpy", "python")]
    except AutograderError as error:
        facts = [Fact("tier", f"{_NO_TIER}{error.message}", ok=False, fix=error.tip)]
    facts += [*_machine(), *_limits(course)]
    return facts


def can_grade(facts: list[Fact]) -> bool:
    """Whether any tier works here."""
    return not facts[0].value.startswith(_NO_TIER)


def _tiers(server: ForkServer) -> list[Fact]:
    """The tier that grading uses, and why it does not use a better one."""
    facts = [Fact("tier", f"{server.tier}, which passed its self-test", ok=server.tier == TIERS[0])]
    facts += [
        Fact(f"tier {tier}", message, ok=False, fix=tip)
        for tier, (message, tip) in server.diagnostics.items()
        if TIERS.index(tier) < TIERS.index(server.tier)
    ]
    return facts


def _memory(server: ForkServer) -> Fact:
    enforcer = "the kernel" if server.memory != "watchdog" else "the grader"
    return Fact("memory limit", f"enforced by {enforcer} ({server.memory})")


def _machine() -> list[Fact]:
    facts = [Fact("system", f"{platform.system()} {platform.release()}, {platform.machine()}")]
    if sys.platform == "linux":
        facts += [_landlock(), _seccomp(), _namespaces()]
        if "microsoft" in platform.release().lower():
            facts.append(Fact("Windows", "WSL; version 2 has what the sandbox needs"))
    return facts


def _landlock() -> Fact:
    try:
        version = landlock.version()
    except OSError as error:
        tip = diagnostics.landlock_tip(error.errno or 0)
        return Fact("Landlock", "missing", ok=False, fix=tip)
    fix = "" if version >= NEEDED_LANDLOCK else "Use Linux 6.12 or newer, which blocks signals too."
    return Fact("Landlock", f"version {version}", ok=not fix, fix=fix)


def _seccomp() -> Fact:
    available = "seccomp" in Path("/proc/self/status").read_text("ascii", "replace").lower()
    fix = "" if available else diagnostics.seccomp_tip(0)
    return Fact("seccomp", "available" if available else "missing", ok=available, fix=fix)


def _namespaces() -> Fact:
    setting = diagnostics.forbidding_setting()
    if setting is None:
        return Fact("user namespaces", "not forbidden by any setting")
    name, value = setting
    fix = f"sudo sysctl {name}={value}"
    return Fact("user namespaces", f"forbidden by {name}", ok=False, fix=fix)


def _allowed(course: Course) -> Fact:
    """Whether this user and container allow what a submission may use."""
    limits = course.limits
    try:
        require_limits(Limits(limits.wall_seconds, limits.memory_mb, limits.processes))
    except SandboxUnavailableError as error:
        return Fact("limits of this machine", error.message, ok=False, fix=error.tip)
    return Fact("limits of this machine", "not below the course's")


def _limits(course: Course | None) -> list[Fact]:
    if course is None:
        return [Fact("course", "no course.yml here, so no limits to show")]
    limits = course.limits
    return [
        _allowed(course),
        Fact("course", str(course.root / "course.yml")),
        Fact(
            "limits per submission",
            f"{limits.wall_seconds:g} s, {limits.memory_mb} MB, {limits.processes} processes and "
            f"threads, {limits.output_bytes} bytes of output kept, {SCRATCH_MB} MB of files",
        ),
    ]
