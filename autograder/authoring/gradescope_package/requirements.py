"""What the grader needs from a package index: the part of the lock that is no developer's tool."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from autograder.errors import CourseError

_BLOCK = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==.*?(?=^[A-Za-z0-9]|\Z)", re.MULTILINE | re.DOTALL
)
_VIA = re.compile(r"^    # via(?P<first>.*(?:\n    #   .*)*)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+(\[[^]]*\])?")
_GROUP = re.compile(r"\(.*:[^)]*\)$")
"""The end of a project's own name where a dependency group requires something."""


def locked_requirements(lock: Path) -> bytes:
    """The requirements of the grader, each with its version and hashes.

    Args:
        lock: The course's `requirements.lock`, as uv or pip-tools write it, with its `# via` lines.

    Returns:
        A requirements file for pip. If there is no lock, the installed versions, without hashes.

    Raises:
        CourseError: If the lock has no requirement at all.
    """
    if not lock.exists():
        return _installed().encode()
    blocks = [(match["name"], match[0]) for match in _BLOCK.finditer(lock.read_text("utf-8"))]
    if not blocks:
        raise CourseError(
            f"{lock} has no requirements.", "Write it again, or delete it for what is installed."
        )
    requirers = {name: _requirers(text) for name, text in blocks}
    needed = {name for name, by in requirers.items() if not by or any(map(_is_project, by))}
    pending = list(needed)
    while pending:
        parent = pending.pop()
        further = {name for name, by in requirers.items() if parent in by} - needed
        needed |= further
        pending += further
    return "".join(text for name, text in blocks if name in needed).encode()


def _requirers(block: str) -> set[str]:
    """Who requires a package, by the comment below it."""
    match = _VIA.search(block)
    lines = match["first"].split("\n") if match else []
    return {line.strip().removeprefix("#").strip() for line in lines} - {""}


def _is_project(requirer: str) -> bool:
    """Whether it is the course's project itself, and not one of its dependency groups."""
    return " (" in requirer and not _GROUP.search(requirer)


def _installed() -> str:
    """The installed version of each distribution that this package requires, with its extras."""
    names = {
        match[0]
        for requirement in metadata.requires("autograder") or ()
        if (match := _NAME.match(requirement))
    }
    versions = {name: metadata.version(name.partition("[")[0]) for name in sorted(names)}
    return "".join(f"{name}=={version}\n" for name, version in versions.items())
