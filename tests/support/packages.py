"""What is inside zips and wheels."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path


def files_of(package: Path) -> dict[str, bytes]:
    """The files of a student's package, by path in its one folder."""
    files = contents(package)
    assert len({name.partition("/")[0] for name in files}) == 1
    return {name.partition("/")[2]: data for name, data in files.items()}


def contents(archive: Path | io.BytesIO) -> dict[str, bytes]:
    """The files of a zip or wheel."""
    with zipfile.ZipFile(archive) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}
