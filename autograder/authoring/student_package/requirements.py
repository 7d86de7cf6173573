"""The libraries that students install: the grader's versions, or what their computer has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

from autograder.errors import CourseError

STUDENT_RANGES = {
    "tensorflow": "tensorflow>=2.16.1,<2.22",  # 2.16 is the last one for Intel Macs
    "keras": "keras>=3.5,<4",
    "numpy": "numpy>=1.26,<3",  # TensorFlow 2.16 and 2.17 need 1.26
    "ipython": "ipython>=7.34",  # Colab keeps 7.34, and an upgrade breaks its notebooks
    "contourpy": "contourpy>=1.2",
    "jinja2": "jinja2>=3.1",
    "markupsafe": "markupsafe>=2.1.5",
    "matplotlib": "matplotlib>=3.8",
    "msgpack": "msgpack>=1.0.8",
    "pygments": "pygments>=2.15",
    "pydantic": "pydantic>=2.8,<3",
    "pytest": "pytest>=8,<10",
    "rich": "rich>=13.7",
    "ruamel-yaml": "ruamel.yaml>=0.18",
    "typer": "typer>=0.15.1",  # earlier ones do not read `str | None`
    "typing-extensions": "typing-extensions>=4.12",
}
"""The versions that `check` works with.

The first ones of each are tested together, and so are those of `requirements.lock`. Grading is
pinned to one TensorFlow.
"""

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)\s*(;[^\\]*)?", re.MULTILINE)
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


def distributions(libraries: Iterable[str]) -> list[str]:
    """The distributions that provide modules.

    Args:
        libraries: Top-level modules, such as "ruamel".

    Returns:
        Names as package indexes spell them, such as "ruamel-yaml"; sorted. Where several
        distributions provide a module, those that this package requires.

    Raises:
        CourseError: If no installed distribution provides one.
    """
    providers, required = _providers(), _own_requirements()
    names: set[str] = set()
    for library in libraries:
        if library not in providers:
            raise CourseError(
                f"Students need the module {library}, and no installed package provides it.",
                "Install it, or correct the import in the notebook, the exercise or the checks.",
            )
        names |= providers[library] & required.keys() or providers[library]
    return sorted(names)


def ranges(names: Iterable[str]) -> list[str]:
    """The versions of distributions that students may have.

    Args:
        names: Distributions.

    Returns:
        One requirement for each, such as "numpy>=1.26,<3"; the name alone if any version will do.
    """
    return [STUDENT_RANGES.get(name, name) for name in names]


def pins(names: Iterable[str], lock: Path) -> list[str]:
    """The exact versions that students install.

    Args:
        names: Distributions.
        lock: The course's `requirements.lock`; it may have several lines for one distribution, each
            with a marker. If there is no such file, the installed versions are used.

    Returns:
        Lines such as "numpy==2.2.6 ; python_full_version < '3.11'".

    Raises:
        CourseError: If the lock cannot be read, or does not have one of them.
    """
    if not lock.exists():
        return [f"{name}=={metadata.version(name)}" for name in names]
    locked = _locked(lock)
    missing = [name for name in names if name not in locked]
    if missing:
        raise CourseError(
            f"{lock} has no version of {', '.join(missing)}, which students need.",
            "Write the lock again, or delete it to use the installed versions.",
        )
    return [line for name in names for line in locked[name]]


def normalized_name(requirement: str) -> str:
    """The distribution's name in a requirement, in its one normalized spelling (PEP 503)."""
    name = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", name[0]).lower() if name else requirement


def _providers() -> Mapping[str, set[str]]:
    """Installed distributions, by the top-level modules that they provide.

    `importlib.metadata.packages_distributions` misses most of them on Python 3.10.
    """
    providers: dict[str, set[str]] = {}
    for distribution in metadata.distributions():
        name = normalized_name(distribution.name)
        for top in {file.parts[0] for file in distribution.files or () if file.suffix == ".py"}:
            providers.setdefault(top.removesuffix(".py"), set()).add(name)
    return providers


def _own_requirements() -> Mapping[str, str]:
    """What this package requires, by name."""
    return {normalized_name(text): text for text in metadata.requires("autograder") or ()}


def _locked(lock: Path) -> Mapping[str, list[str]]:
    try:
        text = lock.read_text("utf-8")
    except OSError as error:
        raise CourseError(
            f"{lock} cannot be read: {error.strerror}.",
            "Make it readable, or delete it to use the installed versions.",
        ) from None
    pinned: dict[str, list[str]] = {}
    for spelled, version, marker in _PINNED.findall(text):
        name = normalized_name(spelled)
        pinned.setdefault(name, []).append(f"{name}=={version} {marker.strip()}".rstrip())
    return pinned
