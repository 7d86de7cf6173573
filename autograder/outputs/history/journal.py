"""An append-only file of entries, one JSON object per line, each chained to the one before.

Each line has the SHA-256 of its own content and of the line before, so a line that is edited,
removed or inserted is noticed. Whoever can write the file can also compute the whole chain anew, or
remove the last lines; the chain shows accidents and careless edits, not a forger with access.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import ValidationError

from autograder.outputs.history.entry import Entry
from autograder.results import make_private


@dataclasses.dataclass(frozen=True)
class Record:
    """What a journal holds.

    Attributes:
        entries: The entries, oldest first.
        problems: What is wrong with the file, as sentences.
    """

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class _Contents:
    """A file as read.

    Attributes:
        record: Its entries and problems.
        last: The digest that the next line names.
        whole_bytes: The length of its complete lines.
        torn: What follows them: an entry that a killed program left incomplete.
    """

    record: Record
    last: str
    whole_bytes: int
    torn: bytes


class Journal:
    """The entries of one student and assignment.

    Args:
        path: The file; it is created, with its folder, by the first entry.
        subject: Whose history it is, such as "ada/01-first-training"; the chain begins with it, so
            that a file in another's place is noticed.
    """

    def __init__(self, path: Path, subject: str) -> None:
        self.path = path
        self._first = _sha256(subject.encode("utf-8", "replace"))

    def read(self) -> Record:
        """The entries, and what is wrong with the file; empty if there is none.

        Raises:
            OSError: If the file cannot be read.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return Record()
        return self._parse(data).record

    def append(self, next_entry: Callable[[Record], Entry | None]) -> Entry | None:
        """Add an entry, which is on disk afterwards.

        An incomplete last line is moved to `NAME.torn` beside the file first.

        Args:
            next_entry: Given what the journal holds, makes the entry; None adds nothing. Nobody
                else writes meanwhile.

        Returns:
            The entry that was added.

        Raises:
            OSError: If the file cannot be written. It is then as it was.
        """
        with self._locked() as descriptor:
            contents = self._parse(_read_all(descriptor))
            entry = next_entry(contents.record)
            if entry is None:
                return None
            if contents.torn:
                self._keep_aside(contents.torn)
                os.ftruncate(descriptor, contents.whole_bytes)
            line = _line(entry, contents.last)
            try:
                _write_all(descriptor, line)
            except OSError:
                os.ftruncate(descriptor, contents.whole_bytes)
                raise
            return entry

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_size == 0:
                make_private(self.path)
                _sync_folder(self.path.parent)
            yield descriptor
        finally:
            os.close(descriptor)  # which unlocks it

    def _keep_aside(self, torn: bytes) -> None:
        path = self.path.with_suffix(".torn")
        with path.open("ab") as file:
            make_private(path)
            file.write(torn + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _parse(self, data: bytes) -> _Contents:
        whole_bytes = data.rfind(b"\n") + 1
        entries: list[Entry] = []
        problems: list[str] = []
        last = self._first
        for number, line in enumerate(data[:whole_bytes].split(b"\n")[:-1], start=1):
            entry, digest, problem = _read_line(line, last)
            if entry is not None:
                entries.append(entry)
            if problem:
                problems.append(f"{self.path}, line {number}: {problem}")
            last = digest
        torn = data[whole_bytes:]
        if torn:
            problems.append(
                f"{self.path}: the last entry is incomplete, because the program that wrote it was "
                f"ended. The next entry moves it to {self.path.with_suffix('.torn').name}."
            )
        return _Contents(Record(tuple(entries), tuple(problems)), last, whole_bytes, torn)


def _line(entry: Entry, previous: str) -> bytes:
    content = {"entry": entry.model_dump(mode="json", exclude_defaults=True), "previous": previous}
    line = json.dumps({**content, "sha256": _digest(content)}, ensure_ascii=True)
    return line.encode("ascii") + b"\n"


def _read_line(line: bytes, last: str) -> tuple[Entry | None, str, str]:
    """Read one line.

    Returns:
        The entry, if it is one; the line's digest; what is wrong with it, or "".
    """
    try:
        content = json.loads(line)
        digest = str(content.pop("sha256"))
        previous = content["previous"]
        entry = Entry.model_validate(content["entry"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        what = "is of another version" if isinstance(error, ValidationError) else "is damaged"
        return None, _sha256(line), f"this {what} and is not shown."
    if _digest(content) != digest:
        return entry, digest, "this was changed after it was written."
    if previous != last:
        return entry, digest, "something before this was removed, added or changed."
    return entry, digest, ""


def _digest(content: object) -> str:
    return _sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode("ascii"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read_all(descriptor: int) -> bytes:
    data = bytearray()
    while block := os.pread(descriptor, 1 << 20, len(data)):
        data += block
    return bytes(data)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
