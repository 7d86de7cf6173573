"""What students install beside the wheel, in the versions that the grader is locked to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

from autograder.errors import CourseError

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)\s*(;[^\\]*)?", re.MULTILINE)
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


def distributions(libraries: Iterable[str]) -> list[str]:
    """The distributions that importable names come from.

    Args:
        libraries: Top-level modules, such as "ruamel".

    Returns:
        Names as package indices spell them, such as "ruamel-yaml"; sorted.

    Raises:
        CourseError: If one is not installed.
    """
    homes = _homes()
    ours = _ours()
    found: set[str] = set()
    for library in libraries:
        if library not in homes:
            raise CourseError(
                f"Students need the module {library}, and no installed package has it.",
                "Mend the import in the assignment's notebook, exercise or checks; or add the "
                "library to pyproject.toml and requirements.lock.",
            )
        found |= homes[library] & ours.keys() or homes[library]
    return sorted(found)


def ranges(names: Iterable[str]) -> list[str]:
    """The versions that our own distribution allows of each; any, where it leaves that to others.

    Args:
        names: Distributions.

    Returns:
        Such as "numpy>=2".
    """
    ours = _ours()
    return [ours.get(name, name) for name in names]


def pins(names: Iterable[str], lock: Path) -> list[str]:
    """The locked version of each, one line for each Python or platform that differs.

    Args:
        names: Distributions.
        lock: `requirements.lock`.

    Returns:
        Lines such as "numpy==2.2.6 ; python_full_version < '3.11'".

    Raises:
        CourseError: If the lock cannot be read or does not have one.
    """
    locked = _locked(lock)
    missing = [name for name in names if name not in locked]
    if missing:
        raise CourseError(
            f"{lock} has no version of {', '.join(missing)}, which students need.",
            "Write the lock again; CONTRIBUTING.md tells how.",
        )
    return [line for name in names for line in locked[name]]


def normal(requirement: str) -> str:
    """The name that a requirement begins with, in its one normal spelling."""
    name = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", name[0]).lower() if name else requirement


def _homes() -> Mapping[str, set[str]]:
    """The installed distributions by the top-level modules that they bring.

    `importlib.metadata.packages_distributions` misses most of them on Python 3.10.
    """
    homes: dict[str, set[str]] = {}
    for distribution in metadata.distributions():
        tops = {file.parts[0] for file in distribution.files or () if file.suffix == ".py"}
        for top in tops:
            homes.setdefault(top.removesuffix(".py"), set()).add(normal(distribution.name))
    return homes


def _ours() -> Mapping[str, str]:
    """What our own distribution requires, by name."""
    return {normal(text): text for text in metadata.requires("autograder") or ()}


def _locked(lock: Path) -> Mapping[str, list[str]]:
    try:
        text = lock.read_text("utf-8")
    except OSError as error:
        raise CourseError(
            f"The locked versions cannot be read: {lock}: {error.strerror}.",
            "Run autograder from a clone of the course's repository.",
        ) from None
    found: dict[str, list[str]] = {}
    for name, version, marker in _PINNED.findall(text):
        line = f"{normal(name)}=={version} {marker.strip()}".rstrip()
        found.setdefault(normal(name), []).append(line)
    return found
