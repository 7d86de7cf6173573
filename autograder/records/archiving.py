"""Put everything that a term needs into one file."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

from autograder.course import Course
from autograder.errors import ArchiveError
from autograder.outputs.gradebook import copy_gradebook, find_gradebook
from autograder.records.manifest import (
    GRADEBOOK,
    MANIFEST,
    ArchivedFile,
    Manifest,
    versions_here,
)

_FILES = ("comments.yml", "course.key", "course.yml", "extensions.yml", "nbgrader_config.py")
_FOLDERS = (
    "allocations",
    "assignments",
    "autograded",
    "exports",
    "feedback",
    "grades",
    "history",
    "report",
    "similarity",
    "solutions",
    "submitted",
)
_CACHES = ("__pycache__", ".ipynb_checkpoints")


@dataclasses.dataclass(frozen=True)
class Archived:
    """What was archived.

    Attributes:
        path: The archive.
        files: How many files are in it, without the manifest.
        size: The archive's length, in bytes.
        left_out: Paths in the course folder that are no files of its own, such as links.
    """

    path: Path
    files: int
    size: int
    left_out: tuple[str, ...]


def archive(course: Course, path: Path | None = None) -> Archived:
    """Write an archive: a tar.gz that only its owner can read, in an order that is always the same.

    Links are not followed, because students may have made them.

    Args:
        course: The course.
        path: The file, which does not exist; default: `archives/FOLDER-TIME.tar.gz` in the course.

    Raises:
        ArchiveError: If the file exists, or something changes while it is read.
        GradebookError: If the gradebook cannot be read.
    """
    now = datetime.now(timezone.utc)
    path = path or course.root / "archives" / f"{course.root.name}-{now:%Y-%m-%d-%H%M%S}.tar.gz"
    if os.path.lexists(path):
        raise ArchiveError(f"{path} already exists.", "Name another file with --out FILE.")
    sources = list(_sources(course.root))
    left_out = tuple(name for name, source in sources if not _is_plain(name, source))
    files = {name: source for name, source in sources if _is_plain(name, source)}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, tempfile.TemporaryDirectory() as folder:
            location = find_gradebook(course)
            if not location.is_missing:
                copy_gradebook(location.database, Path(folder, GRADEBOOK))
                files[GRADEBOOK] = Path(folder, GRADEBOOK)
            digests = _write(file, course, files, now, configured=location.configured)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return Archived(path, len(digests), path.stat().st_size, left_out)


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    """Whatever may be archived of a course folder, by its name in the archive."""
    for name in _FILES:
        if os.path.lexists(root / name):
            yield name, root / name
    for name in _FOLDERS:
        top = Path(os.path.realpath(root / name))  # a whole folder may be on another disk
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(f for f in folders if f not in _CACHES)
            links = [f for f in folders if Path(folder, f).is_symlink()]
            for file in sorted([*names, *links]):
                if not file.endswith((".partial", ".pyc")):
                    path = Path(folder, file)
                    yield f"{name}/{path.relative_to(top).as_posix()}", path


def _is_plain(name: str, path: Path) -> bool:
    """Whether it is a file, with a name that is text everywhere."""
    return stat.S_ISREG(path.lstat().st_mode) and name == name.encode("utf-8", "ignore").decode()


def _write(
    file: BinaryIO, course: Course, sources: dict[str, Path], now: datetime, *, configured: bool
) -> dict[str, ArchivedFile]:
    """Write the archive; the manifest comes last, because it has the digests."""
    digests = {}
    with (
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, source in sorted(sources.items()):
            digests[name] = _add(tar, name, source)
        manifest = Manifest(
            title=course.title,
            made_at=now,
            gradebook_configured=configured,
            versions=versions_here(),
            files=digests,
        )
        data = manifest.model_dump_json(indent=1).encode() + b"\n"
        tar.addfile(_member(MANIFEST, len(data), now.timestamp()), io.BytesIO(data))
    return digests


def _add(tar: tarfile.TarFile, name: str, path: Path) -> ArchivedFile:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            reader = _Hashing(file)
            tar.addfile(_member(name, status.st_size, status.st_mtime), reader)
    except OSError as error:
        raise ArchiveError(
            f"{path} cannot be read: {error.strerror or error}.",
            "Run the same command again once nothing else changes the course.",
        ) from error
    return ArchivedFile(sha256=reader.digest.hexdigest(), size=status.st_size)


def _member(name: str, size: int, changed: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(changed), 0o600
    return member


class _Hashing(io.RawIOBase):
    """A file whose digest is computed from what is read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        data = self._file.read(size)
        self.digest.update(data)
        return data
