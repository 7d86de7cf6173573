"""Restore a course from its archive, and trust nothing in it before it is verified."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from autograder.errors import ArchiveError
from autograder.records.manifest import GRADEBOOK, MANIFEST, Manifest

_MAX_MANIFEST_BYTES = 256 * 2**20
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)
_BLOCK = 1 << 20
_ANOTHER = "Use the archive as `autograder archive` wrote it, or another copy of it."


def restore(path: Path, folder: Path) -> Manifest:
    """Unpack an archive into a new folder. Either all of it is there afterwards, or nothing.

    If the course's settings name its gradebook, they are changed to name the restored copy, so that
    nothing in the new folder writes to the old database.

    Args:
        path: The archive.
        folder: A folder that does not exist, or is empty.

    Returns:
        What the archive says about itself; each file has the digest that it names.

    Raises:
        ArchiveError: If the folder has something in it, or the archive is damaged, incomplete, or
            leads to other places.
    """
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise ArchiveError(f"{folder} is not an empty folder.", "Name a folder that is new.")
    folder = folder.absolute()
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    try:
        with _opened(path) as tar:
            members, manifest = _inspect(tar, path)
            _require_space(folder.parent, sum(member.size for member in members), path)
            partial.mkdir(mode=0o700)
            for member in members:
                if member.name != MANIFEST:
                    _unpack(tar, member, partial, manifest, path)
        if manifest.gradebook_configured:
            _use_own_gradebook(partial, folder)
        if folder.is_dir():
            folder.rmdir()
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:gz") as tar:
            yield tar
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, ValueError) as error:
        raise ArchiveError(f"{path} cannot be read as an archive: {error}.", _ANOTHER) from error


def _require_space(folder: Path, size: int, path: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if size > shutil.disk_usage(folder).free:
        raise ArchiveError(
            f"{path} has {size / 2**20:,.0f} MB unpacked, more than is free in {folder}.",
            "Free some space, or name a folder on another disk.",
        )


def _inspect(tar: tarfile.TarFile, path: Path) -> tuple[list[tarfile.TarInfo], Manifest]:
    """The members and the manifest, once they are known to agree and to be harmless."""
    members = tar.getmembers()
    for member in members:
        if problem := _problem(member):
            raise ArchiveError(
                f"{path} has a member {member.name!r} {problem}; nothing was unpacked.", _ANOTHER
            )
    by_name = {member.name: member for member in members}
    own = by_name.get(MANIFEST)
    if own is None or own.size > _MAX_MANIFEST_BYTES or len(by_name) < len(members):
        raise ArchiveError(f"{path} is not an archive of a course.", _ANOTHER)
    file = tar.extractfile(own)
    data = b"" if file is None else file.read()
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        raise ArchiveError(
            f"{path} has a manifest that this version cannot read.",
            "Restore it with the version of autograder that made it.",
        ) from error
    sizes = {member.name: member.size for member in members if member.name != MANIFEST}
    expected = {name: file.size for name, file in manifest.files.items()}
    if sizes != expected:
        name = min(name for name in {*sizes, *expected} if sizes.get(name) != expected.get(name))
        raise ArchiveError(
            f"{path} does not fit its manifest: {name!r} is missing, added or of another length.",
            _ANOTHER,
        )
    return members, manifest


def _problem(member: tarfile.TarInfo) -> str:
    """Why a member must not be unpacked, as the end of a sentence, or ""."""
    if member.type not in _PLAIN or member.issparse():
        return "that is a link, a device or a folder, not a file"
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or str(path) != member.name or "\0" in member.name:
        return "that leads to another folder"
    return ""


def _use_own_gradebook(partial: Path, folder: Path) -> None:
    """Let the settings of a restored course name its own copy of the gradebook."""
    config = partial / "nbgrader_config.py"
    text = config.read_text("utf-8") if config.exists() else "c = get_config()\n"
    url = f"sqlite:///{folder / GRADEBOOK}"
    text += f"\n# The copy that was restored:\nc.CourseDirectory.db_url = {url!r}\n"
    config.write_text(text, "utf-8")
    course = partial / "course.yml"
    if course.exists():
        text = course.read_text("utf-8")
        setting = re.compile(r"^gradebook:.*$", re.MULTILINE)
        course.write_text(setting.sub(f"gradebook: {GRADEBOOK}", text), "utf-8")


def _unpack(
    tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, manifest: Manifest, path: Path
) -> None:
    """Write one file, and compare its digest."""
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    source = tar.extractfile(member)
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while source is not None and (block := source.read(_BLOCK)):
            digest.update(block)
            file.write(block)
    os.utime(target, (member.mtime, member.mtime))
    if digest.hexdigest() != manifest.files[member.name].sha256:
        raise ArchiveError(
            f"{path} is damaged: {member.name!r} is not the file that was archived.", _ANOTHER
        )
