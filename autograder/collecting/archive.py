"""Open a zip that may be damaged or hostile: read files one by one, and unpack nothing."""

from __future__ import annotations

import contextlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from autograder.collecting.models import Member
from autograder.errors import CollectError, UncollectedError
from autograder.submissions import MAX_FILE_BYTES

MAX_MEMBERS = 100_000
MAX_NAME_LENGTH = 1000
"""Characters of a member's name; patterns match longer ones too slowly."""
_UTF8, _ENCRYPTED = 0x800, 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OUTSIDE_PATH = re.compile(r"^(/|[A-Za-z]:)|(^|/)\.\.(/|$)")
_IGNORED_PATH = re.compile(r"/$|(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
"""Folders, and what macOS and Windows add when they pack a zip again."""
_DOWNLOAD_AGAIN = "Download it again, and pass the zip unchanged."


class Archive:
    """One zip, open for reading.

    Args:
        path: Its path.
        file: The open zip.

    Attributes:
        path: Its path.
        members: Its files, without folders and what operating systems add.
        packed_at: When its newest member was packed, as YYYYMMDDhhmmss.
    """

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path = path
        self._file = file
        infos = file.infolist()
        if len(infos) > MAX_MEMBERS:
            raise CollectError(
                f"{path} contains {len(infos):,} files; the limit is {MAX_MEMBERS:,}.",
                "Is it the zip of one assignment's submissions?",
            )
        members = (Member(_name(info), info, _problem(info)) for info in infos)
        self.members = tuple(m for m in members if not _IGNORED_PATH.search(m.path))
        self.packed_at = max((_packing_time(member.info) for member in self.members), default=0)

    def read(self, member: Member, limit: int = MAX_FILE_BYTES) -> bytes:
        """Read a member's bytes.

        Args:
            member: One of this archive's members.
            limit: The most bytes to read.

        Raises:
            UncollectedError: If it cannot be read, or is larger.
        """
        if member.problem:
            raise UncollectedError(member.problem)
        if member.info.file_size > limit:
            raise UncollectedError(
                f"it has {member.info.file_size / 2**20:.0f} MB unpacked; the limit is "
                f"{limit // 2**20} MB"
            )
        try:
            with self._file.open(member.info) as file:
                return file.read(limit)  # its header may lie about its size
        except (
            zipfile.BadZipFile,
            zlib.error,
            struct.error,
            EOFError,
            OSError,
            ValueError,
        ) as error:
            raise UncollectedError(f"it is damaged: {error}") from error
        except (NotImplementedError, RuntimeError) as error:
            raise UncollectedError(f"it cannot be unpacked: {error}") from error


@contextlib.contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive.

    Raises:
        CollectError: If it is not a zip, or is damaged.
    """
    if path.is_dir():
        raise CollectError(
            f"{path} is a folder; expected the zip itself.",
            "Some browsers unpack downloads: turn that off, or pack the folder again: "
            f"python3 -m zipfile -c submissions.zip {path}/*",
        )
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError) as error:
        raise CollectError(
            f"{path} is not a complete zip: {_describe(path, error)}.", _DOWNLOAD_AGAIN
        ) from error
    except OSError as error:
        raise CollectError(
            f"{path} cannot be read: {error.strerror or error}.", "Pass the path of the download."
        ) from error
    with file:
        yield Archive(path, file)


def _describe(path: Path, error: Exception) -> str:
    """What a file that is not a zip seems to be."""
    with path.open("rb") as file:
        start = file.read(512).lstrip()
    if not start:
        return "it is empty"
    if start[:1] == b"<":
        return "it is a web page, as when a login has expired"
    if start.startswith(b"PK"):
        return f"it is cut short or damaged ({error})"
    return f"it begins with {start[:8]!r}"


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; many programs write UTF-8 without declaring it, which zipfile misreads."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeError):  # else it is cp437, as the standard says
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _problem(info: zipfile.ZipInfo) -> str:
    """Why a member cannot be read, according to its header, or ""."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    name = _name(info)
    if len(name) > MAX_NAME_LENGTH:
        return f"its name has {len(name):,} characters"
    if _OUTSIDE_PATH.search(name):
        return "its name leads outside the archive"
    if kind not in (0, stat.S_IFREG):
        return "it is a link or a device, not a file"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if info.compress_type not in _METHODS:
        return (
            f"it is compressed with method {info.compress_type}; only stored and deflated are read"
        )
    return ""


def _packing_time(info: zipfile.ZipInfo) -> int:
    year, month, day, hour, minute, second = info.date_time
    return ((((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute) * 100 + second
