"""Recognize by its names which system made an archive, and whose each file is."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from autograder.collecting.archive import MAX_NAME_LENGTH, Archive
from autograder.collecting.models import ArchiveContents, Lms, Member, StudentFile
from autograder.errors import CollectError

OUTER_FOLDERS = r"(?:.*?/)??"
"""Folders around the archive's own; as few as possible, so that the first name that matches counts.

Students choose what follows it, including names that look like another student's.
"""
_LOGGER = logging.getLogger(__name__)
_LOGGER.setLevel(logging.CRITICAL)  # nbgrader logs a warning for each name that does not match


@dataclasses.dataclass(frozen=True)
class NamedMember:
    """A member whose name matches a system's pattern.

    Attributes:
        member: The member.
        groups: What the pattern's groups match; `student_id` and `file_id` at least.
    """

    member: Member
    groups: Mapping[str, str | None]

    def get(self, group: str) -> str:
        """What a group matches, or ""."""
        return self.groups.get(group) or ""


@dataclasses.dataclass(frozen=True)
class Format:
    """One system's way of packing submissions.

    Attributes:
        lms: Its name, as `--from` takes it.
        example: A member's name, for messages.
        named_regexp: The pattern, as nbgrader's FileNameCollectorPlugin takes it.
        read: Interprets the members that match.
        own_files: Base names of files that the system itself adds to its archives.
        roster_keys: Columns of a roster, in lower case, with the ids that its archives have.
    """

    lms: Lms
    example: str
    named_regexp: str
    read: Callable[[Archive, Sequence[NamedMember]], Iterable[StudentFile]]
    own_files: frozenset[str]
    roster_keys: tuple[str, ...]


def read_archive(archive: Archive, formats: Sequence[Format]) -> ArchiveContents:
    """Recognize the system that made an archive, and whose its files are.

    Args:
        archive: The archive.
        formats: The systems that it may come from.

    Returns:
        Its contents.

    Raises:
        CollectError: If no system's pattern matches, or several do.
    """
    named = {f.lms: _named_members(archive, f) for f in formats}
    most = max(len(members) for members in named.values())
    matching = [f for f in formats if len(named[f.lms]) == most]
    if most == 0:
        examples = "; ".join(f"{f.lms} {f.example}" for f in formats)
        names = ", ".join(member.path for member in archive.members[:3]) or "nothing"
        raise CollectError(
            f"{archive.path} does not look like a download of submissions: it contains {names}.",
            f"Expected names such as: {examples}.",
        )
    if len(matching) > 1:
        raise CollectError(
            f"{archive.path} could come from {' or '.join(f.lms for f in matching)}.",
            f"Name the system: --from {matching[0].lms}",
        )
    (lms_format,) = matching
    files = tuple(lms_format.read(archive, named[lms_format.lms]))
    recognized = {id(file.member) for file in files}
    return ArchiveContents(
        archive=archive.path,
        lms=lms_format.lms,
        files=files,
        unrecognized=tuple(
            member
            for member in archive.members
            if id(member) not in recognized
            and PurePosixPath(member.path).name not in lms_format.own_files
        ),
    )


def _named_members(archive: Archive, lms_format: Format) -> list[NamedMember]:
    """The members that match a format's pattern, by nbgrader's own collector.

    The rest of nbgrader's zip_collect is not used. Its extractor unpacks everything, of any size,
    to any place, and zips inside zips too. Its app uses ids as paths unchecked, ends the whole run
    at a second file of one name without a time, deletes what was collected before instead of
    comparing, and is not safe from a crash.
    """
    from nbgrader.plugins.zipcollect import (  # noqa: PLC0415 - slow to import
        FileNameCollectorPlugin,
    )

    endings = sorted({PurePosixPath(member.path).suffix for member in archive.members})
    collector = FileNameCollectorPlugin(
        named_regexp=lms_format.named_regexp, valid_ext=endings, log=_LOGGER
    )
    members = (member for member in archive.members if len(member.path) <= MAX_NAME_LENGTH)
    matches = ((member, collector.collect(member.path)) for member in members)
    return [NamedMember(member, groups) for member, groups in matches if groups]


def normalize_spaces(text: str) -> str:
    """A name with single spaces between its words."""
    return re.sub(r"\s+", " ", text).strip()
