"""Which code and which libraries a process runs, compared with those on disk."""

from __future__ import annotations

import contextlib
import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder import __version__

_PACKAGE = Path(__file__).parents[2]
_DISTRIBUTIONS = {"tensorflow": ("tensorflow", "tensorflow-cpu")}


def package_digest() -> str:
    """Digest of this package's version and code as they are on disk now."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(f"\0{path.relative_to(_PACKAGE)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def differing_versions(environment: Mapping[str, str]) -> list[str]:
    """Names of an environment's versions that are not those installed here.

    Args:
        environment: As in `ForkServer`.
    """
    return [name for name, theirs in environment.items() if _installed(name) != theirs]


def _installed(name: str) -> str:
    """The version that a fork server would measure, without importing anything; "" if unknown."""
    if name == "python":
        return platform.python_version()
    if name == "machine":
        return platform.machine()
    for distribution in _DISTRIBUTIONS.get(name, (name,)):
        with contextlib.suppress(PackageNotFoundError):
            return version(distribution)
    return ""
