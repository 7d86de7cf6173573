"""What this machine can do for grading, and the one thing that mends what is missing."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.sandbox.client import TIERS, WarmProcess
from autograder.sandbox.limits import FILE_MB

_NO_TIER = "none: "


@dataclass(frozen=True)
class Fact:
    """One line of the examination.

    Attributes:
        what: What was looked at.
        found: What was found.
        good: Whether grading is as safe as it can be, as far as this goes.
        mend: What to do, if it is not.
    """

    what: str
    found: str
    good: bool = True
    mend: str = ""


def examine(course: Course | None) -> list[Fact]:
    """Start the sandbox as a batch would, and say how that went.

    Args:
        course: For its limits and modules; None outside a course folder.

    Returns:
        Facts; the first one is the tier.
    """
    try:
        with WarmProcess(() if course is None else course.preload) as warm:
            facts = [*_tiers(warm), _memory(warm)]
            found = warm.environment
            facts.append(
                Fact("TensorFlow", f"{found['tensorflow']}, {warm.tensorflow_build} build")
            )
            facts += [Fact(name, found[name]) for name in ("keras", "numpy", "python")]
    except AutograderError as error:
        facts = [Fact("tier", f"{_NO_TIER}{error.message}", good=False, mend=error.tip)]
    facts += [*_machine(), *_limits(course)]
    return facts


def can_grade(facts: list[Fact]) -> bool:
    """Whether grading works here at all, with whatever tier."""
    return not facts[0].found.startswith(_NO_TIER)


def _tiers(warm: WarmProcess) -> list[Fact]:
    """The tier that grades, and why no better one does."""
    best = warm.tier == TIERS[0]
    facts = [Fact("tier", f"{warm.tier}; its walls were tried and hold", good=best)]
    facts += [
        Fact(f"tier {tier}", message, good=False, mend=tip)
        for tier, (message, tip) in warm.refusals.items()
        if TIERS.index(tier) < TIERS.index(warm.tier)
    ]
    return facts


def _memory(warm: WarmProcess) -> Fact:
    how = "counted by the kernel" if warm.memory != "watchdog" else "watched from outside"
    return Fact("memory of a submission", f"{how} ({warm.memory})")


def _machine() -> list[Fact]:
    facts = [Fact("system", f"{platform.system()} {platform.release()}, {platform.machine()}")]
    if sys.platform == "linux":
        facts += [_landlock(), _seccomp(), _namespaces()]
        if "microsoft" in platform.release().lower():
            facts.append(Fact("Windows", "WSL: its second version has what the walls need"))
    return facts


def _landlock() -> Fact:
    from autograder.sandbox import landlock, refusals  # noqa: PLC0415 - on Linux alone

    try:
        version = landlock.version()
    except OSError as error:
        return Fact("Landlock", "missing", good=False, mend=refusals.landlock_tip(error.errno or 0))
    mend = "" if version >= 6 else "Linux 6.12 or newer keeps signals away by Landlock too."  # noqa: PLR2004
    return Fact("Landlock", f"version {version}", good=not mend, mend=mend)


def _seccomp() -> Fact:
    known = "seccomp" in Path("/proc/self/status").read_text("ascii", "replace").lower()
    mend = "" if known else "A kernel built with CONFIG_SECCOMP_FILTER is needed."
    return Fact("seccomp", "there" if known else "missing", good=known, mend=mend)


def _namespaces() -> Fact:
    from autograder.sandbox import refusals  # noqa: PLC0415 - on Linux alone

    setting = refusals.forbidding_setting()
    if setting is None:
        return Fact("user namespaces", "no setting forbids them")
    name, good = setting
    return Fact(
        "user namespaces", f"forbidden by {name}", good=False, mend=f"sudo sysctl {name}={good}"
    )


def _limits(course: Course | None) -> list[Fact]:
    if course is None:
        return [Fact("course", "no course.yml here: limits are not known")]
    limits = course.limits
    return [
        Fact("course", str(course.root / "course.yml")),
        Fact(
            "limits of a submission",
            f"{limits.wall_seconds:g} s, {limits.memory_mb} MB, {limits.processes} processes and "
            f"threads, {limits.output_bytes} bytes printed, {FILE_MB} MB of files",
        ),
    ]
