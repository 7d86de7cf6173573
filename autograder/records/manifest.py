"""What an archive of a course says about itself: its files with their digests, and versions."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MANIFEST = "MANIFEST.json"
"""The manifest's name in the archive."""
GRADEBOOK = "gradebook.db"
"""The gradebook's name in the archive, whichever database it comes from."""
_PACKAGES = ("tensorflow", "keras", "numpy", "nbgrader", "sqlalchemy")


class ArchivedFile(BaseModel):
    """One file of an archive.

    Attributes:
        sha256: Its digest.
        size: Its length, in bytes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class Manifest(BaseModel):
    """What an archive holds, and what made it.

    Attributes:
        format: The version of this format.
        title: The course's title.
        made_at: When it was made.
        gradebook_configured: Whether the course's settings name its gradebook, which then may be
            a database that the archive has a copy of.
        versions: Versions of Python, of this package and of those that decide marks.
        files: The archive's other files, by path.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    title: str
    made_at: datetime
    gradebook_configured: bool
    versions: Mapping[str, str]
    files: Mapping[str, ArchivedFile]


def versions_here() -> dict[str, str]:
    """Versions of what runs here; none of it is imported for that."""
    from autograder import __version__  # noqa: PLC0415 - the package imports this module

    versions = {"autograder": __version__, "python": platform.python_version()}
    versions["sqlite"] = sqlite3.sqlite_version
    return versions | {name: metadata.version(name) for name in _PACKAGES}
