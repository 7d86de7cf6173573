"""Where a course folder still names a student, in files that nobody but a person should change."""

from __future__ import annotations

import contextlib
import dataclasses
import mmap
import os
import re
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.records.inventory import word_of

_NOT_SEARCHED = ("solutions", "assignments", "release")
"""What authors write; it is about nobody."""
_SQLITE = b"SQLite format 3\0"
_TAR_ENDS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_MAX_MEMBERS = 1_000_000
_Patterns = Sequence[re.Pattern[bytes]]


@dataclasses.dataclass(frozen=True)
class Trace:
    """One file that names a student.

    Attributes:
        path: The file or folder.
        where: Where in it, such as "line 3".
    """

    path: Path
    where: str


def find_traces(root: Path, words: Sequence[str], live: Path | None = None) -> list[Trace]:
    """Find files of a course folder that name a student.

    Hidden folders in it, such as that of Git, are not searched, nor are `solutions`, `assignments`
    and `release`. Of zips and tars, only the names in them are.

    Args:
        root: The course folder.
        words: The student's id, and whatever else names them.
        live: The gradebook in use, whose rows are counted elsewhere.
    """
    patterns = [word_of(word) for word in words]
    # In a row of a database, one value follows the other without anything between.
    in_rows = [re.compile(re.escape(os.fsencode(word))) for word in words]
    return [
        Trace(path, where)
        for path in _paths(root)
        if path != live and (where := _where(path, patterns, in_rows))
    ]


def _paths(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        if Path(folder) == root:
            folders[:] = [f for f in folders if f[0] != "." and f not in _NOT_SEARCHED]
        folders.sort()
        yield from (Path(folder, name) for name in sorted([*names, *folders]))


def _where(path: Path, patterns: _Patterns, in_rows: _Patterns) -> str:
    if any(pattern.search(os.fsencode(path.name)) for pattern in patterns):
        return "its name"
    if path.is_symlink() or not path.is_file():
        return ""
    if zipfile.is_zipfile(path):
        return _in_names(_zip_names(path), patterns)
    if path.name.endswith(_TAR_ENDS):
        return _in_names(_tar_names(path), patterns)
    return _in_content(path, patterns, in_rows)


def _in_content(path: Path, patterns: _Patterns, in_rows: _Patterns) -> str:
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return ""
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[: len(_SQLITE)] == _SQLITE:
                return "a database" if any(p.search(data) for p in in_rows) else ""
            starts = [match.start() for p in patterns if (match := p.search(data))]
            lines = data[: min(starts)].count(b"\n") + 1 if starts else 0
    return f"line {lines}" if lines else ""


def _in_names(names: Iterator[str], patterns: _Patterns) -> str:
    with contextlib.suppress(OSError, zipfile.BadZipFile, tarfile.TarError, EOFError, ValueError):
        for number, name in enumerate(names):
            if number > _MAX_MEMBERS:
                break
            data = name.encode("utf-8", "replace")
            if any(pattern.search(data) for pattern in patterns):
                return f"{name} in it"
    return ""


def _zip_names(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        yield from archive.namelist()


def _tar_names(path: Path) -> Iterator[str]:
    with tarfile.open(path) as archive:
        yield from (member.name for member in archive)
