"""Put files where nbgrader looks for them: never an older one over a newer, never a part of one.

`.collected.json` beside each collected notebook records where it came from. The next run completes
one that was killed.
"""

from __future__ import annotations

import enum
import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.collecting.models import PlannedSubmission
from autograder.errors import CollectError, MachineError, SubmissionError, UncollectedError
from autograder.results import write_atomically
from autograder.submissions import SUFFIXES, read_regular_file

RECORD = ".collected.json"
TIMESTAMP = "timestamp.txt"


class Change(enum.Enum):
    """What collecting a file changed."""

    NEW = "new"
    REPLACED = "replaced"
    NONE = "unchanged"
    OLDER = "skipped (older)"


class _Record(BaseModel):
    """Where a submission came from.

    Attributes:
        lms: The learning management system.
        person: The student's id there.
        archive: The archive's name.
        member: The file's name in it.
        attempt: As in `StudentFile`.
        late: Whether the archive marks it as late.
        sha256: Digest of the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lms: str
    person: str
    archive: str
    member: str
    attempt: int
    late: bool
    sha256: str


def store(
    submission: PlannedSubmission, data: bytes, submitted: Path, *, dry_run: bool = False
) -> Change:
    """Write a student's submission.

    Args:
        submission: Where the file comes from, and whose submission it is.
        data: Its bytes.
        submitted: The folder of submissions.
        dry_run: Write nothing; only return what would change.

    Raises:
        UncollectedError: If a file in its place must stay.
        CollectError: If it cannot be written.
    """
    folder = submitted / submission.student / submission.assignment
    for place in (folder.parent, folder):
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise UncollectedError(f"{place} is not a regular folder")
    suffix = PurePosixPath(submission.file.name).suffix.lower()
    target = folder / f"{submission.assignment}{suffix}"
    existing = [path for s in SUFFIXES if os.path.lexists(path := target.with_suffix(s))]
    record = _make_record(submission, data)
    same = existing[:1] == [target] and _sha256(_read(target)) == record.sha256
    if existing and (change := _compare(existing[0], record, same=same)) is not None:
        return change
    files = {target: data}
    if submission.file.submitted_at is not None:
        files[folder / TIMESTAMP] = _format_timestamp(submission.file.submitted_at)
    files[folder / RECORD] = (record.model_dump_json(indent=1) + "\n").encode()
    if not dry_run:
        _write(folder, files, _outdated(folder, files, same=same))
    if not existing:
        return Change.NEW
    return Change.NONE if same else Change.REPLACED


def is_marked_late(folder: Path) -> bool:
    """Whether the archive that a submission was collected from marks it as late.

    Args:
        folder: The submission's, in the folder of submissions.
    """
    record = _read_record(folder / RECORD)
    return record is not None and record.late


def _make_record(submission: PlannedSubmission, data: bytes) -> _Record:
    file = submission.file
    return _Record(
        lms=file.person.lms,
        person=file.person.id,
        archive=submission.archive.name,
        member=file.member.path,
        attempt=file.attempt,
        late=file.late,
        sha256=_sha256(data),
    )


def _compare(existing: Path, new: _Record, *, same: bool) -> Change | None:
    """Decide between an existing file and a new one; None if the new one counts.

    Raises:
        UncollectedError: If it is unclear which one counts.
    """
    old = _read_record(existing.with_name(RECORD))
    if old is None:
        if same:
            return None
        raise UncollectedError(f"{existing} already exists and was not collected by this command")
    if (old.lms, old.person) != (new.lms, new.person):
        raise UncollectedError(f"{existing} was collected from {old.lms}, student {old.person}")
    if new.attempt < old.attempt:
        return Change.NONE if same else Change.OLDER
    if same:
        return None
    if _sha256(_read(existing)) != old.sha256:
        raise UncollectedError(f"{existing} was changed after it was collected")
    if new.attempt == old.attempt:
        raise UncollectedError(f"{existing}, from {old.archive}, has the same time but differs")
    return None


def _outdated(folder: Path, files: Collection[Path], *, same: bool) -> list[Path]:
    """Files that this command wrote for an earlier attempt, and that the new one lacks."""
    old = _read_record(folder / RECORD)
    if old is None:
        return []
    previous = folder / f"{folder.name}{PurePosixPath(old.member).suffix.lower()}"
    outdated = [previous] if same else [previous, folder / TIMESTAMP]
    return [path for path in outdated if path not in files]


def _write(folder: Path, files: Mapping[Path, bytes], outdated: Sequence[Path]) -> None:
    """Write what differs, the record last, so that the next run completes a killed one."""
    try:
        for path, data in files.items():
            if path.name == RECORD:
                for old_path in outdated:
                    old_path.unlink(missing_ok=True)
            if not path.is_file() or path.read_bytes() != data:
                write_atomically(path, data)
    except OSError as error:
        raise CollectError(
            f"{error.filename or folder} cannot be written: {error.strerror}.",
            "What was collected is kept. Fix this and run the same command again.",
        ) from error


def _read_record(path: Path) -> _Record | None:
    try:
        return _Record.model_validate_json(read_regular_file(path))
    except (SubmissionError, MachineError, ValidationError):
        return None


def _read(path: Path) -> bytes:
    try:
        return read_regular_file(path)
    except (SubmissionError, MachineError) as error:
        raise UncollectedError(f"{path} already exists: {error.message}") from error


def _format_timestamp(moment: datetime) -> bytes:
    """A time as `nbgrader submit` writes it and `nbgrader autograde` reads it."""
    return f"{moment.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S.%f} UTC\n".encode("ascii")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
