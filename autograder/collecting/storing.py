"""Put files where nbgrader looks for them; never an older one over a newer, never half of one.

Beside each collected notebook stands `.collected.json`, which says where it came from. A run that
was killed leaves what the next one completes.
"""

from __future__ import annotations

import enum
import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.collecting.choosing import KINDS
from autograder.collecting.models import Take
from autograder.errors import CollectError, SubmissionError, UncollectedError
from autograder.journal import write_atomically
from autograder.submissions.files import read_once

RECORD = ".collected.json"
TIMESTAMP = "timestamp.txt"


class Change(enum.Enum):
    """What collecting a file changed."""

    NEW = "new"
    REPLACED = "newer, replaced"
    NONE = "as before"
    OLDER = "older than what is there, kept"


class _Record(BaseModel):
    """Where a submission came from.

    Attributes:
        lms: The learning management system.
        person: The student's id there.
        archive: The archive's name.
        member: The file's name in it.
        attempt: As in `HandedIn`.
        late: Whether the archive marked it as late.
        sha256: Of the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lms: str
    person: str
    archive: str
    member: str
    attempt: int
    late: bool
    sha256: str


def store(take: Take, data: bytes, submitted: Path, *, dry_run: bool = False) -> Change:
    """Make a file a student's submission.

    Args:
        take: What it is.
        data: Its bytes.
        submitted: The folder of the class.
        dry_run: Only tell what would change.

    Raises:
        UncollectedError: If another one is in its place, and which.
        CollectError: If it cannot be written.
    """
    folder = submitted / take.student / take.assignment
    for place in (folder.parent, folder):
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise UncollectedError(f"{place} is not a plain folder")
    suffix = PurePosixPath(take.handed_in.file).suffix.lower()
    target = folder / f"{take.assignment}{suffix}"
    standing = [path for kind in KINDS if os.path.lexists(path := target.with_suffix(kind))]
    record = _record_of(take, data)
    same = standing[:1] == [target] and _sha256(_read(target)) == record.sha256
    kept = _kept(standing[0], record, same=same) if standing else None
    if kept is not None:
        return kept
    files = {target: data}
    if take.handed_in.submitted_at is not None:
        files[folder / TIMESTAMP] = _as_nbgrader_writes(take.handed_in.submitted_at)
    files[folder / RECORD] = (record.model_dump_json(indent=1) + "\n").encode()
    if not dry_run:
        _write(folder, files, _outdated(folder, files, same=same))
    if not standing:
        return Change.NEW
    return Change.NONE if same else Change.REPLACED


def _record_of(take: Take, data: bytes) -> _Record:
    return _Record(
        lms=take.handed_in.person.lms,
        person=take.handed_in.person.id,
        archive=take.archive.name,
        member=take.handed_in.member.path,
        attempt=take.handed_in.attempt,
        late=take.handed_in.late,
        sha256=_sha256(data),
    )


def _kept(standing: Path, new: _Record, *, same: bool) -> Change | None:
    """Whether what is there stays, because it is newer; None if the new one is to be written.

    Raises:
        UncollectedError: If which of the two counts cannot be told.
    """
    old = _record(standing.with_name(RECORD))
    if old is None:
        if same:
            return None
        raise UncollectedError(
            f"{standing} is there already, and was not collected by this command"
        )
    if (old.lms, old.person) != (new.lms, new.person):
        raise UncollectedError(f"{standing} was collected from {old.lms}, student {old.person}")
    if new.attempt < old.attempt:
        return Change.NONE if same else Change.OLDER
    if same:
        return None
    if _sha256(_read(standing)) != old.sha256:
        raise UncollectedError(f"{standing} was changed after it was collected")
    if new.attempt == old.attempt:
        raise UncollectedError(f"{standing} came from {old.archive} at the same time, and differs")
    return None


def _outdated(folder: Path, files: Collection[Path], *, same: bool) -> list[Path]:
    """What this command wrote of a former attempt, and that the new one has no file for."""
    old = _record(folder / RECORD)
    if old is None:
        return []
    former = folder / f"{folder.name}{PurePosixPath(old.member).suffix.lower()}"
    outdated = [former] if same else [former, folder / TIMESTAMP]
    return [path for path in outdated if path not in files]


def _write(folder: Path, files: Mapping[Path, bytes], outdated: Sequence[Path]) -> None:
    """Write what differs, the record last, so that the next run completes a killed one."""
    try:
        for path, data in files.items():
            if path.name == RECORD:
                for former in outdated:
                    former.unlink(missing_ok=True)
            if not path.is_file() or path.read_bytes() != data:
                write_atomically(path, data)
    except OSError as error:
        raise CollectError(
            f"{error.filename or folder} cannot be written: {error.strerror}.",
            "What was collected is kept; mend it, and run the same command again.",
        ) from error


def _record(path: Path) -> _Record | None:
    try:
        return _Record.model_validate_json(read_once(path))
    except (SubmissionError, ValidationError):
        return None


def _read(path: Path) -> bytes:
    try:
        return read_once(path)
    except SubmissionError as error:
        raise UncollectedError(f"{path} is there already: {error.message}") from error


def _as_nbgrader_writes(moment: datetime) -> bytes:
    """A time as `nbgrader submit` writes it, and its autograder reads it."""
    return f"{moment.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S.%f} UTC\n".encode("ascii")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
