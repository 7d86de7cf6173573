"""Open a zip that may be damaged or hostile: nothing is unpacked, files are read one by one."""

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
from autograder.submissions.files import LARGEST_FILE

MOST_MEMBERS = 100_000
LONGEST_NAME = 1000
"""Characters of a name; longer ones take a pattern too long to match."""
_UTF8, _ENCRYPTED = 0x800, 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OUTSIDE = re.compile(r"^(/|[A-Za-z]:)|(^|/)\.\.(/|$)")
_SKIPPED = re.compile(r"/$|(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
"""Folders, and what macOS and Windows add to a zip that was packed again."""
_DOWNLOAD_AGAIN = "Download it again, and give the zip as it came."


class Archive:
    """One zip, open for reading.

    Args:
        path: Where it is.
        file: The same, opened.

    Attributes:
        path: Where it is.
        members: Its files, without folders and what operating systems add.
        made: When its newest member was packed, as YYYYMMDDhhmmss.
    """

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path = path
        self._file = file
        infos = file.infolist()
        if len(infos) > MOST_MEMBERS:
            raise CollectError(
                f"{path} holds {len(infos):,} files; at most {MOST_MEMBERS:,} are read.",
                "Is it the zip of one assignment's submissions?",
            )
        found = (Member(_name(info), info, _unfit(info)) for info in infos)
        self.members = tuple(one for one in found if not _SKIPPED.search(one.path))
        self.made = max((_packed(member.info) for member in self.members), default=0)

    def read(self, member: Member, most: int = LARGEST_FILE) -> bytes:
        """A member's bytes.

        Args:
            member: One of this archive's.
            most: How many of them are read.

        Raises:
            UncollectedError: If it cannot be read, and why.
        """
        if member.unfit:
            raise UncollectedError(member.unfit)
        if member.info.file_size > most:
            raise UncollectedError(
                f"it has {member.info.file_size / 2**20:.0f} MB unpacked; at most "
                f"{most // 2**20} MB are read"
            )
        try:
            with self._file.open(member.info) as file:
                return file.read(most)  # not what it says, should it hold more
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
    """Open an archive, whatever it turns out to be.

    Raises:
        CollectError: If it is no zip, or a damaged one.
    """
    if path.is_dir():
        raise CollectError(
            f"{path} is a folder; the zip itself is read.",
            "Browsers may unpack a download by themselves: switch that off, or pack the folder "
            f"again: python3 -m zipfile -c submissions.zip {path}/*",
        )
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError) as error:
        raise CollectError(
            f"{path} is not a whole zip: {_looks(path, error)}.", _DOWNLOAD_AGAIN
        ) from error
    except OSError as error:
        raise CollectError(
            f"{path} cannot be read: {error.strerror or error}.", "Give the path of the download."
        ) from error
    with file:
        yield Archive(path, file)


def _looks(path: Path, error: Exception) -> str:
    """What a file that is no zip seems to be."""
    with path.open("rb") as file:
        start = file.read(512).lstrip()
    if not start:
        return "it is empty"
    if start[:1] == b"<":
        return "it is a web page, as when a login has run out"
    if start.startswith(b"PK"):
        return f"it is cut short or damaged ({error})"
    return f"it begins with {start[:8]!r}"


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; many programs write UTF-8 without saying so, which zipfile misreads."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeError):  # else it is what the standard says it is
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _unfit(info: zipfile.ZipInfo) -> str:
    """Why a member is not read, by what the archive says of it; "" if it may be."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    name = _name(info)
    if len(name) > LONGEST_NAME:
        return f"its name has {len(name):,} characters"
    if _OUTSIDE.search(name):
        return "its name leads out of the archive"
    if kind not in (0, stat.S_IFREG):
        return "it is a link or a device, not a file"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if info.compress_type not in _METHODS:
        return f"it is packed by method {info.compress_type}; stored and deflated files are read"
    return ""


def _packed(info: zipfile.ZipInfo) -> int:
    year, month, day, hour, minute, second = info.date_time
    return ((((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute) * 100 + second
