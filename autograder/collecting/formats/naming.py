"""Tell by the names in an archive which system made it, and whose each file is."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from nbgrader.plugins.zipcollect import FileNameCollectorPlugin

from autograder.collecting.archive import LONGEST_NAME, Archive
from autograder.collecting.models import HandedIn, Lms, Member, Reading
from autograder.errors import CollectError

WRAPPED = r"(?:.*?/)??"
"""Folders that somebody wrapped around; as few as can be, so that the first name that fits counts.

Students choose what stands behind it, also names that look like another student's.
"""
_QUIET = logging.getLogger(__name__)
_QUIET.setLevel(logging.CRITICAL)  # nbgrader warns of each name that does not fit


@dataclasses.dataclass(frozen=True)
class Named:
    """A member whose name follows a system's pattern.

    Attributes:
        member: The member.
        groups: What the pattern's groups found; `student_id` and `file_id` at least.
    """

    member: Member
    groups: Mapping[str, str | None]

    def get(self, group: str) -> str:
        """What a group found, or nothing."""
        return self.groups.get(group) or ""


@dataclasses.dataclass(frozen=True)
class Format:
    """One system's way of packing submissions.

    Attributes:
        lms: Its name, as `--from` takes it.
        example: A member's name, for people.
        named_regexp: As nbgrader's FileNameCollectorPlugin takes it.
        read: Says what the named members are.
        own: Base names of what the system itself puts into its archives.
        roster_keys: Columns of a roster, in lower case, that hold ids which its archives carry.
    """

    lms: Lms
    example: str
    named_regexp: str
    read: Callable[[Archive, Sequence[Named]], Iterable[HandedIn]]
    own: frozenset[str]
    roster_keys: tuple[str, ...]


def read_archive(archive: Archive, formats: Sequence[Format]) -> Reading:
    """Find the system that made an archive, and whose its files are.

    Args:
        archive: The archive.
        formats: The systems that it may come from.

    Returns:
        What it holds.

    Raises:
        CollectError: If none or several of the systems fit.
    """
    named = {form.lms: _named(archive, form) for form in formats}
    most = max(len(found) for found in named.values())
    fitting = [form for form in formats if len(named[form.lms]) == most]
    if most == 0:
        examples = "; ".join(f"{form.lms} {form.example}" for form in formats)
        held = ", ".join(member.path for member in archive.members[:3]) or "nothing"
        raise CollectError(
            f"{archive.path} does not look like a download of submissions: it holds {held}.",
            f"Names look like this: {examples}.",
        )
    if len(fitting) > 1:
        raise CollectError(
            f"{archive.path} may come from {' or '.join(form.lms for form in fitting)}.",
            f"Say which: --from {fitting[0].lms}",
        )
    (form,) = fitting
    files = tuple(form.read(archive, named[form.lms]))
    theirs = {id(file.member) for file in files}
    strange = (member for member in archive.members if id(member) not in theirs)
    return Reading(
        archive=archive.path,
        lms=form.lms,
        files=files,
        strange=tuple(one for one in strange if PurePosixPath(one.path).name not in form.own),
    )


def _named(archive: Archive, form: Format) -> list[Named]:
    """The members that follow a pattern, by nbgrader's own collector.

    Of nbgrader's zip_collect this is what serves. Its extractor unpacks all, of any size, to any
    place, and zips in zips too. Its app takes ids for paths as they come, ends the whole class's
    run at a second file of one name without a time, clears what was collected before instead of
    comparing, and is not safe from a crash.
    """
    endings = sorted({PurePosixPath(member.path).suffix for member in archive.members})
    collector = FileNameCollectorPlugin(
        named_regexp=form.named_regexp, valid_ext=endings, log=_QUIET
    )
    fit = (member for member in archive.members if len(member.path) <= LONGEST_NAME)
    found = ((member, collector.collect(member.path)) for member in fit)
    return [Named(member, groups) for member, groups in found if groups]


def words(text: str) -> str:
    """A name as its words, with single blanks between them."""
    return re.sub(r"\s+", " ", text).strip()
